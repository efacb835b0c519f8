"""A department with more workflows than one person rates: people say what they do, and five fall to each by lot."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.answers.write import DraftAnswers
from app.releases import store
from app.respond import lots
from app.waves import queries as waves
from app.workflows import service as workflows
from surveys.arrange import CHOOSING, MOST_EACH, layout, longest_share
from surveys.codes import decode
from surveys.load import latest
from surveys.model import Workflow
from tests import world
from tests.respond.stage import Stage, open_stage
from tests.robot import Robot, always, forms

ATR = latest("atr")
NAMES = tuple(f"Work {number}" for number in range(1, 13))
TWELVE = tuple(Workflow(str(number), name) for number, name in enumerate(NAMES, start=1))
DAY = date(2026, 11, 23)


def named(database, cast, clock, department: str, names: Sequence[str]) -> None:
    with database.writing() as session:
        workflows.name_workflows(
            session,
            organisation_id=cast.organisation,
            department_id=cast.departments[department],
            names=tuple(names),
            now=clock(),
        )


@pytest.fixture
def many(database, cast, clock) -> Stage:
    """An open wave in which Operations has twelve workflows, and Legal five."""
    named(database, cast, clock, "Operations", NAMES)
    named(database, cast, clock, "Legal", NAMES[:5])
    return open_stage(database, cast, clock())


def ids(stage: Stage) -> list[str]:
    with stage.database.reading() as session:
        found = waves.wave_departments(session, stage.cast.organisation, stage.wave)
    return [one.id for department in found if department.name == "Operations" for one in department.workflows]


def sheets(stage: Stage) -> list[dict[str, str]]:
    columns = layout(ATR, form="full", function="operations", workflows=ids(stage))
    stored = stage.values(f"SELECT codes FROM answer_sheet WHERE department_id = {stage.key('Operations')}")
    return [decode(columns, bytes(codes)) for codes in stored]


def doing(done: Sequence[str]):
    """Somebody who does these workflows, and answers everything else with 4."""

    def choose(name: str, values: Sequence[str]) -> str | None:
        if name.endswith(":F"):
            return "3" if name.partition(":")[0] in done else None
        return "4" if "4" in values else values[0]

    return choose


def rated(sheet: dict[str, str]) -> set[str]:
    return {item.partition(":")[0] for item, word in sheet.items() if item.endswith(":DS") and word.isdigit()}


def test_five_of_what_somebody_does_fall_to_them_and_the_rest_was_not_asked(many, client):
    done = ids(many)[:9]
    [token] = many.personal("Operations")
    walk = Robot(client, doing(done)).answer(f"/r/{token}")
    assert walk.thanked
    [sheet] = sheets(many)
    assert len(rated(sheet)) == MOST_EACH
    assert rated(sheet) <= set(done)
    for id in ids(many):
        assert sheet[f"{id}:F"] == ("3" if id in done else "skip")
        others = {sheet[f"{id}:{code}"] for code in ("RB", "EC", "DS", "HA")}
        assert others == ({"4"} if id in rated(sheet) else {"not_asked"})


def test_whoever_does_no_more_than_five_rates_them_all_and_whoever_does_none_is_asked_no_more(many, client):
    few, nobody = ids(many)[3:7], ()
    for done in (few, nobody):
        [token] = many.personal("Operations")
        assert Robot(client, doing(done)).answer(f"/r/{token}").thanked
    assert sorted(map(sorted, map(rated, sheets(many)))) == sorted([sorted(few), []])


def test_a_department_with_five_workflows_is_asked_as_before(many, client):
    [token] = many.personal("Legal")
    walk = Robot(client, always("4")).answer(f"/r/{token}")
    assert not [address for address in walk.addresses if address.endswith(f"/{CHOOSING}")]
    assert sum("workflow-" in address for address in set(walk.addresses)) == 5


def test_the_page_names_every_workflow_and_does_not_ask_about_those_that_are_left_empty(many, client):
    [token] = many.personal("Operations")
    page = client.get(f"/r/{token}/{CHOOSING}").text
    assert all(name in page for name in NAMES)
    assert "Leave empty what you do less than once a month" in page
    robot = Robot(client, doing(ids(many)[:2]))
    answer = robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    assert "not answered" not in answer.text
    assert re.search(r"/workflow-\w+$", robot.addresses[-1])


def test_the_same_workflows_stand_there_on_another_device_and_after_one_more_was_added(many, client):
    every = ids(many)
    [token] = many.personal("Operations")
    robot = Robot(client, doing(every[:8]))
    robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    first = keys(client, token)
    assert len(first) == MOST_EACH
    assert keys(client, token) == first
    for key in first[:3]:
        robot.submit(forms(robot.open(f"/r/{token}/{key}").text)[0])
    robot.choose = doing(every)
    robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    assert set(first[:3]) <= set(keys(client, token))


@pytest.mark.both
def test_whoever_says_that_they_do_not_do_what_fell_to_them_gets_no_other_in_its_place(many, client):
    every = ids(many)
    [token] = many.personal("Operations")
    robot = Robot(client, doing(every))
    robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    first = keys(client, token)
    robot.submit(forms(robot.open(f"/r/{token}/{first[0]}").text)[0])
    assert client.post(f"/r/{token}/{CHOOSING}", data={"go": "clear"}).status_code == 303
    robot.choose = doing([id for id in every if f"workflow-{id}" not in first[:2]])
    robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    assert keys(client, token) == first[2:]
    robot.choose = doing(every)
    robot.submit(forms(robot.open(f"/r/{token}/{CHOOSING}").text)[0])
    assert keys(client, token) == first


def test_no_workflow_is_rated_before_somebody_said_what_they_do(many, client):
    every = ids(many)
    [token] = many.personal("Operations")
    robot = Robot(client, doing(every))
    robot.submit(forms(robot.open(f"/r/{token}/context").text)[0])
    choosing = f"/r/{token}/{CHOOSING}"
    for id in (every[0], every[-1]):
        address = f"/r/{token}/workflow-{id}"
        asked = client.get(address)
        saved = client.post(address, data={f"{id}:DS": "4", "go": "next"})
        assert [(one.status_code, one.headers["location"]) for one in (asked, saved)] == [(303, choosing)] * 2
        by_script = client.post(address, data={f"{id}:DS": "4"}, headers={"HX-Request": "true"})
        assert by_script.headers["HX-Redirect"] == choosing
    overview = client.get(f"/r/{token}/send").text
    assert choosing in overview
    assert keys(client, token) == []
    robot.submit(forms(robot.open(choosing).text)[0])
    assert len(keys(client, token)) == MOST_EACH


def keys(client, token: str) -> list[str]:
    text = client.get(f"/r/{token}/send").text
    return list(dict.fromkeys(re.findall(rf'href="/r/{token}/(workflow-[\w-]+)"', text)))


def test_the_overview_and_the_receipt_in_another_language_show_what_was_asked(many, client):
    done = ids(many)
    [token] = many.personal("Operations")
    Robot(client, doing(done)).answer(f"/r/{token}", send=False)
    fallen = keys(client, token)
    names = [NAMES[done.index(key.removeprefix("workflow-"))] for key in fallen]
    shown = client.post(f"/r/{token}/send", data={"receipt": "yes"}).text
    assert all(f"Your work: {name}" in shown for name in names)
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    german = client.post(f"/r/{token}/receipt", data=kept | {"switch": "de"}).text
    assert german.count("Wie oft machen Sie das?") == 1
    assert sum(name in german for name in names) == MOST_EACH


def test_the_lot_follows_neither_from_the_link_nor_from_what_others_answered():
    said = {f"{one.id}:F": "3" for one in TWELVE}
    found = Counter(lots.fallen(TWELVE, DraftAnswers(DAY, said, {CHOOSING: None}, lot=lots.draw())) for _ in range(300))
    assert len(found) > 200  # of 792 ways, each about as likely
    spread = Counter(id for some in found.elements() for id in some or ())
    assert set(spread) == {one.id for one in TWELVE}
    assert all(90 <= count <= 160 for count in spread.values())  # 125 expected, 8.5 as the spread


def test_what_falls_to_somebody_is_not_known_before_they_said_what_they_do():
    assert lots.fallen(TWELVE, DraftAnswers(DAY, {"1:F": "3"}, lot="x")) is None
    draft = DraftAnswers(DAY, {"1:F": "3"}, {CHOOSING: 3.0}, lot="x")
    assert lots.fallen(TWELVE, draft) == ("1",)
    assert lots.fallen(TWELVE, replace(draft, answers={"2:DS": "1"})) == ()


def test_drafts_of_many_workflows_take_the_room_of_any_draft(many, database, cast, clock):
    world.begin(database, cast, many.wave, "Operations", now=clock())
    world.begin(database, cast, many.wave, "Ethics", now=clock())
    assert len(set(many.values("SELECT length(ciphertext) FROM draft"))) == 1


@pytest.mark.both
def test_the_result_tells_of_every_workflow_that_enough_people_rated(many, database, cast, client, clock):
    for _ in range(16):
        [token] = many.personal("Operations")
        assert Robot(client, doing(ids(many))).answer(f"/r/{token}").thanked
    given = Counter(id for sheet in sheets(many) for id in rated(sheet))
    assert sum(given.values()) == 16 * MOST_EACH
    world.answer(database, cast, many.wave, counts={"Legal": 7, "IT": 10, "Customer service": 18}, now=clock())
    world.close(database, cast, many.wave, now=clock.advance(days=14))
    with database.reading() as session:
        release = store.latest(session, cast.organisation, many.wave)
    assert release is not None
    [row] = [one for one in release.document.rows if one.name == "Operations"]
    for id in ids(many):
        assert row.cells[f"rating:{id}:F"].kind == "scored"
        assert (row.cells[f"rating:{id}:DS"].kind == "scored") == (given[id] >= 5)


def test_a_person_is_reckoned_with_five_of_many_workflows_and_with_all_of_a_few():
    share = longest_share(ATR, TWELVE)
    assert share is not None
    assert len(share.workflows) == MOST_EACH
    assert longest_share(ATR, TWELVE[:MOST_EACH]) is None
    assert longest_share(replace(ATR, workflow=()), TWELVE) is None
