from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from quizgrad import Bank, GateError, Item, UserError, check, draw
from quizgrad.rendering.snippet import snippet, source_of
from quizgrad.verify import from_parameters, stream_of, verified

from .conftest import GENERATOR, SOLVER, TEMPLATE


def drawn(bank: Bank, level: int = 1, seed: str = "a") -> Item:
    return draw(bank["toys/slope"], level, stream_of(b"secret", seed))


def test_an_item_that_was_executed_keeps_what_the_solver_returned(toy_bank: Bank) -> None:
    item = drawn(toy_bank)
    assert item.executed["slope"] == item.answers["slope"].value
    assert item.executed["step"] == pytest.approx(item.answers["step"].value)


def test_a_planted_wrong_key_is_refused_by_name(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(generator=GENERATOR.replace("slope = 2 * self.w", "slope = 3 * self.w"))])
    with pytest.raises(
        GateError,
        match=r"toys/slope is refused: blank slope: closed form -?\d+, solver -?\d+.*quizgrad --bank .*bank show toys/slope --level 1 --set w=",
    ):
        drawn(bank)


def test_a_flipped_sign_in_a_solver_is_refused_by_name(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(solver=SOLVER.replace("point - 0.1", "point + 0.1"))])
    with pytest.raises(GateError, match="toys/slope is refused: blank step"):
        drawn(bank)


def test_a_solver_that_raises_is_refused_with_its_own_words(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(solver="def slope(w, x):\n    raise RuntimeError('out of paper')\n")])
    with pytest.raises(GateError, match="the solver raised RuntimeError: out of paper"):
        drawn(bank)


def test_a_solver_that_forgets_a_blank_is_refused(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(solver="def slope(w, x):\n    return {'slope': 2 * w * x}\n")])
    with pytest.raises(GateError, match="differ in their blanks: step"):
        drawn(bank)


def test_flawed_instances_are_drawn_again(toy_bank: Bank) -> None:
    assert all(drawn(toy_bank, seed=str(seed)).answers["slope"].value for seed in range(200))


def test_mistakes_that_are_right_or_coincide_are_left_out(toy_bank: Bank) -> None:
    assert [mistake.name for mistake in drawn(toy_bank).mistakes] == ["forgets_factor", "climbs"]


def test_a_mistakes_sentence_names_this_instances_numbers(toy_bank: Bank) -> None:
    item = drawn(toy_bank)
    assert item.mistakes[0].sentence == f"The factor 2 of the power rule is missing at x = {item.question.x}."


def test_streams_differ_by_place_and_attempt_and_not_by_run() -> None:
    first = [stream_of(b"secret", "form", "slot")(attempt).random() for attempt in range(3)]
    assert first == [stream_of(b"secret", "form", "slot")(attempt).random() for attempt in range(3)]
    others = [
        stream_of(*place)(0).random() for place in ((b"other", "form", "slot"), (b"secret", "form", "slots"))
    ]
    assert len({*first, *others}) == 5


def test_a_missing_level_is_refused(toy_bank: Bank) -> None:
    with pytest.raises(UserError, match="toys/slope has no level 7; it has 1, 2"):
        drawn(toy_bank, level=7)


def test_fixed_parameters_without_a_fair_instance_are_refused(toy_bank: Bank) -> None:
    with pytest.raises(UserError, match="with w=0 has no fair instance at level 1: the slope is zero"):
        draw(toy_bank["toys/slope"], 1, stream_of(b"secret"), {"w": 0})


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"w": 1}, "needs a value for x"),
        ({"w": 1, "x": 2, "widht": 3}, "has no parameter 'widht'"),
        ({"w": "many", "x": 2}, 'parameter w of toys/slope cannot be "many"; expected a whole number'),
        ({"w": "5", "x": 2}, 'parameter w of toys/slope cannot be "5"'),
        ({"w": 2.5, "x": 2}, "parameter w of toys/slope cannot be 2.5; expected a whole number"),
        ({"w": 1, "x": True}, "parameter x of toys/slope cannot be true"),
    ],
)
def test_parameters_from_outside_are_validated(
    toy_bank: Bank, parameters: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        from_parameters(toy_bank["toys/slope"], parameters)


def test_a_parameter_that_an_older_exam_lacks_takes_its_default(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(GENERATOR.replace("    x: int\n", "    x: int\n    rate: float = 0.1\n"))])
    question = from_parameters(bank["toys/slope"], {"w": 3, "x": 2})
    assert question.parameters() == {"w": 3, "x": 2, "rate": 0.1}


def test_an_error_is_carried_forward_by_closed_form_and_solver_alike(toy_bank: Bank) -> None:
    entry = toy_bank["toys/slope"]
    question = from_parameters(entry, {"w": 3, "x": 2})
    item = verified(entry, question, 1)
    assert item.answers["step"].printed() == "0.80"
    from quizgrad import Given

    carried = question.follow(Given({"slope": 6}))["step"]
    assert carried.printed() == "1.40"
    assert carried.agrees(entry.solve(question, {"slope": 6})["step"])


def test_the_contract_finds_a_mistake_without_a_sentence(write_bank: Callable[..., Path]) -> None:
    bank = Bank([write_bank(generator=GENERATOR.replace("Go down the slope, not up.", "down"))])
    failures = check(bank["toys/slope"], 1, 3).failures
    assert failures
    assert "mistake climbs has no full sentence" in failures[0]


def test_the_contract_finds_an_undefined_name_in_a_template(write_bank: Callable[..., Path]) -> None:
    bank = Bank(
        [
            write_bank(
                template="{% block prompt %}{{ nobody }}{% endblock %}{% block solution %}{% endblock %}"
            )
        ]
    )
    failures = check(bank["toys/slope"], 1, 3).failures
    assert "'nobody' is undefined" in failures[0]


def test_a_topic_may_be_a_folder_whose_modules_share_helpers(tmp_path: Path) -> None:
    shared = "import math\n\ndef doubled(number):\n    return math.prod((2, number))\n"
    pieces = {
        "generators/toys/slopes.py": GENERATOR,
        "solvers/toys/numbers.py": shared,
        "solvers/toys/slopes.py": "from .numbers import doubled\n"
        + SOLVER.replace("round(point.grad.item())", "round(doubled(point.grad.item() / 2))"),
        "templates/questions/toys/slope.md": TEMPLATE,
    }
    for path, text in pieces.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    item = drawn(Bank([tmp_path]))
    assert item.entry.topic == "toys"
    pasted = subprocess.run([sys.executable, "-c", snippet(item)], capture_output=True, text=True, check=True)
    assert f"'slope': {item.executed['slope']}" in pasted.stdout


def test_a_snippet_of_several_functions_imports_from_each_module_once() -> None:
    from quizgrad.solvers.demonstrations import attention, transformers

    parts = [f for module in (attention, transformers) for n, f in vars(module).items() if n[-2:].isdigit()]
    lines = [line for line in source_of(*parts).splitlines() if line.startswith("from ")]
    modules = [line.partition(" import ")[0] for line in lines]
    assert len(modules) == len({*modules}) > 1
    assert "from torch import Tensor, nn" in lines


def test_parameters_on_which_a_question_cannot_be_computed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    entry, names = Bank()["cnn/conv_output_size"], {"x_1": 1}
    monkeypatch.setattr(entry.question, "flaw", lambda self: names["x_3"])
    with pytest.raises(UserError, match=r"cannot be computed with kernel=\(3, 3\) \(KeyError: 'x_3'\)"):
        draw(entry, 1, stream_of(b"", "place"), {"kernel": (3, 3)})
    with pytest.raises(KeyError):  # nobody is to blame but the question
        draw(entry, 1, stream_of(b"", "place"))


def test_incomplete_batches_of_a_training_step_are_refused() -> None:
    entry = Bank()["backprop/training_step_order"]
    drawn = draw(entry, 3, stream_of(b"", "place")).question.parameters()
    numbers = dict(drawn["numbers"])
    for change, reason in (
        ({"rate": -0.5}, "between 0.001 and 10"),
        ({"rate": float("nan")}, "larger than 20"),
    ):
        changed = tuple((numbers | change).items())
        assert reason in from_parameters(entry, drawn | {"numbers": changed}).flaw()
    for name in {*numbers} - {"start"}:  # without a start nothing is accumulated
        missing = tuple((key, number) for key, number in numbers.items() if key != name)
        assert from_parameters(entry, drawn | {"numbers": missing}).flaw()
