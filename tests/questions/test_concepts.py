"""Statements: the data, the demonstrations that decide them, and what an item shows of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
import torch
from quizgrad import Bank
from quizgrad.errors import GateError
from quizgrad.generators import concepts
from quizgrad.generators.concepts import Activations, Rnn, statements_on
from quizgrad.presentation import shuffled
from quizgrad.rendering import prompt as wording
from quizgrad.rendering.snippet import snippet
from quizgrad.solvers.concepts import DEMONSTRATIONS, MODULES, verdict
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
    for text in (statement.text, statement.reason):
        assert re.search(r"[.]$|[.]'$", text)
        assert text[0].isupper() or text[0] in "$`0123456789−" or text.startswith("x")
    outside = re.sub(r"\$[^$]+\$|`[^`]+`", "", statement.text + statement.reason)
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
    assert len(DEMONSTRATIONS) >= 122
    assert min(found.values()) > 40


def test_helpers_of_demonstrations_differ_in_name_so_that_a_snippet_can_hold_all():
    helpers = Counter(
        name
        for module in MODULES
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", None) == module.__name__
    )
    assert max(helpers.values()) == 1


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("planted", ["activation_04", "activation_11"])
def test_wrong_verdict_is_refused(monkeypatch, level, planted):
    """The verdict of one statement is turned round, in the data only."""
    entry = BANK["concepts/activations"]
    bank = dict(statements_on("activations"))
    bank[planted] = replace(bank[planted], verdict=not bank[planted].verdict)
    monkeypatch.setattr(concepts, "statements_on", lambda topic: bank)
    draws = (Activations.draw(Random(seed), level) for seed in range(300))
    question = next(item for item in draws if planted in item.statements and not item.flaw())
    with pytest.raises(GateError, match="blank true"):
        verified(entry, question, level)


@pytest.mark.parametrize(
    ("statements", "flaw"),
    [
        (("activation_01",) * 3, "there are 3 statements"),
        (("activation_01", "activation_02", "activation_04", "cnn_01"), "no statement cnn_01"),
        (("activation_01", "activation_01", "activation_02", "activation_04"), "repeated"),
        (("activation_02", "activation_07", "activation_04", "activation_06"), "2 statements are true"),
        (("activation_01", "activation_04", "activation_06", "activation_12"), "0 statements are true"),
        (
            ("activation_02", "activation_05", "activation_07", "activation_09", "activation_10"),
            "all or none",
        ),
        (
            ("activation_01", "activation_04", "activation_06", "activation_12", "activation_13"),
            "all or none",
        ),
        (("activation_11", "activation_12", "activation_01", "activation_04"), "decides statement"),
        (("activation_12", "activation_11", "activation_01", "activation_04"), "decides statement"),
    ],
)
def test_unfair_items_are_refused(statements, flaw):
    assert flaw in Activations(statements).flaw()


def test_single_choice_has_one_true_statement_and_reasons_as_feedback():
    key = Rnn(("rnn_01", "rnn_02", "rnn_05", "rnn_10")).answer()["true"]
    assert key.kind == "single choice"
    assert key.right_origins == {1}
    assert key.options[0].why == "Weights are shared across steps."
    assert [option.name for option in key.options] == ["rnn_01", "rnn_02", "rnn_05", "rnn_10"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_neither_length_nor_number_betrays_what_is_true(entry, level):
    longest_right, expected, numbers = 0, 0.0, Counter()
    items = [entry.question.draw(Random(seed), level) for seed in range(600)]
    fair = [item for item in items if not item.flaw()]
    for item in fair:
        options = item.answer()["true"].options
        right = sum(option.right for option in options)
        longest_right += max(options, key=lambda option: len(option.text)).right
        expected += right / len(options)
        numbers[right] += 1
    assert len(fair) > 0.9 * len(items)
    assert abs(longest_right - expected) / len(fair) < 0.08
    if level > 1:
        assert len(numbers) >= 3
        assert max(numbers.values()) < 0.5 * len(fair)


def test_solution_names_every_statement_with_its_verdict_in_the_order_of_the_paper():
    item = shuffled(draw(BANK["concepts/losses"], 3, stream_of(b"test", "losses")), Random(3))
    solution = wording.solution(item).markdown
    for letter, option in zip("abcdef", item.answers["true"].options, strict=True):
        said = "true" if option.right else "false"
        assert f"- **{letter}** (`{option.name}`) is {said}: *{option.text}* {option.why}" in solution


def test_snippets_of_all_demonstrations_run_in_a_fresh_interpreter():
    programs = []
    for entry in ENTRIES:
        names = [name for name in statements_on(entry.question.topic) if name in DEMONSTRATIONS]
        item = draw(entry, 3, stream_of(b"test", entry.name))
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
