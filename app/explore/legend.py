"""What stands below the heatmap: the steps of colour and the marks that occur, and sentences about the whole table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.explore.looking import ARRANGED, FIRST, REORDERED, Look, Looking
from app.explore.tiles import (
    BOTH_CLIPPED,
    GRADES,
    LEVELS,
    NOT_TOLD,
    SPLIT,
    UNKNOWN,
    WITHIN,
    compared_class,
    has_other_n,
    marks,
    much_unknown,
)
from app.releases.distance import distance
from app.releases.document import words
from app.releases.document.release import SITE, Band, Cell, Grade, Hidden, MarginGroup, NoChange, Release, Row, Scored
from app.releases.silence import standing
from app.sentences import Hundredths, Listing, Passage, Sentence, say
from scoring.grades import Level, band, level

COMPARED_CLASSES: Final[Mapping[str, Sentence]] = {
    "far-down": say("clearly below, by 10 points or more"),
    "down": say("clearly below, by 5 to 9 points"),
    "level": say("no clear distance"),
    "up": say("clearly above, by 5 to 9 points"),
    "far-up": say("clearly above, by 10 points or more"),
}
_AGREED: Final[Mapping[Level, tuple[tuple[int, int], Sentence]]] = {
    "weak": ((0, 50), say("people see it differently")),
    "moderate": ((51, 70), say("people agree in part")),
    "strong": ((71, 90), say("people agree strongly")),
    "very_strong": ((91, 95), say("people agree very strongly")),
}
_PRECISE: Final[Mapping[Grade, Sentence]] = {
    "A": say("within 5 points"),
    "B": say("within 10 points"),
    "C": say("within 15 points"),
    "D": say("rough: could be more than 15 points off"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark and what it means. `classes` draws a tile; otherwise `text` is the mark itself."""

    text: str
    classes: str
    meaning: str


Cells = list[tuple[Row, str, Cell]]
"""The cells that are drawn, each with its row and column."""


def scale(release: Release, cells: Cells, look: Look) -> tuple[Sign, ...]:
    """The steps of colour that occur, with their limits in numbers."""
    scored = [(row, column, cell) for row, column, cell in cells if isinstance(cell, Scored)]
    if look == "change":
        changes = {words.change_class(cell.change) for _, _, cell in scored}
        return tuple(Sign("", key, text) for key, text in words.CHANGE_CLASSES.items() if key in changes)
    if look == "compared":
        steps = set(_distances(release, scored))
        return tuple(Sign("", key, text) for key, text in COMPARED_CLASSES.items() if key in steps)
    if look in ("scores", "favourable"):
        return tuple(_bands([cell for _, _, cell in scored], look))
    return tuple(_measured([cell for _, _, cell in scored], look))


def _distances(release: Release, scored: Iterable[tuple[Row, str, Scored]]) -> Iterator[str]:
    for row, column, cell in scored:
        whole = release.organisation.cells.get(column)
        found = distance(cell, whole) if isinstance(whole, Scored) and row.kind != "organisation" else None
        if found is not None:
            yield compared_class(found)


def _bands(scored: list[Scored], look: Look) -> Iterator[Sign]:
    favourable = look == "favourable"
    shares = {band(cell.shares.favourable.percent) for cell in scored if cell.shares}
    found: set[Band] = shares if favourable else {cell.band for cell in scored}
    for key, word in words.BAND_WORDS.items():
        if key in found:
            limits = words.BAND_LIMITS[key]
            yield Sign(f"{limits}\u202f%", key, say("lean to yes")) if favourable else Sign(limits, key, word)


def _measured(scored: list[Scored], look: Look) -> Iterator[Sign]:
    if look == "uncertainty":
        grades = {cell.grade for cell in scored}
        yield from (Sign(WITHIN[grade], GRADES[grade], text) for grade, text in _PRECISE.items() if grade in grades)
    if look == "agreement":
        found = {level(cell.agreement.r_wg / 100) for cell in scored if cell.agreement}
        for key, ((low, high), text) in _AGREED.items():
            if key in found:
                limits = Passage((Hundredths(low), Hundredths(high)), "–")
                yield Sign(limits, LEVELS[key], text)


def signs(release: Release, cells: Cells, looking: Looking) -> Iterator[Sign]:
    """The marks inside tiles and on rows: only those that occur."""
    look = looking.look
    scored = [cell for _, _, cell in cells if isinstance(cell, Scored)]
    shown = {words.change_mark(cell.change) for cell in scored} if look in ("scores", "change") else set()
    changed, seems = say("a change since {before}"), say("seems to have changed since {before}")
    for pair, meaning in (("▲▼", changed), ("△▽", seems)):
        if found := [mark for mark in pair if mark in shown]:
            yield Sign(" ".join(found), "", meaning.filled({"before": release.wave.previous_label or ""}))
    if look == "scores" or look == "agreement":
        yield from _corner(scored, look)
    if look in ("scores", "table", "compared"):
        yield from _value_signs(cells, release, look)
    if reasons := set(_reasons(release, cells, look)):
        yield Sign("", "not-shown", Passage((words.within_sentence(reason) for reason in sorted(reasons)), "; "))
    yield from _row_signs(release, looking)


def _corner(scored: list[Scored], look: Look) -> Iterator[Sign]:
    if any(SPLIT in marks(cell) for cell in scored if look == "scores" or cell.agreement):
        yield Sign(SPLIT, "", say("divided: at least a quarter say yes, and at least a quarter say no"))
    if look == "scores" and any(much_unknown(cell) for cell in scored):
        yield Sign(UNKNOWN, "", say("30 % or more answered “don't know”"))


def _reasons(release: Release, cells: Cells, look: Look) -> Iterator[str]:
    """Why tiles are hatched."""
    for row, column, cell in cells:
        if isinstance(cell, Hidden):
            yield words.hidden_text(cell)
        elif look == "change" and isinstance(cell.change, NoChange):
            yield words.change_words(cell.change)
        elif (look == "favourable" and cell.shares is None) or (look == "agreement" and cell.agreement is None):
            yield NOT_TOLD
        elif look == "compared" and row.kind != "organisation":
            whole = release.organisation.cells.get(column)
            if not isinstance(whole, Scored):
                yield NOT_TOLD
            elif distance(cell, whole) is None:
                yield BOTH_CLIPPED


def _value_signs(cells: Cells, release: Release, look: Look) -> Iterator[Sign]:
    scored = [cell for _, _, cell in cells if isinstance(cell, Scored)]
    if any(cell.grade == "D" and not cell.bound for cell in scored):
        yield Sign("~", "", say("rough: could be more than 15 points off"))
    if found := [sign for sign, bound in (("≥", ">="), ("≤", "<=")) if any(cell.bound == bound for cell in scored)]:
        yield Sign(" ".join(found), "", say("not told more exactly, to protect the people in the group"))
    if any(cell.n is None for cell in scored):
        least = release.policy.k_intervals
        yield Sign("5, 10, …", "", say("fewer than {least} answers: printed to the nearest 5", least=least))
    if look == "table":
        yield from _interval_signs(scored)
    elif look == "scores" and any(has_other_n(cell, row) for row, _, cell in cells if row.id):
        yield Sign("n", "", say("how many answered this question, where it is not everybody who answered"))
    if look != "compared" and any(cell.coverage == "< 80 %, partial" for cell in scored):
        yield Sign(say("partial"), "", say("stands for fewer than 80 % of the people"))


def _interval_signs(scored: list[Scored]) -> Iterator[Sign]:
    if any(cell.n is not None for cell in scored):
        yield Sign("n", "", say("how many answered this question"))
    if any(cell.interval is None and not cell.everyone for cell in scored):
        yield Sign("–", "", say("no interval is given, to protect a small group"))


def _row_signs(release: Release, looking: Looking) -> Iterator[Sign]:
    rows = release.rows
    if any(row.kind == "pool" for row in rows):
        yield Sign(say("Italics"), "italic", say("small departments shown together"))
    if looking.column != REORDERED and any(row.parent in looking.unfolded for row in rows):
        yield Sign(say("Indented"), "", say("part of the row above, and counted in it"))
    if any(row.headcount_corrected for row in rows):
        yield Sign("*", "", say("headcount corrected when the wave closed"))


def remarks(release: Release, looking: Looking, *, sites: tuple[MarginGroup, ...], first: str) -> Iterator[str]:
    """The sentences below the legend. `first` is the label of the first wave."""
    yield from _about_order(looking, first)
    yield from _uncompared(release, looking.look)
    yield from _coverage(release, looking.look)
    yield from _few(release)
    yield from _about_margins(release)
    if sites:
        yield say("A site is its departments taken together; sites that share a small group are told as one.")


def _about_order(looking: Looking, first: str) -> Iterator[str]:
    if looking.column == REORDERED:
        yield say(
            "Reordered: each department stands beside those whose scores are most like its own. This order is for "
            "looking at patterns; it is no ranking."
        )
    elif looking.column == FIRST:
        yield say("In the order of trust and readiness together in {first}, which stays the same.", first=first)
    elif looking.order != ARRANGED:
        yield say("Sorted among the departments of the same parent. Neighbours may differ by chance alone.")


def _few(release: Release) -> Iterator[str]:
    """The rows in which few answered (3.13)."""
    if low := [words.row_name(row) for row in release.rows if standing(row) == "low"]:
        yield say("Fewer than half answered in {names}.", names=Listing(low))
    if indicative := [words.row_name(row) for row in release.rows if standing(row) == "indicative"]:
        yield say("Indicative only, because fewer than 30 % answered: {names}.", names=Listing(indicative))


def _about_margins(release: Release) -> Iterator[str]:
    for margin in release.margins:
        if not margin.groups and margin.id == SITE:
            yield say("Sites are not shown: departments of all of them are told together, to protect small groups.")
        elif not margin.groups:
            yield say("Role levels are not shown, to protect small groups.")


def _uncompared(release: Release, look: Look) -> Iterator[str]:
    """A sentence for each dimension whose change cannot be told."""
    if look != "change":
        return
    names = {head.id: head.name for head in release.dimensions}
    for dimension, sentence in release.not_comparable.items():
        yield Passage((names.get(dimension, dimension), sentence), ": ")


def _coverage(release: Release, look: Look) -> Iterator[str]:
    """Which roll-ups stand for less than 95 % of their people, and where."""
    if look == "change":
        return
    yield from (words.covers(*one) for one in words.partly(release))
