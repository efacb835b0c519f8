"""The tables of a release for workbooks and documents: names of columns, and lines of words and numbers.

A number stays one, with the sign that it is printed with; what is not shown is a word, never empty and never 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.exports.tidy import columns, facts
from app.releases.document import words
from app.releases.document.figures import Share
from app.releases.document.release import Cell, Change, Hidden, NoChange, Release, Row, Scored
from app.reports.tables import GROUPS, SHORT_HIDDEN, SHORT_REASONS
from app.sentences import say

Counted = Literal["", "per cent", "hundredths", "signed"]
NOT_TOLD: Final = say("not told")
NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: what stands before and after it, as in `≥ 90` or `62 ▲`, its unit, and its step of change."""

    value: int
    before: str = ""
    after: str = ""
    counted: Counted = ""
    step: str = ""


Value = str | Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its short name, what it says, the heads of its columns and its lines, which the first columns name.

    `groups` stand above some of the heads: a name, its first column and how many it spans. `bands` says in which
    columns numbers are scores, coloured by band; `depths` how far the name of each line is set in.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    lines: tuple[tuple[Value, ...], ...]
    named_by: int = 1
    groups: tuple[tuple[str, int, int], ...] = ()
    bands: tuple[int, int] | None = None
    depths: tuple[int, ...] = ()
    whole_last: bool = False


def heat(release: Release) -> Table:
    """The heatmap: a line a row, the organisation last."""
    facts_of = (say("People"), say("Answered"), say("Rate"), say("Trust"), say("Readiness"))
    return _matrix(
        release,
        name=say("Heatmap"),
        title=say("Scores from 0 to 100"),
        own=facts_of,
        own_of=_row_facts,
        cell_of=lambda cell: SHORT_HIDDEN[cell.reason] if isinstance(cell, Hidden) else score(cell),
        bands=True,
    )


def change(release: Release) -> Table:
    """The difference of each score to the wave before; no lines in the first wave."""
    previous = release.wave.previous_label or ""
    return _matrix(
        release,
        name=say("Change"),
        title=say("Difference to {previous} in points, on the questions that both waves asked", previous=previous),
        own=(),
        own_of=lambda _: (),
        cell_of=_moved,
        empty=not previous,
    )


def answered(release: Release) -> Table:
    """How many answered what each score rests on."""
    return _matrix(
        release,
        name=say("Answers"),
        title=say("How many answers each score rests on, told from {k} on", k=release.policy.k_intervals),
        own=(),
        own_of=lambda _: (),
        cell_of=_count,
    )


def scores(release: Release) -> Table:
    """Every score with all that is printed beside it, a line each."""
    heads = (
        say("Department"),
        say("Dimension"),
        say("Score"),
        say("Band"),
        say("Answers"),
        say("Interval from"),
        say("Interval to"),
        say("Precision"),
        say("Favourable"),
        say("Neutral"),
        say("Unfavourable"),
        say("Don’t know"),
        say("Agreement (r*wg)"),
        say("Deviation"),
        say("Polarisation"),
        say("Gating score, lower"),
        say("Gating score, upper"),
        say("On anchor questions"),
    )
    names = columns(release)
    lines = tuple(
        (words.row_name(row), names.get(of, of), *_in_full(cell), _anchor(row, of))
        for row in ordered(release)
        for of, cell in row.cells.items()
    )
    return Table(
        name=say("Scores"),
        title=say("Every score with its interval and what is printed beside it"),
        heads=heads,
        lines=lines,
        named_by=2,
        bands=(2, 2),
    )


def questions(release: Release) -> Table:
    """How people answered each question, where it is told."""
    texts = {head.id: head.text for head in release.items}
    lines = tuple(
        (
            words.row_name(row),
            of,
            texts.get(of, ""),
            *(percent(one) for one in (shares.favourable, shares.neutral, shares.unfavourable)),
            *ends(shares.interval, "per cent"),
            percent(row.unknown[of]) if of in row.unknown else NONE,
        )
        for row in ordered(release)
        for of, shares in row.items.items()
    )
    return Table(
        name=say("Questions"),
        title=say("How people answered each question, in per cent"),
        heads=(
            say("Department"),
            say("Question"),
            say("Text"),
            say("Favourable"),
            say("Neutral"),
            say("Unfavourable"),
            say("Favourable from"),
            say("Favourable to"),
            say("Don’t know"),
        ),
        lines=lines,
        named_by=3,
    )


def people(release: Release) -> Table:
    """What groups of people say, by role and by site, whatever their department."""
    dimensions = release.dimensions
    lines = tuple(
        (
            group.name,
            Number(group.n),
            *(_shown(group.cells.get(head.id, Hidden(reason="withheld"))) for head in dimensions),
        )
        for margin in release.margins
        for group in margin.groups
    )
    return Table(
        name=say("Groups of people"),
        title=say("Scores by what people said of their role, and by site, of the whole organisation"),
        heads=(say("Group"), say("Answered"), *(head.name for head in dimensions)),
        lines=lines,
        bands=(2, 1 + len(dimensions)),
    )


def ordered(release: Release) -> tuple[Row, ...]:
    """The rows as the report has them, the organisation last."""
    return (*release.rows[1:], release.rows[0])


def score(cell: Scored) -> Number:
    """A score with its marks: `≥ 90`, `~62`, `62 ▲`."""
    before = {"": "", ">=": "≥ ", "<=": "≤ "}[cell.bound] or ("~" if cell.grade == "D" else "")
    confirmed = isinstance(cell.change, Change) and cell.change.confirmation == "confirmed"
    return Number(cell.score, before, f" {words.change_mark(cell.change)}" if confirmed else "")


def percent(share: Share) -> Number:
    """A share with its bound."""
    return Number(share.percent, {"": "", ">=": "≥ ", "<=": "≤ "}[share.bound], counted="per cent")


def hidden(release: Release) -> int:
    """How many scores of rows are not shown."""
    return sum(one.value is None and one.measure == "score" for one in facts(release))


def _matrix(
    release: Release,
    *,
    name: str,
    title: str,
    own: tuple[str, ...],
    own_of: Callable[[Row], tuple[Value, ...]],
    cell_of: Callable[[Cell], Value],
    bands: bool = False,
    empty: bool = False,
) -> Table:
    """A line a row and a column a dimension, after columns of its own."""
    start, last = 1 + len(own), len(own) + len(release.dimensions)
    rows = () if empty else ordered(release)
    missing = Hidden(reason="withheld")
    return Table(
        name=name,
        title=title,
        heads=(say("Department"), *own, *(head.name for head in release.dimensions)),
        lines=tuple(
            (
                words.row_name(row),
                *own_of(row),
                *(cell_of(row.cells.get(head.id, missing)) for head in release.dimensions),
            )
            for row in rows
        ),
        groups=tuple(_groups(release, start)),
        bands=(start, last) if bands else None,
        depths=tuple(max(row.depth - 1, 0) for row in rows),
        whole_last=bool(rows),
    )


def _groups(release: Release, start: int) -> Iterator[tuple[str, int, int]]:
    for block, name in GROUPS.items():
        places = [place for place, head in enumerate(release.dimensions) if head.block == block]
        if places:
            yield name, start + places[0], len(places)


def _row_facts(row: Row) -> tuple[Value, ...]:
    return (
        Number(row.headcount),
        NOT_TOLD if row.n is None else Number(row.n),
        NOT_TOLD if row.rate is None else Number(row.rate, counted="per cent"),
        *(NOT_TOLD if index.score is None else Number(index.score) for index in (row.trust, row.readiness)),
    )


def _shown(cell: Cell) -> Value:
    return SHORT_HIDDEN[cell.reason] if isinstance(cell, Hidden) else score(cell)


def _moved(cell: Cell) -> Value:
    if isinstance(cell, Hidden):
        return SHORT_HIDDEN[cell.reason]
    if isinstance(cell.change, NoChange):
        return SHORT_REASONS[cell.change.reason]
    mark = words.change_mark(cell.change)
    step = words.change_class(cell.change)
    return Number(cell.change.delta, after=f" {mark}" if mark else "", counted="signed", step=step)


def _count(cell: Cell) -> Value:
    if isinstance(cell, Hidden):
        return SHORT_HIDDEN[cell.reason]
    return NOT_TOLD if cell.n is None else Number(cell.n)


def _in_full(cell: Cell) -> tuple[Value, ...]:
    if isinstance(cell, Hidden):
        return (words.hidden_text(cell), *[NONE] * 14)
    shares = (cell.shares.favourable, cell.shares.neutral, cell.shares.unfavourable) if cell.shares else ()
    return (
        score(cell),
        words.band_text(cell),
        NOT_TOLD if cell.n is None else Number(cell.n),
        *ends(cell.interval, ""),
        cell.grade,
        *(map(percent, shares) if shares else [NONE] * 3),
        percent(cell.unknown) if cell.unknown else NONE,
        *(
            (Number(cell.agreement.r_wg, counted="hundredths"), Number(cell.agreement.deviation, counted="hundredths"))
            if cell.agreement
            else (NONE, NONE)
        ),
        Number(cell.camps.polarisation, counted="hundredths") if cell.camps else NONE,
        *((Number(cell.gate.lower), Number(cell.gate.upper)) if cell.gate else (NONE, NONE)),
    )


def _anchor(row: Row, of: str) -> Value:
    cell = row.anchors.get(of)
    return score(cell) if isinstance(cell, Scored) else NONE


def ends(between: tuple[int, int] | None, counted: Counted) -> tuple[Value, Value]:
    """The ends of an interval, dashes where there is none."""
    return (
        (NONE, NONE) if between is None else (Number(between[0], counted=counted), Number(between[1], counted=counted))
    )
