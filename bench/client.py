"""A client to look at pages of: departments in three levels, a year or more of waves with their releases and records.

Answer sheets are written straight into the table, everything else by the services that people use: workflows that are
rated, attested controls, a decision record on each wave, results shared with the client, two waves compared.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import numpy as np

from app.accounts import service as accounts
from app.clients import service as clients
from app.clients.importing import import_departments
from app.clients.imports import ImportRow
from app.db import Database
from app.migrations import upgrade
from app.releases.make import make_release
from app.releases.plan.coarsening import Department
from app.waves import instruments
from app.waves import queries as waves
from app.waves import service as running
from bench.deciding import By, compared, inventory, told
from bench.filling import organisation
from surveys.codes import SKIP, allowed
from surveys.model import Form

FUNCTIONS: Final = ("legal", "hr", "finance", "operations", "it", "customer_service", "sales", "procurement", "other")
PEOPLE: Final = 18
"""So many on average in a department."""
TURNOUT: Final = 0.75
START: Final = datetime(2024, 1, 8, 9, tzinfo=UTC)
QUARTER: Final = timedelta(days=91)
OPEN_FOR: Final = timedelta(days=14)
EMAIL: Final = "bench@example.org"


@dataclass(frozen=True, slots=True)
class Built:
    """Where the client is: the database, the organisation, its waves with a release, oldest first, and the department
    whose row in the newest of them has the most answers. The newest wave is compared with the oldest.
    """

    url: str
    organisation: UUID
    user: UUID
    waves: tuple[UUID, ...]
    assessment: UUID
    department: UUID
    workflow: UUID
    now: datetime


def built(folder: Path, *, departments: int, of_waves: int) -> Built:
    """A client with so many departments and closed waves, a full form first in every year."""
    url = f"sqlite:///{folder}/bench.db"
    database = Database(url)
    upgrade(database)
    tree = organisation(departments, PEOPLE * departments)
    with database.writing() as session:
        user = accounts.create_user(session, email=EMAIL, name="Bench", password=uuid4().hex, now=START)
        place = clients.create_organisation(session, name="Bench", time_zone="Europe/Berlin", user_id=user, now=START)
        import_departments(session, place, _rows(tree), now=START)
    by = By(database, place, user)
    workflow = inventory(by, now=START)
    found: list[UUID] = []
    for number in range(of_waves):
        form: Form = "pulse" if number % 4 else "full"
        opened = START + number * QUARTER
        closed = opened + OPEN_FOR
        found.append(_wave(database, place, found[-1] if found else None, form=form, number=number, now=opened))
        _answers(folder / "bench.db", database, place, found[-1], number=number, day=opened)
        with database.writing() as session:
            running.start_closing(session, organisation_id=place, wave_id=found[-1], now=closed)
        make_release(database, organisation_id=place, wave_id=found[-1], now=closed)
        told(by, found[-1], number, now=closed)
    now = START + of_waves * QUARTER
    compared(by, found[-1], found[0], now=now)
    with database.reading() as session:
        every = waves.wave_departments(session, place, found[-1])
        assessment = waves.wave(session, place, found[-1]).assessment_id
    database.close()
    largest = max(every, key=lambda one: one.headcount).department_id
    return Built(url, place, user, tuple(found), assessment, largest, workflow, now)


def _rows(tree: Sequence[Department]) -> list[ImportRow]:
    """The departments as a list that somebody imports, with a function each."""
    name_of = {one.id: one.name for one in tree}
    return [
        ImportRow(
            line=line,
            department=one.name,
            parent=name_of[one.parent] if one.parent else "",
            function=FUNCTIONS[line % len(FUNCTIONS)],
            headcount=one.headcount,
        )
        for line, one in enumerate(tree, start=2)
    ]


def _wave(database: Database, place: UUID, before: UUID | None, *, form: Form, number: int, now: datetime) -> UUID:
    label = f"{now.year}-Q{number % 4 + 1}"
    with database.writing() as session:
        if before is None:
            wave = running.plan_assessment(
                session,
                organisation_id=place,
                name="Readiness",
                instrument="atr",
                label=label,
                form=form,
                planned_close=None,
                now=now,
            )
        else:
            wave = running.prepare_next(session, organisation_id=place, wave_id=before, form=form, label=label, now=now)
        running.open_wave(session, organisation_id=place, wave_id=wave, now=now)
    return wave


def _answers(path: Path, database: Database, place: UUID, wave: UUID, *, number: int, day: datetime) -> None:
    """Answers of three people in four, each near a level of their own and of their department."""
    with database.reading() as session:
        departments = waves.wave_departments(session, place, wave)
        asked = instruments.asked(session, waves.wave(session, place, wave))
    columns = {item for one in departments for item in one.layout_items}
    most = {item: max(map(int, filter(str.isdigit, allowed(asked, asked.item(item))))) for item in columns}
    rng = np.random.default_rng(number)
    sheets: list[tuple[object, ...]] = []
    counted: list[tuple[object, ...]] = []
    for one in departments:
        people = int(rng.binomial(one.headcount, TURNOUT))
        level = 3 + 0.5 * np.sin(one.position) + 0.05 * number
        person = rng.normal(level, 0.8, size=(people, 1))
        given = np.rint(person + rng.normal(0, 0.6, size=(people, len(one.layout_items))))
        given = np.clip(given, 1, [most[item] for item in one.layout_items])
        codes = np.where(rng.random(given.shape) < 0.04, SKIP[0], given + ord("0")).astype(np.uint8)
        key = (place.hex, wave.hex, one.department_id.hex)
        on = day.date().isoformat()
        sheets += [(*key, UUID(bytes=rng.bytes(16)).hex, on, sheet.tobytes()) for sheet in codes]
        counted.append((*key, on, people))
    with sqlite3.connect(path) as file:
        file.executemany(
            "INSERT INTO answer_sheet (organisation_id, wave_id, department_id, id, language, day, flags, codes)"
            " VALUES (?, ?, ?, ?, 'en', ?, 0, ?)",
            sheets,
        )
        file.executemany(
            "INSERT INTO turnout (organisation_id, wave_id, department_id, day, responses) VALUES (?, ?, ?, ?, ?)",
            counted,
        )
