"""A release as a workbook: the heatmap with conditional formats, a sheet for each table, and notes. Pure.

Numbers are numbers, with the signs that they are printed with as their format. Texts are written as texts whatever they
begin with, so that no name can be taken for a formula. The same release gives the same bytes.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.exports import automated, columns, onward
from app.exports.dress import dress
from app.exports.look import BANDS, CHANGES, FONT, INK, LINE, SOFT
from app.exports.notes import notes, period
from app.exports.tables import Number, Table, Value
from app.exports.whole import tables
from app.releases.document.words import BAND_LIMITS, BAND_WORDS
from app.reports import findings
from app.reports.chapters import FORMS
from app.reports.findings import heat_headline
from app.reports.work import Source
from app.sentences import Passage, say
from app.web.speech import speech

LONGEST_SHEET: Final = 31
LONGEST_FOOTER: Final = 60
NAME_WIDTH, TEXT_WIDTH, NUMBER_WIDTH, NOTE_WIDTH = 34, 24, 12, 96
PAPERS: Final = {"A4": 9, "Letter": 1}
HEAD_ROWS: Final = 4
MATRIX_ROW: Final = 22
# Inches that a logo may take, how many rows that are, and how many pixels of a screen go to an inch.
LOGO, LOGO_ROWS, SCREEN = (2.2, 0.75), 4, 96
EVERY_NUMBER: Final = (say("All numbers"), say("Every number that the release prints, one a line"))
NOTES: Final = (say("Notes"), say("What this workbook was made from, and how to read it"))
BANNED: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FORMATS_OF: Final = {"": "0", "per cent": '0" %"', "hundredths": "0.00", "signed": "+0;−0;0"}


def workbook(source: Source) -> bytes:
    """The bytes of the workbook."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made = _Book(book, source)
        every = (*tables(source.release), *automated.tables(source.record), *onward.tables(source.plan))
        made.cover(every)
        for table in every:
            made.table(table)
        made.every_number()
        made.notes()
    return out.getvalue()


class _Book:
    """A workbook under way: what is said in its language, and each format once."""

    def __init__(self, book: Workbook, source: Source) -> None:
        self.book, self.source, self.spoken = book, source, speech(source.options.language)
        self.dress = dress(source)
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}
        wave = source.release.wave
        # The day on which the wave closed: the same release gives the same bytes on any day.
        book.set_properties(
            {
                "title": self.say(say("{client}, {wave}", client=wave.organisation, wave=wave.label)),
                "author": "Plumbline",
                "created": datetime.fromisoformat(wave.closed_on),
                "comments": f"SHA-256 {source.sha256}",
            }
        )
        book.set_size(2400, 1400)

    def say(self, value: object) -> str:
        return str(self.spoken.say(value))

    def style(self, **style: object) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": FONT, "font_color": INK, "valign": "top", **style})
        return self.formats[key]

    def sheet(self, name: str, title: str, *, wide: bool) -> Worksheet:
        """A sheet with its title, set up to be printed."""
        sheet = self.book.add_worksheet(self._sheet_name(name))
        wave = self.source.release.wave
        sheet.hide_gridlines(2)
        if wide:
            sheet.set_landscape()
        sheet.set_paper(PAPERS[self.source.options.paper])
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        who = f"{wave.organisation[:LONGEST_FOOTER]}, {wave.label[:LONGEST_FOOTER]}".replace("&", "&&")
        kept = self.say(say("Confidential"))
        sheet.set_footer(f"&L&8{who} &C&8{kept}&R&8&P / &N")
        if self.spoken.language.direction == "rtl":
            sheet.right_to_left()
        if self.dress.strip:
            sheet.set_tab_color(self.dress.strip)
        sheet.write_string(0, 0, f"{wave.organisation} · {wave.label}", self.style(font_size=9, font_color=SOFT))
        sheet.write_string(1, 0, self.say(title), self.style(bold=True, font_size=14))
        sheet.set_row(1, 24)
        return sheet

    def _sheet_name(self, name: str) -> str:
        return self.say(name).translate(BANNED).strip()[:LONGEST_SHEET]

    def cover(self, every: Sequence[Table]) -> None:
        """The first sheet: the client's logo, one sentence of result, and what is on the other sheets."""
        release = self.source.release
        about = release.row(self.source.options.row) or release.organisation
        sheet = self.sheet(say("Cover"), findings.result(about), wide=False)
        sheet.set_column(0, 0, NAME_WIDTH)
        sheet.set_column(1, 1, NOTE_WIDTH)
        row = HEAD_ROWS
        if self.dress.logo is not None:
            row += self._logo(sheet, row)
        facts = (findings.answered(about), Passage((FORMS[release.wave.form], period(release)), ", "))
        for told in (*facts, say("Confidential. Results of groups only; groups that are too small are not shown.")):
            sheet.write_string(row, 0, self.say(told), self.style())
            row += 1
        head = self.style(bold=True, bottom=1, bottom_color=INK)
        sheet.write_string(row + 1, 0, self.say(say("Sheet")), head)
        sheet.write_string(row + 1, 1, self.say(say("What it holds")), head)
        sheets = [(one.name, one.title) for one in every]
        for place, (name, title) in enumerate([*sheets, EVERY_NUMBER, NOTES], start=row + 2):
            said = self._sheet_name(name)
            sheet.write_url(place, 0, f"internal:'{said}'!A1", self.style(font_color=self.dress.accent), said)
            sheet.write_string(place, 1, self.say(title), self.style(text_wrap=True))

    def _logo(self, sheet: Worksheet, row: int) -> int:
        """Sets the logo, on a ground where it is pale; gives how many rows it takes."""
        logo = self.dress.logo
        assert logo is not None
        width, height = self.dress.logo_within(*LOGO)
        if self.dress.ground:
            for place in range(LOGO_ROWS):
                sheet.write_blank(row + place, 0, None, self.style(bg_color=self.dress.ground))
        told = self.say(say("Logo of {client}", client=self.source.release.wave.organisation))
        picture = {
            "image_data": BytesIO(logo.png),
            "x_scale": width * SCREEN / logo.width,
            "y_scale": height * SCREEN / logo.height,
            "x_offset": 6,
            "y_offset": 6,
            "description": told,
        }
        sheet.insert_image(row, 0, "logo.png", picture)
        return LOGO_ROWS + 1

    def table(self, table: Table) -> None:
        """A sheet with a table."""
        sheet = self.sheet(table.name, table.title, wide=len(table.heads) > table.named_by + 4)
        if table.bands and table.whole_last:
            self._legend(
                sheet,
                self.say(heat_headline(self.source.release, self.source.release.organisation)),
                start=table.bands[0],
            )
        for name, first, span in table.groups:
            style = self.style(bold=True, bottom=1, bottom_color=LINE)
            sheet.write_string(HEAD_ROWS - 1, first, self.say(name), style)
            for place in range(first + 1, first + span):
                sheet.write_blank(HEAD_ROWS - 1, place, None, style)
        self._heads(sheet, table)
        for number, line in enumerate(table.lines):
            last = table.whole_last and number == len(table.lines) - 1
            for place, value in enumerate(line):
                named = place < table.named_by
                depth = table.depths[number] if table.depths and place == 0 and not last else 0
                self._cell(sheet, HEAD_ROWS + 1 + number, place, value, named=named, depth=depth, whole=last)
            if table.whole_last:
                sheet.set_row(HEAD_ROWS + 1 + number, MATRIX_ROW)
        self._colours(sheet, table)
        sheet.freeze_panes(HEAD_ROWS + 1, table.named_by if table.named_by < 3 else 1)
        sheet.repeat_rows(HEAD_ROWS - 1 if table.groups else HEAD_ROWS, HEAD_ROWS)
        if not table.whole_last:
            sheet.autofilter(HEAD_ROWS, 0, HEAD_ROWS + len(table.lines), len(table.heads) - 1)

    def _heads(self, sheet: Worksheet, table: Table) -> None:
        for place, head in enumerate(table.heads):
            named = place < table.named_by
            style = self.style(
                bold=True,
                text_wrap=True,
                valign="bottom",
                align="left" if named else "right",
                bottom=1,
                bottom_color=INK,
                font_size=9,
            )
            sheet.write_string(HEAD_ROWS, place, self.say(head), style)
            sheet.set_column(place, place, NAME_WIDTH if place == 0 else TEXT_WIDTH if named else NUMBER_WIDTH)
        sheet.set_row(HEAD_ROWS, 52)

    def _legend(self, sheet: Worksheet, headline: str, *, start: int) -> None:
        """The message of the heatmap, and the bands with their colours."""
        sheet.write_string(2, 0, headline, self.style(font_color=SOFT))
        for place, (band, (fill, text)) in enumerate(BANDS.items()):
            told = f"{BAND_LIMITS[band]} {self.say(BAND_WORDS[band])}"
            style = self.style(bg_color=fill, font_color=text, font_size=9, align="center", text_wrap=True)
            sheet.write_string(2, start + place, told, style)
        sheet.set_row(2, 26)

    def _cell(
        self, sheet: Worksheet, row: int, place: int, value: Value, *, named: bool, depth: int, whole: bool
    ) -> None:
        style: dict[str, object] = {"bottom": 1, "bottom_color": LINE}
        if whole:
            style |= {"bold": True, "top": 1, "top_color": INK}
        if whole or named:
            style["valign"] = "vcenter"
        if isinstance(value, Number):
            number = value.value / 100 if value.counted == "hundredths" else value.value
            if value.step:
                fill, text = CHANGES[value.step]
                style |= {"bg_color": fill, "font_color": text}
            shown = self.style(num_format=_number_format(value), align="right", **style)
            sheet.write_number(row, place, number, shown)
        elif named:
            sheet.write_string(row, place, self.say(value), self.style(text_wrap=True, indent=depth, **style))
        else:
            words = self.style(text_wrap=True, align="right", font_color=SOFT, font_size=8, **style)
            sheet.write_string(row, place, self.say(value), words)

    def _colours(self, sheet: Worksheet, table: Table) -> None:
        """Conditional formats: scores have the colour of their band, also when somebody sorts or filters them."""
        if table.bands is None:
            return
        where = (HEAD_ROWS + 1, table.bands[0], HEAD_ROWS + len(table.lines), table.bands[1])
        for band, (fill, text) in BANDS.items():
            low, high = map(int, BAND_LIMITS[band].split("–"))
            rule = {"type": "cell", "criteria": "between", "minimum": low, "maximum": high}
            colours = self.book.add_format({"bg_color": fill, "font_color": text})
            sheet.conditional_format(*where, {**rule, "format": colours})

    def every_number(self) -> None:
        """The sheet with every number there is, one a line, as the data file has it."""
        sheet = self.sheet(*EVERY_NUMBER, wide=True)
        for place, column in enumerate(columns.COLUMNS):
            sheet.write_string(HEAD_ROWS, place, column.name, self.style(bold=True, bottom=1, bottom_color=INK))
            sheet.set_column(place, place, TEXT_WIDTH if column.kind == "text" else NUMBER_WIDTH)
        plain = self.style()
        count = 0
        for count, line in enumerate(columns.lines(self.source.release, self.say), start=1):
            for place, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(HEAD_ROWS + count, place, value, plain)
                elif value:
                    sheet.write_string(HEAD_ROWS + count, place, value, plain)
        sheet.freeze_panes(HEAD_ROWS + 1, 0)
        sheet.repeat_rows(HEAD_ROWS)
        sheet.autofilter(HEAD_ROWS, 0, HEAD_ROWS + count, len(columns.COLUMNS) - 1)

    def notes(self) -> None:
        """The sheet with what a reader has to know."""
        sheet = self.sheet(*NOTES, wide=False)
        sheet.set_column(0, 0, NAME_WIDTH)
        sheet.set_column(1, 1, NOTE_WIDTH)
        before = ""
        for place, (about, told) in enumerate(notes(self.source)):
            said = self.say(about)
            style: dict[str, object] = {"text_wrap": True, "bottom": 1, "bottom_color": LINE}
            sheet.write_string(HEAD_ROWS + place, 0, "" if said == before else said, self.style(bold=True, **style))
            sheet.write_string(HEAD_ROWS + place, 1, self.say(told), self.style(**style))
            before = said


def _number_format(number: Number) -> str:
    """The number with what stands before and after it, in every part of a format for signs."""
    before, after = (f'"{text}"' if text else "" for text in (number.before, number.after))
    return ";".join(f"{before}{part}{after}" for part in FORMATS_OF[number.counted].split(";"))
