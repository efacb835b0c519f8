"""What a phone has to load: counted as it travels, compressed as the server sends it, by Chromium's own figures."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from surveys.languages import LANGUAGES
from tests.browser import Look, opened
from tests.clients.looks import dress, noise
from tests.respond.stage import Stage
from tests.robot import Robot, always

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

FIRST_VISIT, LATER_PAGE = 40_000, 8_000  # bytes


class Traffic:
    """The requests of a page and their bytes, headers included."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._arrived)

    def taken(self) -> tuple[int, list[str]]:
        """Bytes and addresses since the last time."""
        told = (self.bytes, self.asked)
        self.bytes, self.asked = 0, []
        return told

    def _sent(self, event: dict[str, Any]) -> None:  # Any: an event of the DevTools protocol
        self.asked.append(event["request"]["url"])

    def _arrived(self, event: dict[str, Any]) -> None:  # Any: an event of the DevTools protocol
        self.bytes += int(event["encodedDataLength"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_first_visit_weighs_less_than_40_kb_and_each_page_after_it_less_than_8(
    browser: Browser, address: str, stage: Stage, client: Any, tag: str, scripts: bool
) -> None:
    [token] = stage.personal("Operations")
    Robot(client, always("3")).answer(f"/r/{token}", send=False)
    client.post(f"/r/{token}/language", data={"switch": tag})
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    page = context.new_page()
    traffic = Traffic(page)
    page.goto(f"{address}/r/{token}", wait_until="networkidle")
    first, asked = traffic.taken()
    assert first < FIRST_VISIT, asked
    heaviest = {}
    page.goto(f"{address}/r/{token}/t1", wait_until="networkidle")
    heaviest["t1"] = traffic.taken()
    for _ in range(3):
        page.locator("button[value=next]").click()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(200)
        heaviest[page.url] = traffic.taken()
    for path in ("send",):
        page.goto(f"{address}/r/{token}/{path}", wait_until="networkidle")
        heaviest[path] = traffic.taken()
    page.locator(".onward button").click()
    page.wait_for_url("**/thanks*", wait_until="networkidle")
    heaviest["thanks"] = traffic.taken()
    context.close()
    assert max(weight for weight, _ in heaviest.values()) < LATER_PAGE, heaviest
    assert first > 0
    assert all(url.startswith(address) or url.startswith("data:") for _, urls in heaviest.values() for url in urls)


def test_the_heaviest_logo_makes_no_page_too_heavy_asks_for_nothing_and_moves_nothing(
    browser: Browser, address: str, stage: Stage, client: Any
) -> None:
    logo = dress(stage.database, stage.cast, stage.now + timedelta(seconds=2), noise())
    [token] = stage.personal("Operations")
    with opened(browser, Look("light", 390, scripts=True)) as page:
        traffic = Traffic(page)
        page.goto(f"{address}/s/{stage.shared()}", wait_until="networkidle")
        first, asked = traffic.taken()
        assert first < FIRST_VISIT, asked
        assert len([url for url in asked if not url.startswith("data:")]) <= 4, asked
        shown = page.locator(".logo img")
        assert shown.get_attribute("src") == logo
        assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
        moved = page.evaluate(
            """() => new Promise(done => new PerformanceObserver(list =>
              done(list.getEntries().reduce((sum, one) => sum + one.value, 0))
            ).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 300))"""
        )
        assert moved == 0
        Robot(client, always("3")).answer(f"/r/{token}")
        page.goto(f"{address}/r/{token}/thanks", wait_until="networkidle")
        assert traffic.taken()[0] < LATER_PAGE


@pytest.mark.parametrize("kind", ["personal", "shared", "bookmark"])
def test_the_first_page_is_painted_after_at_most_two_requests(
    browser: Browser, address: str, stage: Stage, kind: str
) -> None:
    own = f"/r/{stage.personal()[0]}"
    path = {"personal": own, "shared": f"/s/{stage.shared()}", "bookmark": f"{own}/t1"}[kind]
    with opened(browser, Look("light", 390, scripts=True)) as page:
        page.goto(address + path, wait_until="networkidle")
        before: list[str] = page.evaluate(
            """() => {
              const paint = performance.getEntriesByType("paint")[0].startTime;
              const asked = performance.getEntriesByType("resource").filter(one => one.startTime < paint);
              return ["the page", ...asked.map(one => one.name)];
            }"""
        )
    assert len(before) <= 2, before
