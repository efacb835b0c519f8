"""Keeping documents: saving them as versions, and sharing one with the client."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.documents import queries
from app.documents.content import Content, as_json, places
from app.documents.models import ClientDocument, ClientDocumentVersion
from app.documents.rules import require_possible
from app.documents.template import Template
from app.errors import ConflictError
from app.sentences import Passage, say


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves, by name, and when."""

    name: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Which document is meant: of a template, about a subject, in a language. `retired`: of one in use no more."""

    template: Template
    subject_id: UUID
    language: str
    retired: bool = False


class ChangedMeanwhileError(ConflictError):
    """Somebody else saved the document after its form was shown. `changes` say what is different now."""

    def __init__(self, changes: tuple[str, ...], version: int) -> None:
        super().__init__(Passage(changes))
        self.changes, self.version = changes, version


def found(session: Session, organisation_id: UUID, meant: Meant) -> ClientDocument | None:
    """The document that is meant, where somebody has saved it."""
    return queries.document(
        session, organisation_id, template=meant.template.id, subject_id=meant.subject_id, language=meant.language
    )


def save(
    session: Session,
    organisation_id: UUID,
    meant: Meant,
    content: Content,
    *,
    seen: int,
    release_id: UUID | None,
    author: Author,
) -> int:
    """Saves a document as a new version and gives its number; one that says nothing new is none.

    `seen` is the version that its form showed, 0 for none: ChangedMeanwhileError where it is not the newest. Whoever
    comes with a form that was sent twice has saved it. InvalidError has a sentence for each place that can't be so.
    """
    clients.lock_tree(session, organisation_id)
    require_possible(content, meant.template)
    row = found(session, organisation_id, meant)
    newest = None if row is None else queries.content(session, organisation_id, row.id, row.version)
    if row is not None and newest is not None and _says_the_same(newest, content):
        return row.version
    if seen != (row.version if row else 0):
        raise ChangedMeanwhileError(_since(session, organisation_id, row, newest, seen), row.version if row else 0)
    row = row or _begun(session, organisation_id, meant)
    row.version += 1
    session.add(
        ClientDocumentVersion(
            organisation_id=organisation_id,
            client_document_id=row.id,
            number=row.version,
            saved_at=author.now,
            made_by=author.name,
            release_id=release_id,
            content=as_json(content),
        )
    )
    session.flush()
    return row.version


def share(session: Session, organisation_id: UUID, meant: Meant, *, number: int) -> None:
    """Shares a version with sponsors and leads in place of the one that they read; 0 takes it back.

    ConflictError where there is no such version.
    """
    clients.lock_tree(session, organisation_id)
    row = found(session, organisation_id, meant)
    if row is None or not 0 <= number <= row.version:
        raise ConflictError(say("This version is not there. Look at the document again."))
    row.shared = number
    session.flush()


def _begun(session: Session, organisation_id: UUID, meant: Meant) -> ClientDocument:
    row = ClientDocument(
        organisation_id=organisation_id,
        template=meant.template.id,
        subject_id=meant.subject_id,
        language=meant.language,
    )
    session.add(row)
    session.flush()
    return row


def _says_the_same(one: Content, other: Content) -> bool:
    return one.parts == other.parts and one.edition == other.edition


def _since(
    session: Session, organisation_id: UUID, row: ClientDocument | None, newest: Content | None, seen: int
) -> tuple[str, ...]:
    """Who saved what after the version that somebody saw."""
    if row is None or newest is None:
        return (say("This document is not there any more."),)
    last = queries.history(session, organisation_id, row.id)[0]
    before = {} if seen == 0 else _texts(queries.content(session, organisation_id, row.id, min(seen, row.version)))
    told = [say("{name} saved version {number} while you were writing.", name=last.made_by, number=last.number)]
    for place, name, said in places(newest):
        if said.by and before.get(place) != said.text:
            told.append(say("{place}: “{text}”", place=name, text=said.text))
    return tuple(told)


def _texts(content: Content) -> dict[str, str]:
    return {place: said.text for place, _, said in places(content)}
