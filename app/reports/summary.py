"""The executive summary: five statements, each with its number of people, and what cannot be told at all.

The rules are those of `findings.py` (MEASUREMENT.md 5.3 and 9).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.releases.distance import apart
from app.releases.document.release import Block, DimensionHead, Release, Row, Scored
from app.releases.document.words import people, signed, value_text
from app.releases.indices import interval
from app.releases.silence import rate_words
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
from app.reports.phrases import joined, row_name, within

BIAS_POINTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One of the five: a printed figure set large, what it is, one sentence with n, and how far to trust it."""

    figure: str
    label: str
    sentence: str
    detail: str


def summary(release: Release) -> tuple[Statement, ...]:
    """The five statements of the executive summary."""
    return (_response_rate(release), _level(release), _extremes(release), _spread(release), _movement(release))


def limits(release: Release) -> tuple[str, ...]:
    """What this report cannot tell, each as one sentence."""
    return tuple(sentence for sentence in _limits(release) if sentence)


def _limits(release: Release) -> Iterator[str]:
    total = len(release.rows) * len(release.dimensions)
    hidden = total - sum(1 for _ in shown(release, release.rows))
    if hidden:
        yield f"{hidden} of the heatmap's {total} scores are not shown: a small group is protected, or nobody answered."
    for holder in release.rows:
        names = [small.name for small in release.small if small.row == holder.id]
        if names:
            verb = "has" if len(names) == 1 else "have"
            group = row_name(release, holder)
            yield f"{joined(names)} {verb} no row of their own; their people are counted in “{group}”."
    weak = [row for row in release.rows if rate_words(row)]
    if weak:
        listed = joined([f"{row_name(release, row)} ({row.n} of {row.headcount})" for row in weak])
        yield f"Fewer than half of the people answered in {listed}; those who did not may think otherwise."
    partial = [head.name for head in release.dimensions if _coverage(release.organisation, head) == "< 80 %, partial"]
    if partial:
        yield f"The organisation's score covers less than 80 % of the people on {joined(partial)}."
    coarse = sum(cell.grade == "D" for _, _, cell in shown(release, release.rows))
    if coarse:
        yield f"{coarse} scores carry “~”: their interval reaches more than 15 points to each side."
    yield "The numbers say what people answered, not why. Two numbers that move together are not cause and effect."


def _response_rate(release: Release) -> Statement:
    row = release.organisation
    if row.n is None or row.rate is None:
        return Statement(figure="–", label="response rate", sentence=answered(row), detail="")
    bias = round((100 - row.rate) * BIAS_POINTS / 100)
    shift = "1 point or less" if bias < 2 else f"{bias} points"
    return Statement(
        figure=f"{row.rate} %",
        label="answered",
        sentence=answered(row),
        detail=f"If the others think {BIAS_POINTS} points differently, the scores of all staff are {shift} off.",
    )


def _level(release: Release) -> Statement:
    row = release.organisation
    trust, readiness = row.trust, row.readiness
    if row.n is None or trust.score is None or readiness.score is None:
        return Statement(
            figure="–",
            label="trust and readiness",
            sentence="The trust and readiness indices cannot be shown: too few of their scores are.",
            detail="",
        )
    return Statement(
        figure=f"{trust.score} · {readiness.score}",
        label="trust · readiness",
        sentence=f"Trust stands at {trust.score} and readiness at {readiness.score}, each out of 100 "
        f"({people(row.n)} answered).",
        detail=f"That is {_banded(str(trust.band), str(readiness.band))}. An index is the plain mean of its printed "
        f"scores; the heatmap shows what lies beneath.{_ranges(release)}",
    )


def _ranges(release: Release) -> str:
    """The intervals of both indices, where both are told."""
    blocks: tuple[Block, Block] = ("trust", "readiness")
    told = [interval(release, release.organisation, one) for one in blocks]
    ends = [f"{one[0]} to {one[1]}" for one in told if one is not None]
    return f" 95 % intervals, rather too wide: {ends[0]} · {ends[1]}." if len(ends) == len(told) else ""


def _extremes(release: Release) -> Statement:
    row = release.organisation
    top, bottom = ends_of(release, row)
    if not top:
        return Statement(
            figure="–", label="highest and lowest", sentence="No score of the organisation can be shown.", detail=""
        )
    ends = [
        f"{head.name} {cell.interval[0]} to {cell.interval[1]}" for head, cell in (top[0], bottom[0]) if cell.interval
    ]
    return Statement(
        figure=f"{value_text(top[0][1])} · {value_text(bottom[0][1])}",
        label="highest · lowest",
        sentence=standing(release, row),
        detail=f"95 % intervals: {'; '.join(ends)}." if ends else "No interval can be given.",
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
            label="between departments",
            sentence="Departments cannot be compared: fewer than two of them can be shown.",
            detail="",
        )
    (low_row, low), (high_row, high), head = widest
    return Statement(
        figure=f"{value_text(low)} · {value_text(high)}",
        label="lowest · highest department",
        sentence=f"Departments lie furthest apart on {within(head.name)}: {value(low_row, low)} in "
        f"{row_name(release, low_row)}, {value(high_row, high)} in {row_name(release, high_row)}.",
        detail=_how_far(low, high),
    )


def _movement(release: Release) -> Statement:
    reason = no_comparison(release)
    if reason is not None:
        return Statement(figure="–", label="change", sentence=reason, detail="")
    moved = movements(release)
    confirmed = sum(m.change.confirmation == "confirmed" for m in moved)
    detail = (
        f"Of {compared(release)} comparisons with {release.wave.previous_label}, {confirmed} "
        f"{'is' if confirmed == 1 else 'are'} confirmed and {len(moved) - confirmed} likely; the others are "
        "no clear change."
    )
    if not moved:
        sentence = f"Nothing has clearly changed since {release.wave.previous_label} ({_org_basis(release)})."
        return Statement(figure="0", label="clear changes", sentence=sentence, detail=detail)
    return Statement(
        figure=signed(moved[0].change.delta),
        label="largest confirmed change" if confirmed else "largest likely change",
        sentence=movement_sentence(release, moved[0]),
        detail=detail,
    )


def _coverage(row: Row, head: DimensionHead) -> str | None:
    cell = row.cells.get(head.id)
    return cell.coverage if isinstance(cell, Scored) else None


def _range(low: tuple[Row, Scored], high: tuple[Row, Scored]) -> int:
    return high[1].score - low[1].score


def _banded(trust: str, readiness: str) -> str:
    if trust == readiness:
        return f"the band “{trust}” for both"
    return f"the band “{trust}” for trust and “{readiness}” for readiness"


def _how_far(low: Scored, high: Scored) -> str:
    """How far to trust the distance between two departments."""
    clear = apart(low, high)
    if clear is None:
        return "At least one of the two groups is too small for an interval, so the distance is a hint, not a finding."
    if clear:
        return "Their 95 % intervals do not overlap."
    return "Their 95 % intervals overlap: the distance may be chance."


def _org_basis(release: Release) -> str:
    row = release.organisation
    return f"{people(row.n)} answered" if row.n is not None else "few people answered"
