"""The summary: a handful of statements, each with its number of people, and what cannot be told at all.

The report for the board is about the organisation; that of a department about its row, beside the organisation.

The rules are those of `findings.py` (MEASUREMENT.md 5.3 and 9).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.releases.distance import apart
from app.releases.document.release import Block, DimensionHead, Release, Row, Scored
from app.releases.document.words import BAND_WITHIN, signed, value_text
from app.releases.indices import interval
from app.releases.silence import rate_words
from app.reports import beside
from app.reports.divided import gap_sentences
from app.reports.driven import untold
from app.reports.findings import (
    answered,
    compared,
    ends_of,
    movement_sentence,
    movements,
    no_comparison,
    shown,
    standing,
    value,
)
from app.reports.phrases import answered_by, row_name, some, within, worded
from app.reports.sureness import undetectable
from app.sentences import Listing, Passage, Sentence, say, say_count

BIAS_POINTS = 10
MOST_GROUPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One of the five: a printed figure set large, what it is, one sentence with n, and how far to trust it."""

    figure: str
    label: str
    sentence: str
    detail: str


def summary(release: Release, row: Row | None = None) -> tuple[Statement, ...]:
    """Five statements about the organisation, or about a row of it; a sixth on leaders where their gap is clear."""
    about = row or release.organisation
    return (
        _response_rate(about),
        _level(release, about),
        _extremes(release, about),
        _spread(release) if row is None else _distance(release, row),
        _movement(release, row),
        *(_leaders(release) if row is None else ()),
    )


def title(release: Release, row: Row | None, number: int) -> Sentence:
    """What stands above that many statements."""
    name = release.wave.organisation if row is None else row_name(row)
    return say("{client} in {number} statements", client=name, number=worded(number))


def limits(release: Release) -> tuple[str, ...]:
    """What this report cannot tell, each as one sentence."""
    return tuple(sentence for sentence in _limits(release) if sentence)


def _limits(release: Release) -> Iterator[str | None]:
    total = len(release.rows) * len(release.dimensions)
    hidden = total - sum(1 for _ in shown(release, release.rows))
    if hidden:
        yield say(
            "{hidden} of the heatmap's {total} scores are not shown: a small group is protected, or nobody answered.",
            hidden=hidden,
            total=total,
        )
    yield undetectable(release)
    yield from list(_pooled(release))[:MOST_GROUPS]
    weak = [row for row in release.rows if rate_words(row)]
    if weak:
        told = say("{row} ({n} of {headcount})")
        each = some([told.filled({"row": row_name(row), "n": row.n or 0, "headcount": row.headcount}) for row in weak])
        yield say("Fewer than half of the people answered in {rows}; those who did not may think otherwise.", rows=each)
    partial = [head.name for head in release.dimensions if _coverage(release.organisation, head) == "< 80 %, partial"]
    if partial:
        yield say(
            "The organisation's score covers less than 80 % of the people on {dimensions}.", dimensions=Listing(partial)
        )
    coarse = sum(cell.grade == "D" for _, _, cell in shown(release, release.rows))
    if coarse:
        yield say("{n} scores carry “~”: their interval reaches more than 15 points to each side.", n=coarse)
    yield untold(release)
    yield say("The numbers say what people answered, not why. Two numbers that move together are not cause and effect.")


def _pooled(release: Release) -> Iterator[Sentence]:
    """Whose people are counted in which group."""
    for holder in release.rows:
        names = [small.name for small in release.small if small.row == holder.id]
        if names:
            yield say_count(
                "{names} has no row of its own; its people are counted in “{group}”.",
                "{names} have no row of their own; their people are counted in “{group}”.",
                len(names),
                names=some(names),
                group=row_name(holder),
            )


def _response_rate(row: Row) -> Statement:
    if row.n is None or row.rate is None:
        return Statement(figure="–", label=say("response rate"), sentence=answered(row), detail="")
    bias = round((100 - row.rate) * BIAS_POINTS / 100)
    detail = (
        say("If the others think {by} points differently, the scores of all staff are 1 point or less off.")
        if bias < 2
        else say("If the others think {by} points differently, the scores of all staff are {bias} points off.")
    )
    return Statement(
        figure=f"{row.rate} %",
        label=say("answered"),
        sentence=answered(row),
        detail=detail.filled({"by": BIAS_POINTS, "bias": bias}),
    )


def _level(release: Release, row: Row) -> Statement:
    trust, readiness = row.trust, row.readiness
    if row.n is None or trust.score is None or readiness.score is None or trust.band is None or readiness.band is None:
        return Statement(
            figure="–",
            label=say("trust and readiness"),
            sentence=say("The trust and readiness indices cannot be shown: too few of their scores are."),
            detail="",
        )
    bands = {"trust": BAND_WITHIN[trust.band], "readiness": BAND_WITHIN[readiness.band]}
    banded = (
        say("That is the band “{trust}” for both.")
        if trust.band == readiness.band
        else say("That is the band “{trust}” for trust and “{readiness}” for readiness.")
    )
    mean = say("An index is the plain mean of its printed scores; the heatmap shows what lies beneath.")
    return Statement(
        figure=f"{trust.score} · {readiness.score}",
        label=say("trust · readiness"),
        sentence=say(
            "Trust stands at {trust} and readiness at {readiness}, each out of 100 ({basis}).",
            trust=trust.score,
            readiness=readiness.score,
            basis=answered_by(row.n),
        ),
        detail=Passage([banded.filled(bands), mean, _ranges(release, row)]),
    )


def _ranges(release: Release, row: Row) -> str:
    """The intervals of both indices, where both are told."""
    blocks: tuple[Block, Block] = ("trust", "readiness")
    told = [interval(release, row, one) for one in blocks]
    ends = [say("{first} to {last}", first=one[0], last=one[1]) for one in told if one is not None]
    if len(ends) < len(told):
        return ""
    return say("95 % intervals, rather too wide: {trust} · {readiness}.", trust=ends[0], readiness=ends[1])


def _extremes(release: Release, row: Row) -> Statement:
    top, bottom = ends_of(release, row)
    if not top:
        return Statement(
            figure="–",
            label=say("highest and lowest"),
            sentence=say("No score of {row} can be shown.", row=row_name(row)),
            detail="",
        )
    ends = [
        say("{dimension} {first} to {last}", dimension=head.name, first=cell.interval[0], last=cell.interval[1])
        for head, cell in (top[0], bottom[0])
        if cell.interval
    ]
    return Statement(
        figure=f"{value_text(top[0][1])} · {value_text(bottom[0][1])}",
        label=say("highest · lowest"),
        sentence=standing(release, row),
        detail=say("95 % intervals: {intervals}.", intervals=Passage(ends, "; "))
        if ends
        else say("No interval can be given."),
    )


def _spread(release: Release) -> Statement:
    parents = {row.parent for row in release.rows}
    finest = [row for row in release.rows if row.kind != "organisation" and row.id not in parents]
    widest: tuple[tuple[Row, Scored], tuple[Row, Scored], DimensionHead] | None = None
    for head in release.dimensions:
        column = sorted(
            ((row, cell) for row, other, cell in shown(release, finest) if other is head), key=lambda e: e[1].score
        )
        if len(column) > 1 and (widest is None or _range(column[0], column[-1]) > _range(widest[0], widest[1])):
            widest = column[0], column[-1], head
    if widest is None:
        return Statement(
            figure="–",
            label=say("between departments"),
            sentence=say("Departments cannot be compared: fewer than two of them can be shown."),
            detail="",
        )
    return _apart(*widest)


def _apart(lowest: tuple[Row, Scored], highest: tuple[Row, Scored], head: DimensionHead) -> Statement:
    """The two rows that lie furthest apart in a dimension."""
    (low_row, low), (high_row, high) = lowest, highest
    return Statement(
        figure=f"{value_text(low)} · {value_text(high)}",
        label=say("lowest · highest department"),
        sentence=say(
            "Departments lie furthest apart on {dimension}: {low} in {low_row}, {high} in {high_row}.",
            dimension=within(head.name),
            low=value(low_row, low),
            low_row=row_name(low_row),
            high=value(high_row, high),
            high_row=row_name(high_row),
        ),
        detail=_how_far(low, high),
    )


def _distance(release: Release, row: Row) -> Statement:
    """The dimension in which a row lies furthest from the organisation."""
    found = beside.distances(release, row)
    if not found:
        sentence = say("{row} cannot be compared with the whole organisation.", row=row_name(row))
        return Statement(figure="–", label=say("beside the organisation"), sentence=sentence, detail="")
    far = found[0]
    return Statement(
        figure=f"{value_text(far.own)} · {value_text(far.whole)}",
        label=say("here · whole organisation"),
        sentence=beside.furthest(row, found),
        detail=beside.count(found),
    )


def _leaders(release: Release) -> Iterator[Statement]:
    """How differently leaders see the dimension in which their gap is widest, where it is clear."""
    marked = [one for one in release.gaps.cells if one.marked] if release.gaps else []
    if marked:
        widest = max(marked, key=lambda one: abs(one.gap))
        yield Statement(
            figure=f"{widest.leaders} · {widest.staff}",
            label=say("leaders · staff"),
            sentence=gap_sentences(release)[0],
            detail=_others_apart(len(marked)),
        )


def _others_apart(number: int) -> str:
    if number == 1:
        return say("It is the one dimension in which their gap is clear: 10 points or more, and unlikely to be chance.")
    return say(
        "It is one of {number} dimensions in which their gap is clear: 10 points or more, and unlikely to be chance.",
        number=worded(number),
    )


def _movement(release: Release, row: Row | None) -> Statement:
    reason, previous = no_comparison(release), release.wave.previous_label or ""
    if reason is not None:
        return Statement(figure="–", label=say("change"), sentence=reason, detail="")
    moved = [one for one in movements(release) if row is None or one.row.id == row.id]
    rows = release.rows if row is None else (row,)
    confirmed = sum(m.change.confirmation == "confirmed" for m in moved)
    detail = say_count(
        "Of {compared} comparisons with {previous}, {n} is confirmed and {likely} likely; the others are no clear "
        "change.",
        "Of {compared} comparisons with {previous}, {n} are confirmed and {likely} likely; the others are no clear "
        "change.",
        confirmed,
        compared=compared(release, rows),
        previous=previous,
        likely=len(moved) - confirmed,
    )
    if not moved:
        sentence = say(
            "Nothing has clearly changed since {previous} ({basis}).",
            previous=previous,
            basis=_basis(row or release.organisation),
        )
        return Statement(figure="0", label=say("clear changes"), sentence=sentence, detail=detail)
    return Statement(
        figure=signed(moved[0].change.delta),
        label=say("largest confirmed change") if confirmed else say("largest likely change"),
        sentence=movement_sentence(release, moved[0]),
        detail=detail,
    )


def _coverage(row: Row, head: DimensionHead) -> str | None:
    cell = row.cells.get(head.id)
    return cell.coverage if isinstance(cell, Scored) else None


def _range(low: tuple[Row, Scored], high: tuple[Row, Scored]) -> int:
    return high[1].score - low[1].score


def _how_far(low: Scored, high: Scored) -> Sentence:
    """How far to trust the distance between two departments."""
    clear = apart(low, high)
    if clear is None:
        return say(
            "At least one of the two groups is too small for an interval, so the distance is a hint, not a finding."
        )
    if clear:
        return say("Their 95 % intervals do not overlap.")
    return say("Their 95 % intervals overlap: the distance may be chance.")


def _basis(row: Row) -> Sentence:
    return answered_by(row.n) if row.n is not None else say("few people answered")
