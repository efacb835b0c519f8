"""Questions of the law: owner and lead propose, whoever runs the client confirms; until then the strictest counts."""

from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.accounts import service as accounts
from app.autonomy.placing import law as cap
from app.autonomy.workflow import work_of
from app.db import Database
from app.workflows import law, queries
from app.workflows.facts import FLAGS, Facts, in_general
from scoring.levels import Level
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.owners.test_links import made, seen
from tests.workflows.test_inventory import added, one, page, typed

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NONE_APPLIES = {f"law-{flag}": "no" for flag in FLAGS}


def level(database: Database, cast: Cast, workflow_id: UUID) -> Level:
    """What the law allows, as a decision reads it."""
    facts = one(database, cast, workflow_id).facts
    work = work_of(facts, id="1", code="1", name="W", department="d")
    assert cap(work.facts, function="finance").level == cap(facts, function="finance").level
    return cap(work.facts, function="finance").level


def version(database: Database, cast: Cast, workflow_id: UUID) -> str:
    return str(one(database, cast, workflow_id).version)


@pytest.mark.both
def test_what_an_owner_answers_lifts_no_cap_until_whoever_runs_the_client_confirms_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    workflow = added(database, cast, clock, "Check an invoice", Facts(minutes=5))
    assert level(database, cast, workflow) == Level.A0
    link = made(client, cast, clock, workflow)
    asked = unescape(client.get(link).text)
    assert "What you answer here is a proposal" in asked
    assert client.post(link, data={**seen(asked), **NONE_APPLIES}).status_code == 303
    facts = one(database, cast, workflow).facts
    assert (facts.legal, facts.proposed) == ({}, dict.fromkeys(FLAGS, False))
    assert level(database, cast, workflow) == Level.A0
    again = unescape(client.get(link).text)
    assert "8 answers about the law wait to be confirmed." in again
    assert again.count('<option value="no" selected>') == len(FLAGS)
    assert "Confirmed so far: not answered yet." in again

    sign_in(client, "Ada")
    shown = unescape(client.get(page(cast, workflow)).text)
    assert "no, says Kim, head of it (fictional), with a link" in shown
    for flag in FLAGS:
        answer = {"flag": flag, "seen": version(database, cast, workflow), "do": "confirm"}
        assert client.post(page(cast, workflow, "law"), data=answer).status_code == 303
    facts = one(database, cast, workflow).facts
    assert (facts.legal, facts.proposed) == (dict.fromkeys(FLAGS, False), {})
    assert level(database, cast, workflow) == Level.A5
    done = unescape(client.get(page(cast, workflow) + "?done=confirmed").text)
    assert "wait to be confirmed" not in done
    assert done.count("<small>(Ada, ") == len(FLAGS)
    log = unescape(client.get(f"/organisations/{cast.organisation}/log").text)
    assert "Confirmed an answer about the law of a workflow" in log


def test_a_lead_proposes_too_and_does_not_record_the_ground_of_the_law(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    workflow = added(
        database, cast, clock, "Check an invoice", Facts(legal={"payment_release": True}, ground="Contract")
    )
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Finance"])
    sign_in(client, "Cleo")
    form = unescape(client.get(page(cast, workflow, "change")).text)
    assert 'name="ground"' not in form
    sent = typed(cast, **NONE_APPLIES, ground="Because I say so", seen=version(database, cast, workflow))
    assert client.post(page(cast, workflow, "change"), data=sent).status_code == 303
    facts = one(database, cast, workflow).facts
    assert (facts.legal, facts.ground) == ({"payment_release": True}, "Contract")
    assert facts.proposed == dict.fromkeys(FLAGS, False)
    settle = {"flag": "payment_release", "seen": version(database, cast, workflow), "do": "confirm"}
    assert client.post(page(cast, workflow, "law"), data=settle).status_code == 404
    assert "Confirm it" not in client.get(page(cast, workflow)).text
    new = typed(cast, **NONE_APPLIES) | {"name": "Another one", "ground": "Mine"}
    assert client.post(page(cast, "new"), data=new).status_code == 303
    with database.reading() as session:
        [other] = [each for each in queries.inventory(session, cast.organisation) if each.name == "Another one"]
    assert (other.facts.legal, other.facts.ground) == ({}, "")
    assert other.facts.proposed == dict.fromkeys(FLAGS, False)


def test_whoever_runs_the_client_confirms_by_answering_and_sees_what_was_proposed(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    waiting = Facts(legal={"payment_release": True}, proposed={"payment_release": False, "safety_relevant": True})
    workflow = added(database, cast, clock, "Check an invoice", waiting)
    sign_in(client, "Ada")
    form = unescape(client.get(page(cast, workflow, "change")).text)
    assert "Proposed, and not confirmed: no." in form
    assert "Proposed, and not confirmed: yes." in form
    answers = {"law-safety_relevant": "yes", "law-payment_release": "yes"}
    sent = typed(cast, **answers, seen=version(database, cast, workflow))
    assert client.post(page(cast, workflow, "change"), data=sent).status_code == 303
    facts = one(database, cast, workflow).facts
    assert facts.legal == {"payment_release": True, "safety_relevant": True}
    assert facts.proposed == {"payment_release": False}, "what was not answered so waits on"
    keep = {"flag": "payment_release", "seen": version(database, cast, workflow), "do": "keep"}
    assert client.post(page(cast, workflow, "law"), data=keep).status_code == 303
    facts = one(database, cast, workflow).facts
    assert (facts.legal["payment_release"], facts.proposed) == (True, {})
    told = unescape(client.get(page(cast, workflow)).text)
    assert "; kept by Ada" in told
    assert "“It releases payments.” Stays: yes. Proposed was: no." in told


def test_versions_say_of_each_question_of_the_law_what_became_of_it() -> None:
    def told(was: Facts, now: Facts) -> list[str]:
        return [str(one) for one in law.changes(was, now)]

    doubted = Facts(legal={"payment_release": False}, proposed={"payment_release": True})
    assert told(Facts(legal=doubted.legal), doubted) == [
        "“It releases payments.” Proposed, and not confirmed: yes.",
    ]
    assert told(doubted, law.settled(doubted, "payment_release", take=True)) == [
        "“It releases payments.” Answered: yes.",
    ]
    assert told(doubted, law.settled(doubted, "payment_release", take=False)) == [
        "“It releases payments.” Stays: no. Proposed was: yes.",
    ]
    opened = Facts(proposed={"payment_release": False})
    assert told(opened, Facts()) == ["“It releases payments.” Stays: not answered yet. Proposed was: no."]
    assert told(Facts(legal=doubted.legal), Facts()) == ["“It releases payments.” is open again."]
    assert told(doubted, doubted) == []


def test_a_proposal_is_settled_once_as_it_was_seen(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    workflow = added(database, cast, clock, "Check an invoice", Facts(proposed={"payment_release": False}))
    sign_in(client, "Ada")
    seen_now = version(database, cast, workflow)
    answer = {"flag": "payment_release", "seen": seen_now, "do": "confirm"}
    assert client.post(page(cast, workflow, "law"), data={**answer, "seen": "9"}).status_code == 409
    assert client.post(page(cast, workflow, "law"), data={**answer, "flag": "safety_relevant"}).status_code == 409
    for wrong in ({"do": "x"}, {"seen": "first"}, {"seen": ""}):
        assert client.post(page(cast, workflow, "law"), data={**answer, **wrong}).status_code == 422
    assert client.post(page(cast, workflow, "law"), data=answer).status_code == 303
    twice = client.post(page(cast, workflow, "law"), data=answer)
    assert twice.status_code == 409
    assert "Nothing was changed" in unescape(twice.text)


def test_a_no_that_somebody_doubts_counts_as_open_and_a_doubted_yes_stays() -> None:
    none = dict.fromkeys(FLAGS, False)
    assert cap(Facts(legal=none), function="finance").level == Level.A5
    doubted = cap(Facts(legal=none, proposed={"payment_release": True}), function="finance")
    assert (doubted.level, doubted.unanswered) == (Level.A3, ("payment_release",))
    yes = {**none, "payment_release": True}
    held = cap(Facts(legal=yes, proposed={"payment_release": False}), function="finance")
    assert (held.level, held.unanswered) == (Level.A3, ())


def test_who_proposes_takes_a_proposal_back_by_answering_as_it_is_confirmed() -> None:
    before = Facts(legal={"payment_release": True}, proposed={"payment_release": False})
    assert law.proposed(before, Facts(legal={"payment_release": True})).proposed == {}
    assert law.proposed(before, Facts(legal={})).proposed == {}


def test_a_doubt_stays_until_whoever_runs_the_client_settles_it() -> None:
    none = dict.fromkeys(FLAGS, False)
    doubted = law.proposed(Facts(legal=none), Facts(legal={**none, "payment_release": True}))
    assert doubted.proposed == {"payment_release": True}
    later = law.proposed(doubted, Facts(legal=none))
    assert later.proposed == {"payment_release": True}, "who saves after them does not take it away"
    assert cap(later, function="finance").level == Level.A3
    contrary = law.proposed(Facts(proposed={"payment_release": True}), Facts(legal={"payment_release": False}))
    assert contrary.proposed == {"payment_release": True}
    assert law.settled(later, "payment_release", take=False).proposed == {}
    assert law.confirmed(later, Facts(legal={**none, "payment_release": True})).proposed == {}


def test_what_is_true_in_general_has_no_no_about_the_law() -> None:
    known = Facts(
        legal={"payment_release": False, "safety_relevant": False, "bank_detail_change": True},
        proposed={"payment_release": True},
    )
    assert in_general(known) == Facts(legal={"bank_detail_change": True})


def test_nothing_is_settled_of_a_workflow_that_is_retired(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    workflow = added(database, cast, clock, "Check an invoice", Facts(proposed={"payment_release": False}))
    sign_in(client, "Ada")
    assert client.post(page(cast, workflow, "retire"), data={"do": "retire"}).status_code == 303
    answer = {"flag": "payment_release", "seen": version(database, cast, workflow)}
    for do in ("confirm", "keep"):
        assert client.post(page(cast, workflow, "law"), data={**answer, "do": do}).status_code == 409
    assert one(database, cast, workflow).facts.proposed == {"payment_release": False}
