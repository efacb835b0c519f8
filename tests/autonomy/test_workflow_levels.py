"""How far agents may go in a workflow: the strictest of six caps, always named, as a part of the decision."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.autonomy import decision as documents
from app.autonomy.comparing import differences
from app.autonomy.deciding import decide
from app.autonomy.decision import Decision
from app.autonomy.limits import conditions, tasks, why
from app.autonomy.sharing import _seen
from app.autonomy.testing import next_test, rules
from app.autonomy.work_lines import caps
from app.autonomy.workflow import DecidedWork, Work, work_of
from app.db import Database
from app.releases.document.release import Release, Row, Scored, WorkflowHead
from app.workflows import queries, service
from app.workflows.facts import FLAGS, Facts
from app.workflows.service import Author, Wanted
from scoring.gating import GATES
from scoring.levels import Level
from tests.autonomy.stage import DEPARTMENT, READY, attest, cell, facts, released, row, wanted, with_rows
from tests.autonomy.test_records import issue, path
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in
ASSESSED = Facts(
    times=100,
    minutes=30,
    data_ready=5,
    undo=5,
    consequence=2,
    legal=dict.fromkeys(FLAGS, False),
    offline=True,
    pilot_weeks=4,
    pilot_cases=100,
    tests_shown="https://tests.example/1",
)
RATED = {"RB": 90, "EC": 37, "DS": 80, "HA": 50}
HIGH = dict.fromkeys(READY, 60)
EVERY = tuple(control for control in GATES.controls if control != "C16")


@pytest.fixture
def release(database: Database, cast: Cast, lived_in: World) -> Release:
    return released(database, cast, lived_in)


def work(known: Facts = ASSESSED, *, undo: int | None = None) -> Work:
    told = work_of(known, id="w1", code="1", name="Check an invoice", department=DEPARTMENT)
    return told if undo is None else replace(told, undo=undo)


def rating(score: int) -> Scored:
    return replace(cell(0), score=score, gate=None, camps=None, interval=(score - 6, score + 6))


def rated_row(ratings: dict[str, int], gates: dict[str, int] = HIGH) -> Row:
    told = row(gates)
    return replace(told, cells={**told.cells, **{f"rating:1:{name}": rating(one) for name, one in ratings.items()}})


def decided(
    release: Release, one: Work, ratings: dict[str, int] | None = None, controls: tuple[str, ...] = EVERY
) -> Decision:
    told = RATED if ratings is None else ratings
    head = WorkflowHead(id="1", name=one.name, department=DEPARTMENT, row=DEPARTMENT, ratings=tuple(told))
    known = replace(with_rows(release, rated_row(told)), workflows=(head,) if told else ())
    return decide(known, sha256="s", facts=facts(controls, works=(one,)), policy=GATES)


def only(decision: Decision) -> DecidedWork:
    [place] = decision.departments
    [one] = place.works
    return one


def test_the_first_reference_workflow_is_limited_by_the_department_and_by_its_tests(release: Release) -> None:
    one = only(decided(release, work()))
    assert (one.severity.consequence, one.severity.undo) == (4, 5)
    assert one.level == Level.A3
    assert one.binding == ("department ceiling", "evidence cap")
    assert list(tasks(one)) == [
        "Raise the ceiling of the department.",
        "Check 299 more cases without a further error: 299 show that at most 1 case in 100 is wrong.",
    ]


def test_the_second_reference_workflow_is_limited_by_its_risk(release: Release) -> None:
    one = only(decided(release, work(undo=2), {**RATED, "EC": 60, "HA": 25}))
    assert one.severity.severity == 5
    assert (one.level, one.binding) == (Level.A2, ("risk cap",))
    assert "severity 5 of 5" in why(one, "risk cap", Level.A2)


def test_what_would_lift_the_risk_is_asked_for_only_where_it_would(release: Release) -> None:
    unrated = {name: score for name, score in RATED.items() if name != "EC"}

    def told(known: Facts) -> str:
        one = only(decided(release, work(replace(known, consequence=5)), unrated))
        assert "risk cap" in one.binding
        assert one.severity.assumed[:1] == ("consequence_by_owner",)
        return " ".join(tasks(one))

    assert "The risk itself sets this limit" in told(ASSESSED)
    assert "Make an error easier to find and undo." in told(replace(ASSESSED, undo=3))
    assert "Say how bad an error is and how easily it is undone." in told(replace(ASSESSED, undo=None))


def test_a_cap_says_what_is_missing_and_what_it_rests_on(release: Release) -> None:
    def zone(one: DecidedWork, *experts: int) -> str:
        return next(line.why for line in caps(one, experts=experts) if line.name == "opportunity zone")

    unrated, rated = only(decided(release, work(), {})), only(decided(release, work()))
    assert "Fewer than 5 of its staff rated it" in zone(unrated)
    unjudged = only(decided(release, work(replace(ASSESSED, data_ready=None))))
    assert "Fewer than two experts rated what agents can do" in zone(unjudged)
    assert "a proxy, as fewer than two experts rated it. One expert rated it" in zone(rated, 4)
    assert "Experts contradict each other: 2 and 4 of 5. The zone rests on their mean." in zone(rated, 2, 4)
    assert "its staff rated" in why(rated, "risk cap", Level.A3)
    assert "its owner says" in why(unrated, "risk cap", Level.A3)
    doubtful = only(
        decided(release, work(replace(ASSESSED, legal={flag: False for flag in FLAGS if flag != "safety_relevant"})))
    )
    assert "Not answered, and so like the strictest answer: “It moves machines" in why(doubtful, "legal cap", Level.A2)


def test_what_nobody_has_said_counts_as_the_strictest(release: Release) -> None:
    nothing = only(decided(release, work(Facts()), {}))
    assert (nothing.level, nothing.binding) == (Level.A0, ("legal cap",))
    assert "Answer the 8 open questions of the law." in list(tasks(nothing))
    answered = only(decided(release, work(Facts(legal=dict.fromkeys(FLAGS, False))), {}))
    assert {cap.name: cap.level.name for cap in answered.caps} == {
        "department ceiling": "A3",
        "risk cap": "A2",
        "legal cap": "A5",
        "evidence cap": "A1",
        "staff preference": "A3",
        "opportunity zone": "A3",
    }
    assert (answered.level, answered.binding) == (Level.A1, ("evidence cap",))


def test_a_legal_flag_caps_and_says_what_has_to_hold_until_a_ground_is_recorded(release: Release) -> None:
    flagged = {**dict.fromkeys(FLAGS, False), "automated_decision": True}
    best = replace(ASSESSED, legal=flagged, consequence=1, checked=59, errors=0)
    one = only(decided(release, work(best), {**RATED, "EC": 0}))
    assert one.law.level == Level.A3
    assert conditions(one) == ("no decision with legal or similar effect is left to the agent",)
    lifted = only(decided(release, work(replace(best, ground="Contract; a person looks again on request"))))
    assert (lifted.law.level, conditions(lifted)) == (Level.A5, ())


@pytest.mark.parametrize(("harm", "one_in", "needed"), [(12, 20, 59), (25, 100, 299), (37, 100, 299), (50, 500, 1497)])
def test_the_reader_is_told_how_many_cases_have_to_be_checked(
    release: Release, harm: int, one_in: int, needed: int
) -> None:
    one = only(decided(release, work(undo=3 if harm != 37 else 5), {**RATED, "EC": harm}))
    assert rules(one)[0].cases == one.required == needed
    assert f"1 case in {one_in} " in next_test(one)


def test_checked_cases_carry_a_level_only_where_they_are_enough(release: Release) -> None:
    for cases, errors, carried in ((298, 0, "A3"), (299, 0, "A4"), (472, 1, "A3"), (473, 1, "A4")):
        one = only(decided(release, work(replace(ASSESSED, checked=cases, errors=errors))))
        assert {cap.name: cap.level.name for cap in one.caps}["evidence cap"] == carried
    unread = only(decided(release, work(replace(ASSESSED, checked=299, errors=0, tests_shown=""))))
    assert {cap.name: cap.level.name for cap in unread.caps}["evidence cap"] == "A1"


def test_a_decision_holds_the_facts_of_its_workflows_and_is_made_again_from_them(release: Release) -> None:
    made = decided(release, work())
    again = documents.load(documents.dump(made))
    assert again == made
    assert again.facts.works == (work(),)
    assert (again.law, again.shares) == ("legal caps 1", "planning shares 1")
    assert "owner" not in json.loads(documents.dump(made))["facts"]["works"][0]


def test_two_experts_take_the_place_of_the_proxy_in_a_decision_and_one_does_not(release: Release) -> None:
    assert only(decided(release, work())).proxy
    assert only(decided(release, replace(work(), experts=(1,)))).proxy
    low = decided(release, replace(work(), experts=(1, 2)))
    assert (only(low).proxy, only(low).zone) == (False, "r_and_d")
    assert documents.load(documents.dump(low)) == low
    plain = json.loads(documents.dump(decided(release, work())))
    del plain["facts"]["works"][0]["experts"]
    assert documents.load(json.dumps(plain).encode()).facts.works == (work(),)


def test_a_record_from_before_there_were_levels_of_workflows_is_still_read(release: Release) -> None:
    plain = json.loads(documents.dump(decided(release, work())))
    plain = {name: value for name, value in plain.items() if name not in ("law", "shares")} | {"schema": 1}
    del plain["facts"]["works"]
    for one in plain["departments"]:
        del one["works"]
    old = documents.load(json.dumps(plain).encode())
    assert old.departments[0].works == ()
    assert old.departments[0].ceiling.level == Level.A3


def test_a_record_says_which_workflows_moved(release: Release) -> None:
    before, after = decided(release, work(replace(ASSESSED, offline=False))), decided(release, work())
    [one] = differences(before, after, {})
    assert "Workflows: “Check an invoice” A1 to A3." in one.why


def test_a_workflow_rated_elsewhere_tells_its_level_alone(release: Release) -> None:
    [place] = decided(release, work()).departments
    [hidden] = _seen(place, frozenset()).works
    assert (hidden.level, hidden.caps, hidden.wish, hidden.human_part) == (Level.A3, (), None, None)
    assert _seen(place, frozenset({DEPARTMENT})).works == place.works


def added(database: Database, cast: Cast, clock: Clock, known: Facts, name: str = "Plan a route") -> UUID:
    with database.writing() as session:
        author = Author(name="Ada", way="console", now=clock())
        place = cast.departments["Operations"]
        return service.add(
            session, cast.organisation, Wanted(department_id=place, name=name, facts=known), author=author
        )


def test_the_pages_name_the_cap_that_binds_and_what_would_lift_it(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    for control in ("C01", "C02", "C03", "C04"):
        attest(database, cast, wanted(control, None, clock().date()), clock())
    one = added(database, cast, clock, ASSESSED)
    sign_in(client, "Ada")
    page = client.get(f"{path(cast)}/departments/{cast.departments['Operations']}").text
    assert f"{path(cast)}/workflows/{one}" in page
    assert "Limited by:" in page
    own = client.get(f"{path(cast)}/workflows/{one}").text
    for word in ("department ceiling", "risk cap", "legal cap", "evidence cap", "staff preference", "opportunity zone"):
        assert f'<th scope="row">{word}' in own
    assert "59" in own
    assert "binds" in own
    assert client.get(f"{path(cast)}/workflows/{cast.departments['Operations']}").status_code == 404
    assert issue(client, cast) == 303
    assert "Plan a route" in client.get(f"{path(cast)}/records/1").text
    with database.writing() as session:
        service.retire(session, cast.organisation, one, author=Author(name="Ada", way="console", now=clock()))
    assert client.get(f"{path(cast)}/workflows/{one}").status_code == 404


def test_tests_are_typed_into_the_form_and_nonsense_is_refused_with_a_sentence(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    one = added(database, cast, clock, Facts())
    sign_in(client, "Ada")
    form = f"/organisations/{cast.organisation}/workflows/{one}/change"
    typed = {"name": "Plan a route", "department": str(cast.departments["Operations"]), "offline": "yes"}
    answer = client.post(form, data={**typed, "seen": "1"})
    assert answer.status_code == 422
    assert "Say where the tests are written down" in answer.text
    shown = {"tests_shown": "Binder 3", "seen": "1"}
    answer = client.post(form, data={**typed, **shown, "checked": "10", "errors": "11"})
    assert answer.status_code == 422
    assert "11 errors in 10 checked cases" in answer.text
    assert 'value="11"' in answer.text
    answer = client.post(form, data={**typed, **shown, "checked": "10"})
    assert "Say how many of the 10 checked cases were wrong" in answer.text
    answer = client.post(form, data={**typed, **shown, "checked": "10", "errors": "0"})
    assert answer.status_code == 303
    with database.reading() as session:
        assert queries.workflow(session, cast.organisation, one).facts.checked == 10
    assert "Binder 3" in client.get(f"/organisations/{cast.organisation}/workflows/{one}").text
