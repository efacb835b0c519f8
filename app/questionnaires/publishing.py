"""Published versions of clients' questionnaires are stored here, and nowhere else."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.questionnaires import loading
from app.questionnaires.models import ClientInstrument, InstrumentTranslation, InstrumentVersion
from surveys.canonical import canonical
from surveys.translations import Edition


def store(session: Session, row: ClientInstrument, edition: Edition, *, user_id: UUID, now: datetime) -> None:
    """Keeps a version of a questionnaire with its translations, begun from what `row` says. It is never changed."""
    made = edition.instrument
    place = {"organisation_id": row.organisation_id}
    version = InstrumentVersion(
        **place,
        sha256=made.sha256,
        instrument_id=row.id,
        version=made.version,
        derived_from=row.derived_from,
        content=canonical(made),
        published_at=now,
        user_id=user_id,
    )
    session.add(version)
    session.flush()
    for language, translation in edition.translations.items():
        session.add(
            InstrumentTranslation(
                **place,
                instrument_sha256=made.sha256,
                language=language,
                sha256=translation.sha256,
                content=loading.written(translation),
            )
        )
    session.flush()
