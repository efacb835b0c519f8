"""Every page in a real browser: accessible by axe, without scripts too, and no page wider than a phone."""

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Request

from app.answers.write import Remark
from app.db import Database
from app.invitations.queries import links
from app.invitations.service import make_shared_links
from app.main import routes_of
from app.waves import service as waves
from app.worker import Worker
from surveys.comments import QUESTIONS
from tests import world
from tests.browser import (
    ELSEWHERE,
    IN_OTHER_TESTS,
    LOOKS,
    NO_PAGES,
    OF_A_RECORD,
    SURVEYS,
    Look,
    authoring_paths,
    block_scripts,
    check,
    console_paths,
    names_behind,
    opened,
    review_paths,
    shared_paths,
    sign_in,
)
from tests.cast import Cast
from tests.comments.stage import open_stage
from tests.conftest import Clock
from tests.live import live_settings, served
from tests.world import KEY, World

pytestmark = pytest.mark.lived_in

looked_at = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


# Addresses that answer with a file or a number or lead on, and pages that other tests look at in a browser.
@pytest.fixture
def scripts() -> bool:
    """Whether the browser loads our scripts; a test may be given both."""
    return True


with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def context(browser: Browser, scripts: bool) -> Iterator[BrowserContext]:
    """A fresh browser profile, with and without our scripts."""
    opened = browser.new_context()
    if not scripts:
        block_scripts(opened)
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


@pytest.fixture
def more_waves(database: Database, cast: Cast, clock: Clock) -> dict[str, UUID]:
    """A wave that is planned, and one that waits at its closing for a headcount to be settled."""
    with database.writing() as session:
        draft = waves.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Only planned",
            instrument="atr",
            label="2027-Q1",
            form="full",
            planned_close=None,
            now=clock(),
        )
    settling = world.plan_wave(database, cast, now=clock(), label="2026-Q4", name="To be settled")
    world.answer(database, cast, settling, counts={"Ethics": 6}, now=clock())
    with database.writing() as session:
        waves.start_closing(session, organisation_id=cast.organisation, wave_id=settling, now=clock())
    return {"draft": draft, "settling": settling}


def pages_not_behind(paths: Iterable[str], application: FastAPI) -> set[str]:
    """The names of the pages to which none of these addresses leads."""
    every = {route.name for route in routes_of(application) if "GET" in (route.methods or ())}
    return every - names_behind(paths, application) - NO_PAGES


@pytest.mark.usefixtures("shared_link")  # without one there is no poster
@looked_at
def test_every_page_of_the_console_is_accessible_and_fits_a_phone(
    browser: Browser,
    address: str,
    application: FastAPI,
    cast: Cast,
    lived_in: World,
    more_waves: dict[str, UUID],
    look: Look,
) -> None:
    organisation = f"/organisations/{cast.organisation}"
    with opened(browser, look) as page:
        wrong, seen = _walk_the_console(page, address, organisation, cast, lived_in, more_waves)
        wrong += _with_errors(page, address, organisation)
    assert wrong == [], "\n".join(wrong)
    assert pages_not_behind(seen, application) == IN_OTHER_TESTS | OF_A_RECORD


def _walk_the_console(
    page: Page, address: str, organisation: str, cast: Cast, lived_in: World, more_waves: dict[str, UUID]
) -> tuple[list[str], list[str]]:
    """What is wrong with the pages, and the addresses of those that were shown."""
    wrong: list[str] = []
    seen: list[str] = []

    def look(path: str) -> None:
        """Looks at a page; one that only refused counts as not seen."""
        answer = page.goto(address + path)
        seen.extend([path] if answer is not None and answer.status == HTTPStatus.OK else [])
        wrong.extend(check(page, path))

    for path in ("/sign-in", organisation, *SURVEYS):
        look(path)
    sign_in(page, address)
    others = [f"{organisation}/waves/{wave}{rest}" for wave in more_waves.values() for rest in ("", "/headcounts")]
    others += [
        f"{organisation}/waves/{more_waves['draft']}/forecast",
        f"{organisation}/departments?change={cast.departments['HR']}",
    ]
    papers = f"{organisation}/waves/{more_waves['draft']}/papers"
    console = [*console_paths(cast, lived_in), *others, *review_paths(page, address + papers), papers]
    console += [f"{organisation}/waves/{more_waves['draft']}/questionnaire"]
    console += authoring_paths(page, f"{address}{organisation}/questionnaires")
    console += shared_paths(page, f"{address}{organisation}/waves/{lived_in.closed}/share", cast)
    for path in console:
        look(path)
        assert page.locator("h1").count() == 1, path
    # A mail as it is sent has no heading: the mail program shows its subject above it.
    letter = f"{organisation}/waves/{lived_in.running}/mail/invitation/en/letter"
    page.goto(address + letter)
    assert "Its link leads nowhere." in page.inner_text("body")
    wrong += [one for one in check(page, letter) if "page-has-heading-one" not in one]
    return wrong, [*seen, letter]


def _with_errors(page: Page, address: str, organisation: str) -> list[str]:
    """What is wrong with forms that come back because of what was typed."""
    wrong: list[str] = []
    for path in (f"{organisation}/departments/import", f"{organisation}/assessments/new", "/organisations/new"):
        page.goto(address + path)
        for box in page.locator("main textarea").all():
            box.fill("department,function,headcount\nLegal,law,many")
        for line in page.locator("main input[type=text]").all():
            line.fill("")
        page.locator("main form button").first.click()
        assert page.get_by_role("alert").count() >= 1, path
        wrong += check(page, f"{path} with errors")
    return wrong


@looked_at
@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_writing_and_reviewing_comments_is_accessible_and_fits_a_phone(
    browser: Browser, address: str, database: Database, cast: Cast, clock: Clock, look: Look
) -> None:
    stage = open_stage(database, cast, clock())
    [token] = stage.personal("Operations")
    with opened(browser, look) as page:
        wrong = []
        for path in (f"/r/{token}", f"/r/{token}/comments"):
            page.goto(address + path)
            wrong += check(page, path)
        assert page.locator("textarea").count() == len(QUESTIONS)
        stage.write("Operations", [{QUESTIONS[0].id: Remark(f"Clear rules, said number {n}")} for n in range(12)])
        stage.close()
        sign_in(page, address)
        for path in (f"{stage.address}/comments", f"{stage.address}/comments/next"):
            page.goto(address + path)
            wrong += check(page, path)
        assert "Clear rules, said number" in page.locator("textarea").input_value()
        page.goto(f"{address}/organisations/{cast.organisation}/reviewers")
        page.get_by_label("Name", exact=True).fill("Rita")
        page.get_by_label("E-mail address").fill("rita@example.org")
        page.get_by_role("button", name="Name them").click()
        wrong += check(page, "the link for a reviewer")
        page.goto(f"{address}{stage.address}/comments")
        page.get_by_text("Rita reviews what people wrote").wait_for()
        wrong += check(page, "the review by somebody else")
    assert wrong == [], "\n".join(wrong)


@with_and_without_scripts
def test_somebody_answers_everything_behind_a_shared_link(
    page: Page, address: str, shared_link: str, scripts: bool
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + shared_link)
    wrong = check(page, "welcome")
    for step in range(40):
        if page.get_by_role("button", name="Send my answers").count():
            break
        _answer_all(page)
        wrong += check(page, f"page {step}")
        _go_on(page)
    wrong += check(page, "overview")
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url(re.compile(r"/thanks$"))
    assert "Thank you" in page.inner_text("h1")
    wrong += check(page, "thanks")
    page.go_back()
    page.goto(page.url.removesuffix("/thanks"))
    assert "Thank you" in page.inner_text("h1")
    assert wrong == []


@with_and_without_scripts
def test_the_heatmap_and_signing_in_need_no_scripts(page: Page, address: str, cast: Cast, lived_in: World) -> None:
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap")
    assert page.locator("table td").count() > 50
    page.get_by_role("link", name="Operations").first.click()
    assert "Operations" in page.inner_text("h1")


# What reaches out of its tile is covered by the next one: "+13" then reads "+1".
TEXTS_WIDER_THAN_THEIR_TILE = """() => [...document.querySelectorAll('.heatmap td.tile :is(b, i)')].filter(text => {
  const words = document.createRange();
  words.selectNodeContents(text);
  const [inner, outer] = [words, text.closest('td')].map(one => one.getBoundingClientRect());
  return outer.width > 0 && (inner.left < outer.left - .5 || inner.right > outer.right + .5);
}).map(text => text.textContent)"""
# The first wave has no changes, so its tiles are given the widest words that one prints.
DRAW_CHANGES = """() => {
  document.querySelector('.heatmap').className = 'heatmap change';
  document.querySelectorAll('.heatmap td.tile [aria-hidden]').forEach(tile => {
    tile.innerHTML = '<b>\N{WHITE DOWN-POINTING TRIANGLE} \N{MINUS SIGN}55</b><i>95 \N{RIGHTWARDS ARROW} 40</i>';
  });
}"""


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_no_number_of_the_heatmap_reaches_out_of_its_tile_on_any_screen_or_on_paper(
    browser: Browser, address: str, cast: Cast, lived_in: World
) -> None:
    page = browser.new_page()
    sign_in(page, address)
    heatmap = f"{address}/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap"
    for view in ("scores", "table", "change"):
        page.goto(f"{heatmap}?view={view}")
        if view == "change":
            page.evaluate(DRAW_CHANGES)
        page.emulate_media(media="screen")
        for width in (320, 390, 961, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(TEXTS_WIDER_THAN_THEIR_TILE) == [], f"{view} at {width} px"
        page.emulate_media(media="print")
        for width, height in ((688, 980), (1016, 688)):  # A4 upright and on its side, without its margins
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(TEXTS_WIDER_THAN_THEIR_TILE) == [], f"{view} on paper {width} px wide"
    page.close()


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


def test_forms_are_taken_over_plain_http_from_a_name_on_the_network_and_no_link_leaves_its_page(
    browser: Browser, database_url: str, tmp_path: Path, clock: Clock, shared_link: str
) -> None:
    seen: list[Request] = []
    with served(live_settings(database_url, tmp_path / "data", name=ELSEWHERE), clock) as address:
        page = browser.new_page()
        page.on("request", lambda request: seen.append(request))  # Playwright marks its listeners
        sign_in(page, address)
        assert page.evaluate("window.isSecureContext") is False
        page.goto(address + shared_link)
        _answer_all(page)
        _go_on(page)
        page.locator("#page code").wait_for()
        _answer_all(page)
        _go_on(page)
        assert "/r/" in page.url
        taken = list(seen)  # a request may still arrive while the headers are asked for
        headers = [request.all_headers() for request in taken]
        page.close()
    sent = [one for one, request in zip(headers, taken, strict=True) if request.method == "POST"]
    assert len(sent) >= 3, "the sign-in and two pages; an answer may be saved before its page is sent"
    assert {one["origin"] for one in sent} == {address}
    assert not any("sec-fetch-site" in one for one in sent)
    assert {one["referer"] for one in headers if "referer" in one} <= {f"{address}/"}


def test_each_choice_of_a_draft_is_kept_at_once_and_its_promise_shown(
    browser: Browser, address: str, cast: Cast, more_waves: dict[str, UUID]
) -> None:
    page = browser.new_page()
    sign_in(page, address)
    page.goto(f"{address}/organisations/{cast.organisation}/waves/{more_waves['draft']}")
    promise = page.locator("#promise")
    page.check("[name=mode][value=anonymous]")
    promise.get_by_text("There is no list of people.").wait_for()
    page.check("[name=comments]")
    promise.get_by_text("Comments are read before they are shown.").wait_for()
    page.reload()
    assert page.is_checked("[name=mode][value=anonymous]")
    page.goto(f"{address}/organisations/{cast.organisation}/assessments/new")
    page.fill("[name=name]", "Typed already")
    page.check("[name=k][value='10']")
    promise.get_by_text("A result needs answers from at least 10 people.").wait_for()
    assert page.input_value("[name=name]") == "Typed already"
    page.close()


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
