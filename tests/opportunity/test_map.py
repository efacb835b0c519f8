"""The opportunity map: zones from the release, facts of the inventory, hours with their assumption, what is missing."""

from datetime import timedelta
from html import unescape
from itertools import combinations_with_replacement
from statistics import fmean
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.autonomy import library
from app.autonomy.gathering import basis, current
from app.autonomy.placing import Placed, placed, red, shortlist, worst_middle
from app.db import Database
from app.experts import queries as experts
from app.opportunity import drawing, words
from app.opportunity.drawing import dots, zone_map
from app.releases import store
from app.releases.document.figures import Bound
from app.releases.document.release import NoChange, Release, Scored
from app.sentences import Sentence
from app.waves import queries as waves
from app.workflows import queries, service
from app.workflows.facts import FLAGS, Facts
from app.workflows.service import Author, Wanted
from scoring.caps import upper_median
from scoring.grades import band
from scoring.levels import Level
from scoring.printed import printed_score
from scoring.zones import Capability
from tests import world
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.experts.stage import join, rate
from tests.places import START
from tests.questionnaires.test_workflows import named, opened

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NOW = START + timedelta(days=14)
FACTS = Facts(times=100, minutes=30, data_ready=5, undo=5, consequence=2, legal=dict.fromkeys(FLAGS, False))


def closed(database: Database, cast: Cast, clock: Clock, *, facts: Facts = FACTS) -> Release:
    """A release in which Operations rates a workflow with facts, IT one without, and Ethics, three people, a third."""
    for department, name in (("Operations", "Order stock"), ("IT", "Sort tickets"), ("Ethics", "Hear a case")):
        named(database, cast, clock, department, name)
    with database.writing() as session:
        stock = next(one for one in queries.inventory(session, cast.organisation) if one.name == "Order stock")
        wanted = Wanted(department_id=stock.department_id, name=stock.name, facts=facts, rated=True)
        by = Author(name="Ada", way="console", now=clock())
        service.change(session, cast.organisation, stock.id, wanted, author=by, seen=None)
    wave_id: UUID = opened(database, cast, clock)
    world.answer(database, cast, wave_id, counts={**world.ANSWERS, "Operations": 14, "IT": 7}, now=clock())
    world.close(database, cast, wave_id, now=clock.advance(days=14))
    with database.reading() as session:
        found = store.latest(session, cast.organisation, wave_id)
    assert found is not None
    return found.document


def points(database: Database, cast: Cast, release: Release, chosen: Level = Level.A3) -> dict[str, Placed]:
    with database.reading() as session:
        facts = queries.inventory(session, cast.organisation)
        said = experts.judgements(session, cast.organisation, day=NOW.date())
        by_code = {one.code: said[one.id] for one in facts if one.id in said}
    return {one.name: one for one in placed(release, facts, by_code, chosen=chosen)}


def test_a_workflow_has_a_zone_by_printed_ratings_and_facts_and_hours_at_a_level_that_risk_and_zone_allow(
    database: Database, cast: Cast, clock: Clock
) -> None:
    found = points(database, cast, closed(database, cast, clock))
    stock = found["Order stock"]
    assert stock.n == 14
    assert stock.capability is not None
    assert stock.capability.proxy
    assert stock.found.zone is not None
    assert stock.expected is not None
    assert stock.expected.hours == 50
    assert stock.expected.released == pytest.approx(50 * stock.expected.share)
    assert stock.level <= (Level.A2 if stock.found.zone in ("red", "low") else Level.A3)
    assert points(database, cast, closed_again(database, cast), Level.A1)["Order stock"].level == Level.A1


def closed_again(database: Database, cast: Cast) -> Release:
    """The newest release, read again."""
    with database.reading() as session:
        every = [one for one in waves.waves(session, cast.organisation) if one.finished]
        found = store.latest(session, cast.organisation, every[0].id)
    assert found is not None
    return found.document


def test_without_facts_or_with_too_few_raters_there_is_no_zone_and_no_hours(
    database: Database, cast: Cast, clock: Clock
) -> None:
    release = closed(database, cast, clock)
    found = points(database, cast, release)
    assert found["Sort tickets"].found.missing == ("capability",)
    assert found["Sort tickets"].expected is None
    assert found["Sort tickets"].level <= Level.A2, "what nobody has said counts as the worst"
    assert "wish" in found["Hear a case"].found.missing
    assert found["Hear a case"].wish is None
    every = list(found.values())
    listed = {one.id for one in shortlist(every)} | {one.id for one in red(every, release)}
    assert listed <= {found["Order stock"].id}
    assert [dot.title for dot in dots(list(found.values()))] == ["Order stock"]


def test_the_map_is_drawn_with_a_table_and_says_what_is_missing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/opportunities"
    assert "No result tells of workflows yet" in client.get(path).text
    release = closed(database, cast, clock)
    sign_in(client, "Ada")  # two weeks have passed
    page = unescape(client.get(path).text)
    assert '<title id="map-title">' in page
    assert "planning shares 1" in page
    assert "nobody has said whether its data are at hand" in page
    assert "No zone: fewer than 5 people rated it" in page
    row = next(one.row for one in release.workflows if one.name == "Order stock")
    one = unescape(client.get(path, params={"department": row, "level": "A1"}).text)
    assert "Order stock" in one
    assert "Sort tickets" not in one
    assert "at A1 (15 %, planning shares 1)" in one
    assert client.get(path, params={"department": "nowhere", "level": "A9"}).status_code == 200


def test_hours_are_those_of_the_level_that_is_allowed_today_unless_another_is_chosen(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    release = closed(database, cast, clock)
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/opportunities"
    page = unescape(client.get(path).text)
    assert '<option value="allowed" selected>What is allowed today</option>' in page
    with database.reading() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        made = current(session, cast.organisation, on, now=clock())
    [stock] = [work for one in made.departments for work in one.works if work.name == "Order stock"]
    assert stock.level == Level.A0, "no control is attested, so its department may use no agents"
    assert "0, at A0 (0 %, planning shares 1)" in page
    chosen = unescape(client.get(path, params={"level": "A2"}).text)
    assert '<option value="A2" selected>' in chosen
    assert "at A0 (0 %" not in chosen
    earlier = unescape(client.get(path, params={"day": (clock() - timedelta(days=1)).date().isoformat()}).text)
    assert "What is allowed today" not in earlier
    levels = {one.id: Level.A4 for one in release.workflows if one.name == "Order stock"}
    with database.reading() as session:
        facts = queries.inventory(session, cast.organisation)
    found = {one.name: one for one in placed(release, facts, chosen=Level.A1, allowed=levels)}
    expected = found["Order stock"].expected
    assert expected is not None
    assert expected.level == Level.A4
    assert expected.released == pytest.approx(32.5)
    assert found["Sort tickets"].level == Level.A0, "a decision that does not know a workflow allows nothing in it"


def test_the_map_calls_levels_what_the_ladder_calls_them_in_every_language() -> None:
    for level, told in words.LEVELS.items():
        assert isinstance(told, Sentence)
        assert dict(told.values)["level"] is library.LEVELS[level], "the same sentence, so translated alike"


def test_two_experts_take_the_place_of_the_proxy_and_one_does_not(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    release = closed(database, cast, clock)
    join(database, cast, clock(), cast.ben)
    with database.reading() as session:
        stock = next(one.id for one in queries.inventory(session, cast.organisation) if one.name == "Order stock")
    rate(database, cast, stock, cast.ada, clock(), 4, 1)
    alone = points(database, cast, release)["Order stock"]
    assert alone.capability is not None
    assert alone.capability.proxy
    assert alone.gap is None
    rate(database, cast, stock, cast.ben, clock.advance(minutes=5), 2, 1)
    both = points(database, cast, release)["Order stock"]
    assert both.capability == Capability(value=3.0, proxy=False, divided=True)
    assert both.found.borderline
    assert both.gap is not None
    sign_in(client, "Ada")
    page = unescape(client.get(f"/organisations/{cast.organisation}/opportunities").text)
    assert "3.00, 2 experts" in page
    assert "Experts contradict each other: 4 and 2 of 5." in page
    [dot] = zone_map([both]).dots
    assert dot.ring
    assert not dot.proxy


def cell(score: int, bound: Bound, n: int | None) -> Scored:
    """A printed mean of a rating."""
    return Scored(score=score, bound=bound, n=n, band=band(score), grade="A", change=NoChange(reason="first_wave"))


@pytest.mark.parametrize(("raters", "told"), [(5, False), (6, False), (9, False), (10, True), (11, True), (12, False)])
def test_the_consequence_of_errors_never_counts_as_less_than_the_upper_median_of_those_who_rated_it(
    raters: int, told: bool
) -> None:
    for answers in combinations_with_replacement(range(1, 6), raters):
        printed = printed_score((fmean(answers) - 1) * 25, n=raters if told else min(raters, 9))
        assert worst_middle(cell(printed.score, printed.bound, raters if told else None)) >= upper_median(answers)


@pytest.mark.parametrize(
    ("score", "bound", "n", "worst"), [(5, "<=", 12, 1), (10, "<=", None, 2), (40, "", 12, 4), (95, ">=", 12, 5)]
)
def test_the_worst_middle_is_twice_as_far_above_1_as_the_mean_that_is_printed(
    score: int, bound: Bound, n: int | None, worst: int
) -> None:
    assert worst_middle(cell(score, bound, n)) == worst


def test_dots_of_one_place_are_moved_apart_and_where_all_places_are_taken_stay() -> None:
    taken: list[tuple[int, int]] = []
    for _ in range(60):
        place = drawing._free(200, 200, taken)
        assert not any(abs(place[0] - x) < 20 and abs(place[1] - y) < 20 for x, y in taken)
        taken.append(place)
    everywhere = [(x, y) for x in range(0, 401, 10) for y in range(0, 401, 10)]
    assert drawing._free(200, 200, everywhere) == (200, 200)
