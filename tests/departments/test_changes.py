"""Changes planned for a day: done by the worker once, also late; cancelled, held, taken back; what waves keep."""

import html
import re
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.clients import changes
from app.clients import queries as clients
from app.clients import service as editing
from app.db import Database
from app.errors import ConflictError, InvalidError
from app.lineage import queries as lineage
from app.lineage.snapshots import Kind, Part, Wanted
from app.people import service as people
from app.rosters import queries as rosters
from app.waves import queries as waves
from app.waves import service as running
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.clients import opened
from tests.conftest import Clock
from tests.waves.stage import planned
from tests.world import KEY, World

DAY = date(2026, 10, 12)
BEGINS = datetime(2026, 10, 11, 22, 0, tzinfo=UTC)


def ask(database: Database, cast: Cast, clock: Clock, kind: Kind, *names: str, day: date = DAY, **more) -> UUID:
    wanted = Wanted(departments=tuple(cast.departments[one] for one in names), **more)
    with database.writing() as session:
        return changes.ask(session, cast.organisation, kind=kind, wanted=wanted, day=day, user_id=cast.ada, now=clock())


def tree(database: Database, cast: Cast) -> dict[str, int]:
    with database.reading() as session:
        return {one.name: one.headcount for one in clients.departments(session, cast.organisation)}


def state(database: Database, cast: Cast, change: UUID) -> str:
    with database.reading() as session:
        every = lineage.changes(session, cast.organisation, states=("planned", "done", "held", "cancelled", "undone"))
    return next(one.state for one in every if one.id == change)


def work(database: Database, clock: Clock) -> int:
    worker, jobs = Worker(database, clock=clock), 0
    while worker.work_once():
        jobs += 1
    return jobs


@pytest.mark.both
def test_a_merge_that_is_planned_is_done_when_its_day_begins_and_not_before(database, cast, clock):
    change = ask(database, cast, clock, "merge", "Legal", "Ethics", name="Legal and ethics")
    clock.now = BEGINS - timedelta(seconds=1)
    work(database, clock)
    assert "Legal" in tree(database, cast)
    clock.now = BEGINS
    work(database, clock)
    assert tree(database, cast)["Legal and ethics"] == 11
    assert not {"Legal", "Ethics"} & set(tree(database, cast))
    assert state(database, cast, change) == "done"
    with database.reading() as session:
        [done] = [one for one in lineage.done(session, cast.organisation) if one.kind == "merge"]
    assert done.day == DAY


@pytest.mark.both
@pytest.mark.own_database
def test_two_workers_do_a_change_once_and_one_that_was_dead_for_days_does_it_late(database, cast, clock):
    ask(database, cast, clock, "split", "IT", parts=(Part("Desk", "it", 5), Part("Systems", "", 7)))
    ask(database, cast, clock, "rename", "HR", name="People", day=DAY + timedelta(days=1))
    clock.now = BEGINS + timedelta(days=3)
    threads = [threading.Thread(target=work, args=(database, clock)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = tree(database, cast)
    assert (found["Desk"], found["Systems"], "IT" in found, "People" in found) == (5, 7, False, True)
    with database.read.connect() as connection:
        noted = connection.exec_driver_sql("SELECT count(*) FROM act WHERE kind = 'client.change_done'")
        assert noted.scalar_one() == 2


def test_a_wave_that_opens_on_the_day_has_the_change_also_when_no_worker_did_it(database, cast, clock):
    wave = planned(database, cast, clock())
    place = {"organisation_id": cast.organisation, "wave_id": wave}
    with database.writing() as session:
        people.keep(session, **place, text="department,reference\nLegal,a\nEthics,b\nHR,c", now=clock())
        people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
    ask(database, cast, clock, "merge", "Legal", "Ethics", name="Legal and ethics")
    clock.now = BEGINS
    with database.writing() as session:
        running.open_wave(session, **place, now=clock())
    with database.reading() as session:
        frozen = {one.name: one.department_id for one in waves.wave_departments(session, cast.organisation, wave)}
        listed = rosters.by_department(session, **place)
    assert "Legal and ethics" in frozen
    assert "Legal" not in frozen
    assert listed[frozen["Legal and ethics"]].people == 2, (
        "whoever was listed in a merged department is asked in the new one"
    )


@pytest.mark.lived_in
def test_a_wave_that_runs_keeps_its_departments_and_links(database, cast, clock, lived_in: World):
    with database.reading() as session:
        before = waves.wave_departments(session, cast.organisation, lived_in.running)
    ask(database, cast, clock, "merge", "Legal", "HR", name="Services", day=clock().date())
    with database.reading() as session:
        assert waves.wave_departments(session, cast.organisation, lived_in.running) == before
    assert "Services" in tree(database, cast)


@pytest.mark.both
def test_a_change_that_is_taken_back_leaves_the_tree_as_it_was(database, cast, clock):
    with database.writing() as session:
        editing.name_pool(session, cast.organisation, name="Staff teams",
                          members={cast.departments["HR"], cast.departments["Ethics"]})  # fmt: skip
    with database.reading() as session:
        before = clients.departments(session, cast.organisation)
    asked: tuple[tuple[Kind, tuple[str, ...], dict[str, object]], ...] = (
        ("merge", ("Finance", "HR"), {"name": "Money and people"}),
        ("split", ("Finance",), {"parts": (Part("A", "", 1), Part("B", "", 1))}),
        ("move", ("Tax",), {"parent_id": cast.departments["Legal"]}),
        ("close", ("Ethics",), {}),
    )
    for kind, names, more in asked:
        change = ask(database, cast, clock, kind, *names, day=clock().date(), **more)
        with database.writing() as session:
            changes.undo(session, cast.organisation, change, frozen_at=None, now=clock.advance(minutes=1))
            changes.undo(session, cast.organisation, change, frozen_at=None, now=clock.advance(minutes=1))
        with database.reading() as session:
            now = clients.departments(session, cast.organisation)
        assert [(one.id, one.parent_id, one.headcount, one.pool) for one in now] == [
            (one.id, one.parent_id, one.headcount, one.pool) for one in before
        ]
    with database.reading() as session:
        assert {one.kind for one in lineage.done(session, cast.organisation)} == {"open"}


def test_what_was_changed_since_or_frozen_by_a_wave_is_not_taken_back(database, cast, clock):
    change = ask(database, cast, clock, "rename", "HR", name="People", day=clock().date())
    place = {"frozen_at": clock(), "now": clock()}
    with database.writing() as session, pytest.raises(ConflictError, match="A wave has opened"):
        changes.undo(session, cast.organisation, change, **place)
    ask(database, cast, clock, "rename", "HR", name="Persons", day=clock().date())
    with database.writing() as session, pytest.raises(ConflictError, match="Persons has been changed since"):
        changes.undo(session, cast.organisation, change, frozen_at=None, now=clock())


def test_what_can_no_longer_be_done_is_held_with_its_reason_and_can_be_tried_again(database, cast, clock):
    change = ask(database, cast, clock, "rename", "HR", name="People")
    with database.writing() as session:
        department = editing.add_department(
            session, cast.organisation, name="People", parent_id=None, function="hr", headcount=1, now=clock()
        )
    clock.now = BEGINS
    work(database, clock)
    assert state(database, cast, change) == "held"
    with database.reading() as session:
        waiting = lineage.waiting(session, cast.organisation)
        why = changes.why_not(clients.departments(session, cast.organisation), waiting)
    assert "in the same place already" in why[change]
    with database.writing() as session:
        editing.close_department(session, cast.organisation, department, now=clock())
        changes.try_again(session, cast.organisation, change, now=clock())
    assert (state(database, cast, change), tree(database, cast)["People"]) == ("done", 6)


def test_a_change_that_is_cancelled_is_never_done_and_not_cancelled_twice(database, cast, clock):
    change = ask(database, cast, clock, "close", "Ethics")
    with database.writing() as session:
        changes.cancel(session, cast.organisation, change)
    clock.now = BEGINS
    work(database, clock)
    assert "Ethics" in tree(database, cast)
    with database.writing() as session, pytest.raises(ConflictError, match="not waiting any more"):
        changes.cancel(session, cast.organisation, change)


def test_a_change_is_judged_against_what_is_planned_before_and_after_it(database, cast, clock):
    ask(database, cast, clock, "merge", "Legal", "HR", name="Services")
    with pytest.raises(InvalidError, match="will not be on that day"):
        ask(database, cast, clock, "rename", "Legal", name="Law", day=DAY + timedelta(days=1))
    with pytest.raises(InvalidError, match="planned for 12 October 2026 could not be done then"):
        ask(database, cast, clock, "close", "Legal", day=DAY - timedelta(days=1))
    ask(database, cast, clock, "rename", "Legal", name="Law", day=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [(date(2029, 1, 1), "more than two years away"), (date(2025, 1, 1), "more than a year ago")],
)
def test_a_day_that_is_too_far_away_is_refused(database, cast, clock, day, sentence):
    with pytest.raises(InvalidError, match=sentence):
        ask(database, cast, clock, "close", "Ethics", day=day)


def test_a_day_that_is_past_counts_at_once_unless_the_department_was_changed_since(database, cast, clock):
    clock.advance(days=10)
    ask(database, cast, clock, "rename", "HR", name="People", day=date(2026, 10, 14))
    ask(database, cast, clock, "rename", "Ethics", name="Integrity", day=date(2026, 10, 8))
    with pytest.raises(InvalidError, match="has been changed since, on 14 October 2026"):
        ask(database, cast, clock, "move", "HR", parent_id=cast.departments["IT"], day=date(2026, 10, 9))
    assert {"People", "Integrity"} <= set(tree(database, cast))


def address(cast: Cast, rest: str = "") -> str:
    return f"/organisations/{cast.organisation}/departments{rest}"


@pytest.fixture
def ada(client, cast):
    return sign_in(client, "Ada")


def form(cast: Cast, kind: str, day: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "day": day, "form": str(uuid4()), **more}


def test_the_page_plans_lists_cancels_makes_and_takes_back(ada, cast, database):
    merge = {f"d-{cast.departments[name]}": "yes" for name in ("Legal", "Ethics")}
    sent = form(cast, "merge", "2026-12-01", name="<b>Law</b>", **merge)
    answers = [ada.post(address(cast, "/changes"), data=sent) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {address(cast, "/changes?done=planned")}
    page = ada.get(answers[0].headers["location"]).text
    assert page.count("Merge Legal and Ethics into &lt;b&gt;Law&lt;/b&gt;") == 2, "once to see, once to hear"
    assert "<b>Law" not in page
    [cancel] = re.findall(r'action="([^"]+)" class="deed"', page.partition('id="plan"')[0])
    assert ada.post(cancel, data={"do": "cancel"}).headers["location"].endswith("done=cancelled")
    renamed = form(cast, "rename", "2026-10-05", department=str(cast.departments["HR"]), name="People")
    made = ada.post(address(cast, "/changes"), data=renamed)
    page = ada.get(made.headers["location"]).text
    assert "HR was renamed People." in page
    [undo, *_] = re.findall(r'action="([^"]+)" class="deed"', page.partition('id="done"')[2])
    assert ada.post(undo, data={"do": "undo"}).status_code == 303
    assert "HR" in tree(database, cast)
    assert ada.post(undo, data={"do": "??"}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "rename", "day": "soon", "name": "X"}, "Give a day such as"),
        ({"kind": "rename", "day": "2026-12-01", "name": "X"}, "Choose a department"),
        ({"kind": "merge", "day": "2026-12-01", "name": "X"}, "Choose a department"),
        ({"kind": "open", "day": "2026-12-01", "name": "X", "headcount": "many"}, "“many” is not a headcount"),
        ({"kind": "split", "day": "2026-12-01", "p0-name": "X", "p0-headcount": "1"}, "Choose a department"),
        ({"kind": "move", "day": "2026-12-01", "parent": "up"}, "Choose a parent from the list"),
    ],
)
def test_a_wrong_change_comes_back_as_it_was_typed(ada, cast, sent, sentence):
    answer = ada.post(address(cast, "/changes"), data=sent)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert f'value="{sent["day"]}"' in answer.text


@pytest.mark.lived_in
def test_a_past_day_on_which_a_wave_opened_is_refused_and_a_running_wave_is_named(ada, cast, lived_in, clock):
    department = str(cast.departments["HR"])
    past = form(cast, "rename", (clock().date() - timedelta(days=30)).isoformat(), department=department, name="People")
    answer = ada.post(address(cast, "/changes"), data=past)
    assert answer.status_code == 422
    assert "with the departments as they were, and keeps them" in answer.text
    coming = {**past, "day": (clock().date() + timedelta(days=1)).isoformat()}
    page = ada.get(ada.post(address(cast, "/changes"), data=coming).headers["location"]).text
    assert "runs then. It keeps the departments with which it opened." in page


def test_two_people_changing_one_department_lose_nothing_and_see_what_the_other_did(ada, cast, database):
    hr = cast.departments["HR"]
    page = ada.get(address(cast, f"?change={hr}")).text
    seen = html.unescape(re.findall(r'name="seen" value="([^"]+)"', page)[0])
    mine = {"name": "Human resources", "headcount": "9", "function": "hr", "parent": "", "seen": seen}
    other = {**mine, "name": "People", "headcount": "7"}
    assert ada.post(address(cast, f"/{hr}/change"), data=other).status_code == 303
    answer = ada.post(address(cast, f"/{hr}/change"), data=mine)
    told = html.unescape(answer.text)
    assert answer.status_code == 409
    assert "It is called People now." in told
    assert "Its headcount is 7 now." in told
    assert 'value="Human resources"' in told
    assert tree(database, cast)["People"] == 7
    again = html.unescape(re.findall(r'name="seen" value="([^"]+)"', answer.text)[0])
    assert ada.post(address(cast, f"/{hr}/change"), data={**mine, "seen": again}).status_code == 303
    assert ada.post(address(cast, f"/{hr}/close"), data={"seen": seen}).status_code == 409
    closed = opened.close(ada, cast.organisation, hr)
    assert closed.status_code == 303
    late = ada.post(address(cast, f"/{hr}/change"), data=mine)
    assert late.status_code == 409
    assert "has been closed" in late.text
    assert 'value="Human resources"' in late.text


def test_a_closed_department_is_offered_to_be_taken_back_at_once(ada, cast, database):
    closed = opened.close(ada, cast.organisation, cast.departments["Ethics"])
    page = ada.get(closed.headers["location"]).text
    [undo] = re.findall(r'action="([^"]+)" class="actions"', page)
    assert ada.post(undo, data={"do": "undo"}).status_code == 303
    assert tree(database, cast)["Ethics"] == 3


def test_the_lineage_is_drawn_with_a_title_a_description_and_a_table(client, cast, database, clock):
    planned(database, cast, clock())
    clock.advance(days=2)
    ask(database, cast, clock, "merge", "Legal", "Ethics", name="Law", day=clock().date())
    ask(database, cast, clock, "rename", "HR", name="People & culture", day=clock().date())
    ask(database, cast, clock, "merge", "IT", "Operations", name="Works", day=date(2026, 12, 1))
    page = sign_in(client, "Ada").get(address(cast, "/lineage")).text
    drawn = page[page.index("<svg width") : page.index("</figure>")]
    assert "Legal and Ethics were merged into Law." in drawn
    assert '<title id="lineage-title">' in drawn
    assert drawn.count('class="turn"') == 1
    assert drawn.count('class="link ahead"') == 1
    assert "People &amp; culture" in drawn
    assert "Tax" not in drawn, "what nothing happened to has no lane"
    table = page[page.index("The changes, the newest first") :]
    assert "HR was renamed People &amp; culture." in table
    assert "Merge Operations and IT into Works" in table or "Merge IT and Operations into Works" in table


def test_a_client_in_which_nothing_changed_has_no_drawing(ada, cast):
    assert "Nothing has changed yet" in ada.get(address(cast, "/lineage")).text
