"""A draft of the demo client's own questionnaire, with a question of its own that the head of Legal remarks on."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.demo import story
from app.questionnaires import loading, queries, remarks, service
from app.questionnaires.remarks import RemarkInput


def draft(session: Session, key: bytes, *, organisation_id: UUID, user_id: UUID, now: datetime) -> None:
    """Copies the shipped questionnaire, adds a question for Legal, and lets its lead read it."""
    place = {"organisation_id": organisation_id}
    source = loading.newest(session, organisation_id, "atr").sha256
    own = service.copy(session, **place, name=story.OWN_QUESTIONNAIRE, source=source, user_id=user_id, now=now)
    item_id = service.add_item(
        session,
        **place,
        instrument_id=own,
        edition=1,
        module="legal",
        text=story.OWN_QUESTION,
        relates_to="R3",
        name="",
        user_id=user_id,
        now=now,
    )
    remarks.make_link(session, link_key=key, **place, instrument_id=own, reader=story.LEAD, now=now)
    [link] = queries.links(session, organisation_id, own)
    said = RemarkInput(story.LEADS_NAME, item_id, story.LEADS_REMARK)
    remarks.write(session, link=link, typed=said, about=story.OWN_QUESTION, now=now)
