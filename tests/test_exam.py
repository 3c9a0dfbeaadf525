from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from quizgrad import Bank, Order, UserError, build, load
from quizgrad.exams import build as building
from quizgrad.exams.codes import ALPHABET, FormName, form_codes
from quizgrad.exams.roster import Student

BLUEPRINT = """
title = "Quiz"
course = "Deep Learning"
date = 2026-11-27
minutes = 20
questions = "shuffled"

[[section]]
title = "Counting"
[[section.slot]]
from = "cnn/conv_output_size"
level = [1, 2]
points = 4
[[section.slot]]
from = "cnn/conv_output_size"
level = 2
points = 3
as = "choice"
[[section.slot]]
from = "mlp/parameter_count"
level = 1
points = 2
same = true

[[section]]
title = "Statements"
[[section.slot]]
from = ["concepts/losses", "concepts/gnn"]
pick = 2
points = 1.5
"""
STUDENTS = (Student("0040117", "Aisha Okonkwo"), Student("77", "李小龙"), Student("x/9", "עברית כהן"))


def order(blueprint: str = BLUEPRINT, seed: str | None = "7", **changes: object) -> Order:
    return Order(blueprint, "quiz.toml", STUDENTS, 0, seed, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(order(), tmp_path_factory.mktemp("exam") / "quiz")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_holds_a_form_and_a_key_per_student_and_both_merged(folder: Path) -> None:
    names = set(contents(folder))
    assert {"exam.json", "key.json", "print.pdf", "keys.pdf"} <= names
    assert len([name for name in names if name.startswith("forms/")]) == len(STUDENTS)
    assert {name.removeprefix("forms/") for name in names if name.startswith("forms/")} == {
        name.removeprefix("keys/") for name in names if name.startswith("keys/")
    }


def test_only_the_owner_can_read_keys_and_what_names_students(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_public_file_has_neither_keys_nor_the_secret(folder: Path) -> None:
    public, secret = (folder / "exam.json").read_text(), json.loads((folder / "key.json").read_text())
    assert secret["secret"] not in public
    for word in ("answers", "mistakes", "executed", "parameters"):
        assert f'"{word}"' not in public


def test_parameters_that_were_set_are_only_beside_the_keys(tmp_path: Path) -> None:
    text = BLUEPRINT.replace("points = 4", "points = 4\nset = { kernel = 4, stride = 3 }")
    target = build(Order(text, "quiz.toml", None, 1), tmp_path / "quiz")
    public, secret = (json.loads((target / name).read_text()) for name in ("exam.json", "key.json"))
    public_slot, secret_slot = (data["blueprint"]["section"][0]["slot"][0] for data in (public, secret))
    assert "set" not in public_slot
    assert public_slot["from"] == ["cnn/conv_output_size"]
    assert secret_slot["set"] == {"kernel": 4, "stride": 3}
    assert load(target, Bank()).blueprint.slots[0].parameters == {"kernel": 4, "stride": 3}


def test_a_folder_whose_blueprint_is_in_the_public_file_only_can_be_read(
    folder: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    key = json.loads((old / "key.json").read_text())
    del key["blueprint"]
    (old / "key.json").write_text(json.dumps(key))
    assert load(old, Bank()) == load(folder, Bank())


def test_every_student_finds_name_and_code_on_the_paper(folder: Path) -> None:
    exam = load(folder, Bank())
    for form in exam.forms.values():
        assert form.student is not None
        reader = pypdf.PdfReader(folder / "forms" / building.file_name(form.student, form.code))
        pages = [page.extract_text() for page in reader.pages]
        assert all(form.code in page for page in pages)
        assert form.student.id in pages[0]


def test_all_forms_have_the_same_points_and_places(folder: Path) -> None:
    forms = load(folder, Bank()).forms.values()
    assert {sum(item.points for item in form.items) for form in forms} == {12}
    assert {frozenset(item.id for item in form.items) for form in forms} == {
        frozenset({"q1", "q2", "q3", "q4", "q5"})
    }


def test_a_slot_that_is_the_same_for_all_is_the_same(folder: Path) -> None:
    forms = load(folder, Bank()).forms.values()
    assert len({item.item.question for form in forms for item in form.items if item.id == "q3"}) == 1
    assert len({item.item.question for form in forms for item in form.items if item.id == "q1"}) == len(
        STUDENTS
    )


def test_picks_of_a_slot_are_different_questions(folder: Path) -> None:
    for form in load(folder, Bank()).forms.values():
        assert {item.item.name for item in form.items if item.id in {"q4", "q5"}} == {
            "concepts/losses",
            "concepts/gnn",
        }


def test_questions_are_shuffled_within_their_section_only(folder: Path) -> None:
    for form in load(folder, Bank()).forms.values():
        assert [item.section for item in form.items] == [0, 0, 0, 1, 1]
        assert [item.number for item in form.items] == [1, 2, 3, 4, 5]


def test_a_stored_key_is_what_was_verified(folder: Path) -> None:
    for form in load(folder, Bank()).forms.values():
        for stored in form.items:
            for answer in stored.item.answers.values():
                assert answer.judge(answer.printed()).right
            if stored.id == "q1":
                assert all(
                    answer.agrees(stored.item.executed[blank])
                    for blank, answer in stored.item.answers.items()
                )


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_with_more_jobs(
    folder: Path, tmp_path: Path
) -> None:
    script = (
        "from pathlib import Path; from tests.test_exam import order; from quizgrad import build\n"
        f"if __name__ == '__main__': build(order(), Path({str(tmp_path / 'again')!r}), jobs=2)\n"
    )
    (tmp_path / "script.py").write_text(script)
    environment = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(Path(__file__).parent.parent)}
    subprocess.run([sys.executable, tmp_path / "script.py"], env=environment, check=True)
    assert contents(tmp_path / "again") == contents(folder)


def test_without_a_seed_the_secret_is_random(tmp_path: Path) -> None:
    small = Order(BLUEPRINT, "quiz.toml", None, 1)
    first, second = (
        json.loads((build(small, tmp_path / name) / "key.json").read_text()) for name in ("a", "b")
    )
    assert first["secret"] != second["secret"]


def test_keys_without_snippets_have_fewer_pages_and_the_same_forms(folder: Path, tmp_path: Path) -> None:
    plain = build(order(snippets=False), tmp_path / "plain")
    texts = {
        path: "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
        for path in (folder / "keys.pdf", plain / "keys.pdf")
    }
    assert ["Check it yourself" in text for text in texts.values()] == [True, False]
    assert all("Executed check" in text for text in texts.values())
    with_code, without = (len(pypdf.PdfReader(path).pages) for path in texts)
    assert without < with_code
    assert (plain / "print.pdf").read_bytes() == (folder / "print.pdf").read_bytes()


def test_names_in_a_script_without_a_font_are_named_once() -> None:
    students = [Student("1", "राम"), Student("2", "李小龙"), Student("3", "עברית"), Student("4", "محمد")]
    students += [Student("5", "Zoë Nguyễn"), Student("6", "Ђорђе"), Student("7", "สมชาย")]
    sentence = building.transliterated(students)
    assert sentence.endswith("there is no font with their script: राम (1), สมชาย (7)")
    assert building.transliterated(students[1:6]) == ""
    assert building.transliterated([Student(str(number), "राम") for number in range(14)]).endswith(
        " and 4 more"
    )


def test_an_existing_folder_is_kept_without_force(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(UserError, match="exists already"):
        build(order(), folder)
    assert contents(folder) == before


def test_a_stopped_run_leaves_nothing_that_looks_whole_and_goes_on(folder: Path, tmp_path: Path) -> None:
    def stop_after_one(forms, total):  # type: ignore[no-untyped-def]
        for number, form in enumerate(forms):
            yield form
            if number == 0:
                raise KeyboardInterrupt

    target = tmp_path / "quiz"
    with pytest.raises(KeyboardInterrupt):
        build(order(), target, progress=stop_after_one)
    assert not target.exists()
    counted = []
    build(order(), target, progress=lambda forms, total: counted.append(total) or forms)
    assert counted == [len(STUDENTS) - 1]
    assert contents(target) == contents(folder)


def test_fillable_forms_have_a_field_for_every_blank(tmp_path: Path) -> None:
    made = build(order(fillable=True), tmp_path / "quiz")
    exam = load(made, Bank())
    form = next(iter(exam.forms.values()))
    assert form.student is not None
    fields = pypdf.PdfReader(made / "forms" / building.file_name(form.student, form.code)).get_fields() or {}
    for item in form.items:
        for blank in item.item.answers:
            assert any(
                name == f"{item.id}.{blank}" or name.startswith(f"{item.id}.{blank}.") for name in fields
            )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ("cnn/conv_output_size", "cnn/conv_output_sise"),
            r"quiz.toml: section 1, slot 1: there is no question 'cnn/conv_output_sise'; did you mean cnn/conv_output_size",
        ),
        (
            ("mlp/parameter_count", "mlpp/*"),
            r"section 1, slot 3: no question matches 'mlpp/\*'; did you mean mlp/\*",
        ),
        (("level = 1\n", "level = 9\n"), "mlp/parameter_count has no level 9; it has 1, 2, 3"),
        (
            ('as = "choice"', "set = {kernle = 5}"),
            "section 1, slot 2: question cnn/conv_output_size has no parameter 'kernle'; did you mean kernel",
        ),
        (
            ('as = "choice"', "set = {kernel = [900, 900]}"),
            "section 1, slot 2: question cnn/conv_output_size with kernel=.* has no fair instance",
        ),
        (
            ('as = "choice"', "set = {kernel = true}"),
            r"section 1, slot 2: parameter kernel of .* cannot be true; expected \[a whole number, a whole number\]",
        ),
        (("level = [1, 2]", "level = [1, 7]"), "section 1, slot 1: none of its questions has level 7"),
        (
            ("minutes = 20", r"minutes = 20\ninstructions = 'Use $\frac{1$.'".replace(r"\n", "\n")),
            r"the text of the instructions cannot be set: a missing } after",
        ),
    ],
)
def test_a_wrong_blueprint_is_refused_before_anything_is_written(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        build(order(BLUEPRINT.replace(*change, 1)), tmp_path / "quiz")
    assert not (tmp_path / "quiz").exists()


def test_fixed_parameters_are_used(tmp_path: Path) -> None:
    made = build(
        order(BLUEPRINT.replace("points = 4", "points = 4\nset = {kernel = [3, 3]}")), tmp_path / "quiz"
    )
    forms = load(made, Bank()).forms.values()
    assert {item.item.question.kernel for form in forms for item in form.items if item.id == "q1"} == {(3, 3)}


def test_codes_are_different_and_easy_to_read() -> None:
    codes = form_codes(b"secret", [str(number) for number in range(3000)])
    assert len(set(codes)) == 3000
    assert set("".join(codes)) <= set(ALPHABET)
    assert not any(re.fullmatch(r"\d+E\d+|\d*(SEP|MAY|DEC|MAR)\d*", code) for code in codes)


def test_a_misread_payload_is_noticed() -> None:
    payload = FormName("ABCDEFGH", "K7Q2").payload()
    assert FormName.parse(payload) == FormName("ABCDEFGH", "K7Q2")
    with pytest.raises(ValueError, match="check value"):
        FormName.parse(payload.replace("K7Q2", "K7Q3"))
    with pytest.raises(ValueError, match="is not the code"):
        FormName.parse("https://example.org")


def test_a_damaged_folder_is_named(folder: Path, tmp_path: Path) -> None:
    for name in ("exam.json", "key.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "key.json").write_text((tmp_path / "key.json").read_text()[:-200])
    with pytest.raises(UserError, match=r"key.json is not JSON"):
        load(tmp_path, Bank())
    with pytest.raises(UserError, match=r"exam.json cannot be read"):
        load(tmp_path / "nowhere", Bank())


def test_a_question_that_has_changed_is_named_and_its_stored_keys_are_read(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("exam.json", "key.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    key = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    del key["forms"][0]["items"]["q1"]["parameters"]["kernel"]
    (tmp_path / "key.json").write_text(json.dumps(key), encoding="utf-8")
    read = load(tmp_path, Bank())
    assert "needs a value for kernel" in read.changed["cnn/conv_output_size"]
    before, after = (next(iter(exam.forms.values())).items for exam in (load(folder, Bank()), read))
    assert [item.item.answers for item in after] == [item.item.answers for item in before]


def test_kept_options_do_not_betray_the_key_by_coming_first() -> None:
    slot = '[[section.slot]]\nfrom = "cnn/conv_parameter_count"\nlevel = 1\npoints = 1\nas = "choice"\npick = 12\n'
    text = f'title = "T"\nminutes = 9\noptions = "kept"\n[[section]]\n{slot}'
    maker = building.Maker(Order(text, "t.toml", None, 2), b"secret")
    form = building.draw_form(maker.blueprint, maker.places, b"secret", "1", "FORM", None)
    assert len({item.item.answers["choice"].printed() for item in form.items}) > 1
