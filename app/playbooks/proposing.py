"""A row of a release as a need, and what is proposed for it in words. It reads the release and nothing finer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy.gathering import current_policy, lacking, lacking_anywhere
from app.clients.queries import OrganisationFacts
from app.playbooks import pages
from app.playbooks.action import DIMENSIONS, NAMES, Library
from app.playbooks.asking import Asked
from app.playbooks.choosing import Gap, LeftOut, Missed, Need, Printed, Proposal, Reason, propose
from app.playbooks.views import ProposalPage, Proposed, Unfitting
from app.releases.document.release import Release, Row, Scored
from app.releases.document.words import row_name
from app.sentences import Listing, Sentence, say, say_count
from scoring.gating import GatesPolicy
from scoring.levels import Level

MISSED: Final[dict[Missed, Sentence]] = {
    "hours": say("more hours than there are"),
    "number": say("more than five actions in a quarter"),
    "repeated": say("it was done in the quarter before"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The client's thresholds, and which controls of the level aimed at are not in force for a row."""

    policy: GatesPolicy
    lacking: tuple[str, ...]


def standing(session: Session, organisation_id: UUID, row: Row, asked: Asked, *, now: datetime) -> Standing:
    """By what is attested today."""
    policy = current_policy(session, organisation_id)
    found = lacking(session, organisation_id, row.departments, policy, to=asked.level, now=now)
    return Standing(policy=policy, lacking=found)


def standings(
    session: Session, organisation_id: UUID, rows: Iterable[Row], asked: Asked, *, now: datetime
) -> Mapping[str, Standing]:
    """The same for many rows, by their ids, in as many statements as for one."""
    policy = current_policy(session, organisation_id)
    of = lacking_anywhere(session, organisation_id, policy, to=asked.level, now=now)
    return {row.id: Standing(policy=policy, lacking=of(row.departments)) for row in rows}


def need_of(release: Release, row: Row, asked: Asked, stands: Standing) -> Need:
    """What the release prints of a row, what is attested, and what was said of capacity. Controls that were named are
    looked at instead of those that are not in force."""
    cells = {one: row.cells.get(one) for one in DIMENSIONS}
    printed = {one: Printed(cell.score, cell.band) for one, cell in cells.items() if isinstance(cell, Scored)}
    drivers = release.drivers
    return Need(
        function=row.function or "other",
        printed=printed,
        hours=asked.hours,
        lacking=asked.lacking or stands.lacking,
        gaps=tuple(_gaps(row, asked.level, stands.policy)),
        weights={one.dimension: one.share for one in drivers.cells} if drivers else None,
    )


def proposal_page(
    library: Library,
    organisation: OrganisationFacts,
    release: Release,
    row: Row,
    asked: Asked,
    stands: Standing,
    *,
    wave_id: str,
    language: str,
) -> ProposalPage:
    """The actions that are proposed for a row, each with its reason."""
    need = need_of(release, row, asked, stands)
    found = propose(library, need)
    return ProposalPage(
        organisation=organisation,
        wave_id=wave_id,
        label=release.wave.label,
        row_id=row.id,
        name=row_name(row),
        hours=asked.typed_hours,
        lacking=asked.typed_lacking,
        attested=_attested(stands, asked.level),
        level=asked.level.name,
        levels=tuple((one.name, pages.level(one)) for one in list(Level)[1:]),
        errors=asked.errors,
        proposed=tuple(
            Proposed(pages.line(one.action), told_reason(one.reason, need, library)) for one in found.chosen
        ),
        left_out=tuple(_unfitting(one) for one in found.left_out),
        total=say_count("{n} hour", "{n} hours", found.hours),
        untold=_untold(found),
        machine=library.states.get(language) == "machine",
    )


def _attested(stands: Standing, level: Level) -> Sentence:
    """What is in force by what is attested, for the level aimed at."""
    aimed = pages.level(level)
    if not stands.lacking:
        return say("All controls that {level} asks for are in force here.", level=aimed)
    return say("{level} asks for what is not in force here: {controls}.", level=aimed, controls=Listing(stands.lacking))


def _gaps(row: Row, level: Level, policy: GatesPolicy) -> Iterator[Gap]:
    """Dimensions whose gating score, as it is printed, is below the gate of a level."""
    for gate in policy.rungs[level - 1].gates:
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
