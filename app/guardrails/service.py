"""Saying where a client works, and writing down what counsel said. Nothing is overwritten that somebody else saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.guardrails import queries
from app.guardrails.facts import KINDS
from app.guardrails.models import CounselNote, WorkCountry
from app.guardrails.places import CLIENT, PLACES, Given
from app.lineage.days import today
from app.playbooks.guardrail import Guardrail
from app.sentences import Passage, say

LONGEST_NAME: Final = 120
LONGEST_TEXT: Final = 1200
MEANWHILE: Final = say(
    "Somebody saved this in the meantime, and nothing of yours was saved. Look at what stands there now; what you "
    "typed is still in the form."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What counsel said, as it was typed; `on` is None where it is no day. `seen` is the version that was shown."""

    kind: str
    counsel: str
    on: date | None
    text: str
    seen: int


def note(
    session: Session, organisation_id: UUID, guardrail: Guardrail, said: Said, *, made_by: str, now: datetime
) -> None:
    """Keeps what counsel said as a new version.

    InvalidError has a sentence for each field; ConflictError where somebody saved another version since.
    """
    clients.lock_tree(session, organisation_id)
    day = today(now, clients.organisation(session, organisation_id).time_zone)
    wrong = _wrong(said, day)
    number = queries.newest(session, organisation_id, guardrail.id)
    if wrong or said.on is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if number != said.seen:
        raise ConflictError(MEANWHILE)
    session.add(
        CounselNote(
            organisation_id=organisation_id,
            guardrail=guardrail.id,
            number=number + 1,
            edition=guardrail.version,
            kind=said.kind,
            counsel=said.counsel,
            said_on=said.on,
            text=said.text,
            made_by=made_by,
            saved_at=now,
        )
    )
    session.flush()


def _wrong(said: Said, day: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if said.kind not in KINDS:
        wrong["kind"] = say("Choose what was said.")
    if not said.counsel or len(said.counsel) > LONGEST_NAME:
        wrong["counsel"] = say("Name who said it, in at most {most} characters.", most=LONGEST_NAME)
    if said.on is None:
        wrong["on"] = say("Give the day on which it was said, for example 2026-11-23.")
    elif said.on > day:
        wrong["on"] = say("{day} lies ahead. Write down what has been said.", day=said.on)
    if len(said.text) > LONGEST_TEXT:
        wrong["text"] = say("Use at most {most} characters.", most=LONGEST_TEXT)
    elif said.kind == "remark" and not said.text:
        wrong["text"] = say("Write the remark.")
    return wrong


def set_countries(
    session: Session, organisation_id: UUID, wanted: Given, *, seen: Mapping[str, tuple[str, ...]]
) -> None:
    """Sets where the client and its departments work; a department that is left out works where the one above it does.

    InvalidError where the client works nowhere; ConflictError where it is not what was seen. What is told of
    departments that are gone is kept, as those that took them over have it from there.
    """
    clients.lock_tree(session, organisation_id)
    there = {str(one.id) for one in clients.departments(session, organisation_id)} | {CLIENT}
    if not wanted.get(CLIENT):
        wrong = say("Tick at least one country for the client.")
        raise InvalidError(wrong, fields={"countries": wrong})
    rows = queries.country_rows(session, organisation_id)
    now = {place: tuple(row.countries) for place, row in rows.items() if row.countries and place in there}
    if now not in (dict(seen), dict(wanted)):
        raise ConflictError(MEANWHILE)
    for place in sorted(there):
        told = [key for key in PLACES if key in wanted.get(place, ())]
        row = rows.get(place)
        if row is None and told:
            session.add(WorkCountry(organisation_id=organisation_id, place=place, countries=told, version=1))
        elif row is not None and list(row.countries) != told:
            row.countries, row.version = told, row.version + 1
    session.flush()
