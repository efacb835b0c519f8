"""Lists in all usual shapes are read, others refused with a sentence; every bad line is named."""

import io
import tracemalloc
import zipfile
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from app.errors import InvalidError
from app.people import table
from app.people.plan import Places, Plan, plan
from app.rosters.addresses import address
from app.rosters.queries import PersonFacts
from app.spreadsheets.reading import LARGEST_WORKBOOK, text_of
from tests.people.lists import workbook
from tests.thorough import tried

HEAD = "department,name,mail,language,reference"


@dataclass(frozen=True)
class Department:
    name: str
    parent_id: UUID | None = None
    headcount: int = 10


FINANCE, TAX, LEGAL, OTHER_TAX = uuid4(), uuid4(), uuid4(), uuid4()
TREE = {
    FINANCE: Department("Finance"),
    TAX: Department("Tax", FINANCE),
    LEGAL: Department("Legal"),
    OTHER_TAX: Department("Tax", LEGAL),
}


def known(reference: str, *, name: str = "", mail: str | None = None, listed: bool = True) -> PersonFacts:
    ids = {key: uuid4() for key in ("organisation_id", "id", "wave_id")}
    return PersonFacts(
        **ids, department_id=LEGAL, reference=reference, name=name, mail=mail, language=None, listed=listed,
        bounced=False, mails_stopped=False,
    )  # fmt: skip


def planned(text: str, *there: PersonFacts, complete: bool = False) -> Plan:
    lines = table.lines_of(text)
    columns = table.guessed(next(lines)[1])
    return plan(lines, columns, Places(TREE), {one.reference: one for one in there}, complete=complete)


@pytest.mark.parametrize(
    "content",
    [
        "Abteilung;Name;E-Mail\r\nLegal;Zoë;z@example.org\r\n".encode("cp1252"),
        "department\tname\tmail\nLegal\tZoë\tz@example.org\n".encode("utf-16"),
        "\ufeffname,department,mail\nZoë,Legal,z@example.org\n".encode(),
        "\n\nService|Nom|Courriel\nLegal|Zoë|Z@Example.org\n".encode(),
        workbook([["Department", "Name", "Mail address"], ["Legal", "Zoë", "z@example.org"]]),
    ],
    ids=["windows", "utf-16", "utf-8 with mark", "bars", "workbook"],
)
def test_a_list_may_be_a_file_of_any_usual_kind(content: bytes) -> None:
    [row] = planned(text_of(content)).joining
    assert (row.department_id, row.name, row.mail, row.reference) == (LEGAL, "Zoë", "z@example.org", "z@example.org")


def test_numbers_of_a_workbook_are_read_as_they_are_shown() -> None:
    [row] = planned(text_of(workbook([["department", "reference"], ["Legal", 4711.0]]))).joining
    assert row.reference == "4711"


def packed(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04rest", "can't be read"),
        (10, "can't be read"),
        (LARGEST_WORKBOOK + 1, "too large"),
        (workbook([[]]), "nothing in it"),
        (b"\xd0\xcf\x11\xe0rest", "Save it as .xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
        ("department,mail\nLegal,a@example.org\n".encode("utf-16-le"), "not text"),
    ],
    ids=["broken", "no workbook", "huge", "empty", "old", "picture", "utf-16 without a mark"],
)
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes | int, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        table.checked(text_of(packed(content) if isinstance(content, int) else content))


@pytest.mark.parametrize("text", ["", " \n\n", "department,mail\n"])
def test_a_list_without_people_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="The list is empty"):
        table.checked(text)


BAD = f"""{HEAD}
Legal,A,a@example.org,de,1
Nowhere,B,b@example.org,de,2
Tax,C,c@example.org,de,3
Finance / Tax,D,d@example.org,Deutsch,4
Legal,E,no address,de,5
Legal,F,A@EXAMPLE.org,,6
Legal,G,,,1
Legal,H,h@example.org,Klingon,8
Legal,I,i@example.org,,
,J,j@example.org,,10
Legal,K,taken@example.org,,11
"""


def test_every_bad_line_is_named_with_what_to_do_and_the_good_ones_are_told_apart() -> None:
    found = planned(BAD, known("old", mail="taken@example.org"))
    assert [row.reference for row in found.joining] == ["1", "4"]
    assert found.joining[1].language == "de"
    told = {row.line: row.message for row in found.bad}
    assert "no department “Nowhere”" in told[3]
    assert "Write the path" in told[4]
    assert "“no address” is no mail address" in told[6]
    assert "a@example.org is in line 2 already" in told[7]
    assert "“1” is in line 2 already" in told[8]
    assert "no language that surveys are asked in" in told[9]
    assert "No reference is given" in told[10]
    assert "No department is given" in told[11]
    assert "belongs to “old”" in told[12]
    assert len(told) == 9


def test_who_is_there_changes_only_in_what_the_list_has_a_column_for() -> None:
    ada, bob, cem = known("1", name="Ada", mail="a@example.org"), known("2", name="Bob"), known("3", listed=False)
    found = planned("department,reference,name\nLegal,1,Ada\nFinance,2,Robert\nLegal,3,\nLegal,4,Di\n", ada, bob, cem)
    assert found.staying == 1
    assert [(before.reference, after.name, after.department_id) for before, after in found.changing] == [
        ("2", "Robert", FINANCE), ("3", "", LEGAL)]  # fmt: skip
    assert (found.moved, [row.reference for row in found.joining], found.leaving) == (1, ["4"], ())


def test_whoever_is_not_in_a_complete_list_leaves_but_for_those_who_have_left() -> None:
    there = known("1"), known("2"), known("3", listed=False)
    found = planned("department,reference\nLegal,1\n", *there, complete=True)
    assert [one.reference for one in found.leaving] == ["2"]


@pytest.mark.parametrize("text", ["a@example.org", "A.B+c@mail.example.org", "x_y-z@bücher.example"])
def test_addresses_are_kept_in_lower_case(text: str) -> None:
    kept = address(text)
    assert kept is not None
    assert kept == kept.lower()
    assert kept.isascii()


NO_ADDRESSES = (
    *("", "a", "@example.org", "a@", "a@b", "a b@example.org", "a@example..org", ".a@example.org", "a@-x.org"),
    *("a@exa mple.org", "a@example.org, b@example.org", "ü@example.org", "a@example.org\r\nBcc: b@x.org"),
)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_told(text: str) -> None:
    assert address(text) is None


def test_a_list_is_read_in_at_most_1600_bytes_a_person() -> None:
    people = tried(table.MOST_ROWS, sample=5_000)
    lines = [HEAD, *(f"Legal,Person {n} (fictional),person.{n}@example.org,de,{n}" for n in range(people))]
    text = "\n".join(lines)
    tracemalloc.start()
    try:
        assert table.checked(text)[1] == people
        assert len(planned(text).joining) == people
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1600 * people


def test_fifty_thousand_people_are_taken_at_a_time_and_one_more_is_refused() -> None:
    text = "\n".join([HEAD, *["Legal,One (fictional),one@example.org,de,1"] * 50_000])
    assert table.checked(text)[1] == 50_000
    with pytest.raises(InvalidError, match="at most 50"):
        table.checked(text + "\nLegal,One,one@example.org,de,more")
