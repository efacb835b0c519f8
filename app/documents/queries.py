"""The documents of a client, as others may know them. Each function says what it costs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session, col

from app.documents.content import Content, from_json
from app.documents.models import ClientDocument, ClientDocumentVersion, OwnTemplate
from app.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A document that was saved: what it is, its newest version, who saved that, and the version that is shared.

    `release_id` is the release that the shared version quotes, None for none.
    """

    id: UUID
    template: str
    subject_id: UUID
    language: str
    version: int
    saved_at: datetime
    made_by: str
    shared: int
    release_id: UUID | None


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of a document, without what it says."""

    number: int
    saved_at: datetime
    made_by: str
    release_id: UUID | None


def documents(session: Session, organisation_id: UUID) -> tuple[DocumentFacts, ...]:
    """All documents of a client that were saved; in three statements."""
    newest = dict(_versions(session, organisation_id, col(ClientDocument.version)))
    shared = dict(_versions(session, organisation_id, col(ClientDocument.shared)))
    found = select(ClientDocument).where(col(ClientDocument.organisation_id) == organisation_id)
    rows = session.execute(found.execution_options(populate_existing=True)).scalars()
    return tuple(_facts(row, newest[row.id], shared.get(row.id)) for row in rows if row.id in newest)


def document(
    session: Session, organisation_id: UUID, *, template: str, subject_id: UUID, language: str
) -> ClientDocument | None:
    """The row of a document, read anew; None where nobody has saved it. In one statement."""
    statement = select(ClientDocument).where(
        col(ClientDocument.organisation_id) == organisation_id,
        col(ClientDocument.template) == template,
        col(ClientDocument.subject_id) == subject_id,
        col(ClientDocument.language) == language,
    )
    return session.execute(statement.execution_options(populate_existing=True)).scalars().first()


def history(session: Session, organisation_id: UUID, document_id: UUID) -> tuple[VersionFacts, ...]:
    """The versions of a document, the newest first; in one statement."""
    columns = (col(getattr(ClientDocumentVersion, name)) for name in VersionFacts.__dataclass_fields__)
    statement = select(*columns).where(*_of(organisation_id, document_id))
    found = session.execute(statement.order_by(col(ClientDocumentVersion.number).desc()))
    return tuple(VersionFacts(*row) for row in found)


def content(session: Session, organisation_id: UUID, document_id: UUID, number: int) -> Content:
    """What a version says; NotFoundError where there is none of that number. In one statement."""
    statement = select(col(ClientDocumentVersion.content)).where(
        *_of(organisation_id, document_id), col(ClientDocumentVersion.number) == number
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return from_json(found)


def contents(session: Session, organisation_id: UUID) -> tuple[tuple[DocumentFacts, VersionFacts, Content], ...]:
    """Each version of each document of a client, for its papers; in four statements."""
    known = {one.id: one for one in documents(session, organisation_id)}
    version = ClientDocumentVersion
    columns = (col(getattr(version, name)) for name in VersionFacts.__dataclass_fields__)
    statement = (
        select(col(version.client_document_id), col(version.content), *columns)
        .where(col(version.organisation_id) == organisation_id)
        .order_by(col(version.client_document_id), col(version.number))
    )
    rows = session.execute(statement)
    return tuple((known[id], VersionFacts(*facts), from_json(told)) for id, told, *facts in rows)


def own_templates(session: Session, organisation_id: UUID) -> tuple[OwnTemplate, ...]:
    """The rows of a client's own templates, read anew, by their ids; in one statement."""
    statement = select(OwnTemplate).where(col(OwnTemplate.organisation_id) == organisation_id)
    found = session.execute(statement.order_by(col(OwnTemplate.code)).execution_options(populate_existing=True))
    return tuple(found.scalars())


def with_templates(session: Session, organisation_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these clients have own templates in use; in one statement."""
    in_use = and_(col(OwnTemplate.number) > 0, col(OwnTemplate.retired_at).is_(None))
    here = col(OwnTemplate.organisation_id).in_(organisation_ids)
    found = session.execute(select(col(OwnTemplate.organisation_id)).where(here, in_use).distinct())
    return frozenset(found.scalars())


def _versions(session: Session, organisation_id: UUID, number: object) -> list[tuple[UUID, VersionFacts]]:
    version = ClientDocumentVersion
    same = and_(
        col(version.organisation_id) == col(ClientDocument.organisation_id),
        col(version.client_document_id) == col(ClientDocument.id),
        col(version.number) == number,
    )
    columns = (col(getattr(version, name)) for name in VersionFacts.__dataclass_fields__)
    statement = select(col(ClientDocument.id), *columns).join(version, same)
    found = session.execute(statement.where(col(ClientDocument.organisation_id) == organisation_id))
    return [(id, VersionFacts(*row)) for id, *row in found]


def _of(organisation_id: UUID, document_id: UUID) -> tuple[ColumnElement[bool], ...]:
    version = ClientDocumentVersion
    return (col(version.organisation_id) == organisation_id, col(version.client_document_id) == document_id)


def _facts(row: ClientDocument, newest: VersionFacts, shared: VersionFacts | None) -> DocumentFacts:
    return DocumentFacts(
        id=row.id,
        template=row.template,
        subject_id=row.subject_id,
        language=row.language,
        version=row.version,
        saved_at=newest.saved_at,
        made_by=newest.made_by,
        shared=row.shared,
        release_id=shared.release_id if shared else None,
    )
