"""Attestations, and a release of one row as it is wanted: what several tests of autonomy do."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from app.autonomy import attesting, service
from app.autonomy.attesting import Wanted
from app.autonomy.decision import Attested, Facts, Place, essence
from app.autonomy.gathering import basis, current, current_policy
from app.db import Database
from app.releases import store
from app.releases.document.figures import Camps, Gate, Share, Shares
from app.releases.document.release import Index, NoChange, Release, Row, Scored
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import World

DAY = date(2026, 10, 1)
DEPARTMENT = "d1"
READY = {"T1": 61, "T2": 48, "T3": 66, "T4": 57, "T5": 52, "R1": 55, "R2": 63, "R3": 58, "R4": 51, "R5": 60, "R6": 64}
UP_TO_A3 = tuple(f"C{number:02}" for number in range(1, 10))


def wanted(control: str, department: UUID | None, on: date, **more: object) -> Wanted:
    """An attestation with a link to what shows it."""
    fields: dict[str, object] = {
        "id": uuid4(),
        "control": control,
        "department": department,
        "on": on,
        "owner": "Head of IT",
        "expires": None,
        "link": "https://evidence.example/test",
        "file_name": "",
        "content": b"",
        "remark": "",
    }
    return Wanted(**{**fields, **more})  # type: ignore[arg-type]  # fields by name


def attest(database: Database, cast: Cast, one: Wanted, now: datetime) -> UUID:
    """Attests a control as Ada."""
    with database.writing() as session:
        policy = current_policy(session, cast.organisation)
        place = {"organisation_id": cast.organisation, "user_id": cast.ada}
        return attesting.attest(session, one, **place, policy=policy, now=now)


def issue(database: Database, cast: Cast, clock: Clock) -> int:
    """Issues what follows today as a decision record, as Ada; gives its number."""
    with database.writing() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        seen = essence(current(session, cast.organisation, on, now=clock()))
        place = {"organisation_id": cast.organisation, "user_id": cast.ada}
        return service.issue(session, **place, seen=seen, reason="Because", now=clock())


def released(database: Database, cast: Cast, world: World) -> Release:
    """The release of the closed wave."""
    with database.reading() as session:
        found = store.latest(session, cast.organisation, world.closed)
    assert found is not None
    return found.document


def cell(lower: int, *, upper: int | None = None, split: bool = False) -> Scored:
    """A score on anchor questions of 20 people with this gating score."""
    return Scored(
        score=min(95, lower + 3),
        band="developing",
        grade="B",
        change=NoChange(reason="first_wave"),
        n=20,
        unknown=Share(percent=5),
        gate=Gate(lower=lower, upper=min(100, lower + 6) if upper is None else upper, own=True),
        camps=Camps(polarisation=60 if split else 20, split=split),
    )


def row(scores: dict[str, int] | None = None, *, split: tuple[str, ...] = (), **more: object) -> Row:
    """A department with these gating scores."""
    told = READY if scores is None else scores
    fields: dict[str, object] = {
        "id": DEPARTMENT,
        "kind": "unit",
        "name": "Finance",
        "parent": "organisation",
        "depth": 1,
        "headcount": 25,
        "n": 20,
        "rate": 80,
        "departments": (DEPARTMENT,),
        "members": (),
        "function": "finance",
        "headcount_corrected": False,
        "trust": Index(score=60, band="developing"),
        "readiness": Index(score=60, band="developing"),
        "cells": {name: cell(lower, split=name in split) for name, lower in told.items()},
    }
    return Row(**{**fields, **more})  # type: ignore[arg-type]  # fields by name


def with_rows(release: Release, *rows: Row) -> Release:
    """The release with these rows below its organisation."""
    return replace(release, rows=(release.organisation, *rows), small=())


def facts(controls: tuple[str, ...] = UP_TO_A3, *, on: date = date(2026, 9, 1), **more: object) -> Facts:
    """One department for which these controls were attested for the whole organisation on a day."""
    attested = tuple(attestation(control, on=on) for control in controls)
    place = Place(id=DEPARTMENT, name="Finance", parent=None, depth=0, function="finance")
    fields: dict[str, object] = {"as_of": DAY, "places": (place,), "attested": attested}
    return Facts(**{**fields, **more})  # type: ignore[arg-type]  # fields by name


def attestation(control: str, *, department: str = "", on: date = date(2026, 9, 1)) -> Attested:
    """An attestation with evidence."""
    told = {"control": control, "department": department, "on": on}
    return Attested(id=f"{control}/{department}", **told, owner="x", evidence="y", expires=None)  # type: ignore[arg-type]


def shares(percent: int) -> Shares:
    """The shares of a question."""
    return Shares(
        favourable=Share(percent=percent), neutral=Share(percent=20), unfavourable=Share(percent=80 - percent)
    )
