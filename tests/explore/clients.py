"""A second client with a result of its own, for pages that lay clients side by side."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from app.accounts import service as accounts
from app.accounts.roles import Role
from app.clients.service import add_department
from app.db import Database
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import answer, close, plan_wave

DEPARTMENTS = (("Editors", "other", 14), ("Shop", "sales", 12))


def other_client(
    database: Database,
    cast: Cast,
    clock: Clock,
    *,
    form: str = "pulse",
    counts: Mapping[str, int] | None = None,
    shift: int = 0,
) -> UUID:
    """Gives the client of Ben departments and a closed wave, with its result; gives the wave."""
    with database.writing() as session:
        known = {
            name: add_department(
                session, cast.other, name=name, parent_id=None, function=function, headcount=people, now=clock()
            )
            for name, function, people in DEPARTMENTS
        }
    there = replace(cast, organisation=cast.other, departments=known)
    wave = plan_wave(database, there, now=clock.advance(minutes=1), form=form, label="2026-H2", name="Readiness")
    everybody = {"Editors": 11, "Shop": 10}
    answer(database, there, wave, counts=counts or everybody, now=clock.advance(minutes=1), shift=shift)
    close(database, there, wave, now=clock.advance(days=1))
    return wave


def take_on(database: Database, cast: Cast, clock: Clock, *, role: Role = "consultant") -> None:
    """Has Ada run the client of Ben too."""
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.other, user_id=cast.ada, now=clock(), role=role)
