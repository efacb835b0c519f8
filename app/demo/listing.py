"""The list of people of the demo's open wave: two of each department, with addresses that reach nobody."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.invitations.roster import paths
from app.people import service
from app.waves.queries import wave_departments

EACH: Final = 2
LANGUAGES: Final = ("de", "")


def take(session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Imports the list as a consultant would."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    lines = ["department,reference,name,mail,language"]
    for position, path in enumerate(paths(wave_departments(session, organisation_id, wave_id)).values(), start=1):
        for number in range(EACH):
            person = f"{position:02d}{number + 1}"
            address = f"person.{person}@example.org"
            lines.append(f"{path},{person},Person {person} (fictional),{address},{LANGUAGES[number % len(LANGUAGES)]}")
    service.keep(session, **place, text="\n".join(lines), now=now)
    service.take(session, link_key=link_key, **place, skip_bad=False, now=now)
