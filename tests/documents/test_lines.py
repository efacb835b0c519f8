"""How many lines a table of a document may have: those of people's own are counted, the data's are not."""

from dataclasses import replace
from datetime import date

import pytest

from app.documents.content import Content, Head, Line, Part, Said
from app.documents.rules import MOST_LINES, require_possible
from app.documents.shelf import template
from app.errors import InvalidError

HEADS = (Head("who", "Who"), Head("what", "What"))


def a_document(*lines: Line) -> Content:
    part = Part(kind="table", id="others", label="Others", heads=HEADS, lines=lines)
    day = date(2026, 11, 1)
    return Content(document="x", edition="1", language="en", title="T", subject="S", as_of=day, parts=(part,))


def a_line(number: int, *, added: bool = False) -> Line:
    return Line(f"own{number:08x}", (Said("somebody"), Said("")), added=added)


def test_lines_of_the_data_and_those_that_are_left_out_are_not_limited() -> None:
    rules = template("stakeholder_map")
    of_data = [a_line(one) for one in range(MOST_LINES + 80)]
    own = [a_line(1000 + one, added=True) for one in range(MOST_LINES)]
    left_out = [replace(a_line(2000 + one, added=True), out=True) for one in range(5)]
    require_possible(a_document(*of_data, *own, *left_out), rules)
    with pytest.raises(InvalidError, match="more than 120 lines of your own"):
        require_possible(a_document(*own, a_line(3000, added=True)), rules)
