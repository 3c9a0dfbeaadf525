import csv
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quizgrad.errors import UserError
from quizgrad.exams import roster
from quizgrad.exams.roster import Student

EXAMPLE = Path(__file__).parents[1] / "examples" / "roster.csv"
SHARED = Path(__file__).parents[2] / "shared" / "examples" / "roster.csv"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Reads a roster from text or bytes."""
    path = tmp_path_factory.mktemp("roster") / "roster.csv"

    def read(content):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return roster.load(path)

    return read


@pytest.fixture(scope="module")
def refusal(read):
    """The sentence with which a roster is refused, without the folder."""

    def refusal(content):
        with pytest.raises(UserError) as caught:
            read(content)
        return re.sub(r"^\S*roster.csv", "roster.csv", str(caught.value))

    return refusal


TWO = (Student("0007", "Zoë Müller", "zoe@uni.example"), Student("8", "Bo"))


# What is read


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_sort_of_csv_is_read(read, separator, encoding, newline):
    text = "student_id,name,email\n0007,Zoë Müller,zoe@uni.example\n8,Bo,\n"
    assert read(text.replace(",", separator).replace("\n", newline).encode(encoding)) == TWO


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"'])
def test_the_line_with_which_excel_names_its_separator_is_followed(read, line):
    text = line + "\r\nid;name, as written;email\r\n0007;Zoë Müller;zoe@uni.example\r\n"
    assert read(text) == (Student("0007", "", "zoe@uni.example"),)
    assert read("sep=|\nid|name\n8|Bo\n") == TWO[1:]


def test_the_separator_is_the_one_that_makes_sense_of_the_headings(read):
    assert read('"name, first and last";id;points, credits, marks\n"x";8;1\n') == (Student("8", ""),)
    assert read('id;"name"\n8;"Bo"\n') == TWO[1:]


@pytest.mark.parametrize(
    "headings",
    [
        "student_id,name,email",
        "ID,Name,E-Mail",
        " Student ID , FULL NAME , e-mail address ",
        "Matriculation number,Student name,mail",
        "matriculation-number,student_name,Email",
        "ID number,name,Email address",
        "Registration number,name,email",
    ],
)
def test_usual_headings_are_known(read, headings):
    assert read(f"{headings}\n0007,Zoë Müller,zoe@uni.example\n8,Bo,\n") == TWO


@pytest.mark.parametrize("headings", ["First name,Surname", "forename,FAMILY NAME", "Given names,last_name"])
def test_a_name_in_two_columns_is_joined(read, headings):
    students = read(f"{headings},id\nZoë,Müller,1\nBo,,2\n,Ng,3\n,,4\n")
    assert [student.name for student in students] == ["Zoë Müller", "Bo", "Ng", ""]


def test_other_columns_and_their_order_do_not_matter(read):
    assert read("group,email,seat,id,name,\nA,zoe@uni.example,3,0007,Zoë Müller,,\nB,,,8,Bo,,,\n") == TWO


def test_ids_alone_are_enough_and_short_rows_are_filled(read):
    assert read("id\n0007\n8\n") == (Student("0007", ""), Student("8", ""))
    assert read("id,name,email\n8,Bo\n") == TWO[1:]


def test_empty_rows_and_white_space_are_dropped(read):
    first = '  0007 ,"\u00a0Zoë \n  Müller\t", zoe@uni.example \n'
    assert read(f"\n ,, \nid,name,email\n{first},,\n\n8,Bo,\n ,\t,\n") == TWO


@pytest.mark.parametrize("cell", ['="0007"', '"=""0007"""', ' ="0007" '])
def test_an_id_that_was_forced_to_be_text_is_read_without_the_formula(read, cell):
    assert read(f'\ufeffid;name\n{cell};="Zoë ""Zo"" Müller"\n') == (Student("0007", 'Zoë "Zo" Müller'),)
    assert read('id,name\n8,"=""x"\n')[0].name == '="x'


def test_quotation_marks_are_read_as_spreadsheets_write_them(read):
    assert read('id,name\n"1","Doe, Jane"\n2,"Jane ""JD"" Doe"\n') == (
        Student("1", "Doe, Jane"),
        Student("2", 'Jane "JD" Doe'),
    )


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "Людмила Петренко",
        "فاطمة الزهراء",
        "\u200fדנה לוי\u200f",
        "می\u200cخواهم",
        "नरेन्द्र",
        "Þór 🎓",
        "x" * 300,
    ],
)
def test_names_of_any_script_are_kept_as_typed(read, name):
    assert read(f"id,name\n1,{name}\n")[0].name == name


def test_equal_names_are_equal_texts(read):
    typed_on_mac = unicodedata.normalize("NFD", "Zoë Müller")
    assert read(f"id,name\n1,{typed_on_mac}\n")[0].name == "Zoë Müller"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49", "-1", "@import", "007", "1e5", "1.0", "TRUE", "=CMD|'/c calc'!A1"]
)
def test_cells_are_text_whatever_they_look_like(read, cell):
    assert read(f"id,name,email\n{cell},{cell},{cell}\n") == (Student(cell, cell, cell),)


def test_invisible_marks_do_not_make_ids_differ(read, refusal):
    assert read("id\n\u200e0007\u200b\n")[0].id == "0007"
    assert refusal("id\n7\n\u200e7\n") == "roster.csv: rows 2 and 3 have the same id 7"


@pytest.mark.parametrize("path", [EXAMPLE, SHARED], ids=["own", "shared"])
def test_examples_are_read(path):
    if not path.exists():
        pytest.skip("no such example here")
    students = roster.load(path)
    assert len(students) == len(path.read_text().splitlines()) - 1
    assert all(student.name and "@" in student.email for student in students)


# What is refused


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \n \n", "sep=;\n"])
def test_an_empty_file_is_refused(refusal, content):
    assert (
        refusal(content) == "roster.csv is empty; expected a row of headings, such as student_id,name,email"
    )


def test_headings_alone_are_refused(refusal):
    assert refusal("id,name\n,\n") == "roster.csv has headings but no students; expected a row for each"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name,email\nBo,b@uni.example\n", "name, email"),
        ("1029772,Amira Kim\n1095319,Bo Ng\n", "1029772, Amira Kim"),
        ("Nummer;Name \n1;Bo\n", "Nummer, Name"),
        ("x" * 500 + "\n1\n", "x" * 40),
        (",".join("abcdefghijklmnop") + "\n", "a, b, c, d, e, f, g, h, i, j, k, l"),
    ],
)
def test_a_roster_without_ids_is_refused_with_its_columns(refusal, text, found):
    assert refusal(text) == f"roster.csv has no column student_id; it has {found}"


def test_two_columns_for_the_same_are_refused(refusal):
    assert refusal("id,Name,Student ID\n1,Bo,2\n") == (
        "roster.csv: the columns 'id' and 'Student ID' both seem to hold the id; keep one of them"
    )


def test_a_missing_id_is_refused_with_its_row(refusal):
    assert refusal("id,name\n1,Bo\n\n ,Zoë\n") == "roster.csv, row 4 has no id; expected one for each student"
    assert refusal("name,id\nBo\n") == "roster.csv, row 2 has no id; expected one for each student"


def test_an_id_that_occurs_twice_is_refused_with_both_rows(refusal):
    assert refusal("id,name\n1,Bo\n\n2,Zoë\n 1 ,Ann\n") == "roster.csv: rows 2 and 5 have the same id 1"


def test_an_id_that_a_spreadsheet_rounded_is_refused(refusal):
    for id_ in ("1.02977E+12", '"1,02977e+12"'):
        assert "was rounded by a spreadsheet; format that column as text" in refusal(f"id,name\n{id_},Bo\n")


def test_a_row_with_too_many_cells_is_refused(refusal):
    assert refusal("id,name\n1,Bo\n2,Doe, Jane\n") == (
        "roster.csv, row 3 has 3 cells, but there are 2 headings; "
        "a cell that contains a separator needs quotation marks"
    )


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_refused(refusal, character):
    fault = refusal(f"id,name\n1,Bo\n2,Z{character}oë\n")
    assert (
        fault
        == f"roster.csv, row 3: the name contains the control character U+{ord(character):04X}; remove it"
    )


def test_cells_that_are_too_long_are_refused(refusal):
    assert refusal(f"id,name\n1,{'x' * 301}\n") == (
        "roster.csv, row 2: the name has 301 characters; expected at most 300"
    )
    assert "the id has 65 characters; expected at most 64" in refusal(f"id\n{'1' * 65}\n")


@pytest.mark.parametrize("cell", ['"Bo', '"Bo" Ng', "x" * 200_000])
def test_what_is_not_csv_is_refused_with_its_row(refusal, cell):
    fault = refusal(f"id,name\n1,Ann\n2,{cell}\n3,Zoë\n")
    assert fault.startswith("roster.csv, row 3: this is not CSV (")


def test_another_encoding_is_refused(refusal):
    assert refusal("id,name\n1,Zoë\n".encode("cp1252")) == (
        "roster.csv, line 2: byte 13 of the file, 0xEB, is not UTF-8; "
        'save the file as UTF-8, which Excel calls "CSV UTF-8"'
    )


def test_a_workbook_is_refused(refusal):
    assert "is not UTF-8" in refusal(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00b\xee\x9dh^\x01")


def test_too_many_students_are_refused(read, refusal, monkeypatch):
    monkeypatch.setattr(roster, "MOST_STUDENTS", 1000)
    rows = "".join(f"{number}\n" for number in range(1000))
    assert len(read("id\n" + rows)) == 1000
    assert refusal("id\n" + rows + "x\n") == "roster.csv has more than 1,000 students"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none.csv cannot be read: there is no such file"):
        roster.load(tmp_path / "none.csv")


# Any roster, and any file

VISIBLE = st.characters(exclude_categories=["C", "Z"])
WORDS = st.lists(st.text(VISIBLE, min_size=1, max_size=8), max_size=3).map(" ".join)
STUDENTS = st.lists(
    st.builds(
        lambda id_, name, email: Student(
            *(unicodedata.normalize("NFC", text) for text in (id_, name, email))
        ),
        st.text(VISIBLE, min_size=1, max_size=12),
        WORDS,
        WORDS,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda student: student.id,
)


@given(
    students=STUDENTS,
    separator=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    order=st.permutations(["id", "name", "email"]),
    padding=st.sampled_from(["", " ", "\u00a0"]),
)
@settings(deadline=None)
def test_what_a_spreadsheet_writes_is_read_back(
    read, students, separator, quoting, newline, encoding, order, padding
):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, quoting=quoting, lineterminator=newline)
    writer.writerow(order)
    for student in students:
        writer.writerow([padding + getattr(student, column) + padding for column in order])
        writer.writerow([])
    assert read(file.getvalue().encode(encoding)) == tuple(students)


CELLS = st.sampled_from(
    ["id", "name", "1", "2", ",", ";", "\t", '"', "\n", "\r", "sep=", " ", "\x00", "é", "\u200e"]
)


@given(
    st.binary()
    | st.lists(CELLS).map(lambda cells: "".join(cells).encode())
    | st.lists(CELLS).map(lambda cells: ("id,name\n" + "".join(cells)).encode("utf-16"))
)
@settings(deadline=None)
def test_any_file_is_a_roster_or_refused_in_one_sentence(read, content):
    try:
        students = read(content)
    except UserError as fault:
        sentence = str(fault)
        assert "roster.csv" in sentence
        assert "\n" not in sentence
    else:
        assert len({student.id for student in students}) == len(students) > 0
        assert all(
            student.id.isprintable() and student.id == student.id.strip() != "" for student in students
        )
