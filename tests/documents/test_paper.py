"""What a text document looks like to whoever opens it: room to write, and headings that stay with their text."""

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.shared import Pt

from tests.cast import Cast

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


def paper(ada: "TestClient", cast: Cast, name: str) -> Opened:
    got = ada.get(f"/organisations/{cast.organisation}/documents/{cast.organisation}/{name}/document.docx?words=de")
    assert got.status_code == 200
    return Document(BytesIO(got.content))


def test_a_table_without_lines_has_three_to_write_on(ada: "TestClient", cast: Cast) -> None:
    last = paper(ada, cast, "training_plan").tables[-1]
    assert [[cell.text for cell in row.cells] for row in last.rows][1:] == [[""] * 4] * 3


def test_what_leads_to_something_stays_on_its_page(ada: "TestClient", cast: Cast) -> None:
    there = paper(ada, cast, "training_plan")
    heads = [one for one in there.paragraphs if one.style is not None and one.style.name in ("Heading 1", "Heading 2")]
    assert heads
    assert all(one.paragraph_format.keep_with_next for one in heads)
    foot = there.sections[0].footer.paragraphs[0].style
    assert foot is not None
    assert foot.font.size == Pt(7.5)


def test_a_line_to_write_on_stands_below_what_belongs_there(ada: "TestClient", cast: Cast) -> None:
    words = [one.text for one in paper(ada, cast, "communication_plan").paragraphs]
    lines = [at for at, one in enumerate(words) if "____" in one]
    assert lines
    assert {words[at] for at in lines} == {"_" * 40}
