"""A heatmap of hundreds of rows in a real browser: more of them as they are reached, and all of them on paper."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import Database
from app.explore.looking import AT_ONCE
from app.releases import store
from app.releases.document.release import dump
from app.releases.store import Place, Written
from tests.browser import check, sign_in
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import World

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

ROWS = 230
GOOD = 0.1  # what browsers' own reports of cumulative layout shift call good for a whole visit
# Every shift of something that was on the screen already, those that follow a click too.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries())
    window.shifts.push([one.value, one.sources.map(source =>
      (source.node?.closest?.('thead') ? 'thead ' : '') + source.node?.nodeName + '.' + source.node?.className)]);
}).observe({type: 'layout-shift', buffered: true});
"""
PRINTED = "getComputedStyle(document.querySelector('.more strong')).display"


@pytest.fixture
def heatmap(address: str, database: Database, cast: Cast, lived_in: World, clock: Clock) -> str:
    """The address of a heatmap with 230 departments below the organisation, as a release says it."""
    place = Place(cast.organisation, lived_in.closed)
    with database.writing() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
        assert found is not None
        release = found.document
        [one] = [row for row in release.rows if row.id == str(cast.departments["Operations"])]
        rows = tuple(replace(one, id=str(uuid5(UUID(one.id), str(n))), name=f"Ward {n + 1}") for n in range(ROWS))
        longer = replace(release, number=2, rows=(release.organisation, *rows))
        store.add(session, Written(2, dump(longer), b"{}"), place, now=clock())
    return f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    sign_in(opened, address)
    yield opened
    context.close()


def rows(page: Page) -> int:
    return page.locator("#cells > tbody > tr:not(.more)").count()


def shifted(page: Page) -> list[tuple[float, list[str]]]:
    """What has moved by itself since the page opened, and how far."""
    found: list[tuple[float, list[str]]] = page.evaluate("window.shifts")
    return found


def test_who_scrolls_down_sees_further_rows_and_in_the_end_all_of_them(page: Page, heatmap: str) -> None:
    page.goto(heatmap)
    page.evaluate(WATCH_SHIFTS)
    assert rows(page) == AT_ONCE
    for reached in (2 * AT_ONCE, ROWS):
        page.locator("#cells > tbody > tr").last.scroll_into_view_if_needed()
        expect(page.locator("#cells > tbody > tr:not(.more)")).to_have_count(reached, timeout=30_000)
    expect(page.locator("#more")).to_have_count(0)
    names = page.locator("#cells > tbody th").all_inner_texts()
    assert names == [f"Ward {n + 1}" for n in range(ROWS)]
    assert page.evaluate("document.querySelectorAll('#legend').length") == 1
    assert check(page, "the long heatmap") == []


def test_who_asks_for_more_rows_goes_on_at_the_first_new_one(page: Page, heatmap: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    page.goto(heatmap)
    page.locator("#more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cells > tbody > tr:not(.more)")).not_to_have_count(AT_ONCE)
    expect(page.get_by_role("link", name=f"Ward {AT_ONCE + 1}", exact=True)).to_be_focused()


def test_rows_that_come_move_nothing_that_is_seen(page: Page, heatmap: str) -> None:
    page.goto(heatmap)
    page.evaluate(WATCH_SHIFTS)
    for _ in range(200):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(100)
        if rows(page) == ROWS:
            break
    assert rows(page) == ROWS
    # The head of the table sticks to the window, which counts as a shift where it begins to; nothing else moves.
    moved = [one for one in shifted(page) if not all(name.startswith("thead ") for name in one[1])]
    assert sum(one[0] for one in moved) < GOOD, shifted(page)


def test_a_change_of_view_moves_nothing_that_is_seen(page: Page, heatmap: str) -> None:
    page.goto(heatmap)
    page.evaluate(WATCH_SHIFTS)
    for view in ("compared", "favourable", "uncertainty", "agreement", "scores"):
        page.locator(f"#view-{view}").click()
        expect(page.locator(f"#view-{view}[aria-current]")).to_be_focused(timeout=30_000)
        page.wait_for_timeout(200)
    # The table begins below the tabs and the choice of an order; its caption may take another line.
    assert sum(one[0] for one in shifted(page)) < GOOD, shifted(page)


def test_on_paper_stand_all_rows_and_a_part_says_that_it_is_one(page: Page, heatmap: str) -> None:
    page.goto(heatmap)
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED) == "block"
    assert f"{ROWS - rows(page)} more rows are not on this paper." in page.locator(".more strong").inner_text()
    expect(page.locator("#more")).to_be_hidden()
    page.emulate_media(media="screen")
    assert page.evaluate(PRINTED) == "none"
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.keyboard.press("Control+p")
    page.wait_for_url(f"**rows={ROWS}")
    expect(page.locator("#cells > tbody > tr")).to_have_count(ROWS)
    page.wait_for_function("window.printed === 1")
    expect(page.locator(".more")).to_have_count(0)
    page.goto(heatmap)
    page.locator("#all-rows").click()
    expect(page.locator("#cells > tbody > tr")).to_have_count(ROWS)
    assert page.evaluate("window.printed") == 0, "nobody asked for paper"
