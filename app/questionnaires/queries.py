"""The statements of clients' own questionnaires, and what others may know of them. Each function says what it costs."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as deletion
from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import NotFoundError
from app.questionnaires.models import (
    ClientInstrument,
    InstrumentLink,
    InstrumentRemark,
    InstrumentTranslation,
    InstrumentVersion,
)
from app.readers.models import Link
from surveys.model import OWN
from surveys.versions import numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFacts:
    """A client's questionnaire. `drafting`: it has a draft; `newest` is its newest published version, if any."""

    organisation_id: UUID
    id: UUID
    key: str
    name: str
    derived_from: str
    edition: int
    drafting: bool
    changed_at: datetime
    newest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A published version of a client's questionnaire; `content` is its canonical form."""

    instrument_id: UUID
    key: str
    version: str
    sha256: str
    derived_from: str
    content: bytes
    published_at: datetime
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The draft of a client's questionnaire: canonical form, and texts by language and path."""

    content: bytes
    translations: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ReaderLink(Link):
    """A link with which a draft is read."""

    instrument_id: UUID


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """A remark on a draft. `item` is the question that it is about, empty for the whole, `about` its text then."""

    id: UUID
    link_id: UUID
    reader: str
    name: str
    item: str
    about: str
    body: str
    written_at: datetime
    resolved_at: datetime | None


def is_own(key: str) -> bool:
    """True for the key of a client's questionnaire, false for that of a shipped one."""
    return key.startswith(OWN)


def instruments(session: Session, organisation_id: UUID) -> tuple[InstrumentFacts, ...]:
    """The questionnaires of a client by name, in two statements."""
    statement = (
        select(ClientInstrument)
        .where(col(ClientInstrument.organisation_id) == organisation_id)
        .order_by(col(ClientInstrument.name), col(ClientInstrument.id))
    )
    newest: dict[UUID, str] = {}
    for one in versions(session, organisation_id):
        newest.setdefault(one.instrument_id, one.version)
    return tuple(_facts(row, newest.get(row.id)) for row in session.execute(statement).scalars())


def instrument(session: Session, organisation_id: UUID, instrument_id: UUID) -> InstrumentFacts:
    """A questionnaire of a client, in two statements. NotFoundError when the client has none of that id."""
    for one in instruments(session, organisation_id):
        if one.id == instrument_id:
            return one
    raise NotFoundError


def draft(session: Session, organisation_id: UUID, instrument_id: UUID) -> DraftFacts | None:
    """The draft of a questionnaire, None when nothing is being changed; in one statement."""
    row = session.execute(
        select(col(ClientInstrument.draft), col(ClientInstrument.translations)).where(
            col(ClientInstrument.organisation_id) == organisation_id, col(ClientInstrument.id) == instrument_id
        )
    ).one_or_none()
    return None if row is None or row.draft is None else DraftFacts(bytes(row.draft), row.translations)


def versions(
    session: Session, organisation_id: UUID, *, instrument_id: UUID | None = None, key: str | None = None
) -> tuple[VersionFacts, ...]:
    """The published versions of a client's questionnaires, or of one of them, the newest first; in one statement."""
    statement = (
        select(
            col(InstrumentVersion.instrument_id),
            col(ClientInstrument.key),
            col(InstrumentVersion.version),
            col(InstrumentVersion.sha256),
            col(InstrumentVersion.derived_from),
            col(InstrumentVersion.content),
            col(InstrumentVersion.published_at),
            col(InstrumentVersion.user_id),
        )
        .join(
            ClientInstrument,
            (col(ClientInstrument.organisation_id) == col(InstrumentVersion.organisation_id))
            & (col(ClientInstrument.id) == col(InstrumentVersion.instrument_id)),
        )
        .where(col(InstrumentVersion.organisation_id) == organisation_id)
    )
    if instrument_id is not None:
        statement = statement.where(col(InstrumentVersion.instrument_id) == instrument_id)
    if key is not None:
        statement = statement.where(col(ClientInstrument.key) == key)
    found = (VersionFacts(**row._mapping) for row in session.execute(statement))
    return tuple(sorted(found, key=lambda one: numbers(one.version), reverse=True))


def content(session: Session, organisation_id: UUID, sha256: str) -> bytes | None:
    """The canonical form of a published version by its hash, None when the client has none; in one statement."""
    found: bytes | None = session.execute(
        select(col(InstrumentVersion.content)).where(
            col(InstrumentVersion.organisation_id) == organisation_id, col(InstrumentVersion.sha256) == sha256
        )
    ).scalar_one_or_none()
    return found


def translations(session: Session, organisation_id: UUID, sha256: str) -> Mapping[str, bytes]:
    """The translations of a published version by language, each as it was stored; in one statement."""
    statement = select(col(InstrumentTranslation.language), col(InstrumentTranslation.content)).where(
        col(InstrumentTranslation.organisation_id) == organisation_id,
        col(InstrumentTranslation.instrument_sha256) == sha256,
    )
    return {language: bytes(stored) for language, stored in session.execute(statement)}


def links(session: Session, organisation_id: UUID, instrument_id: UUID) -> tuple[ReaderLink, ...]:
    """The links of a questionnaire in the order in which they were made, those taken back too; in one statement."""
    statement = (
        select(InstrumentLink)
        .where(
            col(InstrumentLink.organisation_id) == organisation_id, col(InstrumentLink.instrument_id) == instrument_id
        )
        .order_by(col(InstrumentLink.created_at), col(InstrumentLink.id))
    )
    return tuple(_link(row) for row in session.execute(statement).scalars())


def find_link(session: Session, fingerprint: str) -> ReaderLink | None:
    """The link of a token's fingerprint, in one statement."""
    found = session.execute(select(InstrumentLink).where(col(InstrumentLink.token_sha256) == fingerprint))
    row = found.scalar_one_or_none()
    return None if row is None else _link(row)


def remarks(session: Session, organisation_id: UUID, instrument_id: UUID) -> tuple[RemarkFacts, ...]:
    """The remarks on a questionnaire, open ones first and the newest first in both; in one statement."""
    statement = (
        select(InstrumentRemark, col(InstrumentLink.reader))
        .join(
            InstrumentLink,
            (col(InstrumentLink.organisation_id) == col(InstrumentRemark.organisation_id))
            & (col(InstrumentLink.id) == col(InstrumentRemark.link_id)),
        )
        .where(
            col(InstrumentRemark.organisation_id) == organisation_id,
            col(InstrumentRemark.instrument_id) == instrument_id,
        )
        .order_by(col(InstrumentRemark.written_at).desc(), col(InstrumentRemark.id))
    )
    found = [
        RemarkFacts(
            row.id, row.link_id, reader, row.name, row.item, row.about, row.body, row.written_at, row.resolved_at
        )
        for row, reader in session.execute(statement)
    ]
    return tuple(sorted(found, key=lambda one: one.resolved_at is not None))


def open_remarks(session: Session, organisation_id: UUID) -> Counter[UUID]:
    """How many remarks of each questionnaire of a client nobody has resolved yet, in one statement."""
    statement = select(col(InstrumentRemark.instrument_id)).where(
        col(InstrumentRemark.organisation_id) == organisation_id, col(InstrumentRemark.resolved_at).is_(None)
    )
    return Counter(session.execute(statement).scalars())


def languages(session: Session, organisation_id: UUID) -> Mapping[str, frozenset[str]]:
    """The languages of each published version of a client, by its hash; in one statement."""
    statement = select(col(InstrumentTranslation.instrument_sha256), col(InstrumentTranslation.language)).where(
        col(InstrumentTranslation.organisation_id) == organisation_id
    )
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for sha256, language in session.execute(statement):
        found[sha256] |= {language}
    return found


# What follows is for this room's service.


def locked(session: Session, organisation_id: UUID, instrument_id: UUID) -> ClientInstrument:
    """The row of a questionnaire, locked and fresh. NotFoundError when the client has none of that id."""
    statement = (
        select(ClientInstrument)
        .where(col(ClientInstrument.organisation_id) == organisation_id, col(ClientInstrument.id) == instrument_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row: ClientInstrument | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def link_row(session: Session, organisation_id: UUID, instrument_id: UUID, link_id: UUID) -> InstrumentLink:
    """The row of a link. NotFoundError when the questionnaire has none of that id."""
    statement = select(InstrumentLink).where(
        col(InstrumentLink.organisation_id) == organisation_id,
        col(InstrumentLink.instrument_id) == instrument_id,
        col(InstrumentLink.id) == link_id,
    )
    row: InstrumentLink | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def remark_row(session: Session, organisation_id: UUID, instrument_id: UUID, remark_id: UUID) -> InstrumentRemark:
    """The row of a remark. NotFoundError when the questionnaire has none of that id."""
    statement = select(InstrumentRemark).where(
        col(InstrumentRemark.organisation_id) == organisation_id,
        col(InstrumentRemark.instrument_id) == instrument_id,
        col(InstrumentRemark.id) == remark_id,
    )
    row: InstrumentRemark | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def delete(session: Session, organisation_id: UUID, instrument_id: UUID) -> None:
    """Deletes a questionnaire of which nothing was published, with links and remarks; in three statements."""
    for table in (InstrumentRemark, InstrumentLink):
        session.execute(
            deletion(table).where(
                col(table.organisation_id) == organisation_id, col(table.instrument_id) == instrument_id
            )
        )
    session.execute(
        deletion(ClientInstrument).where(
            col(ClientInstrument.organisation_id) == organisation_id, col(ClientInstrument.id) == instrument_id
        )
    )


def _link(row: InstrumentLink) -> ReaderLink:
    return ReaderLink(
        row.organisation_id, row.id, row.reader, row.generation, row.created_at, row.revoked_at, row.instrument_id
    )


def _facts(row: ClientInstrument, newest: str | None) -> InstrumentFacts:
    return InstrumentFacts(
        organisation_id=row.organisation_id,
        id=row.id,
        key=row.key,
        name=row.name,
        derived_from=row.derived_from,
        edition=row.edition,
        drafting=row.draft is not None,
        changed_at=row.changed_at,
        newest=newest,
    )
