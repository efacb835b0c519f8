"""The place that a link leads to: the wave with its questionnaire, the department, the client.

All of it is the same for everybody of a department and changes rarely, so it is remembered; whether it is still so is
read anew for each page (`queries.entry`).
"""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.clients import brand
from app.clients import queries as clients
from app.clients.brand import Badge
from app.clients.queries import OrganisationFacts
from app.errors import ConflictError, GoneError, NotFoundError, PlumblineError
from app.invitations.queries import ENTRANCES, InvitationFacts
from app.respond import queries
from app.respond.queries import Columns, Entry
from app.sentences import say
from app.waves import instruments, languages
from app.waves import queries as waves
from app.waves.languages import Offered
from app.waves.queries import WaveDepartmentFacts, WaveView
from surveys.model import Instrument

UNKNOWN: Final = say(
    "Perhaps it was not copied whole, it was replaced by a newer one, or its survey ended some time ago. "
    "Open it again from the message or poster it came with, or ask there for a new one. "
    "Nothing that was sent depends on this link."
)
TAKEN_BACK: Final = say(
    "This link was taken back, so nothing can be answered with it. Answers that were sent with it are safe. "
    "If you were asked to take part, ask for a new link."
)
CLOSED: Final = say(
    "This survey has closed, so nothing more can be sent. Answers that were sent are safe and count. "
    "Answers that were saved and not sent are deleted without anybody having read them."
)
PAUSED: Final = say(
    "This survey is paused for the moment. What you saved is safe. Keep the link and open it again later."
)
PAUSED_UNTIL: Final = say(
    "This survey is paused until {day}, {time}. What you saved is safe. Keep the link and open it again then."
)
CANCELLED: Final = say(
    "This survey was cancelled. What was sent or saved is deleted without anybody having read it, and no result is "
    "made of it. The reason that was given: {reason}"
)
NOT_OPEN: Final = say("This survey has not opened yet. Keep the link and open it again later.")
MOST_KEPT: Final = 1000


@dataclass(frozen=True)
class Place:
    """A department of a wave; `source` is the questionnaire as it was written."""

    wave: WaveView
    organisation: OrganisationFacts
    department: WaveDepartmentFacts
    source: Instrument
    offered: Offered
    badge: Badge


# By all that the columns of a place hold, which is what it is made from. Emptied when it is full.
_KNOWN: Final[dict[Columns, Place]] = {}


def entered(session: Session, fingerprint: str, *, kind: str, lock: bool) -> tuple[Entry, Place] | None:
    """The invitation of a token's fingerprint, and where it leads; None for no invitation's.

    Raises NotFoundError for one that is not of this kind, else as `place_of`.
    """
    found = queries.entry(session, fingerprint, lock=lock)
    if found is None:
        return None
    invitation, columns = found.invitation, found.columns
    if (invitation.kind if invitation.kind in ENTRANCES else "own") != kind:
        raise NotFoundError(UNKNOWN)
    place = _KNOWN.get(columns)
    if place is None:
        place = place_of(session, invitation)
        # On PostgreSQL somebody may have changed it since it was looked at; then it is not what these columns say.
        if queries.columns(session, invitation) == columns:
            if len(_KNOWN) >= MOST_KEPT:
                _KNOWN.clear()
            _KNOWN[columns] = place
    else:
        _require_open(invitation, place.wave, place.organisation)
    return found, place


def place_of(session: Session, invitation: InvitationFacts) -> Place:
    """Where an invitation leads, in a few statements.

    Raises GoneError for one that was taken back or whose wave has closed, ConflictError before the wave opens. One that
    was spent leads on after the end too.
    """
    wave = waves.wave(session, invitation.organisation_id, invitation.wave_id)
    organisation = clients.organisation(session, wave.organisation_id)
    _require_open(invitation, wave, organisation)
    [department] = waves.wave_departments(session, wave.organisation_id, wave.id, only=invitation.department_id)
    if wave.instrument_version is None:
        raise ConflictError(NOT_OPEN)
    instrument = instruments.asked(session, wave)
    offered = languages.offered(session, wave, instrument)
    return Place(wave, organisation, department, instrument, offered, brand.badge(session, organisation.id))


def refusal(wave: WaveView, organisation: OrganisationFacts) -> PlumblineError:
    """What somebody reads who cannot answer now, or any more."""
    if wave.state == "cancelled":
        return GoneError(CANCELLED.filled({"reason": wave.cancelled or ""}))
    if wave.state != "paused":
        return GoneError(CLOSED)
    if wave.paused_until is None:
        return ConflictError(PAUSED)
    local = wave.paused_until.astimezone(ZoneInfo(organisation.time_zone))
    return ConflictError(PAUSED_UNTIL.filled({"day": local.date(), "time": f"{local:%H:%M}"}))


def _require_open(invitation: InvitationFacts, wave: WaveView, organisation: OrganisationFacts) -> None:
    if wave.state == "cancelled":  # first: of this wave no answer is kept, whatever became of the link
        raise refusal(wave, organisation)
    if invitation.spent:
        return
    if invitation.revoked_at is not None:
        raise GoneError(TAKEN_BACK)
    if wave.state == "draft":
        raise ConflictError(NOT_OPEN)
    if wave.state != "open":
        raise refusal(wave, organisation)
