"""Slides of what differs: from the wave before, between leaders and staff, within groups, and from the whole."""

from typing import Final

from app.exports.kinds import Bars, Heads, Points, Series, Slide, lines_of
from app.figures import dots as figures
from app.figures import squares
from app.releases.document import words
from app.releases.document.release import Release
from app.reports import beside as nearby
from app.reports import findings
from app.reports.phrases import answered_by
from app.sentences import Passage, say, say_count

MOST_BARS: Final = 12
MOST_LINES: Final = 8


NEXT: Final = (
    say("The scores of the questions that two waves both asked, for groups with the same members."),
    say("A difference from 5 points on that stands out from all the others tested with it."),
    say("Everything else is called “no clear change”, whatever its size."),
)


def moved(release: Release, *, short: bool) -> tuple[Slide, ...]:
    """What changed, as bars and in sentences; where nothing can be compared on one slide, if it is to be `short`."""
    reason = findings.no_comparison(release)
    if reason is None or not short:
        return change(release), changes(release)
    heads = (reason, ""), (say("What the next wave will compare"), Passage(NEXT))
    return (Slide(title=findings.change_headline(release), shows=Heads(heads)),)


def change(release: Release) -> Slide:
    """The largest changes as bars."""
    title, every = findings.change_headline(release), findings.movements(release)[:MOST_BARS]
    reason = findings.no_comparison(release)
    if reason is not None or not every:
        told = reason or say("Every difference is so small, or so unsure, that it may be chance.")
        return Slide(title=title, shows=Points((told,)))
    widest = max(abs(one.change.delta) for one in every)
    return Slide(
        title=title,
        shows=Bars(
            categories=tuple(
                say("{row}: {dimension}", row=words.row_name(one.row), dimension=one.head.name) for one in every
            ),
            series=(
                Series(
                    name=say("Change in points"),
                    values=tuple(one.change.delta for one in every),
                    steps=tuple(words.change_class(one.change) for one in every),
                ),
            ),
            low=-10 * (-(-widest // 10)),
            high=10 * (-(-widest // 10)),
        ),
        below=say(
            "Confirmed changes first, then likely ones; against {previous}, on the questions that both waves asked.",
            previous=release.wave.previous_label or "",
        ),
        notes=tuple(findings.movement_sentence(release, one) for one in every),
    )


def changes(release: Release) -> Slide:
    """All changes in sentences."""
    reason = findings.no_comparison(release)
    previous = release.wave.previous_label or ""
    if reason is not None:
        return Slide(title=say("What the next wave will compare"), shows=Points(NEXT))
    confirmed, likely = (findings.moved_rows(release, one) for one in ("confirmed", "seems"))
    told = [
        say("{who} {verb}: {items}.", who=one.who, verb=one.verb, items=Passage(one.items, "; "))
        for one in (*confirmed, *likely)
    ]
    return Slide(
        title=say_count(
            "Of {compared} comparisons with {previous}, {n} is confirmed and {likely} likely",
            "Of {compared} comparisons with {previous}, {n} are confirmed and {likely} likely",
            sum(len(one.items) for one in confirmed),
            compared=findings.compared(release),
            previous=previous,
            likely=sum(len(one.items) for one in likely),
        ),
        shows=Points(tuple(told[:MOST_LINES]) or (say("Nothing has clearly changed."),)),
        below=say("“Higher” and “lower” are confirmed; “seems” is likely. All others are no clear change."),
        notes=tuple(told),
    )


def leaders(release: Release) -> Slide:
    """What leaders and staff score."""
    found, gaps = figures.leaders(release), release.gaps
    if found is None or gaps is None:
        return Slide(
            title=say("Leaders and staff are not told apart"),
            shows=Points((say("One of the two groups is too small, or nobody was asked for their role."),)),
            quiet=True,
        )
    return Slide(
        title=found.title,
        shows=Bars(
            categories=tuple(line.name for line in found.lines),
            series=(
                Series(name=say("Leaders"), values=tuple(one.leaders for one in gaps.cells)),
                Series(name=say("Staff"), values=tuple(one.staff for one in gaps.cells)),
            ),
        ),
        below=Passage(found.notes),
        notes=tuple(Passage(line, " · ") for line in (found.table.heads, *found.table.lines)),
    )


def splits(release: Release) -> Slide:
    """Where people are divided."""
    found = [
        (row, head.name, cell)
        for row, head, cell in findings.shown(release, release.rows)
        if cell.camps is not None and cell.camps.split
    ]
    told = [
        say("{row}: {dimension}, {value}", row=words.row_name(row), dimension=name, value=findings.value(row, cell))
        for row, name, cell in found
    ]
    if not told:
        return Slide(
            title=say("No group is clearly divided"),
            shows=Points(
                (
                    say("A group counts as divided where a quarter say yes and a quarter say no."),
                    say("It is told of groups with at least {k} answers only.", k=release.policy.k_intervals),
                )
            ),
            quiet=True,
        )
    return Slide(
        title=say_count("People are divided on one score", "People are divided on {n} scores", len(told)),
        shows=Points(tuple(told[:MOST_LINES])),
        below=say("At least a quarter say yes and at least a quarter say no; the mean hides both."),
        notes=tuple(told),
    )


def drivers(release: Release) -> Slide:
    """What goes with willingness."""
    found = squares.drivers(release)
    if found is None or release.drivers is None:
        why = say("Not told. {why}", why=squares.why_no_drivers(release))
        return Slide(title=say("What goes with willingness is not told"), shows=Points((why,)), quiet=True)
    names = {head.id: head.name for head in release.dimensions}
    cells = sorted(release.drivers.cells, key=lambda one: -one.share)
    rests = (say("{basis}.", basis=answered_by(release.drivers.n)),) if release.drivers.n is not None else ()
    return Slide(
        title=found.title,
        shows=Bars(
            categories=tuple(names[one.dimension] for one in cells),
            series=(
                Series(
                    name=say("Share in per cent"),
                    values=tuple(one.share for one in cells),
                    intervals=tuple(one.interval for one in cells),
                ),
            ),
            high=min(100, max(10 * (-(-one.interval[1] // 10)) for one in cells)),
        ),
        below=found.notes[1],
        notes=(*rests, *lines_of(found)),
    )


def beside(release: Release) -> Slide:
    """Which departments stand apart."""
    told = [
        say("{row}: {finding}.", row=words.row_name(row), finding=headline)
        for row in release.rows[1:]
        if (headline := nearby.headline(release, row)) is not None
    ]
    if not told:
        return Slide(
            title=say("No department stands clearly apart from the whole organisation"),
            shows=Points((say("A distance is clear only where the two 95 % intervals do not overlap."),)),
            quiet=True,
        )
    return Slide(
        title=say_count(
            "{n} department stands clearly apart from the whole organisation",
            "{n} departments stand clearly apart from the whole organisation",
            len(told),
        ),
        shows=Points(tuple(told[:MOST_LINES])),
        below=say("Clear: the two 95 % intervals do not overlap."),
        notes=tuple(told),
    )
