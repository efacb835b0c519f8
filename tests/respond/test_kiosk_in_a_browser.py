"""A shared device in a real browser: it asks, forgets, starts again, and the way back shows nobody's answers."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.languages import LANGUAGES
from tests.browser import LOOKS, check, opened
from tests.respond.stage import Stage
from tests.respond.test_kiosk import kiosk_of

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)


@pytest.fixture
def kiosk(address: str, stage: Stage) -> str:
    return address + kiosk_of(stage)


def _answered(page: Page, kiosk: str) -> None:
    """Begins, and chooses an answer that is saved."""
    page.goto(kiosk)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/r/"))
    page.locator(".answers label").first.click()
    page.locator("button[value=next]").click()
    page.wait_for_timeout(300)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_shared_device_is_accessible_and_fits_320_pixels_in_every_language(
    browser: Browser, kiosk: str, tag: str
) -> None:
    context = browser.new_context(locale=tag, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(kiosk)
    wrong = check(page, f"{tag} the start of a kiosk")
    page.locator(".onward button").click()
    page.wait_for_url(re.compile("/r/"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        page.locator("input[type=radio]").first.check(force=True)
    wrong += check(page, f"{tag} a page at a kiosk")
    page.evaluate("document.getElementById('still').showModal()")
    wrong += check(page, f"{tag} the question whether somebody is there")
    page.goto(re.sub(r"/[^/]*$", "/send", page.url))
    wrong += check(page, f"{tag} the overview at a kiosk")
    page.locator(".onward button").click()
    page.wait_for_url(re.compile("/thanks"))
    wrong += check(page, f"{tag} thanks at a kiosk")
    page.locator("#stay button").click()
    expect(page.locator("#stay")).to_be_hidden()
    wrong += check(page, f"{tag} thanks that stay")
    context.close()
    assert wrong == [], "\n".join(wrong)


def test_an_idle_device_asks_forgets_and_starts_again(browser: Browser, kiosk: str, stage: Stage) -> None:
    with opened(browser, LOOKS[0]) as page:
        page.clock.install()
        _answered(page, kiosk)
        wrong = check(page, "a page at a kiosk")
        assert stage.count("draft") == 1
        page.clock.fast_forward(91_000)
        still = page.get_by_role("dialog", name="Are you still there?")
        expect(still).to_be_visible()
        wrong += check(page, "the question")
        page.get_by_role("button", name="I am still here").click()
        expect(still).to_be_hidden()
        page.clock.fast_forward(91_000)
        expect(still).to_be_visible()
        page.clock.fast_forward(31_000)
        page.wait_for_url(kiosk)
        assert stage.count("draft") == 0
        wrong += check(page, "the start of a kiosk")
        page.go_back()
        page.wait_for_timeout(300)
        assert page.locator("input:checked").count() == 0
        assert wrong == [], "\n".join(wrong)


def test_after_sending_the_device_starts_again_and_the_way_back_leads_nowhere(browser: Browser, kiosk: str) -> None:
    with opened(browser, LOOKS[0]) as page:
        page.clock.install()
        _answered(page, kiosk)
        page.goto(re.sub(r"/[^/]*$", "/send", page.url))
        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_url(re.compile("/thanks"))
        wrong = check(page, "thanks at a kiosk")
        page.clock.fast_forward(31_000)
        page.wait_for_url(kiosk)
        for _ in range(3):
            page.go_back()
            page.wait_for_timeout(300)
            assert page.locator("input:checked, .looked").count() == 0
        assert wrong == [], "\n".join(wrong)


def test_the_thanks_of_a_shared_device_wait_for_whoever_touches_it_and_stay_where_somebody_says_so(
    browser: Browser, kiosk: str
) -> None:
    with opened(browser, LOOKS[0]) as page:
        page.clock.install()
        _answered(page, kiosk)
        page.goto(re.sub(r"/[^/]*$", "/send", page.url))
        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_url(re.compile("/thanks"))
        for _ in range(3):
            page.clock.fast_forward(20_000)
            page.keyboard.press("Shift")
        assert "/thanks" in page.url, "a minute has passed, and somebody was there"
        page.get_by_role("button", name="Stay on this page").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="This page stays until")).to_be_visible()
        expect(page.get_by_role("link", name="Next person")).to_be_focused()
        page.clock.fast_forward(24 * 3600 * 1000)
        page.wait_for_timeout(300)
        assert "/thanks" in page.url
        page.keyboard.press("Enter")
        page.wait_for_url(kiosk)
