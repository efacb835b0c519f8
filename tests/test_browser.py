"""Every page in a real browser: accessible by axe, without scripts too, and no page wider than a phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.db import Database
from app.invitations.queries import links
from app.invitations.service import make_shared_links
from app.worker import Worker
from tests.browser import accessibility_violations, launched_browser
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock
from tests.live import live_settings, served
from tests.world import KEY, World

pytestmark = pytest.mark.lived_in

ColorScheme = Literal["light", "dark"]
LOOKS: tuple[tuple[ColorScheme, int], ...] = (("light", 320), ("dark", 1280))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched_browser() as opened:
        yield opened


@pytest.fixture
def address(database_url: str, database: Database, tmp_path: Path, clock: Clock) -> Iterator[str]:
    """The address of the application on the test's database."""
    with served(live_settings(database_url, tmp_path / "data"), clock) as base:
        yield base


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs JavaScript."""
    runs: bool = request.param
    return runs


@pytest.fixture
def context(browser: Browser, scripts: bool) -> Iterator[BrowserContext]:
    """A fresh browser profile, with and without JavaScript."""
    opened = browser.new_context(java_script_enabled=scripts)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    return opened


@pytest.fixture
def shared_link(database: Database, cast: Cast, lived_in: World, clock: Clock) -> str:
    """The path of Legal's shared link in the open wave."""
    with database.writing() as session:
        make_shared_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=lived_in.running,
            department_ids=[cast.departments["Legal"]],
            now=clock(),
        )
    with database.reading() as session:
        made = links(session, link_key=KEY, organisation_id=cast.organisation, wave_id=lived_in.running, base_url="")
    return next(one.url for one in made if one.kind == "shared")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", "ada@example.org")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def console_paths(cast: Cast, world: World) -> list[str]:
    organisation = f"/organisations/{cast.organisation}"
    closed, running = (f"{organisation}/waves/{wave}" for wave in (world.closed, world.running))
    return [
        "/",
        "/account",
        "/organisations/new",
        organisation,
        f"{organisation}/departments",
        f"{organisation}/departments/import",
        f"{organisation}/assessments/new",
        closed,
        running,
        f"{running}/links",
        f"{running}/close",
        f"{closed}/heatmap",
        f"{closed}/heatmap?view=change",
        f"{closed}/heatmap?view=table",
        f"{closed}/heatmap/{cast.departments['Operations']}",
        f"{closed}/report",
        f"{running}/heatmap",
        "/nowhere",
    ]


def check(page: Page, place: str, *, scripts: bool) -> list[str]:
    """What is wrong with the page that is open: axe's findings, and text wider than the window."""
    found = [f"{place}: {one}" for one in accessibility_violations(page)] if scripts else []
    if scripts:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{place}: {wide} px wider than the window"] if wide > 0 else []
    return found


def test_every_page_of_the_console_is_accessible_and_fits_a_phone(
    browser: Browser, address: str, cast: Cast, lived_in: World
) -> None:
    wrong: list[str] = []
    for scheme, width in LOOKS:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        wrong += check(page, f"{scheme} /sign-in", scripts=True)
        sign_in(page, address)
        for path in console_paths(cast, lived_in):
            page.goto(address + path)
            assert page.locator("h1").count() == 1, path
            wrong += check(page, f"{scheme} {path}", scripts=True)
        context.close()
    assert wrong == [], "\n".join(wrong)


def test_somebody_answers_everything_behind_a_shared_link(
    page: Page, address: str, shared_link: str, scripts: bool
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + shared_link)
    wrong = check(page, "welcome", scripts=scripts)
    for step in range(40):
        if page.get_by_role("button", name="Send my answers").count():
            break
        _answer_all(page)
        wrong += check(page, f"page {step}", scripts=scripts)
        _go_on(page)
    wrong += check(page, "overview", scripts=scripts)
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url(re.compile(r"/thanks$"))
    assert "Thank you" in page.inner_text("h1")
    wrong += check(page, "thanks", scripts=scripts)
    page.go_back()
    page.goto(page.url.removesuffix("/thanks"))
    assert "Thank you" in page.inner_text("h1")
    assert wrong == []


def test_the_heatmap_and_signing_in_need_no_scripts(page: Page, address: str, cast: Cast, lived_in: World) -> None:
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap")
    assert page.locator("table td").count() > 50
    page.get_by_role("link", name="Operations").first.click()
    assert "Operations" in page.inner_text("h1")


def test_a_report_is_asked_for_and_its_progress_is_shown(
    page: Page, address: str, cast: Cast, lived_in: World, database: Database, clock: Clock
) -> None:
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/report")
    page.get_by_role("button", name=re.compile("report", re.IGNORECASE)).first.click()
    assert Worker(database, clock=clock).work_once()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("download", re.IGNORECASE)).first.click()
    path = download.value.path()
    assert path.read_bytes().startswith(b"%PDF-")


def _answer_all(page: Page) -> None:
    """Chooses the second answer of every question on the page, as a person with a finger would."""
    names: list[str] = []
    for radio in page.locator("input[type=radio]").all():
        name = radio.get_attribute("name") or ""
        if name not in names:
            names.append(name)
    assert names, "the page has no questions"
    for name in names:
        page.locator(f"input[type=radio][name='{name}']").nth(1).check(force=True)


def _go_on(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(lambda url: url != before)
