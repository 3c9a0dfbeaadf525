from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from quizgrad.cli import main

from .conftest import GENERATOR, TEMPLATE


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_start_up_imports_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from quizgrad.cli import main\n"
        "assert CliRunner().invoke(main, ['list']).exit_code == 0\n"
        "print([name for name in ('torch', 'sympy', 'numpy', 'reportlab', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_list_names_questions_levels_kinds_and_minutes() -> None:
    result = run("list", "cnn/conv_output*")
    assert result.exit_code == 0
    assert "cnn/conv_output_size" in result.stdout
    assert "integer" in result.stdout


def test_list_suggests_the_nearest_name() -> None:
    result = run("list", "cnn/conv_output_sizes")
    assert result.exit_code == 2
    assert "did you mean cnn/conv_output_size" in result.stderr


def test_show_prints_the_question_and_only_on_request_the_key() -> None:
    plain = run("show", "cnn/conv_output_size", "--seed", "3")
    solved = run("show", "cnn/conv_output_size", "--seed", "3", "--solution")
    assert plain.exit_code == solved.exit_code == 0
    assert "Worked solution" not in plain.stdout
    assert "Worked solution" in solved.stdout
    assert "nn.Conv2d" in solved.stdout


def test_show_as_json_has_keys_mistakes_solution_and_snippet() -> None:
    data = json.loads(run("show", "cnn/conv_output_size", "--seed", "3", "--json").stdout)
    assert data["blanks"]["rows"]["printed"] == str(data["executed"]["rows"])
    assert {"parameters", "prompt", "mistakes", "solution", "snippet"} <= set(data)


def test_show_uses_the_users_own_numbers() -> None:
    data = json.loads(
        run("show", "cnn/conv_output_size", "--level", "1", "--set", "kernel=3", "--json").stdout
    )
    assert data["parameters"]["kernel"] == [3, 3]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "kernel"], "--set kernel: expected NAME=VALUE"),
        (["--set", "kernle=3"], "has no parameter 'kernle'; did you mean kernel?"),
        (["--set", "height=tall"], 'parameter height of cnn/conv_output_size cannot be "tall"'),
        (["--level", "8"], "has no level 8; it has 1, 2, 3"),
    ],
)
def test_show_refuses_in_one_sentence(arguments: list[str], sentence: str) -> None:
    result = run("show", "cnn/conv_output_size", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("option", "start"), [("--pdf", b"%PDF"), ("--png", b"\x89PNG"), ("--html", b"<!DOCTYPE html>")]
)
def test_show_writes_files(tmp_path: Path, option: str, start: bytes) -> None:
    result = run("show", "cnn/conv_output_size", "--seed", "3", "--solution", option, tmp_path / "item")
    assert result.exit_code == 0
    assert (tmp_path / "item").read_bytes().lower().startswith(start.lower())


def test_check_is_clean_for_a_good_question_and_names_a_bad_one(write_bank: Callable[..., Path]) -> None:
    good, bad = (
        write_bank(),
        write_bank(generator=GENERATOR.replace("slope = 2 * self.w", "slope = 3 * self.w"), name="bad"),
    )
    assert run("--bank", good, "check", "toys/*", "--instances", "20").exit_code == 0
    result = run("--bank", bad, "check", "toys/*", "--instances", "20")
    assert result.exit_code == 1
    assert "toys/slope is refused" in result.stdout
    assert f"repeat with: quizgrad --bank {bad} show toys/slope" in result.stdout


@pytest.mark.parametrize(
    ("code", "fault"),
    [("import nothing_of_that_name\n", "ModuleNotFoundError"), ("raise SystemExit(0)\n", "SystemExit")],
)
def test_an_outside_bank_that_cannot_be_imported_is_named_and_the_rest_works(
    write_bank: Callable[..., Path], code: str, fault: str
) -> None:
    result = run("--bank", write_bank(generator=code), "list")
    assert result.exit_code == 0
    assert "cnn/conv_output_size" in result.stdout
    assert f"generators/toys.py: {fault}" in result.stderr


def test_a_bank_that_is_named_twice_is_used_once(write_bank: Callable[..., Path]) -> None:
    bank = write_bank()
    result = run("--bank", bank, "--bank", bank, "list", "toys/*")
    assert result.exit_code == 0
    assert result.stderr == ""


def test_a_topic_is_no_question(write_bank: Callable[..., Path]) -> None:
    result = run("--bank", write_bank(), "show", "toys")
    assert result.exit_code == 2
    assert '`quizgrad list "toys/*"` shows those of that topic' in result.stderr


def test_an_undefined_name_in_a_template_is_named_with_its_line(write_bank: Callable[..., Path]) -> None:
    template = TEMPLATE.replace("leads to", "with {{ rate }} leads to")
    line = template[: template.index("{{ rate }}")].count("\n") + 1
    result = run("--bank", write_bank(template=template), "show", "toys/slope")
    assert result.exit_code == 2
    assert f"slope.md, line {line}, block prompt: 'rate' is undefined" in result.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("leads to", r"leads to $\frac{1$"), r"cannot be set: a missing } after \frac"),
        (("leads to", "<b>leads</b> to"), "cannot be set: A text cannot hold raw HTML"),
        (("leads to", '{{ figure("grid", alt="nothing") }} leads to'), 'cannot be set: figure "grid"'),
        (
            ('{{ blank("step") }}', "?"),
            "needs one place for each of the blanks slope, step; its prompt has",
        ),
    ],
)
def test_a_template_that_cannot_be_set_stops_an_exam(
    tmp_path: Path, write_bank: Callable[..., Path], change: tuple[str, str], sentence: str
) -> None:
    bank = write_bank(template=TEMPLATE.replace(*change))
    blueprint = tmp_path / "quiz.toml"
    slot = '[[section]]\n[[section.slot]]\nfrom = "toys/slope"\npoints = 1\n'
    blueprint.write_text(f'title = "Quiz"\nminutes = 5\n{slot}', encoding="utf-8")
    result = run("--bank", bank, "exam", blueprint, "--forms", 1, "-o", tmp_path / "quiz")
    assert result.exit_code == 2
    assert "question toys/slope" in result.stderr
    assert sentence in result.stderr
    assert not (tmp_path / "quiz").exists()


def test_show_names_what_cannot_be_set(write_bank: Callable[..., Path]) -> None:
    bank = write_bank(template=TEMPLATE.replace("leads to", r"leads to $\foo$"))
    result = run("--bank", bank, "show", "toys/slope")
    assert result.exit_code == 2
    assert r"question toys/slope cannot be set: the command \foo" in result.stderr


def test_a_folder_that_is_no_bank_is_refused(tmp_path: Path) -> None:
    result = run("--bank", tmp_path, "list")
    assert result.exit_code == 2
    assert "is no bank of questions" in result.stderr


def test_a_new_question_passes_its_contract_at_once(tmp_path: Path) -> None:
    assert run("new", "toys/layer_size", "--into", tmp_path).exit_code == 0
    assert run("new", "toys/other_size", "--into", tmp_path).exit_code == 0
    result = run("--bank", tmp_path, "check", "toys/*", "--instances", "20")
    assert result.exit_code == 0, result.output
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", tmp_path / "tests"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "name", ["toys", "Toys/Layer", "toys/layer-size", "toys/../x", "toys/class", "for/x"]
)
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    result = run("new", name, "--into", tmp_path)
    assert result.exit_code == 2
    assert "is no name for a question" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    run("new", "toys/layer_size", "--into", tmp_path)
    for name in ("toys/layer_size", "cnn/conv_output_size"):
        result = run("new", name, "--into", tmp_path)
        assert result.exit_code == 2
        assert "choose another name" in result.stderr


def test_exam_wants_a_roster_or_a_number_of_forms(tmp_path: Path) -> None:
    result = run("exam", tmp_path / "none.toml", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "give either --roster ROSTER.csv or --forms NUMBER" in result.stderr


def test_exam_names_a_missing_blueprint(tmp_path: Path) -> None:
    result = run("exam", tmp_path / "none.toml", "--forms", "2", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "none.toml cannot be read: there is no such file" in result.stderr
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback() -> None:
    result = run("--debug", "list", "nothing/here")
    assert result.exit_code == 1
    assert type(result.exception).__name__ == "UserError"
