"""What all staff are told of the plan: out of a record, without departments and names, as somebody looked at it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.actions import queries as actions
from app.actions import service as plan
from app.autonomy.gathering import basis
from app.db import Database
from app.planned import issuing
from app.planned.document import essence
from app.planned.freezing import frozen
from app.playbooks.shelf import library
from app.releases import store
from app.releases.document.release import Change, Scored
from app.share import telling
from app.share.intended import Intended, Plan, offered
from app.waves import instruments
from app.waves import queries as waves
from tests.actions.stage import by, taken, taken_of_library
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import share
from tests.share.test_staff import path_of, publish, seen_on, write
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in

SHARED, ONLY_LEGAL = "R3-low-permitted-uses", "LEG-T1-verify-citations"


def fix(database: Database, cast: Cast, clock: Clock) -> None:
    with database.writing() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        seen = essence(frozen(session, cast.organisation, on, now=clock()))
        issuing.issue(session, organisation_id=cast.organisation, seen=seen, made_by="Ada", now=clock())


def end(database: Database, cast: Cast, now: datetime, title: str) -> None:
    """An action is done."""
    with database.writing() as session:
        one = next(one for one in actions.plan(session, cast.organisation) if one.facts.title == title)
        done = replace(one.facts, status="done", evidence="It hangs on the wall.")
        plan.change(session, cast.organisation, one.id, done, author=by(now), seen=None)


def planned(database: Database, cast: Cast, clock: Clock) -> None:
    """The same action in two departments, one for lawyers only, and two of their own: one names a department."""
    for department in ("Legal", "Operations"):
        taken_of_library(database, cast, clock(), SHARED, to=department, owner="Dana Doe")
    taken_of_library(database, cast, clock(), ONLY_LEGAL, owner="Eli Example")
    taken(database, cast, clock(), "Write a page", owner="Dana Doe", to="Operations")
    taken(database, cast, clock(), "Show Legal the log", owner="Eli Example")


def title_of(action: str, language: str = "en") -> str:
    title = library().by_id[action].title
    return title.words.get(language, title.message)


@pytest.mark.both
def test_staff_read_what_is_planned_in_which_role_until_when_and_neither_departments_nor_names(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    end(database, cast, clock(), "Write a page")
    fix(database, cast, clock)
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    address = publish(client, path_of(cast, lived_in))
    page = client.get(address).text
    told = page.partition("The plan, as of")[2].partition("<h2>")[0]
    assert told.count(title_of(SHARED)) == 1, "two departments are one line"
    assert re.search(r"by the end of \d{4}-Q[1-4]\. To do\.", told)
    assert re.search(r"Done in \d{4}-Q[1-4]\. It was done after you had been asked", told)
    for unwanted in (title_of(ONLY_LEGAL), "Show Legal", "Legal", "Operations", "Dana Doe", "Eli Example"):
        assert unwanted not in told, unwanted
    german = client.get(f"{address}?language=de").text
    assert title_of(SHARED, "de") in german
    assert re.search(r"bis Ende \d{4}-Q[1-4]\. Zu tun\.", german)
    assert f'lang="en" dir="auto">{title_of(SHARED)}' in client.get(f"{address}?language=ar").text


def test_whoever_runs_the_client_says_what_is_told_and_what_is_left_out(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    fix(database, cast, clock)
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    lines = re.findall(r'name="tell-(\w{12})" value="yes"( checked)?> ([^<]+)<', client.get(path).text)
    keys = {title: key for key, _, title in lines}
    assert {title for _, ticked, title in lines if not ticked} == {title_of(ONLY_LEGAL), "Show Legal the log"}
    shown = {f"line-{key}": "1" for key in keys.values()}
    told = {f"tell-{keys[title]}": "yes" for title in ("Show Legal the log", "Write a page")}
    assert write(client, path, **shown, **told) == 303
    address = publish(client, path)
    page = client.get(address).text
    assert "Show Legal the log" in page
    assert "Write a page" in page
    assert title_of(SHARED) not in page
    assert write(client, path, **shown) == 303, "nothing is ticked any more"
    assert "Write a page" in client.get(address).text, "it is read as it was published"
    assert "is not published yet" in client.get(path).text
    assert "The plan, as of" not in client.get(publish(client, path)).text


def test_a_plan_that_was_fixed_since_it_was_looked_at_is_looked_at_again(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert "once it is fixed on the result that is shared" in client.get(path).text
    fix(database, cast, clock)
    mark = re.search(r'name="plan" value="(\w+)"', client.get(path).text)
    assert mark is not None
    taken(database, cast, clock(), "Another page", to="Operations")
    fix(database, cast, clock)
    form = {"seen": seen_on(client, path), "plan": mark[1]}
    refused = client.post(f"{path}/publish", data=form)
    assert refused.status_code == 409
    assert "Look at it again, then publish it" in refused.text
    assert "Another page" in client.get(publish(client, path)).text


def test_what_was_done_before_the_wave_before_opened_is_no_news(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    with database.reading() as session:
        wave, other = (waves.wave(session, cast.organisation, one) for one in (lived_in.closed, lived_in.running))
        before = replace(wave, previous_wave_id=lived_in.running)
    assert other.opened_at is not None
    early = other.opened_at - timedelta(days=30)
    taken(database, cast, early, "Long ago", to="Operations")
    end(database, cast, early, "Long ago")
    fix(database, cast, clock)
    with database.reading() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        first, later = (offered(session, one, on.release.id, {}) for one in (wave, before))
        assert offered(session, wave, None, {}).intended == ()
    assert {one.title for one in first.intended} - {one.title for one in later.intended} == {"Long ago"}


def test_what_was_done_says_how_its_scores_moved_over_everybody_and_claims_nothing_for_it(
    database: Database, cast: Cast, lived_in: World
) -> None:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
        assert found is not None
        asked = instruments.asked(session, waves.wave(session, cast.organisation, lived_in.closed))
    cell = found.document.organisation.cells["R3"]
    assert isinstance(cell, Scored)
    opened = date(2026, 8, 31)
    told = []
    for confirmation in ("confirmed", "seems"):
        change = Change(before=40, now=52, delta=12, p=1, direction="up", confirmation=confirmation)
        cells = {**found.document.organisation.cells, "R3": replace(cell, change=change)}
        wave = replace(found.document.wave, previous_label="2026-Q2")
        first, *others = found.document.rows
        rows = (replace(first, cells=cells), *others)
        release = replace(found.document, wave=wave, rows=rows)
        told += [
            str(each.since)
            for day in (date(2026, 8, 30), opened)
            for each in telling.planned(
                Plan(number=1, intended=(done_on(day),)), release, asked, opened=opened, language="en"
            )
        ]
    assert told == [
        "Over everybody: Guardrails and governance +12 points since 2026-Q2. "
        "That alone does not show that it came from this.",
        "It was done after you had been asked; the next survey may show whether it helps.",
        "Over everybody, nothing has clearly changed yet in what it is meant to help.",
        "It was done after you had been asked; the next survey may show whether it helps.",
    ]


def done_on(day: date) -> Intended:
    return Intended(
        key="a" * 12,
        title="A page",
        words={},
        role="lead",
        due=day,
        status="done",
        ended=day,
        moves=("R3",),
        shown=True,
    )
