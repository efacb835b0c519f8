"""The statements about attestations, policies and decision records. Every function runs one statement."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlmodel import Session, col

from app.autonomy import kept
from app.autonomy.decision import Decision, Outline, load_policy
from app.autonomy.models import AutonomyPolicy, ControlAttestation, DecisionDraft, DecisionRecord, EvidenceFile
from scoring.gating import GatesPolicy

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class AttestationFacts:
    """An attestation; see `models.ControlAttestation`."""

    id: UUID
    department_id: UUID | None
    control: str
    attested_on: date
    owner: str
    expires_on: date | None
    link: str
    file_name: str
    file_sha256: str
    remark: str
    user_id: UUID
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawn_because: str

    @property
    def evidence(self) -> str:
        """What shows the control: the link, or the name of the file with its SHA-256."""
        return self.link or (f"{self.file_name} {self.file_sha256}" if self.file_name else "")


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A version of a client's thresholds: its number, why, by whom and when."""

    number: int
    reason: str
    user_id: UUID
    adopted_at: datetime
    document: bytes

    @property
    def policy(self) -> GatesPolicy:
        """The thresholds, read from the bytes that were adopted."""
        return load_policy(self.document)


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """That a record was issued, or the draft made, which has the number 0 and nobody who issued it."""

    number: int
    wave_id: UUID
    release_id: UUID
    as_of: date
    reason: str
    user_id: UUID | None
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Record(RecordFacts):
    """The same with its document."""

    document: bytes

    @property
    def decision(self) -> Decision:
        """The record, read from the bytes that were issued and kept in memory under their SHA-256."""
        return kept.read_decision(self.sha256, self.document)


_ATTESTATION: Final = tuple(col(getattr(ControlAttestation, name)) for name in AttestationFacts.__dataclass_fields__)
_POLICY: Final = tuple(col(getattr(AutonomyPolicy, name)) for name in PolicyFacts.__dataclass_fields__)
_RECORD: Final = tuple(
    col(getattr(DecisionRecord, name))
    for name in ("number", "wave_id", "release_id", "as_of", "reason", "user_id", "issued_at", "sha256")
)
_WITH_DOCUMENT: Final = (*_RECORD, col(DecisionRecord.document))


def attestations(session: Session, organisation_id: UUID) -> tuple[AttestationFacts, ...]:
    """All attestations of a client, the newest first, withdrawn ones too."""
    found = (
        select(*_ATTESTATION)
        .where(col(ControlAttestation.organisation_id) == organisation_id)
        .order_by(col(ControlAttestation.made_at).desc(), col(ControlAttestation.id))
    )
    return tuple(AttestationFacts(*row) for row in session.connection().execute(found))


def withdraw(
    session: Session, *, organisation_id: UUID, attestation_id: UUID, user_id: UUID, because: str, now: datetime
) -> bool:
    """Withdraws an attestation; False when there is none that is not withdrawn yet."""
    here = (
        col(ControlAttestation.organisation_id) == organisation_id,
        col(ControlAttestation.id) == attestation_id,
        col(ControlAttestation.withdrawn_at).is_(None),
    )
    told = {"withdrawn_at": now, "withdrawn_by": user_id, "withdrawn_because": because}
    return session.connection().execute(update(ControlAttestation).where(*here).values(**told)).rowcount == 1


def evidence(session: Session, organisation_id: UUID, attestation_id: UUID) -> bytes | None:
    """The file that shows an attested control, or None."""
    found = select(col(EvidenceFile.content)).where(
        col(EvidenceFile.organisation_id) == organisation_id, col(EvidenceFile.attestation_id) == attestation_id
    )
    content = session.connection().scalar(found)
    return None if content is None else bytes(content)


def policies(session: Session, organisation_id: UUID) -> tuple[PolicyFacts, ...]:
    """All versions of a client's thresholds, the newest first; none while it has those that the product starts with."""
    found = (
        select(*_POLICY)
        .where(col(AutonomyPolicy.organisation_id) == organisation_id)
        .order_by(col(AutonomyPolicy.number).desc())
    )
    return tuple(PolicyFacts(*row) for row in session.connection().execute(found))


def records(session: Session, organisation_id: UUID) -> tuple[RecordFacts, ...]:
    """All issued records of a client, the newest first; what they say is read by `decisions` or `outlines`."""
    found = select(*_RECORD).where(col(DecisionRecord.organisation_id) == organisation_id)
    ordered = found.order_by(col(DecisionRecord.number).desc())
    return tuple(RecordFacts(*row) for row in session.connection().execute(ordered))


def with_documents(session: Session, organisation_id: UUID) -> tuple[Record, ...]:
    """The same with their documents, as many as there are: for the client's papers."""
    found = select(*_WITH_DOCUMENT).where(col(DecisionRecord.organisation_id) == organisation_id)
    ordered = found.order_by(col(DecisionRecord.number).desc())
    return tuple(_record(row) for row in session.connection().execute(ordered))


def decisions(session: Session, organisation_id: UUID, wanted: Collection[RecordFacts]) -> dict[int, Decision]:
    """What these records say, by their numbers; no statement where all of them were read lately."""
    return _read(session, organisation_id, wanted, kept.found_decision, kept.read_decision)


def outlines(session: Session, organisation_id: UUID, wanted: Collection[RecordFacts]) -> dict[int, Outline]:
    """The same in short, which takes a tenth of the time."""
    return _read(session, organisation_id, wanted, kept.found_outline, kept.read_outline)


def _read(
    session: Session,
    organisation_id: UUID,
    wanted: Collection[RecordFacts],
    find: Callable[[str], Read | None],
    read: Callable[[str, bytes], Read],
) -> dict[int, Read]:
    missing = {one.number: one.sha256 for one in wanted if find(one.sha256) is None}
    made = {one.number: there for one in wanted if (there := find(one.sha256)) is not None}
    if missing:
        documents = select(col(DecisionRecord.number), col(DecisionRecord.document)).where(
            col(DecisionRecord.organisation_id) == organisation_id, col(DecisionRecord.number).in_(missing)
        )
        for number, document in session.connection().execute(documents):
            made[number] = read(missing[number], bytes(document))
    return made


def record(session: Session, organisation_id: UUID, number: int) -> Record | None:
    """The issued record of that number, or None."""
    found = select(*_WITH_DOCUMENT).where(
        col(DecisionRecord.organisation_id) == organisation_id, col(DecisionRecord.number) == number
    )
    row = session.connection().execute(found).one_or_none()
    return None if row is None else _record(row)


def newest_of_release(session: Session, organisation_id: UUID, release_id: UUID, *, sha256: str = "") -> Record | None:
    """The newest record that was issued on a release, or the one with that digest; None where there is none."""
    found = select(*_WITH_DOCUMENT).where(
        col(DecisionRecord.organisation_id) == organisation_id, col(DecisionRecord.release_id) == release_id
    )
    if sha256:
        found = found.where(col(DecisionRecord.sha256) == sha256)
    row = session.connection().execute(found.order_by(col(DecisionRecord.number).desc()).limit(1)).one_or_none()
    return None if row is None else _record(row)


def newest_number(session: Session, organisation_id: UUID, release_id: UUID) -> int:
    """The number of the newest record that was issued on a release, 0 while there is none."""
    found = select(func.max(col(DecisionRecord.number))).where(
        col(DecisionRecord.organisation_id) == organisation_id, col(DecisionRecord.release_id) == release_id
    )
    return session.connection().scalar(found) or 0


def highest(session: Session, organisation_id: UUID) -> int:
    """The number of the newest issued record, 0 while there is none."""
    found = select(func.max(col(DecisionRecord.number))).where(col(DecisionRecord.organisation_id) == organisation_id)
    return session.connection().scalar(found) or 0


def draft(session: Session, organisation_id: UUID) -> Record | None:
    """What would be decided today, as the worker made it last."""
    names = ("wave_id", "release_id", "as_of", "made_at", "sha256", "document")
    found = select(*(col(getattr(DecisionDraft, name)) for name in names)).where(
        col(DecisionDraft.organisation_id) == organisation_id
    )
    row = session.connection().execute(found).one_or_none()
    if row is None:
        return None
    wave_id, release_id, as_of, made_at, sha256, document = row
    return Record(0, wave_id, release_id, as_of, "", None, made_at, sha256, bytes(document))


def drop_draft(session: Session, organisation_id: UUID) -> None:
    """Removes the draft, so that the next one can take its place."""
    session.connection().execute(delete(DecisionDraft).where(col(DecisionDraft.organisation_id) == organisation_id))


def _record(row: Row[Any]) -> Record:  # Any: columns of different types
    return Record(**{**dict(zip(Record.__dataclass_fields__, row, strict=True)), "document": bytes(row[-1])})
