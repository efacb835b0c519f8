"""The heatmap in a real browser: with the keyboard cell by cell, its drawer, and what a change of view leaves alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import Database
from app.explore.looking import LOOKS as VIEWS
from tests.browser import LOOKS, Look, check, opened, sign_in
from tests.cast import Cast
from tests.conftest import Clock
from tests.explore.test_arranged import merged
from tests.world import World, close

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

HERE = "document.activeElement.getAttribute('href')"


@pytest.fixture
def heatmap(address: str, cast: Cast, lived_in: World) -> str:
    return f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap"


def here(page: Page) -> str:
    """The row and column of the cell that has the focus."""
    found: str = page.evaluate(HERE)
    return found.removeprefix("heatmap/")


def test_the_arrows_lead_from_cell_to_cell_and_one_cell_alone_is_reached_by_tab(
    browser: Browser, address: str, heatmap: str, cast: Cast
) -> None:
    page = browser.new_page()
    sign_in(page, address)
    page.goto(heatmap)
    cells = page.locator("#cells .tile > a")
    expect(page.locator("#cells .tile > a[tabindex='0']")).to_have_count(1)
    cells.first.focus()
    first = here(page)
    page.keyboard.press("ArrowRight")
    assert here(page) == first.replace("/T1", "/T2")
    page.keyboard.press("End")
    assert here(page) == first.replace("/T1", "/W")
    page.keyboard.press("ArrowRight")
    assert here(page) == first.replace("/T1", "/W")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert here(page) == cells.nth(12).get_attribute("href").removeprefix("heatmap/")  # type: ignore[union-attr]
    page.keyboard.press("Control+End")
    assert here(page) == "organisation/W"
    expect(page.locator("#cells .tile > a[tabindex='0']")).to_have_count(1)
    page.close()


@pytest.mark.parametrize(
    "look", [LOOKS[0], Look("dark", 1280, scripts=True)], ids=lambda look: f"{look.scheme}-{look.width}"
)
def test_enter_opens_the_drawer_of_a_cell_and_escape_leads_back_to_it(
    browser: Browser, address: str, heatmap: str, cast: Cast, look: Look
) -> None:
    with opened(browser, look) as page:
        sign_in(page, address)
        page.goto(heatmap)
        cell = page.locator(f"a[href='heatmap/{cast.departments['Operations']}/T1']")
        cell.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator("#cell-title")).to_be_focused()
        assert "Competence in Operations" in page.inner_text("dialog h1")
        wrong = check(page, "the drawer")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(cell).to_be_focused()
        cell.click()
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert wrong == []


def test_a_trend_is_read_as_it_was_or_is_now_without_leaving_the_drawer(
    browser: Browser, address: str, heatmap: str, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    close(database, cast, lived_in.running, now=clock.advance(minutes=1))
    clock.advance(minutes=1)
    merged(database, cast, clock, "Operations", "IT", name="Works")
    page = browser.new_page()
    sign_in(page, address)
    page.goto(heatmap.replace(str(lived_in.closed), str(lived_in.running)))
    page.locator("a[href='heatmap/organisation/T1']").click()
    drawer = page.get_by_role("dialog")
    for choice, told in (("As it is now", True), ("As it was", False)):
        drawer.get_by_role("link", name=choice, exact=True).click()
        expect(drawer.locator("a[aria-current]")).to_have_text(choice)
        expect(drawer.locator("a[aria-current]")).to_be_focused()
        assert ("has not been arranged" in drawer.inner_text()) == told
        assert page.url.endswith("/heatmap")
    assert check(page, "the drawer with a choice") == []
    page.keyboard.press("Escape")
    expect(page.locator("a[href='heatmap/organisation/T1']")).to_be_focused()
    page.close()


def test_a_change_of_view_keeps_the_focus_moves_nothing_and_stands_in_the_address(
    browser: Browser, address: str, heatmap: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    sign_in(page, address)
    page.goto(heatmap)
    row = page.locator("#cells tbody tr").nth(3)
    before = row.bounding_box()
    wrong = []
    for view in [one for one in VIEWS if one not in ("scores", "change", "table")]:
        page.locator(f"#view-{view}").click()
        expect(page.locator(f"#view-{view}[aria-current]")).to_be_focused()
        assert row.bounding_box() == before, view
        assert page.url.endswith(f"?view={view}")
        assert page.inner_text("#told") != ""
        wrong += check(page, view)
    page.locator("#order").select_option("reordered")
    page.locator("#sort").click()
    expect(page.locator("#order")).to_have_value("reordered")
    expect(page.locator("#sort")).to_be_focused()
    wrong += check(page, "reordered")
    page.go_back()
    expect(page.locator("#order")).to_have_value("arranged")
    page.close()
    assert wrong == []


def test_without_scripts_a_cell_leads_to_a_page_and_a_column_head_sorts(
    browser: Browser, address: str, heatmap: str, cast: Cast
) -> None:
    with opened(browser, LOOKS[1]) as page:
        sign_in(page, address)
        page.goto(heatmap)
        page.get_by_role("link", name="Sort by Competence").click()
        assert page.url.endswith("?order=T1")
        assert page.locator("th[aria-sort=descending]").count() == 1
        page.get_by_role("link", name="Departments of Finance").click()
        assert "open=none" in page.url
        page.locator(f"a[href='heatmap/{cast.departments['Operations']}/T1']").click()
        assert "Competence in Operations" in page.inner_text("h1")
        page.get_by_role("link", name="All of Operations").click()
        assert page.url.endswith(str(cast.departments["Operations"]))
