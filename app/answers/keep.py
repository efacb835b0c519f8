"""What happens to the vault without anybody reading it: answers are shuffled and deleted, drafts deleted unread."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, SQLModel

from app.answers import model
from app.answers.rewriting import rewrite

_DRAFT = SQLModel.metadata.tables[model.Draft.__tablename__]
_SHEET = SQLModel.metadata.tables[model.AnswerSheet.__tablename__]
_COMMENT = SQLModel.metadata.tables[model.Comment.__tablename__]
_OF_A_WAVE = {
    table.name: delete(table).where(
        table.c.organisation_id == bindparam("organisation"), table.c.wave_id == bindparam("wave")
    )
    for table in (_DRAFT, _SHEET, _COMMENT)
}
_THESE = (_DRAFT.c.organisation_id == bindparam("organisation"), _DRAFT.c.invitation_id == bindparam("invitation"))
_OF_AN_INVITATION = delete(_DRAFT).where(*_THESE)
_ARE_THERE = select(_DRAFT.c.invitation_id).where(
    _DRAFT.c.organisation_id == bindparam("organisation"),
    _DRAFT.c.invitation_id.in_(bindparam("invitations", expanding=True)),
)


def delete_drafts(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes, unread, what was saved and not sent before the wave closed."""
    session.connection().execute(_OF_A_WAVE[_DRAFT.name], {"organisation": organisation_id, "wave": wave_id})


def delete_draft(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> bool:
    """Deletes, unread, the draft of an invitation; False when there was none.

    So when its link was replaced, because the new link could not open it, and when the person asked to be forgotten.
    """
    told = {"organisation": organisation_id, "invitation": invitation_id}
    return session.connection().execute(_OF_AN_INVITATION, told).rowcount > 0


def delete_some_drafts(session: Session, *, organisation_id: UUID, invitation_ids: Sequence[UUID]) -> None:
    """Deletes, unread, the drafts of several invitations, whether there are any or not."""
    told = [{"organisation": organisation_id, "invitation": id} for id in invitation_ids]
    if told:
        session.connection().execute(_OF_AN_INVITATION, told)


def have_drafts(session: Session, *, organisation_id: UUID, invitation_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these invitations under which something is saved and not sent; what it is cannot be read."""
    told = {"organisation": organisation_id, "invitations": list(invitation_ids)}
    return frozenset(session.connection().execute(_ARE_THERE, told).scalars())


def rewrite_answers(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes the answer sheets and comments of a closing wave and inserts them again under new ids, in random order.

    Nothing then tells in which order they came, or which comments came with which sheet: on PostgreSQL all of them
    carry the number of this one transaction (DESIGN.md 4.5). What they were before stays in the database's files until
    `Database.forget_deleted`.
    """
    for table in (_SHEET, _COMMENT):
        rewrite(session, table, organisation_id=organisation_id, wave_id=wave_id, new_ids=True)


def delete_answers(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[str, int]:
    """Deletes, unread, the answer sheets, comments and drafts of a wave, and gives how many rows of each table."""
    told = {"organisation": organisation_id, "wave": wave_id}
    return {name: session.connection().execute(statement, told).rowcount for name, statement in _OF_A_WAVE.items()}
