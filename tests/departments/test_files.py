"""Lists of departments as files: taken away as CSV and workbook, sent back, with ids, complete, and far too long."""

import html
import re
import time
import zipfile
from io import BytesIO
from uuid import UUID

import pytest
from python_calamine import load_workbook

from app.clients.forms import with_file
from app.clients.importing import Sent
from app.clients.queries import departments
from app.errors import InvalidError
from app.spreadsheets.reading import text_of
from app.spreadsheets.writing import Row, as_workbook
from tests.cast import sign_in
from tests.clients.listed import taken
from tests.people.lists import workbook

HEAD = ["id", "department", "parent", "function", "headcount", "pool", "site"]


@pytest.fixture
def ada(client):
    return sign_in(client, "Ada")


@pytest.fixture
def address(cast) -> str:
    return f"/organisations/{cast.organisation}/departments"


def tree(database, cast) -> dict[str, tuple[UUID, int]]:
    with database.reading() as session:
        return {one.name: (one.id, one.headcount) for one in departments(session, cast.organisation)}


def send(client, address, content: bytes, name: str = "departments.xlsx", **more):
    """Looks at a file and takes what it would change."""
    looked = client.post(f"{address}/import", data={"list": "", **more}, files={"file": (name, content)})
    assert looked.status_code == 200, html.unescape(looked.text)
    typed = html.unescape(looked.text.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])
    return client.post(f"{address}/import", data={"list": typed, **more, **taken(looked.text)})


def rows_of(content: bytes) -> list[list[object]]:
    book = load_workbook(BytesIO(content))
    return [list(row) for row in book.get_sheet_by_name(book.sheet_names[0]).to_python()]


def test_the_workbook_that_was_taken_away_says_what_is_so_and_changes_nothing(ada, address, cast, database):
    answer = ada.get(f"{address}/list.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="departments.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    rows = rows_of(answer.content)
    assert rows[0] == HEAD
    assert {str(row[1]) for row in rows[1:]} == set(tree(database, cast))
    looked = ada.post(f"{address}/import", data={"list": ""}, files={"file": ("departments.xlsx", answer.content)})
    assert "There is nothing to change." in looked.text


def test_with_their_ids_departments_are_renamed_and_moved_and_stay_what_they_were(ada, address, cast, database):
    before = tree(database, cast)
    rows = rows_of(ada.get(f"{address}/list.xlsx").content)
    [tax] = [row for row in rows if row[1] == "Tax"]
    tax[1], tax[2], tax[4] = "Taxes and duties", "Legal", 5
    answer = send(ada, address, workbook(rows))
    assert answer.status_code == 303
    assert tree(database, cast)["Taxes and duties"] == (before["Tax"][0], 5)
    assert "Tax" not in tree(database, cast)


def test_a_list_without_ids_adds_what_it_does_not_know_and_one_with_a_foreign_id_is_refused(
    ada, address, cast, database
):
    rows: list[list[object]] = [[*HEAD], ["", "Purchasing", "", "procurement", 7, "", ""]]
    assert send(ada, address, workbook(rows)).status_code == 303
    assert tree(database, cast)["Purchasing"][1] == 7
    rows = [[*HEAD], [str(cast.organisation), "Stores", "", "procurement", 7, "", ""]]
    answer = ada.post(f"{address}/import", data={"list": ""}, files={"file": ("a.xlsx", workbook(rows))})
    assert answer.status_code == 422
    assert "Stores" not in tree(database, cast)


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_list_that_is_complete_closes_what_is_not_on_it(ada, address, cast, database, name):
    content = ada.get(f"{address}/list.{name}").content
    text = "\n".join(line for line in text_of(content).splitlines() if "Ethics" not in line)
    whole = dict(tree(database, cast))
    looked = ada.post(f"{address}/import", data={"list": text, "complete": "yes"})
    assert "Closed" in looked.text
    assert tree(database, cast) == whole, "nothing is changed before it was looked at"
    sent = {"list": text, "complete": "yes", **taken(looked.text)}
    answer = ada.post(f"{address}/import", data=sent)
    assert "closed=1" in answer.headers["location"]
    assert set(whole) - set(tree(database, cast)) == {"Ethics"}


def test_of_a_complete_list_no_line_can_be_skipped(ada, address, cast, database):
    sent = {"list": "department,function,headcount\nLegal,legal,8\nZoo,zoo,1\n", "complete": "yes", "skip": "3"}
    answer = ada.post(f"{address}/import", data=sent)
    assert answer.status_code == 422
    assert "no line can be skipped" in answer.text
    assert "Ethics" in tree(database, cast)


def test_the_files_of_a_client_without_departments_hold_an_example(client, cast):
    sign_in(client, "Ben")
    address = f"/organisations/{cast.other}/departments"
    assert "Finance / Tax" in client.get(f"{address}/list.csv").text
    assert ["", "VAT", "Finance / Tax", "finance", 3.0, "", ""] in rows_of(client.get(f"{address}/list.xlsx").content)


def test_a_workbook_of_fifty_thousand_departments_is_refused_before_it_is_read(ada, address, cast, database):
    lines: list[Row] = [("", f"Department {number}", "", "other", 5, "", "") for number in range(50_000)]
    content = as_workbook([HEAD, *lines])
    began = time.process_time()
    with pytest.raises(
        InvalidError, match="has 50\u202f000 departments, and a client has at most 2000. Leave out the lowest level"
    ):
        with_file(Sent(text="", columns={}, skip="", complete=False, form=cast.organisation), content)
    assert time.process_time() - began < 5, "a sheet of that size takes longer to be read, and is not"
    answer = ada.post(f"{address}/import", data={"list": ""}, files={"file": ("a.xlsx", content)})
    assert answer.status_code == 422
    assert re.search(r"The list has 50\D000 departments,", html.unescape(answer.text))


def test_rows_without_a_value_and_sheets_beside_the_list_do_not_count() -> None:
    empty = b"<row><c/></row>" * 3000
    content = as_workbook([HEAD, ["", "Legal", "", "legal", 8, "", ""]])
    padded = repacked(content, "xl/worksheets/sheet1.xml", b"</sheetData>", empty + b"</sheetData>")
    assert "Legal" in text_of(padded, most=2000)
    beside = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 3000 + b"</sheetData></worksheet>"
    assert "Legal" in text_of(added(content, "xl/worksheets/sheet2.xml", beside), most=2000)


def repacked(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something in one of its parts replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as there, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in there.namelist():
            part = there.read(one)
            made.writestr(one, part.replace(old, new) if one == name else part)
    return out.getvalue()


def added(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part more."""
    out = BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, part)
    return out.getvalue()
