"""Reading comments out of the vault. Only the worker may, for `comments.make` (held by import-linter)."""

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session, SQLModel

from app.answers import model

_COMMENT = SQLModel.metadata.tables[model.Comment.__tablename__]
_OF_THE_WAVE = (_COMMENT.c.organisation_id == bindparam("organisation"), _COMMENT.c.wave_id == bindparam("wave"))
_TAKE = (
    delete(_COMMENT)
    .where(*_OF_THE_WAVE, _COMMENT.c.body != "")
    .returning(_COMMENT.c.department_id, _COMMENT.c.question, _COMMENT.c.body, _COMMENT.c.themes_only)
)
_PUT_BACK = insert(_COMMENT)
_PLACES = select(_COMMENT.c.id, _COMMENT.c.department_id, _COMMENT.c.question).where(*_OF_THE_WAVE)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote to a question, without their department. `id` leads to the row that the vault keeps."""

    id: UUID
    question: str
    body: str
    themes_only: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a comment was written, without its words."""

    id: UUID
    department: str
    question: str


def take_words(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[Words, ...]:
    """Takes the words out of the vault, for good, and gives them in a random order.

    The rows are deleted and written again without words, with new ids, in a random order and in this one transaction:
    whatever the database noted when a row was first stored beside a sheet, it then says of all of them alike. Asked
    again it finds nothing, also when two workers ask at the same moment.
    """
    told = {"organisation": organisation_id, "wave": wave_id}
    found = [(uuid4(), *row) for row in session.connection().execute(_TAKE, told)]
    dice = secrets.SystemRandom()
    dice.shuffle(found)
    if found:
        kept = [
            {**_key(organisation_id, wave_id, id), "department_id": department, "question": question, "body": "",
             "themes_only": themes_only}
            for id, department, question, _, themes_only in found
        ]  # fmt: skip
        session.connection().execute(_PUT_BACK, kept)
    dice.shuffle(found)
    return tuple(Words(id, question, body, themes_only) for id, _, question, body, themes_only in found)


def places(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[Placed, ...]:
    """In which department each comment of a wave was written, in one statement."""
    found = session.connection().execute(_PLACES, {"organisation": organisation_id, "wave": wave_id})
    return tuple(Placed(id, str(department), question) for id, department, question in found)


def _key(organisation_id: UUID, wave_id: UUID, comment_id: UUID) -> dict[str, UUID]:
    return {"organisation_id": organisation_id, "wave_id": wave_id, "id": comment_id}
