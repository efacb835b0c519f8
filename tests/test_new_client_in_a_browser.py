"""A new user on an empty service: from the first account to the heatmap of a second quarter that a sponsor reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.service import make_start_link
from app.db import Database
from app.worker import Worker
from tests.browser import check
from tests.cast import PASSWORD
from tests.conftest import Clock
from tests.newcomer_browser import Newcomer
from tests.robot import Robot, by_chance

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

CLIENT = "Saltmarsh Ferries (fictional)"
LIST = """department,parent,function,headcount
Legal,,legal,8
Operations,,operations,14
Customer service,,customer_service,12
Finance,,finance,9
"""
ANSWERS = {"Legal": 6, "Operations": 11, "Customer service": 10, "Finance": 7}
FIRST, SECOND = "2026-Q4", "2027-Q1"
EMAIL, SPONSOR = "ada@example.org", "sam@example.org"
# What it takes now. Whoever makes the way longer says so here.
MOST_PRESSES, MOST_FIELDS = 38, 11


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_a_new_client_gets_to_a_shared_second_heatmap(
    page: Page, address: str, database: Database, clock: Clock, client: "TestClient"
) -> None:
    with database.writing() as session:
        token = make_start_link(session, user_id=None, now=clock())
    me = Newcomer(page)
    page.goto(f"{address}/start/{token}")
    assert check(page, "the first page") == []
    _begin(me)
    _plan(me)
    _run(me, client, database, clock, label=FIRST)
    link = _share(me)
    _sponsor_sees(page, link, [FIRST])
    with me.doing("next quarter"):
        me.press("Go on to the next wave")
        me.press("Prepare the next wave")
        clock.advance(days=85)
        _sign_in_again(me)
    _run(me, client, database, clock, label=SECOND)
    with me.doing("share again"):
        me.press("Sharing")
        me.press("Share it with the client")
        me.sees(f"The client sees release 1 of {SECOND}")
    _sponsor_sees(page, "", [SECOND, FIRST])
    told = {part: (one.presses, one.fields, round(one.seconds)) for part, one in me.counted.items()}
    print(f"\n{me.whole.presses} presses, {me.whole.fields} fields, {me.whole.seconds:.0f} seconds: {told}")
    assert me.whole.presses <= MOST_PRESSES, told
    assert me.whole.fields <= MOST_FIELDS, told


def _begin(me: Newcomer) -> None:
    """The first account, the client, and its departments."""
    with me.doing("account"):
        me.write("Your name", "Ada")
        me.write("E-mail address", EMAIL)
        me.write("Password", PASSWORD)
        me.write("The password once more", PASSWORD)
        me.press("Make the account")
    with me.doing("client"):
        me.press("Create an organisation")
        me.write("Name", CLIENT)
        me.press("Create the organisation")
    with me.doing("departments"):
        me.paste("List", LIST)
        me.press("Look at what would change")
        me.press("Add these 4 departments")
        me.sees("4 departments were added.")


def _plan(me: Newcomer) -> None:
    """The assessment with its first wave, which the works council approves of."""
    with me.doing("assessment"):
        me.press("Plan an assessment")
        me.press("Plan the assessment")
    with me.doing("approval"):
        me.press("Papers and approvals")
        me.write("For whom", "Works council")
        me.press("Make the link")
        _approve(me.page, me.page.get_by_label("Review link for Works council").input_value())
        me.press(f"Go on to {FIRST}")


def _run(me: Newcomer, client: "TestClient", database: Database, clock: Clock, *, label: str) -> None:
    """A wave from its opening to its heatmap, in which somebody opens a cell."""
    with me.doing(f"open {label}"):
        me.press(f"Open {label}")
        me.press("Share the survey links")
        me.press("Make the shared links")
    _people_answer(me.page, client)
    with me.doing(f"close {label}"):
        me.press("See the turnout")
        clock.advance(hours=5)
        me.press(f"Close {label} …")
        me.press(f"Close {label}")
        _work(database, clock)
        me.sees("Release 1 was made")
        me.press("See the heatmap")
    with me.doing(f"look at {label}"):
        me.press_at(me.page.locator("#cells tbody tr").first.locator(".tile > a").first)
        expect(me.page.locator("#cell-title")).to_be_focused()
        me.press_at(me.page.get_by_role("dialog").get_by_role("button", name="Close"))


def _share(me: Newcomer) -> str:
    """Shares the result with a sponsor, and gives the link that the sponsor is given."""
    with me.doing("share"):
        me.press("Sharing")
        me.press("Share it with the client")
        me.press("Give a sponsor access")
        me.write("Name", "Sam")
        me.write("E-mail address", SPONSOR)
        me.press("Give access")
        link = me.page.get_by_label("Link for Sam").input_value()
        me.press("Back to sharing the result")
    return link


def _sign_in_again(me: Newcomer) -> None:
    """A quarter later: the sign-in is over, and leads back to where somebody was."""
    me.page.reload()
    me.write("E-mail address", EMAIL)
    me.write("Password", PASSWORD)
    me.press("Sign in")


def _approve(page: Page, link: str) -> None:
    """The works council reads the papers in a browser of its own and approves of them."""
    with _another(page) as other:
        other.goto(link)
        other.get_by_label("Your name").fill("Wim")
        other.get_by_label("I approve").check()
        other.get_by_role("button", name="Record my decision").click()
        expect(other.get_by_text("by Wim")).to_be_visible()


def _sponsor_sees(page: Page, link: str, waves: list[str]) -> None:
    """The sponsor, who has a link at first and a password then, sees these waves and reads the newest heatmap."""
    with _another(page) as other:
        if link:
            other.goto(link)
            other.get_by_label("Password", exact=True).fill(PASSWORD)
            other.get_by_label("The password once more").fill(PASSWORD)
            other.get_by_role("button", name="Set this password").click()
        else:
            other.goto(page.url.partition("/organisations/")[0] + "/sign-in")
            other.get_by_label("E-mail address").fill(SPONSOR)
            other.get_by_label("Password").fill(PASSWORD)
            other.get_by_role("button", name="Sign in").click()
        other.get_by_role("link", name=CLIENT).click()
        assert other.locator("main tbody th").all_inner_texts() == waves
        other.get_by_role("link", name=waves[0]).click()
        expect(other.locator("#cells tbody tr")).to_have_count(len(ANSWERS))


@contextmanager
def _another(page: Page) -> Iterator[Page]:
    """Somebody else's browser."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context()
    yield context.new_page()
    context.close()


def _people_answer(page: Page, client: "TestClient") -> None:
    """People of each department answer behind its shared link, as its field on the page has it."""
    for name, count in ANSWERS.items():
        link = page.get_by_label(f"Shared link of {name}").input_value()
        for number in range(count):
            client.cookies.clear()
            assert Robot(client, by_chance(number)).answer(link).thanked


def _work(database: Database, clock: Clock) -> None:
    worker = Worker(database, clock=clock)
    while worker.work_once():
        pass
