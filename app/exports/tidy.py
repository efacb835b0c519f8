"""Every number that a release prints, one after the other: what it is of, what it measures, its value and its bound.

Tables, data files and their dictionary are made from this list, so that none of them can hold more than another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.releases.document.figures import Share, Shares
from app.releases.document.release import CHECKING, Cell, Change, Hidden, Release, Row, Scored
from app.releases.document.words import row_name
from app.sentences import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What numbers are of: a row of the release, a group of people by role or site, or the whole organisation.

    `group` is the id of a row, or of an attribute with the place of its group; `above` the name of the row above.
    """

    table: str
    group: str
    name: str
    kind: str
    above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A printed number: `of` is the id of a dimension, module or question, `called` its name, both empty for the row.

    `value` is None where nothing is shown; `status` is "shown", or the reason why not. `bound` says that the value lies
    beyond: "<=" or ">=". `word` is the key of what is told in words beside it, such as a band.
    """

    place: Place
    of: str
    called: str
    measure: str
    value: int | None
    bound: str = ""
    status: str = "shown"
    word: str = ""


COUNTED_IN: Final[Mapping[str, str]] = {
    "headcount": "people",
    "answered": "people",
    "rate": "per cent",
    "index": "points",
    "score": "points",
    "n": "people",
    "interval_low": "points",
    "interval_high": "points",
    "change_before": "points",
    "change_now": "points",
    "change": "points",
    "change_p": "hundredths",
    "favourable": "per cent",
    "neutral": "per cent",
    "unfavourable": "per cent",
    "favourable_low": "per cent",
    "favourable_high": "per cent",
    "dont_know": "per cent",
    "agreement": "hundredths",
    "deviation": "hundredths",
    "polarisation": "hundredths",
    "gate_lower": "points",
    "gate_upper": "points",
    "leaders": "points",
    "staff": "points",
    "gap": "points",
    "gap_low": "points",
    "gap_high": "points",
    "gap_p": "hundredths",
    "gap_g": "hundredths",
    "share": "per cent",
    "share_low": "per cent",
    "share_high": "per cent",
    "share_lmg": "per cent",
    "explained": "per cent",
    "alpha": "hundredths",
    "alpha_low": "hundredths",
    "alpha_high": "hundredths",
    "alpha_raw": "hundredths",
    "omega": "hundredths",
    "groups": "groups",
    "icc1": "hundredths",
    "icc2": "hundredths",
    "item_rest": "hundredths",
    "left_out": "people",
}
"""Each measure with its unit, in the order in which tables have them."""

Measured = Iterator[tuple[str, int, str, str]]
"""A measure, its value, its bound and the word that belongs to it."""


def facts(release: Release) -> Iterator[Fact]:
    """All of them: row by row, then groups of people, then what is told of the whole organisation."""
    for row in release.rows:
        yield from _of_row(release, row)
    yield from _of_margins(release)
    yield from _of_gaps(release)
    yield from _of_drivers(release)
    yield from _of_quality(release)
    yield from _left_out(release)


def columns(release: Release) -> dict[str, str]:
    """The ids of dimensions and modules, and of how often people check an agent's work, with their names."""
    named = {head.id: head.name for head in release.dimensions} | {head.id: head.name for head in release.modules}
    named[CHECKING] = say("How often people check an agent’s work")
    return named


def _rated(release: Release) -> dict[str, str]:
    """The ids of the cells in which staff rate workflows, with the workflows' names."""
    return {head.cell(rating): head.name for head in release.workflows for rating in head.ratings}


def _of_row(release: Release, row: Row) -> Iterator[Fact]:
    above = release.row(row.parent) if row.parent else None
    place = Place(table="rows", group=row.id, name=row_name(row), kind=row.kind, above=row_name(above) if above else "")
    counted = (("headcount", row.headcount), ("answered", row.n), ("rate", row.rate))
    for measure, value in counted:
        if value is not None:
            yield Fact(place=place, of="", called="", measure=measure, value=value)
        elif measure == "answered":
            yield Fact(place=place, of="", called="", measure=measure, value=None, status="withheld")
    for name, index in (("trust", row.trust), ("readiness", row.readiness)):
        if index.score is not None:
            yield Fact(place=place, of=name, called="", measure="index", value=index.score, word=index.band or "")
    yield from _of_cells(place, row.cells, columns(release) | _rated(release))
    yield from _of_cells(_placed(place, "anchors"), row.anchors, columns(release))
    texts = {head.id: head.text for head in release.items}
    items = _placed(place, "questions")
    for of, shares in row.items.items():
        yield from _each(items, of, texts.get(of, ""), _shares(shares))
    for of, unknown in row.unknown.items():
        yield from _each(items, of, texts.get(of, ""), _share("dont_know", unknown))


def _placed(place: Place, table: str) -> Place:
    return Place(table=table, group=place.group, name=place.name, kind=place.kind, above=place.above)


def _of_margins(release: Release) -> Iterator[Fact]:
    for margin in release.margins:
        for number, group in enumerate(margin.groups, start=1):
            place = Place(table="groups", group=f"{margin.id}:{number}", name=group.name, kind=margin.id)
            yield Fact(place=place, of="", called="", measure="answered", value=group.n)
            if group.headcount is not None:
                yield Fact(place=place, of="", called="", measure="headcount", value=group.headcount)
            yield from _of_cells(place, group.cells, columns(release))


def _of_cells(place: Place, cells: Mapping[str, Cell], names: Mapping[str, str]) -> Iterator[Fact]:
    for of, cell in cells.items():
        if isinstance(cell, Hidden):
            called = names.get(of, "")
            yield Fact(place=place, of=of, called=called, measure="score", value=None, status=cell.reason)
        else:
            yield from _each(place, of, names.get(of, ""), _of_cell(cell))


def _each(place: Place, of: str, called: str, measured: Measured) -> Iterator[Fact]:
    for measure, value, bound, word in measured:
        yield Fact(place=place, of=of, called=called, measure=measure, value=value, bound=bound, word=word)


def _of_cell(cell: Scored) -> Measured:
    yield "score", cell.score, cell.bound, cell.band
    if cell.n is not None:
        yield "n", cell.n, "", ""
    yield from _ends("interval", cell.interval)
    if isinstance(cell.change, Change):
        yield "change_before", cell.change.before, "", ""
        yield "change_now", cell.change.now, "", ""
        yield "change", cell.change.delta, "", cell.change.confirmation
        yield "change_p", cell.change.p, "", ""
    if cell.shares is not None:
        yield from _shares(cell.shares)
    if cell.unknown is not None:
        yield from _share("dont_know", cell.unknown)
    if cell.agreement is not None:
        yield "agreement", cell.agreement.r_wg, "", ""
        yield "deviation", cell.agreement.deviation, "", ""
    if cell.camps is not None:
        yield "polarisation", cell.camps.polarisation, "", "split" if cell.camps.split else ""
    if cell.gate is not None:
        yield "gate_lower", cell.gate.lower, "", ""
        yield "gate_upper", cell.gate.upper, "", ""


def _shares(shares: Shares) -> Measured:
    yield from _share("favourable", shares.favourable)
    yield from _share("neutral", shares.neutral)
    yield from _share("unfavourable", shares.unfavourable)
    yield from _ends("favourable", shares.interval)


def _share(measure: str, share: Share) -> Measured:
    yield measure, share.percent, share.bound, ""


def _ends(measure: str, interval: tuple[int, int] | None) -> Measured:
    if interval is not None:
        yield f"{measure}_low", interval[0], "", ""
        yield f"{measure}_high", interval[1], "", ""


def _whole(release: Release, table: str) -> Place:
    row = release.organisation
    return Place(table=table, group=row.id, name=row_name(row), kind=row.kind)


def _of_gaps(release: Release) -> Iterator[Fact]:
    names, place = columns(release), _whole(release, "leaders")
    for one in release.gaps.cells if release.gaps else ():
        told = (
            ("leaders", one.leaders),
            ("staff", one.staff),
            ("gap", one.gap),
            *_pair("gap", one.interval),
            ("gap_p", one.p),
            ("gap_g", one.g),
        )
        yield from _told(place, one.dimension, names, told, word="marked" if one.marked else "")


def _of_drivers(release: Release) -> Iterator[Fact]:
    if release.drivers is None:
        return
    names, place = columns(release), _whole(release, "drivers")
    outcome = release.drivers.outcome
    yield from _told(place, outcome, names, (("n", release.drivers.n), ("explained", release.drivers.explained)))
    for one in release.drivers.cells:
        told = (("share", one.share), *_pair("share", one.interval), ("share_lmg", one.lmg))
        yield from _told(place, one.dimension, names, told)


def _of_quality(release: Release) -> Iterator[Fact]:
    names, place = columns(release), _whole(release, "quality")
    texts = {head.id: head.text for head in release.items}
    for one in release.quality:
        told = (
            ("n", one.n),
            ("alpha", one.alpha),
            *_pair("alpha", one.interval),
            ("alpha_raw", one.raw),
            ("omega", one.omega),
            ("groups", one.groups),
            ("icc1", one.icc1),
            ("icc2", one.icc2),
        )
        yield from _told(place, one.dimension, names, told)
        for item, value in one.item_rest.items():
            yield from _told(place, item, texts, (("item_rest", value),))


def _left_out(release: Release) -> Iterator[Fact]:
    if release.left_out is not None and release.left_out.number is not None:
        place = _whole(release, "quality")
        yield Fact(place=place, of="", called="", measure="left_out", value=release.left_out.number)


def _pair(measure: str, interval: tuple[int, int] | None) -> tuple[tuple[str, int | None], ...]:
    return tuple((name, value) for name, value, _, _ in _ends(measure, interval))


def _told(
    place: Place, of: str, names: Mapping[str, str], measured: Iterable[tuple[str, int | None]], word: str = ""
) -> Iterator[Fact]:
    for measure, value in measured:
        if value is not None:
            yield Fact(place=place, of=of, called=names.get(of, ""), measure=measure, value=value, word=word)
