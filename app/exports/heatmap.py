"""The heatmap drawn: rows of coloured cells with their numbers, heads that stand upright, and what the colours mean."""

from collections.abc import Callable
from typing import Final

from app.exports.look import BANDS, INK, LINE, SOFT, band_of
from app.exports.sheet import EDGE, ROOM, Sheet
from app.exports.tables import Number, Table, Value, heat
from app.releases.document.release import Release
from app.releases.document.words import BAND_LIMITS, BAND_WORDS

NAME: Final = 232
ROW: Final = 28
HEADS: Final = 150
GAP: Final = 2
HIDDEN: Final = "#e4e2db"
LEFT_OUT: Final = (1, 3)
"""Headcounts and rates, for which there is no room beside the scores."""

Say = Callable[[object], str]


def draw(sheet: Sheet, release: Release, say: Say) -> None:
    """Puts the heatmap below what is on the sheet."""
    table = heat(release)
    kept = [place for place in range(1, len(table.heads)) if place not in LEFT_OUT]
    wide = (ROOM - NAME) / len(kept)
    places = {place: EDGE + NAME + number * wide for number, place in enumerate(kept)}
    for name, start, span in table.groups:
        left = places[start]
        told, wide_enough = say(name), span > 1
        end = left + GAP if wide_enough else left + wide - GAP
        sheet.text(told, end, sheet.y + 13, size=13, bold=True, anchor="start" if wide_enough else "end")
        sheet.line(f"M{left + GAP:.1f} {sheet.y + 20:.1f}H{left + span * wide - GAP:.1f}", SOFT, 1)
    sheet.y += 28 if table.groups else 0
    for place, left in places.items():
        sheet.text(say(table.heads[place]), left + wide / 2, sheet.y + HEADS, size=11, turned=True, room=HEADS, most=2)
    sheet.y += HEADS + 8
    for number in range(len(table.lines)):
        _row(sheet, table, number, places, wide, say)
    _legend(sheet, say)


def _row(sheet: Sheet, table: Table, number: int, places: dict[int, float], wide: float, say: Say) -> None:
    line, whole = table.lines[number], table.whole_last and number == len(table.lines) - 1
    if whole:
        sheet.line(f"M{EDGE} {sheet.y + 3:.1f}H{EDGE + ROOM}", LINE, 1)
        sheet.y += 7
    depth = 0 if whole else 12 * min(table.depths[number], 4)
    sheet.text(say(line[0]), EDGE + depth, sheet.y + 18, size=12, bold=whole, room=NAME - depth - 8, most=1)
    for place, left in places.items():
        _cell(sheet, line[place], (left, wide), coloured=_coloured(table, place), bold=whole, say=say)
    sheet.y += ROW


def _coloured(table: Table, place: int) -> bool:
    return table.bands is not None and table.bands[0] <= place <= table.bands[1]


def _cell(sheet: Sheet, value: Value, at: tuple[float, float], *, coloured: bool, bold: bool, say: Say) -> None:
    left, wide = at
    middle = left + wide / 2
    if isinstance(value, Number):
        fill, ink = BANDS[band_of(value.value)] if coloured else ("", INK)
        if fill:
            sheet.box(left + GAP / 2, sheet.y, wide - GAP, ROW - GAP, fill)
        told = f"{value.before}{value.value}{value.after}"
        sheet.text(told, middle, sheet.y + 18, size=13, colour=ink, anchor="middle", bold=bold)
        return
    sheet.box(left + GAP / 2, sheet.y, wide - GAP, ROW - GAP, HIDDEN)
    sheet.text(say(value), middle, sheet.y + 10, size=8, colour=SOFT, anchor="middle", room=wide - 6, most=2)


def _legend(sheet: Sheet, say: Say) -> None:
    sheet.y += 14
    wide = ROOM / len(BANDS)
    for number, (band, (fill, _)) in enumerate(BANDS.items()):
        left = EDGE + number * wide
        sheet.box(left, sheet.y, 18, 14, fill)
        sheet.text(f"{BAND_LIMITS[band]} {say(BAND_WORDS[band])}", left + 24, sheet.y + 12, size=12, colour=SOFT)
    sheet.y += 26
