"""Statements: the data, the demonstrations that decide them, and what an item shows of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from random import Random
from string import ascii_lowercase

import pytest
import torch
from quizgrad import Bank
from quizgrad.errors import GateError
from quizgrad.generators import concepts
from quizgrad.generators.concepts import Activations, Rnn, statements_on
from quizgrad.presentation import shuffled
from quizgrad.rendering import prompt as wording
from quizgrad.rendering.snippet import snippet
from quizgrad.solvers.concepts import DEMONSTRATIONS, MODULES, judgement, verdict
from quizgrad.verify import draw, stream_of, verified

BANK = Bank()
ENTRIES = BANK.matching("concepts/*")
STATEMENTS = {
    name: statement for entry in ENTRIES for name, statement in statements_on(entry.question.topic).items()
}


def test_every_file_of_statements_is_asked_by_one_question():
    assert sorted(entry.question.topic for entry in ENTRIES) == sorted(
        path.stem for path in concepts.FOLDER.glob("*.toml")
    )
    assert sum(len(statements_on(entry.question.topic)) for entry in ENTRIES) == len(STATEMENTS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_one_sentence_with_a_reason_and_known_conflicts(name):
    statement = STATEMENTS[name]
    for text in (statement.text, statement.reason, statement.misconception):
        assert re.search(r"[.]$|[.]'$", text)
        assert text[0].isupper() or text[0] in "$`0123456789−" or text.startswith("x")
    said = statement.text + statement.reason + statement.misconception
    outside = re.sub(r"\$[^$]+\$|`[^`]+`", "", said)
    assert not re.search(r"[\^_=\\<>*{}$`]", outside), "a formula or code is not marked as such"
    for other in statement.conflicts:
        assert other in STATEMENTS
        assert other != name


def test_verdicts_are_those_of_the_curriculum(shared):
    lines = (shared / "curriculum" / "statements.md").read_text(encoding="utf-8").splitlines()
    given = {
        match[1]: match[2] == "TRUE"
        for line in lines
        if (match := re.match(r"- `(\w+)` .*?\*\*(TRUE|FALSE)\*\*", line))
    }
    to_execute = {re.match(r"- `(\w+)`", line)[1] for line in lines if line.endswith("[executed]")}
    assert {name: STATEMENTS[name].verdict for name in given} == given
    assert to_execute <= set(DEMONSTRATIONS)


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_demonstration_finds_the_verdict_and_leaves_the_generator_alone(name):
    before = torch.get_rng_state()
    assert verdict(name) is STATEMENTS[name].verdict
    assert torch.equal(before, torch.get_rng_state())


def test_there_are_many_demonstrations_of_true_and_of_false_statements():
    found = Counter(STATEMENTS[name].verdict for name in DEMONSTRATIONS)
    assert len(DEMONSTRATIONS) >= 260
    assert min(found.values()) > 100


def test_helpers_of_demonstrations_differ_in_name_so_that_a_snippet_can_hold_all():
    helpers = Counter(
        name
        for module in MODULES
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", None) == module.__name__
    )
    assert max(helpers.values()) == 1


def decided(question):
    """The statements on which an item asks for a verdict."""
    return question.statements[:1] if question.ask == "reason" else question.statements


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("planted", ["activation_04", "activation_11"])
def test_wrong_verdict_is_refused(monkeypatch, level, planted):
    """The verdict of one statement is turned round, in the data only."""
    entry = BANK["concepts/activations"]
    bank = dict(statements_on("activations"))
    bank[planted] = replace(bank[planted], verdict=not bank[planted].verdict)
    monkeypatch.setattr(concepts, "statements_on", lambda topic: bank)
    draws = (Activations.draw(Random(seed), level) for seed in range(300))
    question = next(item for item in draws if planted in decided(item) and not item.flaw())
    with pytest.raises(GateError, match=r"blank (true|false|verdict)"):
        verified(entry, question, level)


@pytest.mark.parametrize(
    ("ask", "numbers", "flaw"),
    [
        ("one true", (1, 1, 1), "there are 3 statements, not 4"),
        ("all true", (1, 2, 4, 5), "there are 4 statements, not 5 or 6"),
        ("reason", (1, 2, 4, 5), "there are 4 statements, not 3"),
        ("one true", (1, 1, 2, 4), "repeated"),
        ("one true", (2, 7, 4, 6), "2 statements are true"),
        ("one true", (1, 4, 6, 12), "0 statements are true"),
        ("one false", (2, 7, 4, 6), "2 statements are false"),
        ("one false", (2, 7, 5, 9), "0 statements are false"),
        ("all true", (2, 5, 7, 9, 10), "all or none"),
        ("all true", (1, 4, 6, 12, 13), "all or none"),
        ("one true", (11, 12, 1, 4), "decides statement"),
        ("one true", (12, 11, 1, 4), "decides statement"),
        ("reason", (2, 3, 1), "decides statement"),
        ("reason", (2, 1, 7), "does not have the verdict of the first"),
        ("reason", (2, 5, 7), "all or none"),
    ],
)
def test_unfair_items_are_refused(ask, numbers, flaw):
    assert flaw in Activations(tuple(f"activation_{number:02}" for number in numbers), ask).flaw()


def test_unknown_statement_is_refused():
    names = ("activation_01", "activation_02", "activation_04", "cnn_01")
    assert Activations(names, "one true").flaw() == "the topic has no statement cnn_01"


@pytest.mark.parametrize(
    ("ask", "names", "blank", "right"),
    [
        ("one true", ["rnn_01", "rnn_02", "rnn_05", "rnn_10"], "true", {1}),
        ("one false", ["rnn_01", "rnn_02", "rnn_03", "rnn_09"], "false", {0}),
    ],
)
def test_single_choice_of_statements_has_their_reasons_as_feedback(ask, names, blank, right):
    key = Rnn(tuple(names), ask).answer()[blank]
    assert key.kind == "single choice"
    assert key.right_origins == right
    assert key.options[0].why == "Weights are shared across steps."
    assert [option.name for option in key.options] == names


def test_verdict_with_reason_has_two_reasons_for_each_verdict():
    question = Rnn(("rnn_01", "rnn_07", "rnn_02"), "reason")
    key = question.answer()["verdict"]
    assert question.flaw() is None
    assert [option.text for option in key.options] == [
        "False. Weights are shared across steps.",
        "False. `h_n` keeps the shape (directions times layers, batch, hidden).",
        "True. Each step is a layer with its own weights.",
        "True. It has four gate blocks of the shape of the one in the RNN.",
    ]
    assert key.right_origins == {0}
    assert key.options[1].why.startswith("The verdict is right, but not for this reason: ")
    assert all(option.why.endswith("Weights are shared across steps.") for option in key.options)


def test_verdict_is_executed_and_its_reason_is_not():
    executed = judgement(("rnn_02", "rnn_03", "rnn_01"), "reason", (True, True, False, False))
    assert executed == {"verdict": {2: False, 3: False}}
    reviewed = next(name for name in statements_on("rnn") if name not in DEMONSTRATIONS)
    assert judgement((reviewed, "rnn_02", "rnn_07"), "reason", (True, True, False, False)) == {"verdict": {}}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_verdicts_with_reasons_are_true_as_often_as_false_and_never_exchangeable(entry):
    items = [entry.question.draw(Random(seed), 3) for seed in range(300)]
    assert 0.3 < sum(item.judged.verdict for item in items) / len(items) < 0.7
    assert len({item.statements[0] for item in items}) > 0.9 * len(statements_on(entry.question.topic))
    for item in items:
        if not item.flaw():
            options = item.answer()["verdict"].options
            assert len({option.text for option in options}) == len(options)
            assert sum(option.text.startswith("True. ") for option in options) == 2


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_neither_length_nor_number_betrays_what_is_true(entry, level):
    longest_right, expected, numbers = 0, 0.0, Counter()
    items = [entry.question.draw(Random(seed), level) for seed in range(600)]
    fair = [item for item in items if not item.flaw()]
    for item in fair:
        (key,) = item.answer().values()
        options = key.options
        right = sum(option.right for option in options)
        longest_right += max(options, key=lambda option: len(option.text)).right
        expected += right / len(options)
        numbers[right] += 1
    assert len(fair) > 0.9 * len(items)
    assert abs(longest_right - expected) / len(fair) < 0.08
    if level == 2:
        assert len(numbers) >= 3
        assert max(numbers.values()) < 0.5 * len(fair)


def test_solution_names_every_statement_with_its_verdict_in_the_order_of_the_paper():
    item = shuffled(draw(BANK["concepts/losses"], 2, stream_of(b"test", "losses")), Random(3))
    solution = wording.solution(item).markdown
    for letter, option in zip(ascii_lowercase, item.answers["true"].options, strict=False):
        said = "true" if option.right else "false"
        assert f"- **{letter}** (`{option.name}`) is {said}: *{option.text}* {option.why}" in solution


def test_solution_of_the_false_one_calls_it_false_and_the_others_true():
    draws = (draw(BANK["concepts/losses"], 1, stream_of(b"test", str(n))) for n in range(20))
    item = next(item for item in draws if item.question.ask == "one false")
    assert "Exactly one of these statements is false." in wording.prompt(item).markdown
    lines = [line for line in wording.solution(item).markdown.splitlines() if line.startswith("- ")]
    assert sum("is false" in line for line in lines) == 1
    assert sum("is true" in line for line in lines) == 3


def test_solution_of_a_verdict_gives_reason_and_misconception():
    item = draw(BANK["concepts/losses"], 3, stream_of(b"test", "losses"))
    judged = item.question.judged
    solution = wording.solution(item).markdown
    assert judged.text in wording.prompt(item).markdown
    assert f"is {'true' if judged.verdict else 'false'}. {judged.reason}" in solution
    assert judged.misconception in solution


def test_snippets_of_all_demonstrations_run_in_a_fresh_interpreter():
    programs = []
    for entry in ENTRIES:
        names = [name for name in statements_on(entry.question.topic) if name in DEMONSTRATIONS]
        item = draw(entry, 2, stream_of(b"test", entry.name))
        item = replace(item, question=entry.question(tuple(names)))
        programs.append(snippet(item))
    printed = subprocess.run(
        [sys.executable, "-"],
        input="\n".join(f"exec({program!r}, {{'__name__': 'snippet'}})" for program in programs),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = dict(re.findall(r"(\w+): (True|False)", printed))
    assert found == {name: str(STATEMENTS[name].verdict) for name in DEMONSTRATIONS}


def test_item_of_reviewed_statements_only_has_no_snippet():
    reviewed = [name for name in statements_on("gnn") if name not in DEMONSTRATIONS]
    item = draw(BANK["concepts/gnn"], 2, stream_of(b"test"))
    assert not snippet(replace(item, question=type(item.question)(tuple(reviewed[:5]))))
