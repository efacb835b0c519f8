"""A release as slides, 16:9: titles, tables and charts of the program itself, so that they can be edited. Pure.

`slides.py` says what stands on them. Texts are set as small as their room wants, and cut with “…” where even that does
not do; the notes have them whole.
"""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as Drawn
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from app.exports import charts
from app.exports.archive import settled
from app.exports.dress import dress
from app.exports.fitting import Fitted, clipped, fitted
from app.exports.kinds import Bars, Heads, Opening, Points, Slide, Statements, Zones
from app.exports.look import BANDS, FONT, INK, PAPER, SOFT, band_of
from app.exports.slides import slides
from app.exports.tables import Number, Table
from app.figures.squares import Field
from app.reports.work import Source
from app.sentences import say
from app.web.speech import speech

WIDTH, HEIGHT = 13.333, 7.5
LEFT, TOP, ROOM = 0.75, 1.75, 11.83
BELOW, FOOT = 6.62, 7.02
TITLE_ONLY: Final = 5
NAME_WIDTH, CELL_HEIGHT, TALLEST = 2.5, 0.29, 0.4
STRIP, LOGO, LOGO_TOP, AROUND = 0.2, (3.6, 0.8), 0.35, 0.12
MAP: Final = 7.2
FEW: Final = 4
MANY: Final = 10
HIDDEN_FILL: Final = "#e4e2db"
"""A slide's table has no hatching; the words say that a cell is not shown."""


def presentation(source: Source) -> bytes:
    """The bytes of the slides."""
    made = _Deck(source)
    every = slides(source)
    for number, slide in enumerate(every, start=1):
        made.slide(slide, number, len(every))
    out = BytesIO()
    made.deck.save(out)
    themes = {"ppt/theme/theme1.xml": partial(_themed, accent=made.dress.accent)}
    return settled(out.getvalue(), day=source.release.wave.closed_on, changed=themes)


def _themed(part: bytes, *, accent: str) -> bytes:
    """The theme with our type and the client's colour or ours, which charts take when somebody edits them."""
    for old, new in ((b'typeface="Calibri"', f'typeface="{FONT}"'.encode()), (b"4F81BD", accent[1:].encode())):
        part = part.replace(old, new)
    return part


class _Deck:
    """Slides under way, in one language."""

    def __init__(self, source: Source) -> None:
        self.source, self.spoken, self.dress = source, speech(source.options.language), dress(source)
        self.deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        wave = source.release.wave
        about = self.deck.core_properties
        about.title, about.author = f"{wave.organisation}, {wave.label}", "Plumbline"
        about.language = self.spoken.language.tag

    def say(self, value: object) -> str:
        return str(self.spoken.say(value))

    def slide(self, slide: Slide, number: int, count: int) -> None:
        """One slide with its title, its figure, its line below and its notes."""
        drawn = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        background = drawn.background.fill
        background.solid()
        background.fore_color.rgb = _colour(PAPER)
        if isinstance(slide.shows, Opening):
            self._opening(drawn, slide, slide.shows)
        else:
            self._title(drawn, self.say(slide.title), (LEFT, 0.5, ROOM, 1.0), size=26)
            self._shown(drawn, slide)
            if slide.below:
                self._text(drawn, (LEFT, BELOW, ROOM, 0.36), [self.say(slide.below)], size=12, colour=SOFT)
            self._foot(drawn, number, count)
        if slide.notes:
            drawn.notes_slide.notes_text_frame.text = "\n".join(map(self.say, (slide.title, *slide.notes)))

    def _shown(self, drawn: Drawn, slide: Slide) -> None:
        shows, title = slide.shows, self.say(slide.title)
        where = (LEFT, TOP, ROOM, BELOW - TOP - 0.1)
        if isinstance(shows, Statements):
            self._statements(drawn, shows)
        elif isinstance(shows, Points):
            few = len(shows.every) <= FEW
            told = [self.say(one) for one in shows.every]
            self._text(drawn, where, told, size=22 if few else 18, after=16 if few else 8)
        elif isinstance(shows, Heads):
            self._heads(drawn, shows)
        elif isinstance(shows, Table):
            self._table(drawn, shows, title)
        elif isinstance(shows, Bars):
            charts.bars(drawn, shows, where, self.say, title)
        elif isinstance(shows, Field):
            charts.scatter(drawn, shows, where, self.say, title)
        elif isinstance(shows, Zones):
            self._zones(drawn, shows, title)

    def _opening(self, drawn: Drawn, slide: Slide, shows: Opening) -> None:
        line = drawn.shapes.add_connector(1, Inches(LEFT), 0, Inches(LEFT), Inches(5.2))
        line.line.color.rgb, line.line.width = _colour(INK), Pt(1.25)
        weight = drawn.shapes.add_shape(9, Inches(LEFT - 0.09), Inches(5.2), Inches(0.18), Inches(0.18))
        weight.fill.solid()
        weight.fill.fore_color.rgb = _colour(self.dress.accent if self.dress.strip else INK)
        weight.line.fill.background()
        left, room = LEFT + 0.6, ROOM - 0.6
        self._worn(drawn, left)
        self._title(drawn, self.say(slide.title), (left, 1.3, room, 1.5), size=40)
        self._text(drawn, (left, 2.9, room, 0.8), [self.say(shows.wave)], size=18, colour=SOFT)
        self._text(drawn, (left, 3.9, room, 1.4), [self.say(shows.result)], size=24)
        self._text(drawn, (left, 6.5, room, 0.5), [self.say(shows.kept)], size=12, colour=SOFT)

    def _worn(self, drawn: Drawn, left: float) -> None:
        """The client's colour as a strip along the edge, and its logo."""
        if self.dress.strip:
            self._filled(drawn, (0, 0, STRIP, HEIGHT), self.dress.strip)
        if self.dress.logo is None:
            return
        width, height = self.dress.logo_within(*LOGO)
        top = LOGO_TOP + (LOGO[1] - height) / 2
        if self.dress.ground:
            air = (left - AROUND, top - AROUND, width + 2 * AROUND, height + 2 * AROUND)
            self._filled(drawn, air, self.dress.ground)
        picture = drawn.shapes.add_picture(
            BytesIO(self.dress.logo.png), Inches(left), Inches(top), Inches(width), Inches(height)
        )
        told = say("Logo of {client}", client=self.source.release.wave.organisation)
        picture._element.nvPicPr.cNvPr.set("descr", self.say(told))

    def _filled(self, drawn: Drawn, where: tuple[float, float, float, float], colour: str) -> None:
        shape = drawn.shapes.add_shape(1, *(Inches(one) for one in where))
        shape.fill.solid()
        shape.fill.fore_color.rgb = _colour(colour)
        shape.line.fill.background()

    def _zones(self, drawn: Drawn, shows: Zones, title: str) -> None:
        """The map, and the first of its workflows beside it."""
        charts.zones(drawn, shows, (LEFT, TOP - 0.2, MAP, BELOW - TOP + 0.2), self.say, title)
        left = LEFT + MAP + 0.4
        told = [self.say(one) for one in shows.beside]
        self._text(drawn, (left, TOP, ROOM - MAP - 0.4, BELOW - TOP - 0.2), told, size=15, after=7)

    def _foot(self, drawn: Drawn, number: int, count: int) -> None:
        wave = self.source.release.wave
        self._text(
            drawn, (LEFT, FOOT, 9.5, 0.3), [f"{wave.organisation} · {wave.label}"], size=10, colour=SOFT, lines=1
        )
        self._text(drawn, (WIDTH - 2.25, FOOT, 1.5, 0.3), [f"{number} / {count}"], size=10, colour=SOFT, right=True)

    def _statements(self, drawn: Drawn, shows: Statements) -> None:
        height = (BELOW - TOP) / len(shows.every)
        for place, one in enumerate(shows.every):
            top = TOP + place * height
            figure = clipped(self.say(one.figure), 11)
            self._text(drawn, (LEFT, top, 2.3, 0.5), [figure], size=24, colour=self.dress.accent, bold=True)
            self._text(drawn, (LEFT, top + 0.45, 2.3, 0.3), [self.say(one.label)], size=10, colour=SOFT, lines=1)
            self._text(drawn, (LEFT + 2.5, top, ROOM - 2.5, 0.56), [self.say(one.sentence)], size=16)
            if one.detail:
                room = (LEFT + 2.5, top + 0.54, ROOM - 2.5, height - 0.56)
                self._text(drawn, room, [self.say(one.detail)], size=11, colour=SOFT)

    def _heads(self, drawn: Drawn, shows: Heads) -> None:
        height = min((BELOW - TOP) / len(shows.every), 1.5)
        for place, (head, text) in enumerate(shows.every):
            top = TOP + place * height
            self._text(drawn, (LEFT, top, ROOM, 0.42 if text else height), [self.say(head)], size=20, bold=bool(text))
            if text:
                self._text(drawn, (LEFT, top + 0.45, ROOM, height - 0.5), [self.say(text)], size=16, colour=SOFT)

    def _table(self, drawn: Drawn, table: Table, title: str) -> None:
        heads, lines = table.heads, table.lines
        shape = drawn.shapes.add_table(
            len(lines) + 1, len(heads), Inches(LEFT), Inches(TOP - 0.25), Inches(ROOM), Inches(CELL_HEIGHT)
        )
        described(shape, f"{title}. {self.say(table.title)}")
        grid = shape.table
        grid.horz_banding = False
        width = (ROOM - NAME_WIDTH) / (len(heads) - 1)
        for place in range(len(heads)):
            grid.columns[place].width = Inches(NAME_WIDTH if place == 0 else width)
        grid.rows[0].height = Inches(0.62)
        for place, head in enumerate(heads):
            room = NAME_WIDTH if place == 0 else width
            told = fitted([self.say(head)], room - 0.08, 0.56, largest=8, smallest=6)
            self._cell(grid.cell(0, place), told.lines[0], told.size, text=INK, left=place == 0, bold=True)
        # Few rows are as tall as they have room for, so that a slide of a small client is read from afar as well.
        tall = max(CELL_HEIGHT, min(TALLEST, (BELOW - TOP - 0.5) / len(lines)))
        for number, line in enumerate(lines, start=1):
            grid.rows[number].height = Inches(tall)
            whole = table.whole_last and number == len(lines)
            for place, value in enumerate(line):
                self._valued(grid.cell(number, place), value, table, place=place, width=width, whole=whole,
                             depth=table.depths[number - 1])  # fmt: skip

    def _valued(
        self, cell: Any, value: str | Number, table: Table, *, place: int, width: float, whole: bool, depth: int
    ) -> None:  # Any: a cell of python-pptx, which has no annotations
        if place == 0:
            name = "  " * (0 if whole else depth) + clipped(self.say(value), 38)
            named = fitted(
                [name],
                NAME_WIDTH - 0.12,
                CELL_HEIGHT,
                largest=_size(table),
                smallest=7,
                most_lines=1,
            )
            self._cell(cell, named.lines[0], named.size, text=INK, left=True, bold=whole)
            return
        if isinstance(value, Number):
            coloured = table.bands is not None and table.bands[0] <= place <= table.bands[1]
            fill, text = BANDS[band_of(value.value)] if coloured else (None, INK)
            told = value.before + str(value.value) + value.after + (" %" if value.counted == "per cent" else "")
            self._cell(cell, told, _size(table), text=text, fill=fill, bold=whole)
            return
        words = fitted([self.say(value)], width - 0.08, CELL_HEIGHT, largest=7, smallest=5, most_lines=2)
        self._cell(cell, words.lines[0], words.size, text=SOFT, fill=HIDDEN_FILL)

    def _cell(
        self,
        cell: Any,  # Any: a cell of python-pptx, which has no annotations
        words: str,
        size: float,
        *,
        text: str,
        fill: str | None = None,
        left: bool = False,
        bold: bool = False,
    ) -> None:
        cell.margin_left = cell.margin_right = Inches(0.04)
        cell.margin_top = cell.margin_bottom = Inches(0.015)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        if fill is None:
            cell.fill.background()
        else:
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(fill)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT if left else PP_ALIGN.CENTER
        self._run(paragraph, words, size, colour=text, bold=bold)
        _edged(cell)

    def _title(self, drawn: Drawn, words: str, where: tuple[float, float, float, float], *, size: float) -> None:
        title = drawn.shapes.title
        title.left, title.top, title.width, title.height = (Inches(one) for one in where)
        told = fitted([words], where[2], where[3], largest=size, smallest=16)
        self._frame(title.text_frame, told, colour=INK, bold=True, anchor=MSO_ANCHOR.TOP)

    def _text(
        self,
        drawn: Drawn,
        where: tuple[float, float, float, float],
        paragraphs: Sequence[str],
        *,
        size: float,
        colour: str = INK,
        bold: bool = False,
        right: bool = False,
        lines: int | None = None,
        after: float = 0,
    ) -> None:
        left, top, width, height = (Inches(one) for one in where)
        box = drawn.shapes.add_textbox(left, top, width, height)
        told = fitted(paragraphs, where[2], where[3], largest=size, smallest=8, most_lines=lines, after=after)
        self._frame(box.text_frame, told, colour=colour, bold=bold, right=right, after=after)

    def _frame(
        self,
        frame: TextFrame,
        told: Fitted,
        *,
        colour: str,
        bold: bool = False,
        right: bool = False,
        after: float = 0,
        anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    ) -> None:
        frame.word_wrap, frame.vertical_anchor = True, anchor
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
        for place, words in enumerate(told.lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after = Pt(after)
            self._run(paragraph, words, told.size, colour=colour, bold=bold)

    def _run(self, paragraph: Any, words: str, size: float, *, colour: str, bold: bool) -> None:
        # Any: a paragraph of python-pptx, which has no annotations
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
        run.font.color.rgb = _colour(colour)
        run._r.get_or_add_rPr().set("lang", "de-DE" if self.spoken.language.tag == "de" else "en-GB")


def _size(table: Table) -> int:
    """How large the numbers of a table are set, in points: of few rows larger, to be read from afar."""
    return 12 if len(table.lines) <= MANY else 10


def described(shape: Any, words: str) -> None:  # Any: a shape of python-pptx, which has no annotations
    """Gives a figure its text for those who hear slides."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", words)


def _edged(cell: Any) -> None:  # Any: a cell of python-pptx, which has no annotations
    """Thin lines of paper between cells, in place of the table style's own."""
    properties = cell._tc.get_or_add_tcPr()
    for place, side in enumerate(("a:lnL", "a:lnR", "a:lnT", "a:lnB")):
        line = properties.makeelement(qn(side), {"w": "12700"})
        fill = line.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": PAPER[1:]}))
        line.append(fill)
        # Lines come before the fill of a cell.
        properties.insert(place, line)


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code[1:].upper())
