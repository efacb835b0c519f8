"""A wave of the cast that asks for comments."""

from datetime import datetime

from app.db import Database
from app.waves import policy
from app.waves import service as waves
from tests.cast import Cast
from tests.respond.stage import Stage


def open_stage(database: Database, cast: Cast, now: datetime, *, comments: bool = True) -> Stage:
    """Plans and opens the wave."""
    with database.writing() as session:
        wave = waves.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Readiness in words",
            instrument="atr",
            label="2026-Q3",
            form="pulse",
            planned_close=None,
            now=now,
        )
        chosen = policy.chosen(mode="confidential", k=5, comments=comments, retention_months=12)
        waves.set_policy(session, organisation_id=cast.organisation, wave_id=wave, policy=chosen)
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=now)
    return Stage(database, cast, wave, now)
