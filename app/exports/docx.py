"""The summary of a release as a text document: real headings, tables with heads that repeat. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt, RGBColor

from app.exports.archive import settled
from app.exports.dress import dress
from app.exports.look import BANDS, FONT, INK, SOFT, band_of
from app.exports.notes import notes, period
from app.exports.tables import Number, Table, Value, heat
from app.releases.document.words import BAND_LIMITS, BAND_WORDS
from app.reports import findings, summary
from app.reports.chapters import FORMS
from app.reports.work import Source
from app.sentences import Passage, say
from app.web.speech import speech

SHEETS: Final = {"A4": (210, 297), "Letter": (216, 279)}
MARGIN: Final = 20
LOGO: Final = (3.2, 0.8)
LANGUAGES_OF_TEXT: Final = {"en": "en-GB", "de": "de-DE"}


def document(source: Source) -> bytes:
    """The bytes of the document."""
    made = _Paper(source)
    release = source.release
    made.cover()
    made.heading(say("Summary"), 1)
    for one in summary.summary(release):
        made.statement(one.figure, one.label, one.sentence, one.detail)
    made.heading(say("What this result cannot tell"), 1)
    made.points(summary.limits(release))
    made.heading(findings.change_headline(release), 1)
    made.changes()
    made.turned()
    made.heading(findings.heat_headline(release, release.organisation), 1)
    made.heatmap(heat(release))
    made.heading(say("Notes"), 1)
    made.table((say("About"), say("What is so")), notes(source))
    out = BytesIO()
    made.paper.save(out)
    return settled(out.getvalue(), day=release.wave.closed_on)


class _Paper:
    """A document under way, in one language."""

    def __init__(self, source: Source) -> None:
        self.source, self.spoken, self.dress = source, speech(source.options.language), dress(source)
        self.paper = Document()
        wave = source.release.wave
        about = self.paper.core_properties
        about.title, about.author = f"{wave.organisation}, {wave.label}", "Plumbline"
        about.language = self.spoken.language.tag
        about.comments, about.created = "", datetime.fromisoformat(wave.closed_on)
        self._sheet(self.paper.sections[0], wide=False)
        self._styles()

    def say(self, value: object) -> str:
        return str(self.spoken.say(value))

    def cover(self) -> None:
        """The client and the wave as the title, and one sentence of result."""
        release, wave = self.source.release, self.source.release.wave
        self._worn()
        self.paper.add_heading(wave.organisation, 0)
        facts = Passage((wave.label, wave.assessment, FORMS[wave.form], period(release)), " · ")
        self._said(self.say(facts), colour=SOFT)
        self._said(self.say(findings.result(release.organisation)), size=14)
        self._said(
            self.say(say("Confidential. Results of groups only; groups that are too small are not shown.")),
            size=9,
            colour=SOFT,
        )

    def _worn(self) -> None:
        """The client's logo, and its colour as a line above the title."""
        if self.dress.logo is not None:
            paragraph = self.paper.add_paragraph()
            if self.dress.ground:
                _shaded(paragraph._p.get_or_add_pPr(), self.dress.ground)
            width, height = self.dress.logo_within(*LOGO)
            picture = paragraph.add_run().add_picture(BytesIO(self.dress.logo.png), Inches(width), Inches(height))
            told = say("Logo of {client}", client=self.source.release.wave.organisation)
            picture._inline.docPr.set("descr", self.say(told))
        if self.dress.strip:
            edges = OxmlElement("w:pBdr")
            edge = OxmlElement("w:top")
            for name, value in (("val", "single"), ("sz", "36"), ("space", "8"), ("color", self.dress.strip[1:])):
                edge.set(qn(f"w:{name}"), value)
            edges.append(edge)
            self.paper.add_paragraph()._p.get_or_add_pPr().append(edges)

    def heading(self, words: object, level: int) -> None:
        self.paper.add_heading(self.say(words), level)

    def statement(self, figure: str, label: str, sentence: str, detail: str) -> None:
        """One finding: its figure and what it is, the sentence, how far to trust it."""
        paragraph = self.paper.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, self.say(figure), size=16, colour=self.dress.accent, bold=True)
        self._run(paragraph, f"  {self.say(label)}", size=9, colour=SOFT)
        self._said(self.say(sentence))
        if detail:
            self._said(self.say(detail), size=9, colour=SOFT)

    def points(self, every: Iterable[str]) -> None:
        for one in every:
            self.paper.add_paragraph(self.say(one), style="List Bullet")

    def changes(self) -> None:
        """What changed, in sentences, or why nothing can be told."""
        release = self.source.release
        reason = findings.no_comparison(release)
        moved = findings.movements(release)
        if reason is not None or not moved:
            self._said(self.say(reason or say("Every difference may be chance.")))
        else:
            self.points(findings.movement_sentence(release, one) for one in moved)

    def turned(self) -> None:
        """A sheet on its side, for the heatmap."""
        self._sheet(self.paper.add_section(), wide=True)

    def heatmap(self, table: Table) -> None:
        """The scores as a table with the colours of their bands, and what the colours mean."""
        grid = self._grid(table.heads, len(table.lines), self.say(table.title))
        for number, line in enumerate(table.lines, start=1):
            for place, value in enumerate(line):
                coloured = table.bands is not None and table.bands[0] <= place <= table.bands[1]
                depth = 0 if number == len(table.lines) else table.depths[number - 1]
                self._value(grid.rows[number].cells[place], value, coloured=coloured, first=place == 0, depth=depth)
        bands = ", ".join(f"{limits} {self.say(BAND_WORDS[band])}" for band, limits in BAND_LIMITS.items())
        self._said(bands, size=9, colour=SOFT)

    def table(self, heads: Sequence[object], lines: Sequence[Sequence[str]]) -> None:
        grid = self._grid(heads, len(lines), self.say(heads[0]))
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                self._fill(grid.rows[number].cells[place], self.say(value), size=9, bold=place == 0)
        for row in grid.rows:
            for cell, width in zip(row.cells, (60, 197), strict=True):
                cell.width = Mm(width)

    def _grid(self, heads: Sequence[object], lines: int, told: str) -> Any:
        # Any: a table of python-docx
        grid = self.paper.add_table(rows=lines + 1, cols=len(heads), style="Table Grid")
        properties = grid._tbl.tblPr
        for name in ("w:tblCaption", "w:tblDescription"):
            note = OxmlElement(name)
            note.set(qn("w:val"), told)
            properties.append(note)
        first = grid.rows[0]._tr.get_or_add_trPr()
        # Word and readers aloud know heads by this, and repeat them on each page.
        first.append(OxmlElement("w:tblHeader"))
        for row in grid.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, head in zip(grid.rows[0].cells, heads, strict=True):
            self._fill(cell, self.say(head), size=7 if len(heads) > 6 else 9, bold=True)
        return grid

    def _value(self, cell: Any, value: Value, *, coloured: bool, first: bool, depth: int) -> None:
        # Any: a cell of python-docx
        if isinstance(value, Number):
            sign = " %" if value.counted == "per cent" else ""
            fill, text = BANDS[band_of(value.value)] if coloured else ("", INK)
            self._fill(cell, f"{value.before}{value.value}{value.after}{sign}", size=9, fill=fill, colour=text)
        else:
            name = "\N{NO-BREAK SPACE}" * 2 * depth + self.say(value)
            self._fill(cell, name, size=8 if first else 6.5, colour=INK if first else SOFT)

    def _fill(
        self, cell: Any, words: str, *, size: float, fill: str = "", colour: str = INK, bold: bool = False
    ) -> None:  # Any: a cell of python-docx
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        self._run(paragraph, words, size=size, colour=colour, bold=bold)
        if fill:
            _shaded(cell._tc.get_or_add_tcPr(), fill)

    def _said(self, words: str, *, size: float = 10.5, colour: str = INK) -> None:
        paragraph = self.paper.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(4)
        self._run(paragraph, words, size=size, colour=colour)

    def _run(self, paragraph: Any, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        # Any: a paragraph of python-docx
        run = paragraph.add_run(words)
        run.font.size, run.font.bold = Pt(size), bold or None
        run.font.color.rgb = RGBColor.from_string(colour[1:].upper())

    def _sheet(self, section: Any, *, wide: bool) -> None:  # Any: a section of python-docx
        width, height = (Mm(side) for side in SHEETS[self.source.options.paper])
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (height, width) if wide else (width, height)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
        wave = self.source.release.wave
        section.footer.is_linked_to_previous = False
        foot = section.footer.paragraphs[0]
        self._run(foot, f"{wave.organisation} · {wave.label} · {self.say(say('Confidential'))}", size=8, colour=SOFT)

    def _styles(self) -> None:
        for style in self.paper.styles:
            if style.name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
                style.font.name = FONT
                style.font.color.rgb = RGBColor.from_string(INK[1:].upper())
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                    fonts.attrib.pop(qn(f"w:{kind}"), None)
                for kind in ("w:ascii", "w:hAnsi", "w:cs"):
                    fonts.set(qn(kind), FONT)
        tag = OxmlElement("w:lang")
        tag.set(qn("w:val"), LANGUAGES_OF_TEXT.get(self.spoken.language.tag, self.spoken.language.tag))
        self.paper.styles["Normal"].element.get_or_add_rPr().append(tag)


def _shaded(properties: Any, colour: str) -> None:  # Any: an element of python-docx, which has no annotations
    """Lays a colour behind a cell or a paragraph."""
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour[1:])):
        shade.set(qn(name), value)
    properties.append(shade)
