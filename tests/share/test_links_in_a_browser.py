"""Addresses that are secrets, in a real browser: wherever somebody goes from their pages, nobody is told of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from app.db import Database
from app.share import service
from tests.browser import sign_in
from tests.cast import Cast
from tests.conftest import Clock
from tests.share.stage import link, share
from tests.world import World

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

PASSWORD = "rain on the tin roof"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def referers(page: Page) -> list[str]:
    """What the requests of a page say of where they come from, as the browser sends them from here on."""
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(request.all_headers().get("referer", ""))

    page.on("requestfinished", note)
    return told


def leave(page: Page, address: str) -> None:
    """Goes from the page to another one as by a link on it, here and at another site."""
    for there in (f"{address}/again", address.replace("127.0.0.1", "localhost") + "/again"):
        begun = page.url
        page.evaluate(
            "there => { const a = document.createElement('a'); a.href = there; a.textContent = 'x'; a.id = 'out';"
            " document.querySelector('main').append(a); }",
            there,
        )
        page.locator("#out").click()
        page.wait_for_url(there)
        page.goto(begun)


def test_no_page_behind_a_read_only_link_says_where_somebody_came_from(
    page: Page, address: str, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token, locked = (link(database, cast, lived_in, clock, password=one) for one in ("", PASSWORD))
    told = referers(page)
    page.goto(f"{address}/shared/{token}")
    page.locator("#cells .tile > a").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{address}/shared/{token}/organisation/T1")
    assert len(told) > 6, "sheets, scripts, the drawer"
    assert {one.removeprefix(address) for one in told} <= {"", "/"}, "a sheet of ours may say that it asks for a font"
    for path in ("", "/organisation/T1"):
        page.goto(f"{address}/shared/{token}{path}")
        leave(page, address)
    assert not [one for one in told if "/shared" in one or token in one]
    page.goto(f"{address}/shared/{locked}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the result").click()
    expect(page.locator("#cells")).to_be_visible()
    leave(page, address)
    assert not [one for one in told if "/shared" in one or locked in one]


def test_the_page_for_all_staff_says_nothing_of_its_address_either(
    page: Page, address: str, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/share/staff")
    page.get_by_role("button", name="Publish it for all staff").click()
    link_of_all = page.get_by_label("The link for all staff").input_value()
    told = referers(page)
    page.goto(address + "/told/" + link_of_all.rpartition("/")[2])
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_url("**language=de**")
    leave(page, address)
    assert not [one for one in told if "/told" in one]


def test_a_drawer_that_a_sponsor_may_no_longer_open_says_so_and_shows_nothing(
    page: Page, address: str, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/results/{lived_in.closed}")
    with database.writing() as session:
        service.stop(session, organisation_id=cast.organisation, wave_id=lived_in.closed)
    page.locator("#cells .tile > a").first.click()
    page.wait_for_url("**/results/**/T1")
    assert page.locator("#cell").count() == 0
    assert page.locator("h1").count() == 1
