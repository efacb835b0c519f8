"""The reviewed comments of a wave as a document: a supplement of its release, with a number and an audit of its own.

As a release it is made once by the worker and never changed (MEASUREMENT.md 4.6 and section 9, P6 and P18). Nothing in
it leads back to a comment's row: no ids, no order, no department below the set of people at which it is shown.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from app.releases.models import SupplementRecord

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A set of people whose comments stand together, in a random order: one row of the release, or several as one.

    `row` is the row of the release on whose page they stand: the set itself, or the one above it. `rows` are the
    release's finest rows in the set, `departments` all departments whose people it holds, and `respondents` how many of
    them answered. `comments` is empty where fewer than `k` of them may be shown.
    """

    row: str
    rows: tuple[str, ...]
    name: str
    departments: tuple[str, ...]
    respondents: int
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeCount:
    """How many of the comments of a row of the release are about a theme."""

    row: str
    theme: str
    comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionComments:
    """What was written to one question. Each person wrote to it once, so comments are people here."""

    question: str
    text: str
    levels: tuple[Level, ...]
    themes: tuple[ThemeCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementCertificate:
    """What the audit found. The smallest numbers are None where no comment is shown."""

    statement: str
    shown: int
    smallest_comments: int | None
    smallest_respondents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """Supplement `number` of the release with that number and SHA-256. `k` is what people and comments have to reach,
    `k_themes` what a count of a theme has to."""

    schema: int
    number: int
    release_number: int
    release_sha256: str
    wave: str
    k: int
    k_themes: int
    questions: tuple[QuestionComments, ...]
    certificate: SupplementCertificate


@dataclass(frozen=True, slots=True)
class StoredSupplement:
    """A supplement with its number among those of its release, and the SHA-256 of the bytes that are stored."""

    id: UUID
    release_id: UUID
    number: int
    made_at: datetime
    sha256: str
    document: Supplement


_ADAPTER = TypeAdapter(Supplement)


def dump(supplement: Supplement) -> bytes:
    """The canonical bytes: JSON with sorted keys and no spaces."""
    told = dataclasses.asdict(supplement)
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def load(document: bytes) -> Supplement:
    """The supplement that `dump` wrote; raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_json(document)


def digest(document: bytes) -> str:
    """The SHA-256 of a supplement's bytes, by which it is quoted."""
    return hashlib.sha256(document).hexdigest()


def latest(session: Session, organisation_id: UUID, release_id: UUID) -> StoredSupplement | None:
    """The newest supplement of a release, or None, in one statement."""
    return _newest(
        session, SupplementRecord.organisation_id == organisation_id, col(SupplementRecord.release_id) == release_id
    )


def latest_of_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> StoredSupplement | None:
    """The newest supplement of any release of a wave, or None, in one statement."""
    return _newest(
        session, SupplementRecord.organisation_id == organisation_id, col(SupplementRecord.wave_id) == wave_id
    )


def store(
    session: Session, supplement: Supplement, *, organisation_id: UUID, wave_id: UUID, release_id: UUID, now: datetime
) -> None:
    """Stores a supplement that passed its audit; the database refuses to change it afterwards."""
    raw = dump(supplement)
    session.add(
        SupplementRecord(
            organisation_id=organisation_id,
            id=uuid4(),
            release_id=release_id,
            wave_id=wave_id,
            number=supplement.number,
            made_at=now,
            sha256=digest(raw),
            document=raw,
        )
    )


def _newest(session: Session, *conditions: object) -> StoredSupplement | None:
    newest = (col(SupplementRecord.made_at).desc(), col(SupplementRecord.number).desc())
    record = session.exec(select(SupplementRecord).where(*conditions).order_by(*newest).limit(1)).first()  # type: ignore[arg-type]  # conditions are SQLAlchemy's
    if record is None:
        return None
    return StoredSupplement(
        id=record.id,
        release_id=record.release_id,
        number=record.number,
        made_at=record.made_at,
        sha256=record.sha256,
        document=load(record.document),
    )
