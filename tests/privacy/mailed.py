"""A link to files that was mailed by itself, for the walk over all addresses."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from app import tokens
from app.db import Database
from app.delivery import queries as delivered
from app.delivery.models import ReportDelivery
from app.releases import store
from app.waves import queries as waves
from tests.cast import Cast
from tests.world import KEY


def mailed(database: Database, cast: Cast, wave: UUID) -> str:
    """A link to files that was mailed by itself, and its token."""
    place: Any = {"organisation_id": cast.organisation, "wave_id": wave}  # Any: what all of these take
    id, now = uuid5(wave, "delivered"), datetime(2026, 1, 1, tzinfo=UTC)
    with database.writing() as session:
        release = store.latest(session, **place)
        assert release is not None
        token = tokens.make(KEY, wave_id=release.id, id=id, generation=0)
        assessment = waves.wave(session, **place).assessment_id
        made = ReportDelivery(
            **place, id=id, assessment_id=assessment, release_id=release.id, address="board@example.org", days=30,
            files=["csv"], language="en", paper="A4", asked_at=now, state="sent", sent_at=now,
            expires_at=datetime(2100, 1, 1, tzinfo=UTC), token_sha256=tokens.fingerprint(token),
        )  # fmt: skip
        delivered.add(session, made)
    return token
