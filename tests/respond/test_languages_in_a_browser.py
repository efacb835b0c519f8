"""Answering in a real browser in each language: accessible by axe, no wider than a phone, Arabic from right to left."""

import re

import pytest
from playwright.sync_api import Browser, Page

from surveys.languages import LANGUAGES
from tests.browser import LOOKS, Look, check, opened
from tests.respond.stage import Stage

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_answering_is_accessible_and_fits_a_phone_in_every_language(
    browser: Browser, address: str, stage: Stage, tag: str
) -> None:
    wrong: list[str] = []
    for look in (LOOKS[0], LOOKS[-1]):
        with opened(browser, look) as page:
            page.goto(f"{address}/s/{stage.shared()}")
            if tag != "en":
                page.locator(f".languages button[value={tag}]").click()
            assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
                tag,
                LANGUAGES[tag].direction,
            ]
            wrong += check(page, f"{tag} welcome")
            _answer_all(page)
            page.locator("button[value=next]").click()
            page.wait_for_url(re.compile(r"/r/"))
            wrong += check(page, f"{tag} a page")
            page.goto(re.sub(r"/[^/]*$", "/send", page.url))
            wrong += check(page, f"{tag} overview")
            page.locator(".onward button").click()
            page.wait_for_url(re.compile(r"/thanks"))
            wrong += check(page, f"{tag} thanks")
            assert page.evaluate("document.documentElement.lang") == tag
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("look", LOOKS, ids=["with scripts", "without scripts"])
def test_another_language_in_the_middle_keeps_what_was_chosen_on_the_page(
    browser: Browser, address: str, stage: Stage, look: Look
) -> None:
    with opened(browser, look) as page:
        _change_in_the_middle(page, f"{address}/s/{stage.shared()}")


def _change_in_the_middle(page: Page, link: str) -> None:
    page.goto(link)
    _answer_all(page)
    page.locator("button[value=next]").click()
    page.wait_for_url(re.compile(r"/r/"))
    _answer_all(page)
    chosen = page.locator("input:checked").count()
    assert chosen > 1
    page.locator("button[value=ar]").click()
    page.locator("html[dir=rtl]").wait_for()
    assert page.locator("input:checked").count() == chosen
    box = page.locator("label input").first.bounding_box()
    around = page.locator("label").first.bounding_box()
    assert box is not None
    assert around is not None
    assert box["x"] > around["x"] + around["width"] / 2, "what is chosen stands before its words, on the right"


def _answer_all(page: Page) -> None:
    """Chooses the second answer of every question on the page."""
    names = [one.get_attribute("name") or "" for one in page.locator("input[type=radio]").all()]
    for name in dict.fromkeys(names):
        page.locator(f"input[type=radio][name='{name}']").nth(1).check(force=True)
