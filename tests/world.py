"""A client in the middle of its work, made by the services: one wave closed and released, the next one open."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.db import Database
from app.invitations.queries import links
from app.invitations.service import make_personal_links
from app.respond import service as respond
from app.waves import languages
from app.waves import service as waves
from app.worker import Worker
from surveys.codes import allowed
from tests.cast import Cast
from tests.conftest import SECRET

KEY = bytes.fromhex(SECRET)

# How many of each department of the cast answer; Ethics has three people, Tax four.
ANSWERS = {
    "Legal": 7,
    "HR": 5,
    "Finance": 2,
    "Accounts payable": 8,
    "Planning": 5,
    "Tax": 3,
    "Operations": 24,
    "IT": 10,
    "Customer service": 18,
    "Ethics": 3,
}


@dataclass(frozen=True)
class World:
    """The client's waves: `closed` has release 1, `running` is open."""

    closed: UUID
    running: UUID


def plan_wave(
    database: Database,
    cast: Cast,
    *,
    now: datetime,
    form: str = "pulse",
    label: str = "2026-Q3",
    name: str = "Readiness",
    asked_in: Collection[str] = (),
) -> UUID:
    """Plans an assessment with its first wave and opens it; `asked_in`: in these languages, in all when it is empty."""
    with database.writing() as session:
        wave = waves.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name=name,
            instrument="atr",
            label=label,
            form=form,
            planned_close=None,
            now=now,
        )
        if asked_in:
            languages.choose(session, organisation_id=cast.organisation, wave_id=wave, languages=asked_in)
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=now)
    return wave


def answer(
    database: Database,
    cast: Cast,
    wave: UUID,
    *,
    counts: Mapping[str, int],
    now: datetime,
    shift: int = 0,
    language: str = "",
) -> None:
    """Lets people answer through the real writer; `shift` moves what they say by whole scale points."""
    for name, count in counts.items():
        for number, token in enumerate(_tokens(database, cast, wave, name, count, now)):
            _send(database, token, random.Random(f"{name}/{number}"), shift, now, language=language)


def begin(database: Database, cast: Cast, wave: UUID, name: str, *, now: datetime) -> str:
    """Lets one person of a department save and not send; gives the token of the link."""
    [token] = _tokens(database, cast, wave, name, 1, now)
    _send(database, token, random.Random(name), 0, now, send=False)
    return token


def close(database: Database, cast: Cast, wave: UUID, *, now: datetime) -> None:
    """Closes the wave and lets a worker make its release."""
    with database.writing() as session:
        waves.start_closing(session, organisation_id=cast.organisation, wave_id=wave, now=now)
    while Worker(database, clock=lambda: now).work_once():
        pass


def build(database: Database, cast: Cast, now: datetime) -> World:
    """One wave closed with its release, the next one open with some answers."""
    closed = plan_wave(database, cast, now=now)
    answer(database, cast, closed, counts=ANSWERS, now=now + timedelta(hours=1))
    close(database, cast, closed, now=now + timedelta(days=14))
    later = now + timedelta(days=90)
    with database.writing() as session:
        running = waves.prepare_next(
            session, organisation_id=cast.organisation, wave_id=closed, form="pulse", label="2026-Q4", now=later
        )
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=running, now=later)
    answer(database, cast, running, counts={"Legal": 2, "Operations": 3}, now=later)
    return World(closed, running)


def _tokens(database: Database, cast: Cast, wave: UUID, name: str, count: int, now: datetime) -> list[str]:
    with database.writing() as session:
        made = make_personal_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=wave,
            department_id=cast.departments[name],
            references=[None] * count,
            now=now,
        )
    with database.reading() as session:
        found = links(session, link_key=KEY, organisation_id=cast.organisation, wave_id=wave, base_url="")
    return [one.url.rsplit("/", 1)[1] for one in found if one.invitation_id in set(made)]


def _send(
    database: Database,
    token: str,
    dice: random.Random,
    shift: int,
    now: datetime,
    *,
    send: bool = True,
    language: str = "",
) -> None:
    with database.writing() as session:
        visit = respond.enter(session, token, lock=True).speaking(language)
        items = [item for page in visit.pages for item in page.items]
        answers = {item.id: _choice(allowed(visit.instrument, item), dice, shift) for item in items}
        respond.save_pages(session, visit, answers, seconds={page.key: 30.0 for page in visit.pages}, now=now)
        if send:
            respond.send(session, visit, now=now)


def _choice(offered: frozenset[str], dice: random.Random, shift: int) -> str:
    if "dk" in offered and dice.random() < 0.1:
        return "dk"
    points = sorted(int(one) for one in offered if one.isdigit())
    return str(min(points[-1], max(points[0], dice.choice(points[:4]) + shift)))
