"""What the demo shares of its newest result: with the client, by a read-only link, and with all staff."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.demo import story
from app.settings import Settings, link_key
from app.share import intended, lasting, queries, service
from app.share.service import Wanted
from app.staffpage import service as staffpage
from app.staffpage.service import TypedAction
from app.waves import queries as waves

READER: Final = "Supervisory board (made up)"
FILE: Final = "read-only-link"
"""In the demo's data directory, so that its start page can show the link again. Outside the demo none is kept."""

NEXT: Final = {
    "en": (
        "Each department writes down which work an agent may prepare, and which stays with people.",
        "Whoever checks an agent’s work gets time for it in their week.",
        "Mistakes of agents are told to everybody within a week, with what was changed.",
    ),
    "de": (
        "Jede Abteilung schreibt auf, welche Arbeit ein Agent vorbereiten darf und welche bei Menschen bleibt.",
        "Wer die Arbeit eines Agenten prüft, bekommt in der Woche Zeit dafür.",
        "Fehler von Agenten werden innerhalb einer Woche allen erzählt, mit dem, was geändert wurde.",
    ),
}
OWNERS: Final = ("Heads of department", "Human resources", "Information technology")


def share(
    session: Session, settings: Settings, *, organisation_id: UUID, user_id: UUID, wave_id: UUID, now: datetime
) -> str:
    """Shares the result of a wave in all three ways; gives the read-only link."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    service.share(session, **place, user_id=user_id, now=now)
    _, last = lasting.days(story.ZONE, now)
    wanted = Wanted(id=uuid4(), label=READER, rows=None, with_report=True, until=last, password="")
    token = service.make_link(session, wanted, **place, user_id=user_id, now=now)
    key, there = link_key(settings), queries.of_wave(session, organisation_id, wave_id)
    for seen, (language, sentences) in enumerate(NEXT.items()):
        typed = [TypedAction(words, owner) for words, owner in zip(sentences, OWNERS, strict=True)]
        staffpage.write(
            session,
            link_key=key,
            organisation_id=organisation_id,
            wave_id=wave_id,
            language=language,
            typed=typed,
            seen=seen,
            user_id=user_id,
            now=now,
        )
    release_id = there.release_id if there else None
    plan = intended.offered(session, waves.wave(session, **place), release_id, {})
    staffpage.publish(
        session,
        link_key=key,
        **place,
        release_id=release_id,
        planned=(plan.number, plan.keys),
        seen=len(NEXT),
        user_id=user_id,
        now=now,
    )
    return f"{settings.base_url}/shared/{token}"
