"""Workflows on the opportunity map in words: zone, ratings, hours with their assumption, and what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.autonomy.library import LEVELS as NAMES
from app.autonomy.limits import divided
from app.autonomy.placing import Placed
from app.autonomy.versions import named
from app.releases.document.words import row_name
from app.sentences import Hundredths, Listing, Passage, Sentence, say, say_count
from scoring.levels import Level
from scoring.value import PLANNING_SHARES
from scoring.zones import Zone

ZONES: Final[dict[Zone, Sentence]] = {
    "green": say("Do it now, with the department"),
    "red": say("Possible, not wanted: ask why first"),
    "r_and_d": say("Wanted, not yet possible"),
    "low": say("Leave it"),
}
LEVELS: Final = {level: say("{id} {level}", id=level.name, level=NAMES[level]) for level in Level if level > Level.A0}
TOO_FEW: Final = say("fewer than 5 people rated it, or they are shown in a group")
NO_PROXY: Final = say(
    "fewer than two experts rated what agents can do, and nobody has said whether its data are at hand and an error is "
    "undone easily"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    """A workflow in the table of the map: numbers in words, `zone` empty where there is none and `missing` says why.

    `remarks` are what is to be known of its ratings: experts who contradict each other, and how much more of a
    person's part staff want than experts think is needed.
    """

    number: int
    name: str
    department: str
    zone: str
    borderline: bool
    wish: str
    raters: str
    capability: str
    hours: str
    released: str
    missing: str
    remarks: tuple[str, ...]


def headline(points: Sequence[Placed]) -> str:
    """What the map says, in a sentence."""
    green = [one for one in points if one.found.zone == "green" and not one.retired]
    if not green:
        return say("No workflow is both wanted and possible yet")
    return say_count("{n} workflow is wanted and possible", "{n} workflows are wanted and possible", len(green))


def assumption(level: Level | None) -> str:
    """The assumption beside every number of hours; its version alone where each workflow has a level of its own."""
    if level is None:
        return say("{version}, an assumption", version=named(PLANNING_SHARES.version))
    return say(
        "{level} at most, {share} % of the hours ({version}, an assumption)",
        level=LEVELS[level],
        share=round(100 * PLANNING_SHARES.at(level)),
        version=named(PLANNING_SHARES.version),
    )


def lines_of(points: Sequence[Placed]) -> tuple[PointLine, ...]:
    """The table of the map, numbered from 1."""
    return tuple(_line(number, one) for number, one in enumerate(points, start=1))


def _line(number: int, one: Placed) -> PointLine:
    zone = one.found.zone
    return PointLine(
        number=number,
        name=one.name,
        department=row_name(one.row),
        zone="" if zone is None else ZONES[zone],
        borderline=one.found.borderline,
        wish="" if one.wish is None else decimal(one.wish.mean),
        raters="" if one.wish is None else say("{n} people", n=one.n) if one.n else say("5 people or more"),
        capability=_capability(one),
        hours="" if one.facts.hours is None else str(round(one.facts.hours)),
        released=released(one),
        missing=_missing(one),
        remarks=tuple(_remarks(one)),
    )


def _capability(one: Placed) -> str:
    if one.capability is None:
        return ""
    value = decimal(one.capability.value)
    if one.capability.proxy:
        return say("{value}, proxy", value=value)
    return say_count("{value}, {n} expert", "{value}, {n} experts", len(one.experts.capability), value=value)


def released(one: Placed) -> str:
    """The hours with the assumption that they rest on."""
    if one.expected is None:
        return ""
    return say(
        "{hours}, at {level} ({share} %, {version})",
        hours=round(one.expected.released),
        level=one.expected.level.name,
        share=round(100 * one.expected.share),
        version=named(one.expected.assumption),
    )


def _missing(one: Placed) -> str:
    """Why there is no zone, and what of the facts is not known."""
    reasons = {"wish": TOO_FEW, "capability": NO_PROXY}
    told = [reasons[missing] for missing in one.found.missing]
    zone = say("No zone: {reasons}.", reasons=Listing(told)) if told else ""
    hours = "" if one.facts.hours is not None else say("Its hours are not known.")
    return Passage((zone, hours))


def _remarks(one: Placed) -> Iterator[Sentence]:
    said = one.experts.capability
    if one.retired:
        yield say("It is done no more, so it is on no list.")
    yield from divided(said)
    if one.experts.ended:
        yield say_count(
            "{n} rating by an expert is more than a year old and counts no more.",
            "{n} ratings by experts are more than a year old and count no more.",
            one.experts.ended,
        )
    if one.gap is not None and one.gap.wide:
        yield say(
            "Staff want {steps} steps more of a person’s part than experts think is needed: design for more human "
            "control.",
            steps=decimal(one.gap.steps),
        )


def decimal(value: float) -> str:
    """A rating, or a difference of ratings, with two decimals."""
    return Hundredths(round(value * 100))
