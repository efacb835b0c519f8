"""In a real browser, in each language: pages behind a mail, for a link that was lost, and for the code of a room."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from app.db import Database
from app.mail.tokens import stop_token
from app.settings import Settings
from surveys.languages import LANGUAGES
from tests.browser import check
from tests.live import live_settings
from tests.mail.office import FROM
from tests.respond.stage import Stage, room_of
from tests.world import KEY

pytestmark = [
    pytest.mark.parametrize("template", ["sqlite"], indirect=True),
    pytest.mark.parametrize("tag", LANGUAGES),
]
NARROW: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def live(database_url: str, database: Database, tmp_path: Path) -> Settings:
    """The settings of a service that sends mails; no worker runs here, so none goes out."""
    made = live_settings(database_url, tmp_path / "data")
    return made.model_copy(update={"smtp_host": "127.0.0.1", "mail_from": FROM})


@pytest.fixture
def page(browser: Browser, tag: str) -> Page:
    return browser.new_context(locale=tag, viewport=NARROW).new_page()


def _seen(page: Page, tag: str, state: str) -> list[str]:
    """What is wrong with the page that is open, which has to be one of the survey, in the language."""
    found = check(page, f"{tag} {state}")
    if page.evaluate("document.documentElement.lang") != tag or page.locator("main#page h1").count() != 1:
        found.append(f"{tag} {state}: another page, or in another language")
    return found


def _opened(page: Page, address: str, tag: str, state: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, state
    return _seen(page, tag, state)


def test_pages_of_mails_are_accessible_and_fit_320_pixels(page: Page, address: str, stage: Stage, tag: str) -> None:
    stop = f"{address}/stop/{stop_token(KEY, uuid4())}"
    wrong = _opened(page, stop, tag, "no more mails?")
    page.locator("main form button").click()
    page.wait_for_function("!document.querySelector('main form')")
    wrong += _seen(page, tag, "no more mails")
    wrong += _opened(page, f"{address}/again", tag, "the link once more")
    page.fill("#mail", "no address")
    page.locator("main form button").click()
    page.locator("#mail-error").wait_for()
    wrong += _seen(page, tag, "no mail address")
    page.fill("#mail", "kim@example.org")
    page.locator("main form button").click()
    page.wait_for_url("**/again?asked=yes*")
    wrong += _seen(page, tag, "it is on its way")
    page.context.close()
    assert wrong == [], "\n".join(wrong)


def test_pages_of_a_room_are_accessible_and_fit_320_pixels(page: Page, address: str, stage: Stage, tag: str) -> None:
    code = room_of(stage)
    wrong = _opened(page, f"{address}/join", tag, "the code of a room")
    page.fill("#code", "AAAAAA")
    page.locator("main form button").click()
    page.locator("#code-error").wait_for()
    wrong += _seen(page, tag, "no such room")
    page.fill("#code", code)
    page.locator("main form button").click()
    page.wait_for_url(f"**/join/{code}*")
    wrong += _seen(page, tag, "the departments of a room")
    page.locator("main form button").click()
    page.locator("#department-error").wait_for()
    wrong += _seen(page, tag, "no department chosen")
    page.locator("input[name=department]").first.check(force=True)
    page.locator("main form button").click()
    page.wait_for_url("**/r/*")
    wrong += _seen(page, tag, "the first page of somebody in a room")
    page.context.close()
    assert wrong == [], "\n".join(wrong)
