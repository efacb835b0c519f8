"""The action plan through HTTP: taken on, given to somebody, moved on, changed by two, and what can't be."""

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.accounts import service as accounts
from app.actions import service
from app.actions.service import Wanted
from app.clients import changes
from app.db import Database
from app.errors import InvalidError
from app.lineage.snapshots import Wanted as Change
from app.playbooks.shelf import library
from tests.actions.stage import by, facts, form, one, page, plan_of, taken, taken_of_library
from tests.cast import Cast, sign_in
from tests.clients import opened
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def add_member(database: Database, cast: Cast, clock: Clock, role: str, department: UUID | None = None) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=department)  # type: ignore[arg-type]  # a role


def test_an_action_of_their_own_goes_from_to_do_to_done_with_evidence(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert "Nothing is taken on yet" in client.get(page(cast)).text
    fields = form(cast, clock(), owner="Dana Doe", form="5a2f5f2e-3b0a-4a1e-9d3a-0f3f6d1c0001")
    for _ in range(2):
        assert client.post(page(cast, "new"), data=fields).status_code == 303
    [made] = plan_of(database, cast)
    assert "Write a page" in client.get(page(cast, "board")).text
    begun = client.post(page(cast, made.id, "move"), data={"status": "doing", "back": "board", "seen": "1"})
    assert begun.headers["location"].endswith("/plan/board")
    asked = client.post(page(cast, made.id, "move"), data={"status": "done", "back": "board", "seen": "2"})
    assert asked.status_code == 422
    assert "Say what shows that it is done" in asked.text
    assert '<option value="done" selected>' in asked.text
    assert one(database, cast, made.id).facts.status == "doing"
    done = {
        **fields,
        "status": "done",
        "evidence": "The page, on the intranet",
        "link": "https://intranet.example/page",
        "seen": "2",
    }
    assert client.post(page(cast, made.id, "change"), data=done).status_code == 303
    now = one(database, cast, made.id).facts
    assert (now.status, now.ended, now.evidence) == ("done", clock().date(), "The page, on the intranet")
    told = unescape(client.get(page(cast, made.id)).text)
    for words in ("Version 3, Ada", "How it stands: Under way", 'href="https://intranet.example/page"', "Dana Doe"):
        assert words in told


def test_two_who_change_one_action_lose_nothing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock())
    sign_in(client, "Ada")
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page(cast, made, "change")).text)
    assert seen is not None
    with database.writing() as session:
        wanted = facts(cast, clock(), owner="Eve Example")
        service.change(session, cast.organisation, made, wanted, author=by(clock(), "Ben"), seen=1)
    mine = form(cast, clock(), owner="Dana Doe", hours="12", seen=seen[1])
    second = client.post(page(cast, made, "change"), data=mine)
    told = unescape(second.text)
    assert second.status_code == 409
    assert "Ben saved this action while you were changing it." in told
    assert "Who does it: Eve Example" in told
    assert 'value="Dana Doe"' in told
    assert one(database, cast, made).facts.owner == "Eve Example"
    again = re.search(r'name="seen" value="(\d+)"', second.text)
    assert again is not None
    assert client.post(page(cast, made, "change"), data={**mine, "seen": again[1]}).status_code == 303
    assert one(database, cast, made).facts.owner == "Dana Doe"
    stale = client.post(page(cast, made, "move"), data={"status": "doing", "seen": "1"})
    assert stale.status_code == 409, "a button of an old page moves nothing"


@pytest.mark.parametrize("seen", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": "7"}])
def test_a_form_that_does_not_say_what_it_showed_changes_no_action(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, seen: dict[str, str]
) -> None:
    made = taken(database, cast, clock())
    sign_in(client, "Ada")
    blind = {name: text for name, text in form(cast, clock(), owner="Dana Doe").items() if name != "seen"} | seen
    for step in ("change", "move"):
        answer = client.post(page(cast, made, step), data=blind | {"status": "doing"})
        assert answer.status_code == 409, step
        assert "somebody may have saved meanwhile" in unescape(answer.text)
    assert one(database, cast, made).version == 1
    assert one(database, cast, made).facts.status == "open"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"due": "2020-01-31"}, "31 January 2020 is over. Choose a day from"),
        ({"due": "31.1."}, "Give the day as it stands in a calendar"),
        ({"due": "2090-01-31"}, "is too far away"),
        ({"due": "9999-12-31", "status": "done"}, "is too far away"),
        ({"due": "0001-01-01", "status": "dropped", "reason": "No time"}, "is too far away"),
        ({"moves": "T1, X9"}, "X9 is no dimension. They are T1 to T5 and R1 to R6"),
        ({"moves": ""}, "Name one to 5 dimensions"),
        ({"hours": "many"}, "Give the hours as a whole number from 1 to 4000."),
        ({"mail": "dana@"}, "“dana@” is no mail address."),
        ({"mail": "dana@example.org"}, "Give the name of the person to whom this address belongs."),
        ({"title": ""}, "Say in one line what is to be done"),
        ({"status": "dropped"}, "Say in a sentence why it is dropped"),
        ({"status": "half done"}, "Choose how it stands"),
        ({"link": "javascript:alert(1)"}, "A link begins with https://"),
        ({"department": "x"}, "Choose the department that takes this on."),
        ({"need-7b0a3f5e-0000-4000-8000-000000000000": "yes"}, "not in the plan any more"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, typed: dict[str, str], told: str
) -> None:
    sign_in(client, "Ada")
    answer = client.post(page(cast, "new"), data={**form(cast, clock(), reason="", evidence="By hand"), **typed})
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert "By hand" in answer.text
    assert plan_of(database, cast) == ()


def test_a_day_that_passed_meanwhile_may_stay_and_is_marked(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock())
    before = form(cast, clock(), seen="1")
    clock.advance(days=30)
    sign_in(client, "Ada")
    assert "The day is over." in client.get(page(cast)).text
    assert client.post(page(cast, made, "change"), data={**before, "owner": "Dana Doe"}).status_code == 303
    assert one(database, cast, made).facts.owner == "Dana Doe"


def test_actions_that_would_wait_for_each_other_are_refused_with_the_way_round(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    first = taken(database, cast, clock(), "Name an owner")
    second = taken(database, cast, clock(), "Draw the map", needs=(first,))
    sign_in(client, "Ada")
    assert "Waits for: Name an owner." in client.get(page(cast)).text
    round_about = {**form(cast, clock(), title="Name an owner", seen="1"), f"need-{second}": "yes"}
    answer = client.post(page(cast, first, "change"), data=round_about)
    assert answer.status_code == 422
    told = "These would wait for each other: Name an owner → Draw the map → Name an owner. Take one of them out."
    assert told in unescape(answer.text)
    assert one(database, cast, first).facts.needs == ()


@pytest.mark.both
def test_open_actions_of_a_merged_department_move_to_its_successor_and_say_so(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), to="Ethics")
    with database.writing() as session:
        both = (cast.departments["Legal"], cast.departments["Ethics"])
        wanted = Change(departments=both, name="Legal and ethics")
        changes.apply(session, cast.organisation, "merge", wanted, now=clock())
    sign_in(client, "Ada")
    shown = unescape(client.get(page(cast)).text)
    assert "It came from Ethics, which was merged into Legal and ethics." in shown
    heir = re.search(r"/plan/departments/([\w-]+)", shown)
    assert heir is not None
    assert "Write a page" in client.get(page(cast, "departments", heir[1])).text
    asked = client.get(page(cast, made, "change")).text
    assert f'<option value="{heir[1]}" selected>' in asked
    sent = {**form(cast, clock(), seen="1"), "department": str(cast.departments["Ethics"]), "owner": "Dana Doe"}
    assert client.post(page(cast, made, "change"), data=sent).status_code == 303, "the old id still means the heir"
    assert str(one(database, cast, made).facts.department_id) == heir[1]


def test_a_new_language_of_mails_is_told_as_a_change(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), owner="Dana Doe", mail="dana@example.org")
    sign_in(client, "Ada")
    known = {"owner": "Dana Doe", "mail": "dana@example.org"}
    assert (
        client.post(page(cast, made, "change"), data=form(cast, clock(), language="de", seen="1", **known)).status_code
        == 303
    )
    assert "Language of mails: Deutsch" in unescape(client.get(page(cast, made)).text)
    second = client.post(page(cast, made, "change"), data=form(cast, clock(), language="en", seen="1", **known))
    assert second.status_code == 409
    assert "Language of mails: Deutsch" in unescape(second.text)


def test_actions_of_a_department_that_was_closed_are_shown_and_given_to_another(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), to="Ethics")
    sign_in(client, "Ada")
    assert opened.close(client, cast.organisation, cast.departments["Ethics"]).status_code == 303
    shown = unescape(client.get(page(cast)).text)
    assert "These were taken on by departments that are no more." in shown
    assert "Ethics was closed or split. Choose the department that goes on with this." in shown
    assert client.post(page(cast, made, "change"), data=form(cast, clock(), seen="1")).status_code == 303
    assert one(database, cast, made).facts.department_id == cast.departments["Legal"]


def test_a_lead_sees_and_changes_the_plan_of_their_own_department_only(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    ours, theirs = taken(database, cast, clock(), "Ours"), taken(database, cast, clock(), "Theirs", to="HR")
    add_member(database, cast, clock, "lead", cast.departments["Legal"])
    sign_in(client, "Cleo")
    for address in (page(cast), page(cast, "board")):
        shown = client.get(address).text
        assert "Ours" in shown
        assert "Theirs" not in shown
    for address in (
        page(cast, theirs),
        page(cast, theirs, "change"),
        page(cast, "departments", cast.departments["HR"]),
    ):
        assert client.get(address).status_code == 404
    assert client.post(page(cast, theirs, "move"), data={"status": "doing"}).status_code == 404
    hr = page(cast, "departments", cast.departments["HR"])
    assert client.post(hr, data={"hours": "9"}).status_code == 404
    assert client.post(page(cast, ours, "move"), data={"status": "doing", "seen": "1"}).status_code == 303
    away = client.post(page(cast, ours, "change"), data=form(cast, clock(), to="HR", seen="2"))
    assert away.status_code == 422, "a lead gives nothing to another department"
    assert one(database, cast, ours).made_by == "Cleo"


def test_a_sponsor_reads_the_plan_and_changes_nothing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock())
    add_member(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    for address in (page(cast), page(cast, "board"), page(cast, made)):
        shown = client.get(address).text
        assert "Write a page" in shown
        assert "Begin" not in shown
    for address in (page(cast, "new"), page(cast, made, "change")):
        assert client.get(address).status_code == 404
        assert client.post(address, data=form(cast, clock())).status_code == 404
    assert client.post(page(cast, made, "move"), data={"status": "doing"}).status_code == 404


def test_hours_that_do_not_suffice_are_told_and_two_who_set_them_are_told_of_each_other(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    taken(database, cast, clock(), hours=90)
    sign_in(client, "Ada")
    place = page(cast, "departments", cast.departments["Legal"])
    assert "90 hours are planned." in client.get(place).text
    assert client.post(place, data={"hours": "80", "seen": ""}).status_code == 303
    assert "90 hours are planned, and there are 80." in client.get(place).text
    second = client.post(place, data={"hours": "100", "seen": ""})
    assert second.status_code == 409
    assert "Somebody else has set 80 hours meanwhile." in second.text
    assert client.post(place, data={"hours": "-1", "seen": "80"}).status_code == 422
    assert client.post(place, data={"hours": "100", "seen": "80"}).status_code == 303


def test_ninety_days_are_told_in_three_parts_with_what_is_open_from_before(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    for days in (10, 45, 80, 200):
        taken(database, cast, clock(), f"Due in {days}", due=(clock() + timedelta(days=days)).date())
    sign_in(client, "Ada")
    place = page(cast, "departments", cast.departments["Legal"])
    shown = unescape(client.get(place).text)
    order = [
        shown.index(words)
        for words in (
            "By day 30",
            "Due in 10",
            "By day 60",
            "Due in 45",
            "By day 90",
            "Due in 80",
            "Later",
            "Due in 200",
        )
    ]
    assert order == sorted(order)
    clock.advance(days=95)
    sign_in(client, "Ada")
    later = unescape(client.get(place).text)
    assert later.index("Still open from before") < later.index("Due in 10") < later.index("By day 30")


def test_an_action_of_the_library_keeps_its_words_and_cells_whatever_is_typed(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    id = "R3-low-permitted-uses"
    action = library().by_id[id]
    sign_in(client, "Ada")
    asked = client.get(page(cast, f"new?action={id}&department={cast.departments['Legal']}")).text
    assert str(action.title) in unescape(asked)
    sent = form(cast, clock(), title="Something else", moves="X9", action=id)
    assert client.post(page(cast, "new"), data=sent).status_code == 303
    [made] = plan_of(database, cast)
    assert (made.title, made.facts.moves, made.edition) == (action.title, action.moves, action.version)
    german = client.get(page(cast, made.id), headers={"Accept-Language": "de"}).text
    assert unescape(german).count(action.title.words["de"]) >= 1
    with pytest.raises(InvalidError, match="is in the plan of this department already"):
        taken_of_library(database, cast, clock(), id)
    assert action.steps[0] in unescape(client.get(page(cast, made.id)).text)


def test_of_several_actions_all_are_taken_or_none(database: Database, cast: Cast, clock: Clock) -> None:
    good = Wanted(id=cast.ada, facts=facts(cast, clock()), begins=clock().date())
    bad = Wanted(id=cast.ben, facts=facts(cast, clock(), hours=0), begins=clock().date())
    with database.writing() as session, pytest.raises(InvalidError) as found:
        service.take(session, cast.organisation, (good, bad), author=by(clock()))
    assert set(found.value.fields) == {"1-hours"}
    assert plan_of(database, cast) == ()
