"""A row of a release as a need, and what is proposed for it in words. It reads the release and nothing finer."""

from collections.abc import Iterator
from typing import Final

from app.clients.queries import OrganisationFacts
from app.playbooks import pages
from app.playbooks.action import DIMENSIONS, LEVELS, NAMES, Library
from app.playbooks.asking import Asked
from app.playbooks.choosing import Gap, LeftOut, Missed, Need, Printed, Proposal, Reason, propose
from app.playbooks.views import ProposalPage, Proposed, Unfitting
from app.releases.document.release import Release, Row, Scored
from app.releases.document.words import row_name
from app.sentences import Listing, Sentence, say, say_count
from scoring.gating import GATES
from scoring.levels import Level

MISSED: Final[dict[Missed, Sentence]] = {
    "hours": say("more hours than there are"),
    "number": say("more than five actions in a quarter"),
    "repeated": say("it was done in the quarter before"),
}


def need_of(release: Release, row: Row, asked: Asked) -> Need:
    """What the release prints of a row, and what was said of controls and capacity."""
    cells = {one: row.cells.get(one) for one in DIMENSIONS}
    printed = {one: Printed(cell.score, cell.band) for one, cell in cells.items() if isinstance(cell, Scored)}
    drivers = release.drivers
    return Need(
        function=row.function or "other",
        printed=printed,
        hours=asked.hours,
        lacking=asked.lacking,
        gaps=tuple(_gaps(row, asked.level)),
        weights={one.dimension: one.share for one in drivers.cells} if drivers else None,
    )


def proposal_page(
    library: Library,
    organisation: OrganisationFacts,
    release: Release,
    row: Row,
    asked: Asked,
    *,
    wave_id: str,
    language: str,
) -> ProposalPage:
    """The actions that are proposed for a row, each with its reason."""
    need = need_of(release, row, asked)
    found = propose(library, need)
    return ProposalPage(
        organisation=organisation,
        wave_id=wave_id,
        label=release.wave.label,
        row_id=row.id,
        name=row_name(row),
        hours=asked.typed_hours,
        lacking=asked.typed_lacking,
        level=asked.level.name,
        levels=tuple((one.name, say("{level} {name}", level=one.name, name=LEVELS[one])) for one in list(Level)[1:]),
        errors=asked.errors,
        proposed=tuple(
            Proposed(pages.line(one.action), told_reason(one.reason, need, library)) for one in found.chosen
        ),
        left_out=tuple(_unfitting(one) for one in found.left_out),
        total=say_count("{n} hour", "{n} hours", found.hours),
        untold=_untold(found),
        machine=library.states.get(language) == "machine",
    )


def _gaps(row: Row, level: Level) -> Iterator[Gap]:
    """Dimensions whose gating score, as it is printed, is below the gate of a level."""
    for gate in GATES.rungs[level - 1].gates:
        cell = row.anchor(gate.dimension)
        if cell is not None and cell.gate is not None and cell.gate.lower < gate.minimum:
            yield Gap(gate.dimension, cell.gate.lower, gate.minimum)


def told_reason(reason: Reason, need: Need, library: Library) -> Sentence:
    """Why an action is proposed, in words."""
    if reason.ground == "control":
        return say("Control {control} is missing or has lapsed.", control=reason.about)
    if reason.ground == "first":
        return say("Has to come before: {title}.", title=library.by_id[reason.about].title)
    name = say("{code} {name}", code=reason.about, name=NAMES[reason.about])
    if reason.ground == "gate":
        gap = next(one for one in need.gaps if one.dimension == reason.about)
        return say(
            "{dimension}: {have} can be relied on, {need} is needed.", dimension=name, have=gap.have, need=gap.need
        )
    score = need.printed[reason.about].score
    return say("{dimension} is among the lowest here: {score}.", dimension=name, score=score)


def _unfitting(one: LeftOut) -> Unfitting:
    return Unfitting(pages.line(one.action), MISSED[one.missed])


def _untold(found: Proposal) -> Sentence | None:
    if not found.untold:
        return None
    return say(
        "Not released, and so not looked at: {dimensions}. Actions for them can be chosen in the library by what you "
        "know yourselves.",
        dimensions=Listing(found.untold),
    )
