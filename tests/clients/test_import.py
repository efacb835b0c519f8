"""Importing departments from a list: every bad line is named, nothing is imported until they are mended or skipped."""

import html
import re

import pytest

from app.clients.importing import import_departments
from app.clients.imports import ImportRow, plan_import
from app.clients.queries import departments
from app.clients.table import read_table
from app.errors import InvalidError
from app.spreadsheets.reading import text_of
from tests.cast import sign_in
from tests.clients.listed import imported

HEAD = "department,parent,function,headcount\n"


def tree(database, organisation):
    with database.reading() as session:
        return [(n.depth, n.name, n.function, n.headcount) for n in departments(session, organisation)]


@pytest.fixture
def send(client, cast):
    """Sends a list as Ben, whose client has no departments yet, and takes what it would do where it can be taken."""
    sign_in(client, "Ben")

    def post(text="", **more):
        return imported(client, f"/organisations/{cast.other}/departments/import", text, **more)

    return post


def problems(text: str) -> list[tuple[int, str]]:
    table = read_table(text)
    return [(p.line, p.message) for p in plan_import(table.rows, (), known_problems=table.problems).problems]


def test_a_list_becomes_a_tree_and_parents_may_come_later(send, cast, database, client):
    answer = send(HEAD + "VAT,Finance / Tax,finance,3\nTax,finance,Finance,4\nFinance,,finance,2\nLegal,,LEGAL,8\n")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "4 departments were added." in page
    assert "Plan an assessment" in page, "the first list leads on"
    assert tree(database, cast.other) == [
        (0, "Finance", "finance", 2),
        (1, "Tax", "finance", 4),
        (2, "VAT", "finance", 3),
        (0, "Legal", "legal", 8),
    ]


def test_the_same_list_again_changes_nothing(send, cast, database):
    answers = [send(HEAD + "Finance,,finance,2\nTax,Finance,finance,4\n") for _ in range(2)]
    assert "There is nothing to change" in answers[1].text
    assert len(tree(database, cast.other)) == 2


@pytest.mark.both
def test_a_new_list_updates_what_is_there_and_removes_nothing(send, cast, database):
    send(HEAD + "Finance,,finance,2\nTax,Finance,finance,4\nLegal,,legal,8\n")
    answer = send("Department;Parent;Function;Head count\n TAX ; finance;other; 5\nAudit;Tax;finance;1\n")
    assert "added=1&changed=1" in answer.headers["location"]
    assert tree(database, cast.other) == [
        (0, "Finance", "finance", 2),
        (1, "Tax", "other", 5),
        (2, "Audit", "finance", 1),
        (0, "Legal", "legal", 8),
    ]


@pytest.mark.both
def test_three_bad_lines_of_two_hundred_are_all_named_and_nothing_is_imported(send, cast, database):
    lines = [f"Team {number},,other,{number}" for number in range(1, 201)]
    lines[9] = "Team 10,,operatons,10"
    lines[99] = "Team 100,,other,many"
    lines[199] = "Team 200,Nowhere,other,3"
    text = HEAD + "\n".join(lines)
    answer = send(text)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "3 lines need mending; nothing has been imported" in page
    assert re.findall(r'<th scope="row" class="num">(\d+)</th>', page) == ["11", "101", "201"]
    assert "Did you mean “operations”?" in page
    assert "“many” is not a headcount" in page
    assert "“Nowhere” of Team 200 is neither in this list nor among the departments" in page
    assert text in page.replace("\r\n", "\n"), "the list stays in the form"
    assert tree(database, cast.other) == []
    assert "Skip these 3 lines and look at the other 197" in page
    assert send(text, skip="11,101,201").status_code == 303
    assert len(tree(database, cast.other)) == 197


def test_only_lines_that_were_seen_are_skipped(send, cast, database):
    bad = HEAD + "Legal,,legal,8\nHR,,hr,x\nIT,,it,y\n"
    assert send(bad, skip="3").status_code == 422
    assert tree(database, cast.other) == []
    assert send(bad, skip="3,4").status_code == 303
    assert tree(database, cast.other) == [(0, "Legal", "legal", 8)]


def test_what_lies_below_a_skipped_line_is_left_out_too_and_named(send, cast, database):
    text = HEAD + "Finance,,finance,x\nTax,Finance,finance,4\nVAT,Tax,finance,1\nLegal,,legal,8\n"
    page = html.unescape(send(text).text)
    assert "One line needs mending" in page
    assert "leaves out what lies below them: Tax, VAT" in page
    assert "Skip these 3 lines and look at the other 1" in page
    assert send(text, skip="2,3,4").status_code == 303
    assert tree(database, cast.other) == [(0, "Legal", "legal", 8)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_may_come_in_the_usual_encodings(send, client, cast, database, encoding):
    content = "Department\tFunction\tHeadcount\nEinkauf für Büro\tpurchasing\t1 200\n".encode(encoding)
    looked = client.post(
        f"/organisations/{cast.other}/departments/import", data={"list": ""}, files={"file": ("a.csv", content)}
    )
    assert looked.status_code == 200, looked.text
    assert tree(database, cast.other) == [], "nothing is changed before it was looked at"
    typed = html.unescape(re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", looked.text, re.DOTALL)[0])
    assert send(typed).status_code == 303
    assert tree(database, cast.other) == [(0, "Einkauf für Büro", "procurement", 1200)]


def test_a_bad_file_comes_back_as_text_to_mend(send, client, cast):
    answer = client.post(
        f"/organisations/{cast.other}/departments/import",
        data={"list": "old"},
        files={"file": ("a.csv", (HEAD + "Zoo,,zoo,1").encode())},
    )
    assert answer.status_code == 422
    assert "Zoo,,zoo,1</textarea>" in answer.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The list is empty"),
        (HEAD, "no line below"),
        ("Legal,legal,8\nHR,hr,6", "There is no column “department” and no “function” and no “headcount”"),
        ("department,headcount\nLegal,8", "There is no column “function”"),
        (
            HEAD + "x,,other,1\n" * 2001,
            "has 2001 departments, and a client has at most 2000. Leave out the lowest level",
        ),
        (HEAD + '"' + "x" * 200_000, "quotation mark"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_and_kept(send, text, sentence):
    answer = send(text)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert html.escape(text.strip()[:40]) in answer.text.replace("&#34;", "&quot;")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\x81\x8d\x8f", b"a\x00b"])
def test_a_file_that_is_no_text_is_refused(content):
    with pytest.raises(InvalidError, match="CSV"):
        text_of(content)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (",,legal,8", [(2, "Give a name")]),
        ("A / B,,legal,8", [(2, "slash between spaces")]),
        ("Legal,,legal,-1", [(2, "“-1” is not a headcount")]),
        ("Legal,,legal,1000001", [(2, "“1000001” is not a headcount")]),
        ("Legal,,legal,", [(2, "Legal has no headcount")]),
        ("Legal,,,8", [(2, "Legal has no function")]),
        ("Legal,,law,x", [(2, "“law” is not a function")]),
        ("Legal,,legal,8,extra", [(2, "5 values for 4 columns")]),
        ("Legal,Legal,legal,8", [(2, "its own parent")]),
        ("A,C,other,1\nB,A,other,1\nC,B,other,1", [(2, "in a circle"), (3, "in a circle"), (4, "in a circle")]),
        ("Legal,,legal,8\n\nlegal,,legal,9", [(4, "in line 2 already")]),
        ("F,,other,1\nG,,other,1\nX,F,other,1\nX,G,other,1\nY,X,other,1", [(6, "could be 2 departments")]),
        ('"Legal,,legal,8\nHR,,hr,6', [(2, "quotation mark")]),
        ("A,Nowhere,other,1\nB,A,other,1", [(2, "neither in this list"), (3, "is in line 2, which has to be mended")]),
        ("A" * 121 + ",,other,1", [(2, "121 characters")]),
    ],
)
def test_each_mistake_has_its_sentence(lines, expected):
    found = problems(HEAD + lines)
    assert [line for line, _ in found] == [line for line, _ in expected]
    for (_, message), (_, part) in zip(found, expected, strict=True):
        assert part in message


def test_a_tree_of_more_than_twelve_levels_is_refused_where_it_gets_too_deep():
    lines = "\n".join(f"L{n},{f'L{n - 1}' if n else ''},other,1" for n in reversed(range(14)))
    found = dict(problems(HEAD + lines))
    assert "12 levels" in found[3]
    assert "has to be mended first" in found[2]
    assert len(found) == 2


def test_departments_of_one_name_below_different_parents_are_told_apart_by_path(send, cast, database):
    answer = send(
        HEAD + "North,,other,1\nSouth,,other,1\nShop,North,other,2\nShop,South,other,3\nTill,South / Shop,other,4\n"
    )
    assert answer.status_code == 303
    assert tree(database, cast.other)[-1] == (2, "Till", "other", 4)


def test_the_order_of_the_lines_makes_no_difference():
    lines = ["A,,other,1", "B,A,other,1", "C,A / B,other,1", "B2,,other,1", "C,B2,other,2", "D,B / C,other,1"]
    forward, backward = (read_table(HEAD + "\n".join(order)) for order in (lines, lines[::-1]))
    paths = [{place.path for place in plan_import(table.rows, ()).placed} for table in (forward, backward)]
    assert paths[0] == paths[1]
    assert ("a", "b", "c", "d") in paths[0]


def test_rows_given_by_a_program_are_checked_too(database, cast, clock):
    rows = [ImportRow(1, "Legal", "", "law", -1), ImportRow(2, "HR", "Nowhere", "hr", 1)]
    with database.writing() as session, pytest.raises(InvalidError) as refusal:
        import_departments(session, cast.other, rows, now=clock())
    assert "Line 1" in refusal.value.message
    assert "Line 2" in refusal.value.message


def test_an_import_runs_a_fixed_number_of_statements(database, cast, clock, statements):
    rows = [ImportRow(n, f"Team {n}", "", "other", n) for n in range(1, 301)]
    for headcount_step in (0, 1):
        changed = [ImportRow(r.line, r.department, "", "other", r.headcount + headcount_step) for r in rows]
        with database.writing() as session:
            statements.clear()
            import_departments(session, cast.other, changed, now=clock())
        assert len(statements) <= 8, statements
