"""Perceived beside evidenced readiness: of a department's workflows those wished, possible and tested, with the gap."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.autonomy.decision import Decided
from app.autonomy.possible import handed
from app.autonomy.sharing import _seen
from app.db import Database
from app.releases.document.release import Release
from app.workflows.facts import Facts
from scoring.zones import Zone
from tests.autonomy.stage import released
from tests.autonomy.test_workflow_levels import decided, work
from tests.cast import Cast, sign_in
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.fixture
def release(database: Database, cast: Cast, lived_in: World) -> Release:
    return released(database, cast, lived_in)


def department(release: Release, *zones: Zone | None, proxy: bool = False) -> Decided:
    """A department with a tested workflow in each of these zones."""
    [place] = decided(release, work()).departments
    [one] = place.works
    return replace(place, works=tuple(replace(one, id=str(n), zone=zone, proxy=proxy) for n, zone in enumerate(zones)))


def test_what_staff_wish_stands_beside_what_agents_can_do_with_the_gap_both_ways(release: Release) -> None:
    found = handed(department(release, "green", "red", "red", "r_and_d", "low", None))
    assert (found.wanted, found.possible, found.tested) == ("2 of 5", "3 of 5", "6 of 6")
    assert found.gap == "2 workflows are possible and not wanted. 1 workflow is wanted and not yet possible."


def test_there_is_no_gap_where_what_is_wished_is_possible_and_tested(release: Release) -> None:
    found = handed(department(release, "green", "low"))
    assert (found.wanted, found.possible, found.gap) == ("1 of 2", "1 of 2", "")


def test_a_proxy_for_what_agents_can_do_is_marked_beside_the_count(release: Release) -> None:
    assert handed(department(release, "green", "low", proxy=True)).possible == "1 of 2, 1 by proxy"


def test_a_workflow_without_raters_or_tests_is_said_to_be_unknown_and_never_counts_as_possible(
    release: Release,
) -> None:
    [place] = decided(release, work(Facts()), {}).departments
    found = handed(place)
    assert (found.wanted, found.possible, found.tested) == ("", "", "0 of 1")
    assert found.gap == "What staff wish of its workflows, or what agents can do of them, is not known."


def test_who_does_not_see_the_row_of_a_department_is_told_nothing_of_what_it_wishes(release: Release) -> None:
    found = handed(_seen(department(release, "green", "red"), set()))
    assert (found.wanted, found.possible, found.tested) == ("", "", "")


def test_a_department_without_workflows_has_no_counts(release: Release) -> None:
    found = handed(department(release))
    assert (found.wanted, found.possible, found.tested, found.gap) == ("", "", "", "")


def test_the_page_of_ceilings_has_answers_controls_and_what_agents_can_do_in_one_table(
    client: TestClient, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    page = client.get(f"/organisations/{cast.organisation}/autonomy").text
    head = page[page.index("The level that each would carry") :].partition("</thead>")[0]
    assert all(f'class="count">{name}</th>' in head for name in ("Wanted", "Possible", "Tested"))
