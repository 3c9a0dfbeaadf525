import csv
import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)
from quizgrad.answers import Matrix, Notation
from quizgrad.bank import Bank
from quizgrad.errors import UserError
from quizgrad.exams import build, store
from quizgrad.exams.codes import FormName
from quizgrad.exams.roster import Student
from quizgrad.grading import readers
from quizgrad.grading.grade import grade
from quizgrad.grading.readers import papers, pdf_files, read, sources
from quizgrad.grading.readers.papers import Box
from quizgrad.grading.sheet import blanks, sheet

SLOTS = [
    ("metrics/binary_scores", ""),
    ("attention/scaled_dot_product", "level = 2"),
    ("cnn/conv_output_size", ""),
    ("cnn/conv_output_size", 'as = "choice"'),
    ("concepts/cnn", ""),
]
BLUEPRINT = 'title = "Test"\ncourse = "Reading"\nminutes = 30\n[[section]]\ntitle = "All"\n' + "".join(
    f'[[section.slot]]\nfrom = "{name}"\npoints = 2\n{more}\n' for name, more in SLOTS
)
STUDENTS = (Student("0007", "Zoë Müller"), Student("8", "Bo"), Student("=1+1", "Ann"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    order = build.Order(BLUEPRINT, "test.toml", STUDENTS, 3, seed="readers", fillable=True)
    return build.build(order, tmp_path_factory.mktemp("readers") / "exam")


@pytest.fixture(scope="module")
def exam(folder):
    """The exam; its first form's question q2 asks for a matrix of two rows and columns."""
    exam = store.load(folder, Bank())
    matrix = Matrix(((1.0, 2.0), (3.0, 4.0)))
    forms = {}
    for form in exam.forms.values():
        items = [
            replace(item, item=replace(item.item, answers={**item.item.answers, "matrix": matrix}))
            if item.id == "q3"
            else item
            for item in form.items
        ]
        forms[form.code] = replace(form, items=tuple(items))
    return replace(exam, forms=forms)


@pytest.fixture(scope="module")
def codes(exam):
    return list(exam.forms)


@pytest.fixture
def handed_in(tmp_path, exam):
    """Reads one file; faults are told as sentences."""

    def handed_in(content, name="in.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        submissions, faults = read([path], exam)
        return submissions, [
            f"{fault.source}: {fault.reason}".replace(str(tmp_path) + "/", "") for fault in faults
        ]

    return handed_in


def answers_of(submissions):
    return [submission.answers for submission in submissions]


# Tables


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_row_is_a_submission_with_its_texts_as_typed(handed_in, codes, separator, encoding):
    text = f'Form Code,student_id,Submitted at,q3.rows,q3.columns\n{codes[0].lower()},0007,2026-07-01 09:30," 24 ", ½=…\n'
    submissions, faults = handed_in(text.replace(",", separator).encode(encoding))
    assert faults == []
    (submission,) = submissions
    assert (submission.form, submission.student) == (codes[0], "0007")
    assert submission.source.endswith("in.csv, row 2")
    assert submission.received == "2026-07-01T09:30:00"
    assert submission.answers == {"q3": {"rows": " 24 ", "columns": " ½=…"}}


def test_the_first_line_of_excel_is_followed(handed_in, codes):
    submissions, faults = handed_in(f"sep=|\r\nform|q3.rows\r\n{codes[0]}|1,5\r\n")
    assert answers_of(submissions) == [{"q3": {"rows": "1,5"}}]
    assert faults == []


@pytest.mark.parametrize(
    "text", ["0.10", "1e5", "007", "+3", "=2", "-x", "TRUE", "1 000", "3/4 ", "1\n2", "٣", "\u00a05"]
)
def test_no_text_is_converted(handed_in, codes, text):
    table = io.StringIO()
    csv.writer(table).writerows([["form", "q3.rows"], [codes[0], text]])
    paper = {"form": codes[0], "answers": {"q3": {"rows": text}}}
    for submissions, faults in (handed_in(table.getvalue()), handed_in(json.dumps(paper), "in.json")):
        assert answers_of(submissions) == [{"q3": {"rows": text}}]
        assert faults == []


def test_cells_are_joined_as_their_kind_reads_them(handed_in, exam, codes):
    headings = [
        "form",
        "q3.matrix[1,1]",
        "q3.matrix[1,2]",
        "q3.matrix.2.1",
        "q3.matrix[2;2]",
        "q2.scores[2]",
        "q2.scores[1]",
    ]
    table = io.StringIO()
    csv.writer(table).writerows([headings, [codes[0], "1", "0.2e1", " 3", "", "0,5", "-1/3"]])
    (submission,), faults = handed_in(table.getvalue())
    assert faults == []
    reading = Matrix(((1.0, 2.0), (3.0, 4.0))).read(submission.answers["q3"]["matrix"])
    assert [[cell and cell.value for cell in row] for row in reading] == [[1, 2], [3, None]]
    scores = exam.forms[codes[0]].items[1].item.answers["scores"]
    assert exam.forms[codes[0]].items[1].id == "q2"
    first, second, *others = scores.read(submission.answers["q2"]["scores"], Notation(","))
    assert (str(first.value), str(second.value)) == ("-1/3", "1/2")
    assert set(others) <= {None}


def test_a_grid_with_too_many_cells_keeps_its_shape(handed_in, codes):
    (submission,), _ = handed_in(f'form,"q3.matrix[1,1]","q3.matrix[3,1]"\n{codes[0]},1,2\n')
    reading = Matrix(((1.0, 2.0), (3.0, 4.0))).read(submission.answers["q3"]["matrix"])
    assert (len(reading), len(reading[0])) == (3, 2)


def test_a_student_is_found_without_form_and_without_leading_zeros(handed_in, codes):
    submissions, faults = handed_in("student_id,q3.rows\n 7 ,1\n\u200e8,2\n")
    assert [(one.form, one.student) for one in submissions] == [(codes[0], "0007"), (codes[1], "8")]
    assert faults == []


def test_the_text_of_the_qr_code_names_the_form(handed_in, exam, codes):
    own, foreign = FormName(exam.id, codes[1]).payload(), FormName("ABCDEFGH", codes[1]).payload()
    submissions, faults = handed_in(f"form,q3.rows\n{own},1\n{foreign},2\n{own}X,3\n")
    assert [submission.form for submission in submissions] == [codes[1]]
    assert faults == [
        "in.csv, row 3: it belongs to another exam, 'ABCDEFGH'",
        f"in.csv, row 4: the check value of form code '{own}X' is wrong",
    ]


def test_each_wrong_row_is_named_and_the_others_are_read(handed_in, codes):
    rows = [
        f"{codes[0]},0007,1,2",
        f"{codes[0]},0007,1,2,3",
        "WXYZ,,1,2",
        ",,1,2",
        ",99,1,2",
        f"{codes[1]},0007,1,2",
        '"x" y,,1,2',
        "",
        ",,,",
        ",1.02977E+12,1,2",
        f"{codes[1]},1.02977E+12,1,2",
        f"{codes[1]},8",
        f'{codes[1]},8,{"x" * 1_000_000},"a\x00b"',
        ",\x07,1,1",
        f"{codes[2]},,5,6",
    ]
    submissions, faults = handed_in("form,student_id,q3.rows,q3.columns\n" + "\n".join(rows) + "\n")
    assert [submission.source.rpartition(", row ")[2] for submission in submissions] == [
        "2",
        "12",
        "14",
        "16",
    ]
    assert submissions[2].answers == {"q3": {"columns": "a\x00b"}}
    assert faults == [
        "in.csv, row 3: there are 5 cells, but 4 headings; a cell that contains a separator needs quotation marks",
        "in.csv, row 4: this exam has no form 'WXYZ'",
        "in.csv, row 5: neither a form code nor a student id is given",
        "in.csv, row 6: no student of this exam has the id '99'",
        f"in.csv, row 7: form {codes[1]} belongs to student 8, not to '0007'",
        "in.csv, row 8: this is not CSV (',' expected after '\"')",
        "in.csv, row 11: the id 1.02977E+12 was rounded by a spreadsheet; format that column as text",
        "in.csv, row 14: q3.rows: the text is longer than 100,000 characters and was not read",
        "in.csv, row 14: q3.columns: the text contains a control character",
        "in.csv, row 15: the student id '\\x07' contains a control character",
    ]


def test_codes_and_ids_that_were_forced_to_be_text_are_read(handed_in, codes):
    table = f'student_id;form;q3.rows\n="0007";;="1"\n;"=""{codes[1]}""";2\n'
    submissions, faults = handed_in(table)
    assert [(submission.form, submission.student) for submission in submissions] == [
        (codes[0], "0007"),
        (codes[1], ""),
    ]
    assert submissions[0].answers == {"q3": {"rows": '="1"'}}  # answers stay as typed
    assert faults == []


def test_a_long_cell_forges_no_row(handed_in, codes):
    cell = "x" * 200_000 + f"\n{codes[1]},1"
    table = io.StringIO()
    csv.writer(table).writerows([["form", "q3.rows"], [codes[0], cell]])
    submissions, _ = handed_in(table.getvalue())
    assert [submission.form for submission in submissions] == [codes[0]]
    assert csv.field_size_limit() == 131_072


def test_columns_that_are_not_read_are_named(handed_in, codes):
    submissions, faults = handed_in(
        f"form,name,q3.rows,remark,q3.columns,q3.columns,q9.x\n{codes[0]},Bo,1,,2,3,4\n"
    )
    assert answers_of(submissions) == [{"q3": {"rows": "1"}}]
    assert faults == [
        "in.csv: these columns belong to no blank and were not read: 'remark'",
        "in.csv: these columns occur more than once and were not read: 'q3.columns'",
        f"in.csv, row 2: q9.x: form {codes[0]} has no such blank",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty; expected a row of headings, such as form,student_id,q1.rows"),
        ("\n \n", "it is empty; expected a row of headings, such as form,student_id,q1.rows"),
        ("form,Code,q1.tp\n", "the columns 'form', 'Code' all seem to hold the form; keep one of them"),
        ("name,q1.tp\nBo,1\n", "it has neither a column form nor student_id; it has 'name', 'q1.tp'"),
        ("form,name\nBo,1\n", "it has no column of a blank, such as q1.rows; it has 'form', 'name'"),
        ('"form" x,q1.tp\n', "row 1 is not CSV (',' expected after '\"')"),
        (
            "form,q1.tp\nZoë,1".encode("cp1252"),
            'line 2: byte 14 of the file, 0xEB, is not UTF-8; save the file as UTF-8, which Excel calls "CSV UTF-8"',
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_named(handed_in, content, reason):
    assert handed_in(content) == ([], [f"in.csv: {reason}"])


def test_times_are_brought_into_one_notation(handed_in, codes):
    rows = "".join(
        f"{codes[0]},{time},1\n" for time in ("2026-07-01T09:30", "2026-07-01T11:30+02:00", "7/1/2026", "")
    )
    submissions, faults = handed_in("form,received,q3.rows\n" + rows)
    assert [one.received for one in submissions] == ["2026-07-01T09:30:00"] * 2 + [""] * 2
    assert faults == [
        "in.csv, row 4: the time '7/1/2026' was not read; expected one such as 2026-07-01 09:30"
    ]


# The empty sheet


def test_the_sheet_is_read_back_once_it_is_filled(handed_in, exam, codes):
    rows = list(csv.reader(io.StringIO(sheet(exam).removeprefix("\ufeff"))))
    assert rows[0][:4] == ["form", "student_id", "name", "q1.tp"]
    assert rows[0][3:] == blanks(exam)
    assert [row[:3] for row in rows[1:]] == [
        [codes[0], "0007", "Zoë Müller"], [codes[1], "8", "Bo"], [codes[2], "'=1+1", "Ann"]
    ]  # fmt: skip
    for row in rows[1:]:
        row[3:] = [f"{row[0]} {number}" for number in range(len(row) - 3)]
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    submissions, faults = handed_in(table.getvalue())
    assert [(one.form, one.student) for one in submissions] == list(
        zip(codes, ["0007", "8", "=1+1"], strict=True)
    )
    for submission in submissions:
        texts = [text for blanks in submission.answers.values() for text in blanks.values()]
        assert texts == [f"{submission.form} {number}" for number in range(len(rows[0]) - 3)]
    assert faults == []


def test_the_sheet_with_the_keys_typed_in_gets_full_marks(folder, tmp_path):
    exam = store.load(folder, Bank())
    header, *rows = csv.reader(io.StringIO(sheet(exam).removeprefix("\ufeff")))
    for row in rows:
        items = {item.id: item.item.answers for item in exam.forms[row[0]].items}
        for index, (item, _, blank) in enumerate((name.partition(".") for name in header[3:]), 3):
            row[index] = items[item][blank].printed()
    with (tmp_path / "in.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    result = grade(exam, *read([tmp_path / "in.csv"], exam)[:1])
    assert [form.points for form in result.forms] == [form.possible for form in result.forms] == [10] * 3


# JSON


def test_json_texts_numbers_lists_and_nulls_are_read(handed_in, codes):
    answers = '{"q1": {"tp": 1.0e2, "fp": 123456789012345678901234567890, "fn": null, "f1": "0.50"}, '
    answers += '"q2": {"scores": [1, 2.50, "3"]}, "q3": {"matrix": [[1, "2"], [null, 4]], "rows": [1, 2]}}'
    paper = f'{{"form": "{codes[0]}", "student_id": "0007", "received": "2026-07-01", "answers": {answers}}}'
    expected = {
        "q1": {"tp": "1.0e2", "fp": "123456789012345678901234567890", "f1": "0.50"},
        "q2": {"scores": "[[1; 2.50; 3]]"},
        "q3": {"matrix": "[[1; 2], [; 4]]", "rows": "1, 2"},
    }
    for name, text in (
        ("a.json", paper),
        ("b.json", f"[{paper}]"),
        ("c.jsonl", f"{paper}\n"),
        ("d.json", f"{paper}\n{paper}"),
    ):
        submissions, faults = handed_in(text, name)
        assert answers_of(submissions)[0] == expected
        assert submissions[0].received == "2026-07-01T00:00:00"
        assert faults == []


def test_wrong_papers_of_a_list_are_named(handed_in, codes):
    good = f'{{"form": "{codes[0]}", "answers": {{"q3": {{"rows": 1}}}}}}'
    wrong = [
        '7, {"form": []}, {"form": [], "answers": {}}, {"student_id": "0007", "answers": {"q3": 1}}',
        f'{{"form": "{codes[0]}", "answers": {{"q3": {{"rows": NaN, "columns": {{}}, "channels": [[[1]]], "x": true}}}}}}',
        f'{{"form": "{codes[0]}", "answers": {{"q3": {{"rows": "1", "rows": "\\ud800"}}}}}}',
    ]
    submissions, faults = handed_in(f"[{', '.join(wrong)}, {good}]", "in.json")
    assert answers_of(submissions) == [{}, {}, {"q3": {"rows": "\ufffd"}}, {"q3": {"rows": "1"}}]
    neither = "holds something that is neither a text nor a number, nor a list or rows of these"
    nothing = "nothing was answered; take it out if nothing was handed in"
    paper = f"expected {readers.json_files.PAPER}"
    assert faults == [
        f"in.json, entry 1: {paper}",
        f"in.json, entry 2: {paper}",
        "in.json, entry 3: form must be a text",
        'in.json, entry 4: q3 holds no blanks; expected an object such as {"rows": "24"}',
        f"in.json, entry 4: {nothing}",
        "in.json, entry 5: q3.rows is NaN, which is no value in JSON",
        f"in.json, entry 5: q3.columns {neither}",
        f"in.json, entry 5: q3.channels {neither}",
        f"in.json, entry 5: q3.x {neither}",
        f"in.json, entry 5: {nothing}",
        "in.json, entry 6: a name occurs twice in one object; only the last one was read",
        "in.json, entry 6: q3.rows: the text contains half a character, which was replaced",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty; expected a paper such as"),
        ("[1, ", "this is not JSON: Expecting value"),
        ("[" * 100_000, "this JSON is nested too deeply to be a paper"),
        ('{"a":' * 100_000, "this JSON is nested too deeply to be a paper"),
        (b"\xff\xfe\x00", "line 1: byte 3 of the file, 0x00, is not UTF-16"),
    ],
)
def test_json_that_cannot_be_read_is_named(handed_in, content, reason):
    submissions, (fault,) = handed_in(content, "in.json")
    assert submissions == []
    assert fault.startswith(f"in.json: {reason}")


def test_a_wrong_line_is_named_and_the_others_are_read(handed_in, codes):
    good = f'{{"form": "{codes[0]}", "answers": {{"q3": {{"rows": 1}}}}}}'
    submissions, faults = handed_in(f"{good}\n{{\n{'[' * 100_000}\n\n{good}", "in.jsonl")
    assert [one.source.rpartition(", ")[2] for one in submissions] == ["line 1", "line 5"]
    assert [fault.partition(": ")[0] for fault in faults] == ["in.jsonl, line 2", "in.jsonl, line 3"]


# Any answers


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    texts=st.dictionaries(
        st.sampled_from(["q3.rows", "q3.columns", "q1.f1", "q4.choice"]), TEXTS, min_size=1
    ),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_program_writes_is_read_back(handed_in, codes, texts, separator, encoding):
    table = io.StringIO()
    now = "2026-11-27 10:00"  # says that an empty row was handed in
    rows = [["form", "received", *texts], [codes[0], now, *texts.values()]]
    csv.writer(table, delimiter=separator).writerows(rows)
    paper = {"form": codes[0], "answers": {}}
    for name, text in texts.items():
        item, _, blank = name.partition(".")
        paper["answers"].setdefault(item, {})[blank] = text
    for content, name in ((table.getvalue(), "in.csv"), (json.dumps(paper, ensure_ascii=False), "in.json")):
        (submission,), _ = handed_in(content.encode(encoding), name)
        found = {
            f"{item}.{blank}": text
            for item, blanks in submission.answers.items()
            for blank, text in blanks.items()
        }
        assert found == {name: text for name, text in texts.items() if text}


PIECES = st.sampled_from(
    ["form", "student_id", "q3.rows", "q3.matrix[1,1]", "q3.matrix[999,999]", ",", ";", "\t", '"', "\n", "\r", "0007",
     "sep=", "\x00", "\ud800", "{", "}", "[", "]", ":", '"answers"', '"form"', '"q3"', "NaN", "1e999", "null", "QG1-"]
)  # fmt: skip


@given(
    content=st.binary()
    | st.lists(PIECES).map(lambda pieces: "".join(pieces).encode(errors="surrogatepass"))
    | st.lists(PIECES).map(lambda pieces: ("form,q3.rows\n" + "".join(pieces)).encode(errors="replace")),
    suffix=st.sampled_from([".csv", ".json", ".jsonl", ".pdf", ".zip"]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_read_or_named(handed_in, content, suffix):
    submissions, faults = handed_in(content, f"in{suffix}")
    for text in [
        *faults,
        *(text for one in submissions for typed in one.answers.values() for text in typed.values()),
    ]:
        text.encode()
    assert submissions or faults or suffix in {".csv", ".json", ".zip"}


# PDFs


def filled(folder, code, texts, states):
    """A form of the folder with its fields filled in."""
    writer = PdfWriter(clone_from=next((folder / "forms").glob(f"*{code}.pdf")))
    values = texts | {name: f"/{state}" for name, state in states.items()}
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def fields(folder, code):
    """The names of the fields for text, for radio buttons and for check boxes."""
    found = PdfReader(next((folder / "forms").glob(f"*{code}.pdf"))).get_fields()
    kinds = {name: (field.get("/FT"), field.get("/_States_")) for name, field in found.items()}
    own = {name: kind for name, kind in kinds.items() if kind[0] and not name.startswith("quizgrad.")}
    return (
        [name for name, (kind, _) in own.items() if kind == "/Tx"],
        [name for name, (kind, states) in own.items() if kind == "/Btn" and "/Yes" not in states],
        [name for name, (kind, states) in own.items() if kind == "/Btn" and "/Yes" in states],
    )


ODD_TEXTS = [
    " 24 ",
    "0,50",
    "½ − ∞",
    "(a) \\ b",
    "=1+1",
    "1e-3",
    "王",
    "þ",
    "\u200e3",
    "a\tb",
    "x" * 300,
    "1;2",
]


def test_every_field_of_a_filled_form_is_read_as_typed(folder, exam, codes, tmp_path):
    boxes, groups, ticks = fields(folder, codes[1])
    assert (len(boxes) > 14, len(groups), len(ticks) in (5, 6)) == (True, 1, True)
    for shift in range(len(ODD_TEXTS)):
        plain = [name for name in boxes if name.count(".") == 1]
        texts = {name: ODD_TEXTS[(number + shift) % len(ODD_TEXTS)] for number, name in enumerate(plain)}
        cells = {name: f"{number}/7" for number, name in enumerate(boxes) if name.count(".") > 1}
        states = {groups[0]: "b"} | dict.fromkeys(ticks[1:3], "Yes")
        (tmp_path / "in.pdf").write_bytes(filled(folder, codes[1], texts | cells, states))
        (submission,), faults = read([tmp_path / "in.pdf"], exam)
        assert faults == []
        found = {
            f"{item}.{blank}": text
            for item, typed in submission.answers.items()
            for blank, text in typed.items()
        }
        assert {name: found.pop(name) for name in texts} == texts
        assert found.pop(groups[0]) == "b"
        assert found.pop(ticks[0].rpartition(".")[0]) == "b, c"
        for name, text in found.items():
            count = len([cell for cell in cells if cell.startswith(f"{name}.")])
            assert text == f"[[{'; '.join(cells[f'{name}.{place}'] for place in range(1, count + 1))}]]"
        assert submission.form == codes[1]


def test_an_untouched_form_is_named(folder, exam, codes):
    submissions, faults = read([next((folder / "forms").glob(f"*{codes[0]}.pdf"))], exam)
    assert [submission.answers for submission in submissions] == [{}]
    assert [fault.reason for fault in faults] == [
        "nothing was answered; take it out if nothing was handed in"
    ]


def changed(data, change):
    writer = PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def flatten(writer):
    del writer.root_object["/AcroForm"]


def forget_the_form(writer):
    roots = writer.root_object["/AcroForm"]["/Fields"]
    roots[:] = [root for root in roots if root.get_object()["/T"] != "quizgrad"]


def add_many_fields(writer):
    roots = writer.root_object["/AcroForm"]["/Fields"]
    for number in range(pdf_files.MOST_FIELDS):
        roots.append(DictionaryObject({NameObject("/T"): TextStringObject(f"q{number}")}))


def of_another_exam(writer):
    for field in writer.root_object["/AcroForm"]["/Fields"][0].get_object()["/Kids"]:
        if field.get_object()["/T"] == "form":
            payload = FormName("ABCDEFGH", "ABCD").payload()
            field.get_object()[NameObject("/V")] = TextStringObject(payload)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (flatten, "it has no form fields: it was flattened or printed; expected the filled form itself"),
        (forget_the_form, "it is no form of quizgrad: the hidden field with the form's code is missing"),
        (add_many_fields, "it has more than 5,000 form fields"),
        (of_another_exam, "it belongs to another exam, 'ABCDEFGH'"),
        (lambda writer: writer.encrypt("secret", algorithm="RC4-128"), "it is encrypted and cannot be read"),
    ],
)
def test_pdfs_that_are_no_filled_forms_are_named(handed_in, folder, codes, change, reason):
    data = changed(filled(folder, codes[0], {"q3.rows": "24"}, {}), change)
    submissions, (fault,) = handed_in(data, "in.pdf")
    assert submissions == []
    assert fault.startswith(f"in.pdf: {reason}")


SCRIPT = DictionaryObject(
    {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
)


def names_script(writer):
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), SCRIPT])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})


def opens_with_script(writer):
    writer.root_object[NameObject("/OpenAction")] = SCRIPT


def closes_with_script(writer):
    writer.root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): SCRIPT})


def validates_by_script(writer):
    field = writer.root_object["/AcroForm"]["/Fields"][-1].get_object()
    field[NameObject("/AA")] = DictionaryObject({NameObject("/V"): writer._add_object(SCRIPT)})


def has_a_button_with_script(writer):
    writer.root_object["/AcroForm"]["/Fields"][-1].get_object()[NameObject("/A")] = SCRIPT


@pytest.mark.parametrize(
    "change",
    [names_script, opens_with_script, closes_with_script, validates_by_script, has_a_button_with_script],
)
def test_javascript_is_named_and_not_run(handed_in, folder, codes, change):
    data = changed(filled(folder, codes[0], {"q3.rows": "24"}, {}), change)
    submissions, faults = handed_in(data, "in.pdf")
    assert answers_of(submissions) == [{"q3": {"rows": "24"}}]
    assert faults == ["in.pdf: it contains JavaScript, which was not run"]


def test_a_field_with_too_much_text_is_named(handed_in, folder, codes):
    data = filled(folder, codes[0], {"q3.rows": "x" * 200_000, "q3.columns": "7"}, {})
    submissions, faults = handed_in(data, "in.pdf")
    assert answers_of(submissions) == [{"q3": {"columns": "7"}}]
    assert faults == ["in.pdf: q3.rows: the text is longer than 100,000 characters and was not read"]


def test_foreign_fields_are_one_fault(handed_in, folder, codes):
    def add(writer):
        for number in range(1000):
            field = {
                NameObject("/T"): TextStringObject(f"x{number}\n"),
                NameObject("/V"): TextStringObject("1"),
            }
            writer.root_object["/AcroForm"]["/Fields"].append(DictionaryObject(field))

    _, faults = handed_in(changed(filled(folder, codes[0], {"q3.rows": "24"}, {}), add), "in.pdf")
    assert faults == ["in.pdf: 1000 fields are not of this form, such as 'x0\ufffd'"]


def test_fields_that_contain_themselves_end(handed_in, folder, codes):
    def loop(writer):
        roots = writer.root_object["/AcroForm"]["/Fields"]
        first = roots[0].get_object()
        first["/Kids"].append(roots[0])
        first["/Kids"].extend([roots[1]] * 1000)

    submissions, _ = handed_in(changed(filled(folder, codes[0], {"q3.rows": "24"}, {}), loop), "in.pdf")
    assert [submission.form for submission in submissions] == [codes[0]]


def test_a_text_in_a_stream_is_read(handed_in, folder, codes):
    def put(writer):
        for page in writer.pages:
            for reference in page.get("/Annots", ArrayObject()):
                field = reference.get_object()
                if field.get("/T") == "rows":
                    stream = StreamObject()
                    stream.set_data(b"24 ")
                    field[NameObject("/V")] = writer._add_object(stream.flate_encode())

    submissions, faults = handed_in(changed(filled(folder, codes[0], {}, {}), put), "in.pdf")
    assert answers_of(submissions) == [{"q3": {"rows": "24 "}}]
    assert faults == []


def test_a_pdf_that_takes_too_long_is_named(handed_in, folder, codes, monkeypatch):
    monkeypatch.setattr(pdf_files, "LONGEST_READING", 0.0)
    submissions, faults = handed_in(filled(folder, codes[0], {"q3.rows": "24"}, {}), "in.pdf")
    assert (submissions, faults) == ([], ["in.pdf: reading it takes longer than 0 s"])


def test_a_truncated_or_garbled_pdf_is_read_or_named(handed_in, folder, codes):
    data = filled(folder, codes[0], {"q3.rows": "24"}, {"q4.choice": "a"})
    random = Random(1)
    for _ in range(60):
        cut, garbled = random.randrange(len(data)), bytearray(data)
        for place in random.sample(range(len(data)), 20):
            garbled[place] = random.randrange(256)
        for content in (data[:cut], bytes(garbled)):
            submissions, faults = handed_in(content, "in.pdf")
            assert submissions or all(fault.startswith("in.pdf: it ") for fault in faults)
            assert submissions or faults
            assert faults or len(content) == len(data)


# Folders and zip files


@pytest.fixture
def mixed(tmp_path, folder, codes):
    """A folder with files of all types."""
    inside = tmp_path / "in"
    (inside / "b").mkdir(parents=True)
    (inside / "a.CSV").write_text(f"form,q3.rows\n{codes[0]},a\n")
    (inside / "b" / "one.json").write_text(json.dumps({"form": codes[1], "answers": {"q3": {"rows": "b"}}}))
    (inside / "b" / "two.pdf").write_bytes(filled(folder, codes[2], {"q3.rows": "c"}, {}))
    (inside / "b" / "answers.xlsx").write_bytes(b"PK")
    (inside / ".DS_Store").write_bytes(b"x")
    return inside


def test_a_folder_is_read_in_order_and_unknown_types_are_named(mixed, exam):
    submissions, faults = read([mixed], exam)
    assert [one.answers["q3"]["rows"] for one in submissions] == ["a", "b", "c"]
    expected = "this type of file is not read; expected .csv, .tsv, .txt, .json, .jsonl, .ndjson, .pdf"
    assert [(fault.source, fault.reason) for fault in faults] == [(f"{mixed}/b/answers.xlsx", expected)]


def test_a_zip_file_is_read_in_memory(mixed, exam, tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in mixed.rglob("*"):
            archive.write(file, Path("../../..") / file.relative_to(mixed))
        archive.writestr("__MACOSX/._a.csv", b"\x00")
        archive.writestr("z.zip", b"")
    before = set(tmp_path.rglob("*"))
    submissions, faults = read([path], exam)
    assert [one.answers["q3"]["rows"] for one in submissions] == ["a", "b", "c"]
    assert [fault.source.rpartition("/")[2] for fault in faults] == ["answers.xlsx", "z.zip"]
    assert set(tmp_path.rglob("*")) == before


def test_a_zip_bomb_is_named(exam, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_OTHER", 100_000)
    monkeypatch.setattr(sources, "LARGEST_UNZIPPED", 250_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b" " * 100_001)
        for number in range(9):
            archive.writestr(f"b{number}.csv", b" " * 90_000)
    _, faults = read([path], exam)
    assert faults[0].reason == "it is larger than 0.1 MB"
    assert [fault.reason for fault in faults[1:4]] == [
        "it is empty; expected a row of headings, such as form,student_id,q1.rows"
    ] * 3
    assert [fault.reason for fault in faults[4:]] == ["it holds more than 0.25 MB; the rest was not read"]


def test_a_zip_file_with_too_many_files_is_named(exam, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_ZIPPED", 3)
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", b"")
    _, faults = read([path], exam)
    assert [fault.reason for fault in faults] == ["it holds more than 3 files"]


def test_links_and_pipes_in_a_folder_are_named(exam, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "in" / "b.csv")
    (tmp_path / "in" / "c.csv\udcff\n.csv").write_text("")
    submissions, faults = read([tmp_path / "in"], exam)
    assert submissions == []
    assert [fault.reason for fault in faults[:2]] == [
        "it is a link or no ordinary file, and was not read"
    ] * 2
    assert faults[2].source.endswith("/c.csv\ufffd\ufffd.csv")


def test_only_a_path_that_is_given_must_be_there(exam, tmp_path):
    for name in ("none.csv", "none.zip", "none.pdf", "none.docx"):
        with pytest.raises(UserError, match=rf"{name} cannot be read: there is no such file"):
            read([tmp_path / name], exam)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "answers.docx").write_bytes(b"")
    _, faults = read([tmp_path / "broken.zip", tmp_path / "answers.docx"], exam)
    assert [fault.reason for fault in faults] == [
        "it is no zip file, or a damaged one (File is not a zip file)",
        "this type of file is not read; expected .csv, .tsv, .txt, .json, .jsonl, .ndjson, .pdf",
    ]


def test_a_file_that_is_too_large_is_named(exam, tmp_path, monkeypatch):
    monkeypatch.setitem(sources.LARGEST, ".pdf", 1000)
    (tmp_path / "large.pdf").write_bytes(b"%PDF-" + b" " * 1000)
    _, faults = read([tmp_path], exam)
    assert [fault.reason for fault in faults] == ["cannot be read: it is larger than 0.001 MB"]


def test_so_many_papers_are_taken_from_a_file(handed_in, codes, monkeypatch):
    monkeypatch.setattr(readers, "MOST_PAPERS", 3)
    submissions, faults = handed_in("form,q3.rows\n" + f"{codes[0]},1\n" * 5)
    assert len(submissions) == 3
    assert faults == ["in.csv: it holds more than 3 papers; the others were not read"]


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("q3.rows", Box("q3", "rows")),
        (" q3.w[1,2] ", Box("q3", "w", (1, 2))),
        ("q3.w[2]", Box("q3", "w", (2,))),
        ("q3.w.1.2", Box("q3", "w", (1, 2))),
        ("q3.w[0]", None),
        ("q3.w[1000]", None),
        ("q3", None),
        ("q3.a.b", None),
        ("quiz grad.a", None),
        ("q3.w[1,2,3]", None),
    ],
)
def test_names_of_boxes(name, box):
    assert Box.parse(name) == box


def test_papers_of_anonymous_forms_keep_the_id_that_was_typed(exam, codes):
    anonymous = replace(exam, forms={code: replace(form, student=None) for code, form in exam.forms.items()})
    desk = papers.Desk(anonymous)
    submission, _ = desk.take(papers.Paper("x", codes[0], " 00\u200e42 ", {Box("q3", "rows"): "1"}))
    assert submission.student == "0042"
