"""The tables of what is told of the whole organisation, and all tables of a release together."""

from app.exports.tables import (
    NONE,
    NOT_TOLD,
    Number,
    Table,
    Value,
    answered,
    change,
    ends,
    heat,
    people,
    questions,
    scores,
)
from app.releases.document import words
from app.releases.document.release import Release
from app.sentences import say


def tables(release: Release) -> tuple[Table, ...]:
    """All tables of a release that have lines, the heatmap first."""
    made = (
        heat(release),
        change(release),
        answered(release),
        scores(release),
        questions(release),
        people(release),
        leaders(release),
        drivers(release),
        quality(release),
    )
    return tuple(one for one in made if one.lines)


def leaders(release: Release) -> Table:
    """What leaders and staff score."""
    names = {head.id: head.name for head in release.dimensions}
    cells = release.gaps.cells if release.gaps else ()
    lines = tuple(
        (
            names.get(one.dimension, one.dimension),
            Number(one.leaders),
            Number(one.staff),
            Number(one.gap, counted="signed"),
            *ends(one.interval, "signed"),
            Number(one.p, counted="hundredths"),
            NONE if one.g is None else Number(one.g, counted="hundredths"),
            say("clear") if one.marked else say("may be chance"),
        )
        for one in cells
    )
    return Table(
        name=say("Leaders and staff"),
        title=say("How much higher leaders score than people who lead nobody, in points"),
        heads=(
            say("Dimension"),
            say("Leaders"),
            say("Staff"),
            say("Gap"),
            say("Interval from"),
            say("Interval to"),
            say("p (Holm)"),
            say("Hedges’ g"),
            say("How sure"),
        ),
        lines=lines,
    )


def drivers(release: Release) -> Table:
    """What goes with the outcome; an association, and no proof of cause."""
    names = {head.id: head.name for head in release.dimensions}
    found = release.drivers
    cells = sorted(found.cells, key=lambda one: -one.share) if found else ()
    outcome = names.get(found.outcome, found.outcome) if found else ""
    rest = Number(found.n) if found and found.n is not None else NOT_TOLD
    explained = Number(found.explained, counted="per cent") if found and found.explained is not None else NOT_TOLD
    lines = tuple(
        (
            names.get(one.dimension, one.dimension),
            Number(one.share, counted="per cent"),
            *ends(one.interval, "per cent"),
            Number(one.lmg, counted="per cent"),
            rest,
            explained,
        )
        for one in cells
    )
    return Table(
        name=say("What goes with it"),
        title=say(
            "What goes with {outcome}: each dimension’s share of what all explain. Association, no proof of cause",
            outcome=words.within_sentence(outcome),
        ),
        heads=(
            say("Dimension"),
            say("Share"),
            say("Interval from"),
            say("Interval to"),
            say("Share by LMG"),
            say("People"),
            say("Explained"),
        ),
        lines=lines,
    )


def quality(release: Release) -> Table:
    """How well the questions work, of the whole organisation."""
    names = {head.id: head.name for head in release.dimensions}
    lines = tuple(
        (
            names.get(one.dimension, one.dimension),
            NOT_TOLD if one.n is None else Number(one.n),
            *(_coefficient(value) for value in (one.alpha, *(one.interval or (None, None)), one.raw, one.omega)),
            Number(one.groups),
            *(_coefficient(value) for value in (one.icc1, one.icc2)),
            words.DECISION_WORDS[one.decision],
        )
        for one in release.quality
    )
    return Table(
        name=say("How questions work"),
        title=say("Coefficients of the whole organisation; from .70 on a coefficient is satisfactory"),
        heads=(
            say("Dimension"),
            say("People"),
            say("Alpha"),
            say("Interval from"),
            say("Interval to"),
            say("With departments"),
            say("Omega"),
            say("Groups"),
            say("ICC(1)"),
            say("ICC(2)"),
            say("Departments"),
        ),
        lines=lines,
    )


def _coefficient(value: int | None) -> Value:
    return NOT_TOLD if value is None else Number(value, counted="hundredths")
