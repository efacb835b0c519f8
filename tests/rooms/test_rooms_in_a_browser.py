"""A room for a workshop in a real browser: what the projector shows, and how a phone joins."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import LOOKS, Look, check, opened, sign_in
from tests.respond.stage import Stage

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")
def test_a_room_is_opened_shown_and_joined_by_its_code(
    browser: Browser, address: str, stage: Stage, look: Look
) -> None:
    room = f"{address}/organisations/{stage.cast.organisation}/waves/{stage.wave}/room"
    with opened(browser, look) as page:
        sign_in(page, address)
        page.goto(room)
        wrong = check(page, "the form for a room")
        page.get_by_label("Legal", exact=True).check()
        page.get_by_label("IT", exact=True).check()
        page.get_by_role("button", name="Open the room").click()
        wrong += check(page, "the projector")
        code = page.locator("strong").filter(has_text=re.compile(r"^[A-Z2-9]{6}$")).inner_text()
        page.goto(f"{address}/join")
        wrong += check(page, "the form for a code")
        page.get_by_label("The code").fill("nobody")
        page.get_by_role("button", name="Join").click()
        wrong += check(page, "a code that is none")
        page.get_by_label("The code").fill(code)
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", name="Which department are you in?")).to_be_visible()
        wrong += check(page, "the departments of a room")
        page.locator("label", has_text="Legal").click()
        page.get_by_role("button", name="Join").click()
        page.wait_for_url(re.compile("/r/"))
    assert wrong == [], "\n".join(wrong)
