"""A document as a text document (DOCX) in the client's look: real headings, tables with heads that repeat. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.clients.brand import Brand
from app.documents.content import Content, Head, Part, Said
from app.documents.drawing import Box, Drawing
from app.sentences import say
from app.web.speech import speech

INK, SOFT, LINE, ACCENT, SUNK = "16202B", "5A6470", "D9D6CD", "1F5A96", "F1EFE9"
FONT: Final = "Arial"
MARGIN, WIDTH, HEIGHT = 18, 210, 297
TOGETHER: Final = 9
"""Tables of so many lines, their heads among them, are not parted by the end of a page."""
TO_WRITE: Final = 3
"""Empty lines of a table that has none, to be filled in by hand."""
A_LETTER: Final = 0.034
"""What a letter of the longest word in a column's head takes, in the shares of columns, so that none is broken."""
WIDE_FROM: Final = 6
"""From so many columns on a document lies on its side."""
LOCALES: Final = {"en": "en-GB", "de": "de-DE"}
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML can't hold."""
OUTER: Final = ("top", "left", "bottom", "right")
INNER: Final = (*OUTER, "insideH", "insideV")
TITLED: Final = ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Footer")


def document(content: Content, facts: str, drawings: Mapping[str, Drawing], look: Brand, *, version: int) -> bytes:
    """The bytes of the document; `facts` is the line that says what it rests on."""
    made = _Paper(content, look, facts)
    made.top()
    for part in content.parts:
        made.part(part, drawings.get(part.id))
    made.paper.core_properties.revision = max(1, version)
    out = BytesIO()
    made.paper.save(out)
    return _settled(out.getvalue(), content)


def _settled(made: bytes, content: Content) -> bytes:
    """The same file with the day of its data on each part, so that the same document is the same bytes."""
    day, out = content.as_of, BytesIO()
    with ZipFile(BytesIO(made)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0)), before.read(name), ZIP_DEFLATED)
    return out.getvalue()


class _Paper:
    """A document under way."""

    def __init__(self, content: Content, look: Brand, facts: str) -> None:
        self.content, self.look, self.spoken = content, look, speech(content.language)
        self.facts = str(self.spoken.say(facts))
        self.accent = look.colours.on_paper.removeprefix("#").upper() if look.colours else ACCENT
        self.paper = Document()
        about = self.paper.core_properties
        about.title, about.author, about.comments = content.title, look.name or "Plumbline", ""
        about.language = content.language
        about.created = datetime.combine(content.as_of, datetime.min.time())
        self._sheet()
        self._styles()

    def top(self) -> None:
        """The logo, the title, and what it rests on."""
        if self.look.logo is not None:
            picture = self.look.logo
            tall = Mm(min(14, 60 * picture.height / max(1, picture.width)))
            self.paper.add_picture(BytesIO(picture.png), height=tall)
        self.paper.add_heading(_UNWRITABLE.sub("", self.content.title), 0)
        self._said(self.facts, size=9, colour=SOFT)

    def part(self, part: Part, drawing: Drawing | None) -> None:
        """One part of the document."""
        if part.kind == "heading":
            self._head(part.label, 1)
        elif part.kind == "note":
            self._said(part.label, size=9.5, colour=SOFT, leads=True)
        elif part.said is not None:
            self._label(part.label)
            self._answer(part.said, listed=part.kind == "points", hint=part.hint)
        elif part.kind == "table":
            self._label(part.label)
            self._table(part)
        elif drawing is not None:
            self._label(drawing.title)
            self._drawing(drawing)

    def _answer(self, said: Said, *, listed: bool, hint: str) -> None:
        for line in said.text.split("\n") if said.text else ():
            if listed and line:
                self.paper.add_paragraph(line, style="List Bullet")
            else:
                self._said(line)
        if said.gap or not said.text:
            self._blank(said, hint)

    def _blank(self, said: Said, hint: str) -> None:
        """What stands where nothing is said: what is not known, else what belongs there, and a line to write on."""
        if hint and not said.gap:
            self._said(hint, size=9, colour=SOFT, leads=True)
        self._said(f"[{said.gap}]" if said.gap else "_" * 40, size=9, colour=SOFT)

    def _table(self, part: Part) -> None:
        lines = part.shown
        room = 0 if lines else TO_WRITE
        grid = self.paper.add_table(rows=len(lines) + 1 + room, cols=len(part.heads), style="Table Grid")
        self._prepare(grid, part.label)
        for cell, head in zip(grid.rows[0].cells, part.heads, strict=True):
            self._fill(cell, head.label, size=8, colour=SOFT, bold=True, shade=SUNK)
        for row, line in zip(grid.rows[1 : len(lines) + 1], lines, strict=True):
            for at, (cell, said) in enumerate(zip(row.cells, line.cells, strict=True)):
                words = said.text or (f"[{said.gap}]" if said.gap else "")
                small = 9 if said.text else 7.5
                self._fill(cell, words, size=small, colour=INK if said.text else SOFT, bold=at == 0)
        self._widths(grid, part.heads)
        self.paper.add_paragraph().paragraph_format.space_after = Pt(2)

    def _widths(self, grid: Any, heads: Sequence[Head]) -> None:  # Any: a table of python-docx
        there = (HEIGHT if self._lies() else WIDTH) - 2 * MARGIN
        shares = [max(0.6 if head.narrow else 1.2, A_LETTER * _longest(head.label)) for head in heads]
        grid.autofit = False
        for column, share in zip(grid.columns, shares, strict=True):
            column.width = Mm(there * share / sum(shares))
            for cell in column.cells:
                cell.width = column.width

    def _drawing(self, drawing: Drawing) -> None:
        """The lanes as columns, each step in that of who acts, with what is checked beside it."""
        grid = self.paper.add_table(rows=len(drawing.boxes) + 1, cols=len(drawing.lanes) + 1, style="Table Grid")
        self._prepare(grid, drawing.told)
        for cell, lane in zip(grid.rows[0].cells, drawing.lanes, strict=False):
            self._fill(cell, lane.words, size=8, colour=SOFT, bold=True, shade=SUNK)
        self._fill(grid.rows[0].cells[-1], "", size=8, shade=SUNK)
        for row, box in zip(grid.rows[1:], drawing.boxes, strict=True):
            self._fill(row.cells[box.lane], _words(box), size=9, bold=True, shade="E3ECF5" if box.lane == 1 else SUNK)
            self._fill(row.cells[-1], " ".join(one.words for one in box.notes), size=8, colour=SOFT)
        self.paper.add_paragraph().paragraph_format.space_after = Pt(2)

    def _prepare(self, grid: Any, told: str) -> None:  # Any: a table of python-docx
        for name in ("w:tblCaption", "w:tblDescription"):
            note = OxmlElement(name)
            note.set(qn("w:val"), told)
            grid._tbl.tblPr.append(note)
        look = grid._tbl.tblPr.find(qn("w:tblLook"))  # the format has an order for these
        look.addprevious(_edges("w:tblBorders", {"w:val": "single", "w:sz": "4", "w:color": LINE}, INNER))
        look.addprevious(_edges("w:tblCellMar", {"w:w": "70", "w:type": "dxa"}, OUTER))
        # Word and readers aloud know heads by this, and repeat them on each page.
        grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in grid.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if len(grid.rows) <= TOGETHER:
            for cell in (cell for row in grid.rows[:-1] for cell in row.cells):
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _label(self, words: str) -> None:
        self._head(words, 2)

    def _head(self, words: str, level: int) -> None:
        """A heading; it stays with what follows, which not every program takes from the style."""
        self.paper.add_heading(words, level).paragraph_format.keep_with_next = True

    def _fill(
        self, cell: Any, words: str, *, size: float, colour: str = INK, bold: bool = False, shade: str = ""
    ) -> None:  # Any: a cell of python-docx
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        self._run(paragraph, words, size=size, colour=colour, bold=bold)
        if shade:
            made = OxmlElement("w:shd")
            for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", shade)):
                made.set(qn(name), value)
            cell._tc.get_or_add_tcPr().append(made)

    def _said(self, words: str, *, size: float = 10.5, colour: str = INK, leads: bool = False) -> None:
        """A paragraph; one that `leads` stays on the page of what follows it."""
        paragraph = self.paper.add_paragraph()
        paragraph.paragraph_format.keep_with_next = leads or None
        paragraph.paragraph_format.space_after = Pt(4)
        self._run(paragraph, words, size=size, colour=colour)

    def _run(self, paragraph: Any, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        # Any: a paragraph of python-docx
        run = paragraph.add_run(_UNWRITABLE.sub("", words))
        run.font.size, run.font.bold = Pt(size), bold or None
        run.font.color.rgb = RGBColor.from_string(colour)

    def _lies(self) -> bool:
        return any(len(one.heads) >= WIDE_FROM for one in self.content.parts)

    def _sheet(self) -> None:
        section = self.paper.sections[0]
        lies = self._lies()
        section.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(HEIGHT), Mm(WIDTH)) if lies else (Mm(WIDTH), Mm(HEIGHT))
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
        foot = section.footer.paragraphs[0]
        kept = str(self.spoken.say(say("Confidential")))
        self._run(foot, f"{self.look.name} · {self.content.title} · {self.facts} · {kept} · ", size=7.5, colour=SOFT)
        self._page_number(foot)

    def _page_number(self, paragraph: Any) -> None:  # Any: a paragraph of python-docx
        run = paragraph.add_run()
        run.font.size = Pt(7.5)
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            made = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                made.set(qn("w:fldCharType"), kind)
            else:
                made.text = words
            run._r.append(made)

    def _styles(self) -> None:
        for style in self.paper.styles:
            if style.name in TITLED:
                style.font.name = FONT
                style.font.color.rgb = RGBColor.from_string(self.accent if style.name == "Heading 1" else INK)
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                    fonts.attrib.pop(qn(f"w:{kind}"), None)
                for kind in ("w:ascii", "w:hAnsi", "w:cs"):
                    fonts.set(qn(kind), FONT)
        for name, size in (("Title", 22), ("Heading 1", 14), ("Heading 2", 11), ("Footer", 7.5)):
            self.paper.styles[name].font.size = Pt(size)
        tag = OxmlElement("w:lang")
        tag.set(qn("w:val"), LOCALES.get(self.content.language, self.content.language))
        self.paper.styles["Normal"].element.get_or_add_rPr().append(tag)


def _edges(name: str, looks: Mapping[str, str], sides: Sequence[str]) -> Any:  # Any: an element of a text document
    """What all sides of a table's cells look like."""
    made = OxmlElement(name)
    for side in sides:
        one = OxmlElement(f"w:{side}")
        for key, value in looks.items():
            one.set(qn(key), value)
        made.append(one)
    return made


def _longest(words: str) -> int:
    """The letters of the longest word; a word may be parted at a hyphen."""
    return max(map(len, re.split(r"[\s\-–/]+", words)), default=0)


def _words(box: Box) -> str:
    return " ".join(one.words for one in box.words)
