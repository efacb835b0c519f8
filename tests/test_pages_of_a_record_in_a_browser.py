"""Pages that need two results, an issued record, a workflow, or a link that somebody else has, in a real browser.

`tests/test_browser.py` walks all others. Each page is looked at narrow and light, wide and dark, without scripts too.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from app.db import Database
from app.settings import Settings
from tests.actions import stage as actions
from tests.browser import LOOKS, OF_A_RECORD, Look, check, names_behind, opened, sign_in
from tests.cast import Cast
from tests.client import Client
from tests.conftest import Clock
from tests.delivery.stage import BOARD, close, link_in, set_to, work
from tests.drafting.stage import own_template
from tests.experts.stage import rate
from tests.explore.paired import Paired, pair
from tests.mail.office import Office, settings_of
from tests.mail.office import opened as opened_office
from tests.planner.stage import assessment_of
from tests.playbooks.stage import own_action
from tests.questionnaires.test_workflows import named
from tests.world import World

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

OWN_ACTIONS = (("Write a page of our own", True), ("Ask what is unclear", False))
"""An action in use and a draft."""

looked_at = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")

# What may not be: a heading below one that is not there, and something to press that the keyboard does not reach.
HEADINGS_THAT_SKIP_A_LEVEL = """() => {
  const found = [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')];
  const levels = found.map(one => Number(one.tagName[1]));
  return found.filter((_, at) => at && levels[at] > levels[at - 1] + 1).map(one => one.textContent.trim());
}"""
OUT_OF_REACH_OR_WITHOUT_A_RING = """() => {
  const shown = [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)')]
    .filter(one => one.type !== 'hidden' && one.checkVisibility());
  return shown.filter(one => {
    one.focus({focusVisible: true});
    if (document.activeElement !== one) return one.tabIndex >= 0 && !one.disabled;
    const looks = getComputedStyle(one);
    const ring = looks.outlineStyle !== 'none' && parseFloat(looks.outlineWidth) > 0;
    return !ring && looks.boxShadow === 'none';
  }).map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


def looked_through(page: Page, place: str) -> list[str]:
    """What is wrong with the page that is open: what every page is checked for, its headings, and where focus goes."""
    assert page.locator("h1").count() == 1, place
    wrong = check(page, place)
    wrong += [f"{place}: a heading skips a level: {one}" for one in page.evaluate(HEADINGS_THAT_SKIP_A_LEVEL)]
    return wrong + [f"{place}: no focus is seen on {one}" for one in page.evaluate(OUT_OF_REACH_OR_WITHOUT_A_RING)]


def paths_of_results(cast: Cast, paired: Paired) -> list[str]:
    """The pages of two waves side by side and of the record, for consultants and for those who are shown results."""
    organisation = f"/organisations/{cast.organisation}"
    cell = f"/{cast.departments['Operations']}/T1"
    both = f"{organisation}/waves/{paired.later}/comparison/{paired.earlier}"
    shared = f"{organisation}/results/{paired.later}"
    return [
        *(f"{both}{one}" for one in ("", "?view=table", cell)),
        f"{organisation}/autonomy/records/{paired.record}",
        *(f"{shared}/{one}" for one in ("autonomy", "opportunities")),
        *(f"{shared}/comparison/{paired.earlier}{one}" for one in ("", cell)),
        f"{organisation}/opportunities",
    ]


def paths_of_work(cast: Cast, paired: Paired, planned: object, own: Iterable[str]) -> list[str]:
    """The pages of a workflow, of an action of the plan and of the client's own actions that are there already."""
    organisation = f"/organisations/{cast.organisation}"
    workflow = f"{organisation}/workflows/{paired.workflow}"
    return [
        *(f"{workflow}{one}" for one in ("", "/change", "/experts", "/owner")),
        f"{organisation}/autonomy/workflows/{paired.workflow}",
        *(f"{organisation}/plan/{planned}{one}" for one in ("", "/change")),
        *(f"{organisation}/own-actions/{code}{one}" for code in own for one in ("", "/change")),
    ]


@looked_at
def test_pages_of_two_results_of_a_record_and_of_a_workflow_are_accessible_and_fit_a_phone(
    browser: Browser, address: str, application: FastAPI, database: Database, cast: Cast, clock: Clock, look: Look
) -> None:
    named(database, cast, clock, "Operations", "Order stock", "Sort what comes in")
    paired = pair(database, cast, clock)
    rate(database, cast, paired.workflow, cast.ada, clock(), 4)
    planned = actions.taken(database, cast, clock())
    own = [own_action(database, cast.organisation, clock(), title, used=used).code for title, used in OWN_ACTIONS]
    mine = f"/organisations/{cast.organisation}/own-templates/{own_template(database, cast.organisation, clock()).code}"
    paths = [*paths_of_results(cast, paired), *paths_of_work(cast, paired, planned, own), mine, f"{mine}/change"]
    with opened(browser, look) as page:
        sign_in(page, address)
        wrong: list[str] = []
        for path in paths:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            wrong += looked_through(page, path)
        link = _of_an_owner(page, address + f"/organisations/{cast.organisation}/workflows/{paired.workflow}/owner")
        wrong += looked_through(page, "the link of an owner that was made")
        page.goto(address + link)
        wrong += looked_through(page, "the facts behind a link")
        page.get_by_label("How often").fill("often")
        page.locator("main form button").first.click()
        assert page.get_by_role("alert").count() >= 1
        wrong += looked_through(page, "the facts behind a link with errors")
    assert wrong == [], "\n".join(wrong)
    assert OF_A_RECORD - {"delivery:files"} <= names_behind([*paths, link], application)


def _of_an_owner(page: Page, console: str) -> str:
    """Makes the link of an owner and gives its path."""
    page.goto(console)
    page.get_by_label("For whom").fill("Kim, head of it (fictional)")
    page.get_by_role("button", name="Make the link").click()
    return "/facts/" + page.get_by_label("The new link").input_value().rsplit("/", 1)[1]


@pytest.mark.lived_in
@looked_at
def test_the_page_of_mailed_files_is_accessible_and_fits_a_phone_with_a_password_too(
    browser: Browser, address: str, client: Client, database: Database, cast: Cast, lived_in: World, clock: Clock,
    look: Look, office: Office, tmp_path: Path,
) -> None:  # fmt: skip
    mailing: Settings = settings_of(office.port, tmp_path)
    page_of = f"/organisations/{cast.organisation}/assessments/{assessment_of(database, cast, lived_in.running)}"
    locked = {"locked": "yes", "password": "three geese cross the road"}
    set_to(client, f"{page_of}/deliveries", addresses=BOARD, **locked)
    close(database, cast, lived_in, clock)
    work(database, mailing, clock)
    link = link_in(office, BOARD)
    with opened(browser, look) as page:
        page.goto(address + link)
        wrong = looked_through(page, "the door before the files")
        page.get_by_label("Password").fill("four geese")
        page.get_by_role("button", name=re.compile("Open")).click()
        page.locator("#password[aria-invalid]").wait_for()
        wrong += looked_through(page, "the door after a wrong password")
        page.get_by_label("Password").fill(locked["password"])
        page.get_by_role("button", name=re.compile("Open")).click()
        page.get_by_role("link", name="All numbers (CSV)").wait_for()
        wrong += looked_through(page, "the files")
        sign_in(page, address)
        page.goto(f"{address}{page_of}/deliveries")
        page.get_by_text(BOARD).first.wait_for()
        wrong += looked_through(page, "what was mailed")
    assert wrong == [], "\n".join(wrong)
