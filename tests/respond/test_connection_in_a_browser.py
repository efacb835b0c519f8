"""The open page keeps answers when the connection goes, sends them when it is back, and "saved" never lies."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Response, Route, expect
from starlette.testclient import TestClient

from app.db import Database
from app.settings import Settings
from tests.cast import Cast
from tests.comments.stage import open_stage
from tests.conftest import Clock
from tests.live import served
from tests.respond.stage import Stage
from tests.robot import forms

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

SAVED, UNSAVED = ".saved", ".unsaved"
WAIT = 20_000  # milliseconds; a machine under load is slow


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    opened.set_default_timeout(WAIT)
    opened.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    yield opened
    context.close()


def stored(client: TestClient, token: str, key: str) -> dict[str, str]:
    """What the server has of a page."""
    return forms(client.get(f"/r/{token}/{key}").text)[0].checked


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check(force=True)


def test_each_answer_is_saved_by_itself_and_said_to_be(page: Page, address: str, stage: Stage, client: TestClient):
    [token] = stage.personal()
    page.goto(f"{address}/r/{token}/t1")
    expect(page.locator(SAVED)).to_be_hidden()
    choose(page, "T1a", "4")
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    expect(page.locator("#status")).to_have_text("Saved")
    assert stored(client, token, "t1") == {"T1a": "4"}
    assert page.url.endswith("/t1")
    assert page.evaluate("document.activeElement.name") == "T1a", "whoever is answering is left where they are"
    assert f'href="/r/{token}/context"' in client.get(f"/r/{token}").text, "the page does not count as sent on"


def test_after_answers_were_saved_by_themselves_the_next_page_begins_at_its_heading(
    page: Page, address: str, stage: Stage
):
    [token] = stage.personal()
    page.goto(f"{address}/r/{token}/t1")
    for name in ("T1a", "T1b", "T1c", "T1d"):
        choose(page, name, "4")
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    page.locator("button[value=next]").click()
    page.wait_for_url("**/t2")
    expect(page.locator("h1")).to_be_focused(timeout=WAIT)
    expect(page).to_have_title(re.compile("^3 of "))
    expect(page.locator("#status")).to_contain_text("Saved. Page 3 of ")


def test_nothing_is_called_saved_before_the_server_has_it(page: Page, address: str, stage: Stage):
    [token] = stage.personal()
    page.goto(f"{address}/r/{token}/t1")
    choose(page, "T1a", "4")
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    held: list[Route] = []
    page.route(re.compile("/r/"), lambda route: held.append(route))
    choose(page, "T1a", "2")
    expect(page.locator(UNSAVED)).to_be_visible()
    expect(page.locator(SAVED)).to_be_hidden()
    page.wait_for_function("() => true")
    deadline = time.monotonic() + 10
    while not held and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    choose(page, "T1a", "5")  # changed while the one before is on its way
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator(SAVED)).to_be_hidden()
    page.unroute_all()
    for route in held[1:]:
        route.continue_()
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    assert page.locator("input[name=T1a]:checked").get_attribute("value") == "5"


def test_without_a_script_a_page_with_new_choices_does_not_say_saved(browser: Browser, address: str, stage: Stage):
    [token] = stage.personal()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/r/{token}/t1")
    expect(page.locator(UNSAVED)).to_be_hidden()
    choose(page, "T1a", "4")
    expect(page.locator(UNSAVED)).to_be_visible()
    page.locator("button[value=next]").click()
    page.wait_for_url("**left=1*")
    page.locator("button[value=next]").click()
    page.goto(f"{address}/r/{token}/t1")
    expect(page.locator(SAVED)).to_be_visible()
    choose(page, "T1a", "1")
    expect(page.locator(SAVED)).to_be_hidden()
    expect(page.locator(UNSAVED)).to_be_visible()
    context.close()


def test_offline_for_a_moment_loses_nothing(page: Page, address: str, stage: Stage, client: TestClient):
    [token] = stage.personal()
    page.goto(f"{address}/r/{token}/t1")
    page.context.set_offline(True)
    choose(page, "T1a", "4")
    choose(page, "T1b", "2")
    expect(page.locator("#trouble")).to_be_visible(timeout=WAIT)
    expect(page.locator(UNSAVED)).to_be_visible()
    expect(page.locator(SAVED)).to_be_hidden()
    assert stored(client, token, "t1") == {}
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden(timeout=WAIT)
    expect(page.locator(SAVED)).to_be_visible()
    assert stored(client, token, "t1") == {"T1a": "4", "T1b": "2"}


def test_a_server_that_is_away_for_a_moment_gets_the_page_that_was_sent_on(
    page: Page, live: Settings, clock: Clock, stage: Stage, client: TestClient
):
    [token] = stage.personal()
    with served(live, clock) as address:
        page.goto(f"{address}/r/{token}/t1")
    choose(page, "T1a", "4")
    choose(page, "T1b", "4")
    choose(page, "T1c", "4")
    choose(page, "T1d", "4")
    page.locator("button[value=next]").click()
    expect(page.locator("#trouble")).to_be_visible(timeout=WAIT)
    assert stored(client, token, "t1") == {}
    with served(live, clock):
        page.wait_for_url("**/t2", timeout=2 * WAIT)
        expect(page.locator(SAVED)).to_be_visible()
    assert len(stored(client, token, "t1")) == 4


def test_leaving_with_unsaved_answers_warns_and_leaving_with_saved_ones_does_not(
    page: Page, address: str, stage: Stage
):
    [token] = stage.personal()
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    page.goto(f"{address}/r/{token}/t1")
    choose(page, "T1a", "4")
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    page.goto(f"{address}/r/{token}/t2")
    assert asked == []
    page.route(re.compile("/r/"), lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("input[value='4']").first.check(force=True)
    expect(page.locator("#trouble")).to_be_visible(timeout=WAIT)
    page.goto(f"{address}/r/{token}/t1")
    assert asked == ["beforeunload"]


def test_nothing_of_the_answers_stays_on_the_device(page: Page, address: str, stage: Stage):
    [token] = stage.personal()
    kept_by: list[str | None] = []

    def note(answer: Response) -> None:
        if "/r/" in answer.url:
            kept_by.append(answer.headers.get("cache-control"))

    page.on("response", note)
    page.goto(f"{address}/r/{token}/t1")
    choose(page, "T1a", "4")
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    page.locator("button[value=next]").click()
    page.wait_for_url("**left=1*")
    page.locator("button[value=next]").click()
    page.wait_for_url("**/t2")
    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
             (await indexedDB.databases()).length, window.caches ? (await caches.keys()).length : 0,
             (await navigator.serviceWorker?.getRegistrations() ?? []).length]"""
    )
    assert kept == [0, 0, "", 0, 0, 0]
    assert set(kept_by) == {"no-store"}
    assert page.locator("form[autocomplete=off]").count() == 1


def test_what_is_written_is_saved_while_it_is_written(
    page: Page, address: str, database: Database, cast: Cast, clock: Clock, client: TestClient
):
    told = open_stage(database, cast, clock())
    [token] = told.personal("Operations")
    page.goto(f"{address}/r/{token}/comments")
    first = page.locator("textarea").first
    first.fill("Clear rules")
    expect(page.locator(UNSAVED)).to_be_visible()
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    first.press_sequentially(", please")
    expect(page.locator(SAVED)).to_be_hidden()
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    assert "Clear rules, please" in client.get(f"/r/{token}/comments").text
    first.fill("x" * 1001)
    page.wait_for_timeout(1500)
    expect(page.locator(SAVED)).to_be_hidden()
    assert first.input_value() == "x" * 1001


def test_a_page_that_is_refused_while_somebody_goes_on_answering_takes_nothing_away(
    page: Page, address: str, stage: Stage, client: TestClient
):
    [token] = stage.personal()
    page.goto(f"{address}/r/{token}/t1")
    held: list[Route] = []
    page.route(re.compile("/r/"), lambda route: held.append(route) if len(held) < 2 else route.continue_())
    page.evaluate("document.querySelector('input[name=T1a][value=\"1\"]').value = '9'")  # a changed form
    choose(page, "T1a", "9")
    deadline = time.monotonic() + 20
    while not held and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    choose(page, "T1b", "4")
    page.locator("input[name='T1b'][value='4']").focus()
    held[0].continue_()
    page.locator("#T1a .hint").wait_for()
    assert page.locator("input[name=T1b]:checked").get_attribute("value") == "4"
    assert page.evaluate("document.activeElement.name") == "T1b", "whoever is answering is left where they are"
    expect(page.locator("#status")).to_have_text("This is not one of the answers. Please choose again.")
    deadline = time.monotonic() + 20
    while len(held) < 2 and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    held[1].continue_()
    expect(page.locator(SAVED)).to_be_visible(timeout=WAIT)
    assert stored(client, token, "t1") == {"T1b": "4"}


def test_a_double_tap_sends_a_page_once(page: Page, address: str, stage: Stage):
    [token] = stage.personal()
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.goto(f"{address}/r/{token}/t1")
    page.evaluate("() => { const go = document.querySelector('button[value=next]'); go.click(); go.click(); }")
    page.get_by_text("4 of these are not answered").wait_for()
    assert len(sent) == 1
