"""Sentences from a release: pure functions of printed values. No value without the number of people it comes from.

Rules (MEASUREMENT.md 5.3 and 9): "higher" and "lower" only for confirmed changes, "seems" for what is likely but not
confirmed, no causal verb at all, and what cannot be told is said. Nothing here knows more than the release prints.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.releases.document import Change, DimensionHead, Release, Row, Scored
from app.releases.words import answers, change_words, people, signed, value_text
from app.reports.phrases import distinct, joined, row_name, sentence_start, within, worded

LOW_RATE = 50
INDICATIVE_RATE = 30
BIAS_POINTS = 10
MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One of the five: a printed figure set large, what it is, one sentence with n, and how far to trust it."""

    figure: str
    label: str
    sentence: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change that the release marks, with the row and the column it belongs to."""

    row: Row
    head: DimensionHead
    cell: Scored
    change: Change


def summary(release: Release) -> tuple[Statement, ...]:
    """The five statements of the executive summary."""
    return (_participation(release), _level(release), _extremes(release), _spread(release), _movement(release))


def result(release: Release) -> str:
    """One sentence for the cover."""
    row = release.organisation
    if row.n is None or row.trust.score is None or row.readiness.score is None:
        return "Too few people answered for a result that can be shown."
    return (
        f"{people(row.n)} answered. Trust in AI agents stands at {row.trust.score}, "
        f"readiness for them at {row.readiness.score} of 100."
    )


def basis(row: Row, cell: Scored) -> str:
    """The number of people a printed score comes from: the cell's own where it is given, else the row's."""
    if cell.n is not None:
        return answers(cell.n)
    return f"{people(row.n)} answered" if row.n is not None else "a small group"


def value(row: Row, cell: Scored) -> str:
    """A score with its basis: `72 (31 answers)`."""
    return f"{value_text(cell)} ({basis(row, cell)})"


def rate_words(row: Row) -> str:
    """How far a response rate carries (MEASUREMENT.md 3.13); empty from 50 per cent on."""
    if row.rate is None or row.rate >= LOW_RATE:
        return ""
    return "indicative only" if row.rate < INDICATIVE_RATE else "low"


def answered(row: Row) -> str:
    """Who answered in a row, as a sentence."""
    if row.n is None:
        empty = any(getattr(cell, "reason", "") == "no_answers" for cell in row.cells.values())
        return "Nobody answered." if empty else "How many answered is not shown, to protect a small group."
    rate = f" ({row.rate} %)" if row.rate is not None else ""
    words = rate_words(row)
    tail = f" That is {'a low response rate' if words == 'low' else 'indicative only'}." if words else ""
    return f"{row.n} of {people(row.headcount)} answered{rate}.{tail}"


def of_row(release: Release, row: Row) -> tuple[str, str, str]:
    """The three sentences of a department's page: who answered, what stands out, what changed."""
    return answered(row), _standing(release, row), _row_movement(release, row)


def headline(release: Release, row: Row) -> str:
    """What a department's page says, without a number."""
    moves = [m for m in movements(release) if m.row is row and m.change.confirmation == "confirmed"]
    if moves:
        first = moves[0]
        return f"{first.head.name} is {comparative(first.change)} than in {release.wave.previous_label}"
    top, bottom = _ends(release, row)
    if not top:
        return "No score of its own can be shown"
    if top[0][1].score == bottom[0][1].score:
        return "All scores are alike"
    return f"{top[0][0].name} stands highest, {within(bottom[0][0].name)} lowest"


def heat_headline(release: Release) -> str:
    """What the heatmap says, without a number."""
    top, bottom = _ends(release, release.organisation)
    if not top or top[0][1].score == bottom[0][1].score:
        return "Where trust and readiness stand"
    return f"{top[0][0].name} stands highest, {within(bottom[0][0].name)} lowest"


def change_headline(release: Release) -> str:
    """What the chapter on change says."""
    if no_comparison(release) is not None:
        return "What changed cannot be told yet"
    moved = movements(release)
    confirmed = sum(m.change.confirmation == "confirmed" for m in moved)
    previous = release.wave.previous_label
    if confirmed:
        return f"{sentence_start(_changes_are(confirmed, previous))} confirmed"
    if moved:
        return f"No change since {previous} is confirmed; {_changes_are(len(moved), None)} likely"
    return f"Nothing has clearly changed since {previous}"


def movements(release: Release) -> tuple[Moved, ...]:
    """All marked changes: confirmed before likely ones, then by size."""
    found = (
        Moved(row=row, head=head, cell=cell, change=cell.change)
        for row, head, cell in _shown(release, release.rows)
        if isinstance(cell.change, Change) and cell.change.confirmation != "none"
    )
    return tuple(sorted(found, key=lambda m: (m.change.confirmation != "confirmed", -abs(m.change.delta))))


def movement_sentence(release: Release, moved: Moved) -> str:
    """One change in words: confirmed ones are higher or lower, the others seem so."""
    verb = "is" if moved.change.confirmation == "confirmed" else "seems"
    return (
        f"{moved.row.name}: {within(moved.head.name)} {verb} {comparative(moved.change)} than in "
        f"{release.wave.previous_label}, {moved.change.now} against {moved.change.before} "
        f"({basis(moved.row, moved.cell)})."
    )


def compared(release: Release) -> int:
    """How many scores have a difference to the previous wave."""
    return sum(isinstance(cell.change, Change) for _, _, cell in _shown(release, release.rows))


def no_comparison(release: Release) -> str | None:
    """Why nothing at all is compared with an earlier wave, or None."""
    if release.wave.previous_label is None:
        return "This is the first wave, so there is nothing to compare it with yet. The next wave will show what moved."
    if compared(release) == 0:
        return (
            f"No score of this wave can be compared with {release.wave.previous_label}: the questions or the groups "
            "are not the same, or the earlier scores are not shown."
        )
    return None


def limits(release: Release) -> tuple[str, ...]:
    """What this report cannot tell, each as one sentence."""
    return tuple(sentence for sentence in _limits(release) if sentence)


def _limits(release: Release) -> Iterator[str]:
    total = len(release.rows) * len(release.dimensions)
    hidden = total - sum(1 for _ in _shown(release, release.rows))
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
        listed = joined([f"{row.name} ({row.n} of {row.headcount})" for row in weak])
        yield f"Fewer than half of the people answered in {listed}; those who did not may think otherwise."
    partial = [head.name for head in release.dimensions if _coverage(release.organisation, head) == "< 80 %, partial"]
    if partial:
        yield f"The organisation's score covers less than 80 % of the people on {joined(partial)}."
    coarse = sum(cell.grade == "D" for _, _, cell in _shown(release, release.rows))
    if coarse:
        yield f"{coarse} scores carry “~”: their interval reaches more than 15 points to each side."
    yield "The numbers say what people answered, not why. Two numbers that move together are not cause and effect."


def _participation(release: Release) -> Statement:
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
        "scores; the heatmap shows what lies beneath.",
    )


def _extremes(release: Release) -> Statement:
    row = release.organisation
    top, bottom = _ends(release, row)
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
        sentence=_standing(release, row),
        detail=f"95 % intervals: {'; '.join(ends)}." if ends else "No interval can be given.",
    )


def _spread(release: Release) -> Statement:
    parents = {row.parent for row in release.rows}
    finest = [row for row in release.rows if row.kind != "organisation" and row.id not in parents]
    widest: tuple[tuple[Row, Scored], tuple[Row, Scored], DimensionHead] | None = None
    for head in release.dimensions:
        column = sorted(
            ((row, cell) for row, other, cell in _shown(release, finest) if other is head), key=lambda e: e[1].score
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
        sentence=f"Departments lie furthest apart on {within(head.name)}: {value(low_row, low)} in {low_row.name}, "
        f"{value(high_row, high)} in {high_row.name}.",
        detail=_apart(low, high),
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


def _standing(release: Release, row: Row) -> str:
    top, bottom = _ends(release, row)
    if not top:
        return f"No score of {row.name} is shown, to protect a small group." if row.n else "There is no score to show."
    if top[0][1].score == bottom[0][1].score:
        return f"All scores shown stand at {value(row, top[0][1])}."
    return f"{_end(row, top, 'highest')}, {within(_end(row, bottom, 'lowest'))}."


def _end(row: Row, ends: list[tuple[DimensionHead, Scored]], word: str) -> str:
    first = ends[0][0].name
    if len(ends) > MOST_NAMES:
        names = f"{sentence_start(worded(len(ends)))} dimensions, {within(first)} among them,"
    else:
        names = joined([first, *(within(head.name) for head, _ in ends[1:])])
    bases = joined(distinct(basis(row, cell) for _, cell in ends))
    return f"{names} {'stands' if len(ends) == 1 else 'stand'} {word} at {value_text(ends[0][1])} ({bases})"


def _row_movement(release: Release, row: Row) -> str:
    previous = release.wave.previous_label
    cells = [cell for _, _, cell in _shown(release, [row])]
    if previous is None:
        return "This is the first wave, so nothing can be said about change."
    if not cells:
        return "Nothing can be said about change."
    if not any(isinstance(cell.change, Change) for cell in cells):
        reasons = distinct(within(change_words(cell.change)) for cell in cells)
        return f"No change since {previous} can be given: {joined(reasons)}."
    moved = [m for m in movements(release) if m.row is row]
    if not moved:
        return (
            f"Nothing has clearly changed since {previous} ({people(row.n)} answered)."
            if row.n
            else (f"Nothing has clearly changed since {previous}.")
        )
    others = len(moved) - 1
    more = (
        f" {sentence_start(worded(others))} more {'score is' if others == 1 else 'scores are'} marked."
        if others
        else ""
    )
    first = moved[0]
    verb = "is" if first.change.confirmation == "confirmed" else "seems"
    return (
        f"{first.head.name} {verb} {comparative(first.change)} than in {previous}: {first.change.now} against "
        f"{first.change.before} ({basis(row, first.cell)}).{more}"
    )


def _ends(release: Release, row: Row) -> tuple[list[tuple[DimensionHead, Scored]], list[tuple[DimensionHead, Scored]]]:
    """The highest and the lowest printed scores of a row's trust and readiness columns, ties together."""
    shown = [(head, cell) for _, head, cell in _shown(release, [row]) if head.block != "criterion"]
    if not shown:
        return [], []
    scores = [cell.score for _, cell in shown]
    return [e for e in shown if e[1].score == max(scores)], [e for e in shown if e[1].score == min(scores)]


def _shown(release: Release, rows: Iterable[Row]) -> Iterator[tuple[Row, DimensionHead, Scored]]:
    for row in rows:
        for head in release.dimensions:
            cell = row.cells.get(head.id)
            if isinstance(cell, Scored):
                yield row, head, cell


def comparative(change: Change) -> str:
    """The word for the direction of a marked change."""
    return "higher" if change.delta > 0 else "lower"


def _coverage(row: Row, head: DimensionHead) -> str | None:
    cell = row.cells.get(head.id)
    return cell.coverage if isinstance(cell, Scored) else None


def _range(low: tuple[Row, Scored], high: tuple[Row, Scored]) -> int:
    return high[1].score - low[1].score


def _banded(trust: str, readiness: str) -> str:
    if trust == readiness:
        return f"the band “{trust}” for both"
    return f"the band “{trust}” for trust and “{readiness}” for readiness"


def _apart(low: Scored, high: Scored) -> str:
    """How far to trust the distance between two departments."""
    if low.interval is None or high.interval is None:
        return "At least one of the two groups is too small for an interval, so the distance is a hint, not a finding."
    if low.interval[1] < high.interval[0]:
        return "Their 95 % intervals do not overlap."
    return "Their 95 % intervals overlap: the distance may be chance."


def _org_basis(release: Release) -> str:
    row = release.organisation
    return f"{people(row.n)} answered" if row.n is not None else "few people answered"


def _changes_are(number: int, previous: str | None) -> str:
    since = f" since {previous}" if previous else ""
    return f"{worded(number)} change{since} is" if number == 1 else f"{worded(number)} changes{since} are"
