"""Hostile answers through the marking of real items; run as `python -m benchmarks.fuzz [COUNT]`.

It fails if an answer raises an exception, takes longer than its kind may, or makes something run.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from quizgrad import Bank, Item
from quizgrad.answers import KINDS, Answer, Notation, ShortText
from quizgrad.answers.equivalence import PROOF_SECONDS
from quizgrad.grading.score import score_item
from quizgrad.presentation import as_choice
from quizgrad.verify import draw, stream_of

COUNT = 200_000
LIMIT = 0.050
"""Seconds for an answer; an expression may also wait for one proof."""
ITEMS_PER_LEVEL = 2
ALLOWED_AGAIN = 3
"""A slow answer is timed again so many times, because other programs interrupt; the best time counts."""
NOTATIONS = (Notation("."), Notation(","))

SENTINEL = "quizgrad-was-here"
CODE = (
    f"__import__('os').system('touch {SENTINEL}')",
    f"().__class__.__base__.__subclasses__()[104]().load_module('os').system('touch {SENTINEL}')",
    f"open('{SENTINEL}', 'w').write('1')",
    f"exec(\"import os; os.mkdir('{SENTINEL}')\")",
    "lambda: 1",
    "[x for x in range(10**9)]",
    "z.__class__.__mro__",
    "(z := 5)",
    "f'{9**9**9}'",
    "{{ 7*7 }}",
    "${jndi:ldap://localhost/a}",
    "$(sleep 10)",
    "; sleep 10",
    "'; DROP TABLE scores; --",
    "<script>alert(1)</script>",
    "!!python/object/apply:os.system ['true']",
    "cos\nsystem\n(S'true'\ntR.",
)
HUGE = (
    "9**9**9",
    "9^9^9^9",
    "10^10^10",
    "1e999999",
    "1e-999999",
    "1e400",
    "-1e400",
    "1e308",
    "5e-324",
    "2^2^2^2^2^2",
    "(((9!)!)!)!",
    "factorial(10**6)",
    "99999999**99999999",
    "1/1e-400",
    "0^-1",
    "exp(exp(exp(exp(9))))",
    "\\frac{1}{\\frac{1}{0}}",
    "0**0",
    "0/0",
    "log(0)",
    "z^z^z^z^z",
    "tanh(z^1000)",
    "(z+1)^400",
    "(z^99+1)^99",
)
NO_NUMBERS = (
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "∞",
    "None",
    "null",
    "True",
    "1j",
    "0x1F",
    "0b11",
    "1_0",
    "1..2",
)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://localhost")',
)
STRANGE = (
    "\x1b[31m",
    *"\x00\x07\x7f\u200b\u200f\u202e\u2066\ufeff\ufffd\ud800\U0001f600\u0301\u00a0\u2028\x85",
    *"٣५７²½Ⅷ−–×÷√πﷺİßſKeE10.,;'\"`\\/*^()[]{}|%&#$~!?<>=+- \n\t_zx",
)
LENGTHS = (1, 2, 5, 20, 79, 80, 81, 400, 499, 500, 501, 1_999, 2_000, 2_001, 20_000)
MEGABYTE = 1_000_000
MEGABYTE_EVERY = 500
"""One answer in so many has a million characters."""


@dataclass
class Figures:
    """What was found, by kind of answer."""

    answers: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, str]] = field(default_factory=lambda: defaultdict(lambda: (0.0, "")))
    failures: list[str] = field(default_factory=list)


def run(count: int = COUNT, seed: str = "fuzz") -> Figures:
    """Mark so many hostile answers, print the figures, and return them."""
    rng, figures = Random(seed), Figures()
    pool = list(_blanks())
    by_kind: dict[str, list[tuple[Item, str, Answer]]] = defaultdict(list)
    for item, blank, answer in pool:
        by_kind[answer.kind].append((item, blank, answer))
    assert set(by_kind) == set(KINDS), "a kind of answer is not tried"
    for item, blank, _ in pool:  # modules that are loaded late, and the process that proves
        score_item(item, {blank: "x^2 + exp(log(z^2))"})
    ran = _watch()
    started = time.perf_counter()
    for number in range(count):
        item, blank, answer = rng.choice(by_kind[rng.choice(list(by_kind))])
        _try(item, blank, hostile(rng, answer, huge=number % MEGABYTE_EVERY == 0), rng, figures)
    seconds = time.perf_counter() - started
    figures.failures += [f"something ran: {event}" for event in ran]
    _print(figures, count, seconds)
    return figures


def _blanks() -> Iterator[tuple[Item, str, Answer]]:
    """Blanks of every question at every level, and of every kind of answer."""
    item = next(_items())
    word = ShortText("mini-batch", ("batch", "mini-batch", "epoch"), (("minibatch", "mini-batch"),))
    yield replace(item, answers={"word": word}), "word", word
    for item in _items():
        for blank, answer in item.answers.items():
            yield item, blank, answer


def _items() -> Iterator[Item]:
    for entry in Bank():
        for level in entry.question.levels():
            for number in range(ITEMS_PER_LEVEL):
                item = draw(entry, level, stream_of(b"fuzz", entry.name, str(level), str(number)))
                yield item
                if not entry.name.startswith("concepts/") and len(item.mistakes) > 3:
                    yield as_choice(item, Random(number))


def hostile(rng: Random, answer: Answer, *, huge: bool = False) -> str:
    """A text that somebody could send to do harm, or that a cat on the keyboard could type."""
    if huge:
        return rng.choice(STRANGE) * MEGABYTE
    return rng.choice((_fixed, *[_spoilt] * 5, _repeated, _nested, _long_number, _noise))(rng, answer)


def _fixed(rng: Random, answer: Answer) -> str:
    return rng.choice(CODE + HUGE + NO_NUMBERS + FORMULAS)


def _spoilt(rng: Random, answer: Answer) -> str:
    """A right answer in which a few things were put in, taken out or put elsewhere."""
    text = list(rng.choice((answer.printed(), *answer.spellings())))
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(text) + 1)
        change = rng.randrange(3)
        if change == 0 or not text:
            text.insert(place, rng.choice(STRANGE + HUGE + NO_NUMBERS))
        elif change == 1:
            del text[place : place + rng.randint(1, 3)]
        else:
            text[place:place] = text[: rng.randint(1, len(text))]
    return "".join(text)


def _repeated(rng: Random, answer: Answer) -> str:
    piece = rng.choice(
        (*STRANGE, answer.printed(), "1,", "1;", "[", "((", "z^", "-", "exp(", "1/", "\\frac{")
    )
    return piece * rng.choice(LENGTHS)


def _nested(rng: Random, answer: Answer) -> str:
    opening, closing = rng.choice(
        (
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("exp(", ")"),
            ("-(", ")"),
            ("\\frac{1}{", "}"),
            ("|", "|"),
            ("2^(", ")"),
        )
    )
    depth = rng.choice(LENGTHS)
    return opening * depth + answer.printed() + closing * (depth - rng.choice((0, 0, 1)))


def _long_number(rng: Random, answer: Answer) -> str:
    digits = "".join(rng.choices("0123456789", k=rng.choice(LENGTHS)))
    return rng.choice(
        (
            digits,
            f"0.{digits}",
            f"1e{digits}",
            f"1e-{digits}",
            f"{digits}/{digits}",
            f"-{digits}%",
            f"z^{digits}",
            f"{digits}**{digits}",
        )
    )


def _noise(rng: Random, answer: Answer) -> str:
    length = rng.choice(LENGTHS[:8])
    if rng.random() < 0.5:
        return "".join(rng.choices(STRANGE, k=length))
    return "".join(chr(rng.randrange(sys.maxunicode + 1)) for _ in range(length))


def _try(item: Item, blank: str, text: str, rng: Random, figures: Figures) -> None:
    answer = item.answers[blank]
    typed = {blank: text}
    if rng.random() < 0.2:  # what was typed before may be carried forward
        typed = dict.fromkeys(item.answers, text)
    figures.answers[answer.kind] += 1
    try:
        seconds = _seconds(item, typed, rng.choice(NOTATIONS), figures)
    except Exception as fault:  # any exception is the failure that is looked for
        figures.failures.append(
            f"{item.name}.{blank}: {text[:80]!r} raised {type(fault).__name__}: {fault}"[:400]
        )
        return
    if seconds > figures.slowest[answer.kind][0]:
        figures.slowest[answer.kind] = seconds, text[:60]
    if seconds > LIMIT * len(typed) + (PROOF_SECONDS if answer.kind == "expression" else 0):
        figures.failures.append(f"{item.name}.{blank}: {text[:80]!r} took {1000 * seconds:.0f} ms")


def _seconds(item: Item, typed: dict[str, str], notation: Notation, figures: Figures) -> float:
    """How long marking takes for each blank.

    A slow one is tried again, unless it is a formula, on which the decision is remembered.
    """
    best = float("inf")
    remembered = any(item.answers[blank].kind == "expression" for blank in typed)
    for _ in range(1 if remembered else 1 + ALLOWED_AGAIN):
        started = time.perf_counter()
        scores = score_item(item, typed, notation=notation)
        best = min(best, (time.perf_counter() - started) / len(typed))
        if best < LIMIT / 2:
            break
    figures.states.update(scores[blank].state for blank in typed)
    for blank, score in scores.items():
        if not 0 <= score.share <= 1 or score.typed != typed.get(blank, ""):
            figures.failures.append(f"{item.name}.{blank}: {typed!r:.200} was marked {score!r:.200}")
    return best


def _watch() -> list[str]:
    """A list that grows when something runs that a text could have brought in."""
    ran: list[str] = []
    watched = {"os.system", "os.exec", "os.fork", "os.posix_spawn", "os.mkdir", "os.remove", "socket.connect"}

    def hook(event: str, arguments: Sequence[Any]) -> None:
        if (event in watched and SENTINEL in repr(arguments)) or event in {"os.system", "socket.connect"}:
            ran.append(f"{event} {arguments!r:.200}")
        elif event == "open" and SENTINEL in repr(arguments[0]):
            ran.append(f"open {arguments!r:.200}")
        elif event == "exec" and getattr(arguments[0], "co_filename", "").startswith("<"):
            ran.append(f"exec {arguments!r:.200}")

    sys.addaudithook(hook)
    return ran


def _print(figures: Figures, count: int, seconds: float) -> None:
    print(f"{count:,} hostile answers in {seconds:.0f} s, {count / seconds:,.0f} per second")
    for kind, number in sorted(figures.answers.items()):
        slowest, text = figures.slowest[kind]
        print(f"{kind:16}{number:8,d}   slowest {1000 * slowest:8.2f} ms   {text!r}")
    print("verdicts: " + ", ".join(f"{state} {number:,}" for state, number in figures.states.most_common()))
    print(f"failures: {len(figures.failures)}")
    for failure in figures.failures[:20]:
        print(f"  {failure}")


if __name__ == "__main__":
    sys.exit(bool(run(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT).failures))
