import datetime
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from quizgrad.errors import UserError
from quizgrad.exams import blueprint
from quizgrad.exams.blueprint import Blueprint, _wrong_value

EXAMPLES = Path(__file__).parents[1] / "examples"
SHARED = Path(__file__).parents[2] / "shared" / "examples" / "midterm.toml"

PLAIN = """\
title = "Quiz"
minutes = 10
instructions = \"\"\"
Write
clearly.\"\"\"
[[section]]
[[section.slot]]
from = "mlp/parameter_count"
points = 1
[[section]]
title = "Second"
[[section.slot]]
from = [
  "cnn/*",
  "rnn/*",
]
points = 2.5
"""


def parse(old="", new=""):
    assert old in PLAIN
    return blueprint.parse(PLAIN.replace(old, new, 1), "quiz.toml")


def sentence(old, new):
    with pytest.raises(UserError) as refusal:
        parse(old, new)
    return str(refusal.value)


def second_slot(*lines):
    """The refusal of lines that replace the points of the second section's slot, on line 17."""
    return sentence("points = 2.5", "\n".join(lines))


# What is read


def test_what_is_left_out_has_a_default():
    quiz = parse()
    assert (quiz.title, quiz.minutes, quiz.course, quiz.date) == ("Quiz", 10, "", None)
    assert (quiz.paper, quiz.large_print, quiz.decimal) == ("A4", False, ".")
    assert (quiz.questions, quiz.options) == ("kept", "shuffled")
    first, second = quiz.slots
    assert (first.patterns, first.levels, first.pick, first.points) == (("mlp/parameter_count",), (2,), 1, 1)
    assert (first.parameters, first.same, first.asked_as, first.work_lines) == ({}, False, None, None)
    assert second.patterns == ("cnn/*", "rnn/*")
    assert [section.title for section in quiz.sections] == ["", "Second"]


def test_every_key_is_read():
    quiz = blueprint.parse(
        """
        title = "Klausur"
        course = "Künstliche neuronale Netze"
        date = 2027-02-03
        minutes = 90
        paper = "Letter"
        large_print = true
        decimal = ","
        questions = "shuffled"
        options = "kept"
        [[section]]
        [[section.slot]]
        from = "cnn/conv_output_size"
        level = [1, 3]
        pick = 2
        points = 1.5
        set = { kernel = 5, name = "a", bias = true, sizes = [[1, 2], [3]] }
        same = true
        as = "choice"
        work = 4
        [[section.slot]]
        from = "cnn/*"
        points = 3
        work = "none"
        """,
        "quiz.toml",
    )
    assert quiz.date == datetime.date(2027, 2, 3)
    assert (quiz.paper, quiz.large_print, quiz.decimal) == ("Letter", True, ",")
    assert (quiz.questions, quiz.options) == ("shuffled", "kept")
    slot, other = quiz.slots
    assert (slot.levels, slot.pick, slot.points) == ((1, 3), 2, 1.5)
    assert slot.parameters == {"kernel": 5, "name": "a", "bias": True, "sizes": ((1, 2), (3,))}
    assert (slot.same, slot.asked_as, slot.work_lines) == (True, "choice", 4)
    assert other.work_lines == 0
    assert quiz.points == 2 * 1.5 + 3


@pytest.mark.parametrize("path", [*sorted(EXAMPLES.glob("*.toml")), SHARED], ids=lambda path: path.name)
def test_examples_are_read_and_go_to_json_and_back(path):
    if not path.exists():
        pytest.skip("no such example here")
    exam = blueprint.load(path)
    assert exam.course == "Introduction to Deep Learning"
    assert blueprint.Blueprint.model_validate_json(exam.model_dump_json(by_alias=True)) == exam


def test_the_midterm_has_the_points_that_its_slots_add_up_to():
    midterm = blueprint.load(EXAMPLES / "midterm.toml")
    assert len(midterm.slots) == 12
    assert midterm.points == 4 + 4 + 10 + 4 + 4 + 8 + 3 + 6 + 7 + 8 + 6 + 2 * 3


def test_the_self_test_shows_every_key():
    text = (EXAMPLES / "selftest.toml").read_text()
    for table in (blueprint.Blueprint, blueprint.Section, blueprint.Slot):
        for name, field in table.model_fields.items():
            assert name == "date" or f"{field.alias or name} = " in text or f"{field.alias}]]" in text


def test_a_blueprint_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        parse().title = "Other"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_any_editor_are_read(tmp_path, encoding, newline):
    path = tmp_path / "quiz.toml"
    path.write_bytes(PLAIN.replace("Quiz", "Prüfung").replace("\n", newline).encode(encoding))
    assert blueprint.load(path).title == "Prüfung"


# What is refused


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "latin.toml").write_bytes('minutes = 10\ntitle = "Prüfung"'.encode("latin-1"))
    (tmp_path / "large.toml").write_text("#" * 1_000_001)
    for name, fault in {
        "none.toml": "cannot be read: there is no such file",
        ".": "cannot be read: it is a folder",
        "latin.toml": "line 2: byte 25 of the file, 0xFC, is not UTF-8",
        "large.toml": "cannot be read: it is larger than 1 MB",
    }.items():
        with pytest.raises(UserError, match=f"{name}.*{fault}"):
            blueprint.load(tmp_path / name)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("minutes = ", "quiz.toml, line 2, column 11: this is not TOML, invalid value"),
        (
            "minutes = 1\nminutes = 2",
            "quiz.toml, line 3, column 12: this is not TOML, cannot overwrite a value",
        ),
        ("minutes = [", "quiz.toml, line 3, column 1: this is not TOML, invalid value"),
        ("minutes = " + "9" * 5000, "quiz.toml contains a number that is too long to be read"),
        ("minutes = " + "[" * 50_000, "quiz.toml is nested too deeply for a blueprint"),
    ],
)
def test_what_is_not_toml_is_placed(value, fault):
    assert sentence("minutes = 10", value) == fault


def test_a_text_that_stops_within_a_value_is_placed_at_its_end():
    assert sentence(PLAIN, "title = '''") == (
        "quiz.toml, end of document: this is not TOML, expected \"'''\""
    )


@pytest.mark.parametrize(
    "minutes", ["0", "-5", "1.5", "'10'", "true", "nan", "1441", "[10]", "0x" + "f" * 5000]
)
def test_wrong_minutes_are_refused(minutes):
    fault = sentence("minutes = 10", f"minutes = {minutes}")
    assert fault.startswith("quiz.toml, line 2: minutes of the exam cannot be ")
    assert fault.endswith("; expected a whole number from 1 to 1440")


@pytest.mark.parametrize("points", ["0", "-1", "nan", "inf", "0.25", "'3'", "true", "1001", "1e300", "[]"])
def test_wrong_points_are_refused(points):
    fault = second_slot(f"points = {points}")
    assert fault.startswith("quiz.toml, line 17: points of section 2, slot 1 cannot be ")
    assert fault.endswith("; expected a number above 0, at most 1000, in steps of 0.5")


@pytest.mark.parametrize("date", ["'2026-11-27'", "2026", "2026-11-27T10:00:00", "10:00:00"])
def test_a_date_is_a_date(date):
    fault = sentence("minutes = 10", f"minutes = 10\ndate = {date}")
    assert fault.startswith("quiz.toml, line 3: date of the exam cannot be ")
    assert fault.endswith("; expected a date without quotation marks, such as 2026-11-27")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("level = 0", "a level from 1 to 9, or a list of different ones"),
        ("level = []", "a level from 1 to 9, or a list of different ones"),
        ("level = [2, 2]", "a level from 1 to 9, or a list of different ones"),
        ("level = [1, '2']", "a level from 1 to 9, or a list of different ones"),
        ("pick = 0", "a whole number from 1 to 100"),
        ("pick = 101", "a whole number from 1 to 100"),
        ("set = 5", "a table of finite numbers, texts, booleans, and lists of these"),
        ("set = { kernel = nan }", "a table of finite numbers, texts, booleans, and lists of these"),
        ("set = { kernel = [2026-01-01] }", "a table of finite numbers, texts, booleans, and lists of these"),
        (
            "set.kernel = 0x" + "f" * 5000,
            "a table of finite numbers, texts, booleans, and lists of these",
        ),
        ("same = 1", "true or false"),
        ("as = 'choices'", '"choice"'),
        ("work = 'some'", 'a number of lines from 0 to 100, or "none"'),
        ("work = -1", 'a number of lines from 0 to 100, or "none"'),
    ],
)
def test_wrong_values_of_a_slot_are_refused(line, expected):
    fault = second_slot("points = 1", line)
    key = line.replace(".", " ").split()[0]
    assert fault.startswith(f"quiz.toml, line 18: {key} of section 2, slot 1 cannot be ")
    assert fault.endswith(f"; expected {expected}")


@pytest.mark.parametrize("name", ["", "cnn conv", "a;b", "é\\n", "x" * 201])
def test_what_cannot_name_a_question_is_refused(name):
    fault = sentence('"mlp/parameter_count"', f'"{name}"')
    assert fault.startswith('quiz.toml, line 8: from of section 1, slot 1 cannot be "')
    assert '; expected a name such as "cnn/conv_output_size", a glob such as "cnn/*", or a list of' in fault
    assert len(fault) < 250


def test_a_value_of_several_lines_is_placed_at_its_first():
    assert sentence('"rnn/*",', "3,").startswith("quiz.toml, line 13: from of section 2, slot 1 cannot be 3;")
    for text in ("\\u0000", "x = 3\n[[section]]\n\\u0000", "\\u0000\nx = 3\n"):
        assert sentence("Write", text).startswith("quiz.toml, line 3: instructions of the exam cannot be")


def test_comments_do_not_shift_the_line():
    comments = "# a = 1\n\n  # [[section]]\n"
    assert sentence("title", comments + "tilte").startswith("quiz.toml, line 4: the exam cannot have the key")
    assert sentence("points = 1", comments + "points = 0").startswith("quiz.toml, line 12: points of")


HEAD = "title = 'a'\nminutes = 1\n"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('title = "Quiz"\n', "", ": the exam has no title; expected one line of text of 1 to 200 characters"),
        ('"Quiz"', '""', ', line 1: title of the exam cannot be ""; expected one line of text of 1'),
        ('"Quiz"', '"a\\tb"', ', line 1: title of the exam cannot be "a\\tb"; expected one line of text'),
        ('"Second"', "2", ", line 11: title of section 2 cannot be 2; expected one line of text of at most"),
        ('from = "mlp/parameter_count"\n', "", ", line 7: section 1, slot 1 has no from; expected a name"),
        ("points = 1\n", "", ", line 7: section 1, slot 1 has no points; expected a number above 0"),
        (
            "[[section]]",
            "[[section]]\n[[section]]",
            ", line 6: section 1 has no slot; expected one or more [[",
        ),
        (
            "[[section]]",
            "[[section]]\nslot = 3\n[[section]]",
            ", line 7: slot of section 1 cannot be 3; expected",
        ),
        (PLAIN, HEAD, ": the exam has no section; expected one or more [[section]] tables"),
        (PLAIN, HEAD + "section = []", ", line 3: section of the exam cannot be []; expected one or more"),
        (PLAIN, HEAD + "section = [3]", ", line 3: section of the exam cannot be 3; expected one or more"),
    ],
)
def test_missing_and_empty_parts_are_refused(old, new, fault):
    assert sentence(old, new).startswith(f"quiz.toml{fault}")


def test_an_exam_has_a_bounded_number_of_questions():
    slot = "\n[[section.slot]]\nfrom = '*'\npoints = 1\npick = "
    assert len(parse("points = 1", "points = 1" + slot + "100" + slot + "98").slots) == 4
    fault = sentence("points = 1", "points = 1" + slot + "100" + slot + "99")
    assert fault == "quiz.toml: the exam has 201 questions; expected at most 200"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("minutes", "minute", "line 2: the exam cannot have the key 'minute'; did you mean 'minutes'?"),
        (
            "points",
            "pionts",
            "line 9: section 1, slot 1 cannot have the key 'pionts'; did you mean 'points'?",
        ),
        (
            'title = "Second"',
            "tilte = 1",
            "line 11: section 2 cannot have the key 'tilte'; did you mean 'title'?",
        ),
        (
            'title = "Second"',
            "points = 1",
            "line 11: section 2 cannot have the key 'points'; it can have title, slot",
        ),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest_known_one(old, new, fault):
    assert sentence(old, new) == f"quiz.toml, {fault}"


def test_the_line_is_left_out_where_its_search_would_take_long():
    text = PLAIN.replace("minutes = 10", "minutes = 0") + "#" * 100_000
    with pytest.raises(UserError, match=r"^quiz.toml: minutes of the exam cannot be 0"):
        blueprint.parse(text, "quiz.toml")


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_a_blueprint_or_refused_in_one_sentence(text):
    with pytest.raises(UserError, match=r"^quiz.toml"):
        blueprint.parse(text, "quiz.toml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=5,
)
KEYS = sorted(
    field.alias or name
    for table in (blueprint.Blueprint, blueprint.Section, blueprint.Slot)
    for name, field in table.model_fields.items()
)


@given(
    st.sampled_from([(), ("section", 0), ("section", 1, "slot", 0)]),
    st.sampled_from(KEYS) | st.text(),
    VALUES,
)
def test_any_value_at_any_place_is_taken_or_refused_in_one_sentence(location, key, value):
    document = tomllib.loads(PLAIN)
    table = document
    for part in location:
        table = table[part]
    table[key] = value
    try:
        points = Blueprint.model_validate(document).points
    except ValidationError as error:
        points, refusal = None, _wrong_value(error, PLAIN, "quiz.toml")
    assert points or refusal.startswith("quiz.toml")
