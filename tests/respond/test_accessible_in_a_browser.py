"""Answering with a keyboard alone, in forced colours, without motion, and as a screen reader is told of it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.db import Database
from app.waves import ending
from surveys.languages import LANGUAGES
from tests.browser import check
from tests.cast import Cast
from tests.comments import stage as comments
from tests.conftest import Clock
from tests.respond.stage import Stage

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)
NARROW: ViewportSize = {"width": 320, "height": 640}
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
CUT_OFF = """() => [...document.querySelectorAll('label, button, h1, h2, p, legend')]
    .filter(one => one.offsetWidth > 1 && one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.trim())"""
WAIT = 20_000  # milliseconds; a machine under load is slow


def _answer(page: Page, item: str) -> None:
    """Chooses an answer and waits until the server has it."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        page.locator(f"input[name={item}]").first.check(force=True)


def _answer_wrongly(page: Page) -> None:
    """Sends an answer that the scale does not have, and waits for the sentence about it."""
    page.evaluate("document.querySelector('input[name=T1a]').value = '9'")
    page.locator("input[name=T1a]").first.check(force=True)
    page.locator("input[name=T1a][value='1']").wait_for(state="attached")  # the page as it came back
    page.locator("fieldset#T1a .hint").wait_for()


def _checked_saving(page: Page, tag: str) -> list[str]:
    """What is wrong with the page once it says that an answer is saved, and while it says that nothing can be."""
    _answer(page, "T1b")
    expect(page.locator(".saved")).to_be_visible(timeout=WAIT)
    wrong = check(page, f"{tag} saved")
    page.context.set_offline(True)
    page.locator("input[name=T1c]").first.check(force=True)
    page.locator("#trouble").wait_for(timeout=WAIT)
    wrong += check(page, f"{tag} without a connection")
    page.context.set_offline(False)
    expect(page.locator(".saved")).to_be_visible(timeout=WAIT)
    return wrong


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_state_of_a_page_is_accessible_and_fits_320_pixels(
    browser: Browser, address: str, stage: Stage, clock: Clock, tag: str
) -> None:
    """Empty, asked about, wrong, saved, offline, sent, shown once, spent, elsewhere, closed, and the statement."""
    token, other = stage.personal(count=2)
    shared = stage.shared("HR"), stage.shared("Operations")
    context = browser.new_context(locale=tag, viewport=NARROW, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []

    def seen(path: str, state: str) -> None:
        page.goto(address + path)
        wrong.extend(check(page, f"{tag} {state}"))

    seen(f"/r/{token}", "welcome")
    seen(f"/r/{token}/department", "not my department")
    seen(f"/s/{shared[0]}/department", "other departments")
    seen("/accessibility", "statement")
    seen(f"/r/{token}/t1", "empty")
    page.locator("button[value=next]").click()
    page.locator(".notice[role=status]").wait_for()
    wrong += check(page, f"{tag} asked about")
    _answer_wrongly(page)
    wrong += check(page, f"{tag} wrong")
    page = context.new_page()  # a form in which nothing is wrong
    page.goto(f"{address}/r/{token}/t1")
    wrong += _checked_saving(page, tag)
    _end(stage, clock, grace=60)
    seen(f"/r/{token}/send", "overview")
    page.locator("input[name=receipt]").check(force=True)
    page.locator(".onward button").click()
    page.locator("#print").wait_for()
    wrong += check(page, f"{tag} the own answers")
    seen(f"/r/{token}", "spent")
    _end(stage, clock, grace=0)
    seen(f"/r/{other}", "closed")
    context.close()
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_writing_in_ones_own_words_is_accessible_in_every_language(
    browser: Browser, address: str, database: Database, cast: Cast, clock: Clock, tag: str
) -> None:
    [token] = comments.open_stage(database, cast, clock()).personal("Operations")
    context = browser.new_context(locale=tag, viewport=NARROW)
    page = context.new_page()
    page.goto(f"{address}/r/{token}/comments")
    wrong = check(page, f"{tag} comments")
    page.locator("textarea").first.fill("ada@example.org " + "x" * 1000)
    page.locator(".found:not(:empty)").wait_for()
    wrong += check(page, f"{tag} comments that are too long and name somebody")
    context.close()
    assert wrong == []


@pytest.mark.parametrize("width", [320, 1280])
def test_more_space_between_letters_words_and_lines_cuts_nothing_off(
    browser: Browser, address: str, stage: Stage, width: int
) -> None:
    """The spacing of WCAG 1.4.12, as somebody sets it in their own browser."""
    [token] = stage.personal()
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for path in ("", "/t1", "/send", "/department"):
        page.goto(f"{address}/r/{token}{path}")
        page.add_style_tag(content=SPACED)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert page.evaluate(CUT_OFF) == [], path
    context.close()


def _end(stage: Stage, clock: Clock, *, grace: int) -> None:
    with stage.database.writing() as session:
        place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
        ending.end(session, **place, grace=grace, now=clock())


def test_the_whole_way_goes_with_a_keyboard_alone(
    browser: Browser, address: str, database: Database, cast: Cast, clock: Clock
) -> None:
    """Every question of every page, a comment, the overview, the sending: no address is typed after the link."""
    told = comments.open_stage(database, cast, clock())
    [token] = told.personal("Operations")
    page = browser.new_page(viewport=NARROW)
    page.goto(f"{address}/r/{token}")
    _tab_to(page, "a.button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/context")
    while not page.url.endswith("/comments"):
        _answer_with_keys(page)
    _tab_to(page, "textarea")
    assert _focus_shows(page)
    page.keyboard.type("Clear rules.")
    _go_on_with_keys(page)
    assert page.url.endswith("/send")
    _tab_to(page, "input[name=receipt]")
    page.keyboard.press("Space")
    _tab_to(page, ".onward button")
    assert _focus_shows(page)
    page.keyboard.press("Enter")
    page.locator("#print").wait_for()
    stage = Stage(database, cast, told.wave, clock())
    [codes] = stage.values("SELECT codes FROM answer_sheet")
    assert b"S" not in bytes(codes), "nothing was left out"
    assert stage.count("comment") == 1
    page.close()


def _answer_with_keys(page: Page) -> None:
    """Chooses the second answer of every question of a page and goes on."""
    for place in range(page.locator("main fieldset").count()):
        _tab_to(page, "input[type=radio]")
        assert _focus_shows(page), (page.url, place)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("fieldset:has(:focus) input").nth(1)
        expect(chosen).to_be_checked(timeout=WAIT)
        expect(chosen).to_be_focused(timeout=WAIT)
    assert page.locator("fieldset:has(input:checked)").count() == page.locator("main fieldset").count()
    _go_on_with_keys(page)
    expect(page.locator("h1")).to_be_focused(timeout=WAIT)  # the next page's heading


def _go_on_with_keys(page: Page) -> None:
    here = page.url
    _tab_to(page, "button[value=next]")
    assert _focus_shows(page)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here)


def test_a_screen_reader_is_told_names_roles_and_what_happens(browser: Browser, address: str, stage: Stage) -> None:
    [token] = stage.personal()
    page = browser.new_page()
    page.goto(f"{address}/r/{token}/t1")
    told = _tree(page)
    groups = [name for role, name in told if role == "group"]
    assert len(groups) == 5, groups  # four statements and the languages
    assert "Agents cope when our work does not follow the usual pattern." in groups
    assert [name for role, name in told if role == "radio"].count("Mostly true") == 4
    assert [name for role, name in told if role == "heading"] == ["Does the work well"]
    assert ("button", "Save and continue") in told
    assert ("main", "") in told
    page.get_by_role("radio", name="Mostly true").first.check(force=True)
    expect(page.get_by_role("status").filter(has_text="Saved")).to_have_count(1, timeout=WAIT)
    page.context.set_offline(True)
    page.get_by_role("radio", name="Mostly true").nth(1).check(force=True)
    expect(page.get_by_role("alert")).to_contain_text("There is no connection at the moment", timeout=WAIT)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0, timeout=WAIT)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("status").filter(has_text="2 of these are not answered")).to_have_count(1, timeout=WAIT)
    assert page.locator("fieldset[aria-describedby]").count() == 2
    page.close()


def test_targets_are_large_and_forced_colours_show_what_is_chosen_and_focused(
    browser: Browser, address: str, stage: Stage
) -> None:
    [token] = stage.personal()
    context = browser.new_context(viewport=NARROW, forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/r/{token}/t1")
    small = page.evaluate(
        """() => [...document.querySelectorAll('label, button, a')]
             .map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
             .filter(([, height]) => height > 0 && height < 44)"""
    )
    assert small == []
    page.locator("input[type=radio]").first.check(force=True)
    assert page.evaluate("getComputedStyle(document.querySelector('label:has(:checked)')).outlineStyle") == "solid"
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0
    context.close()


def test_answers_stand_in_a_row_where_there_is_room_and_below_each_other_on_a_phone(
    browser: Browser, address: str, stage: Stage
) -> None:
    [token] = stage.personal()
    places = (
        "[...document.querySelectorAll('fieldset .answers')[0].children].map(one => {"
        " const box = one.getBoundingClientRect(); return [Math.round(box.x), Math.round(box.y)]; })"
    )
    for width, column in ((390, True), (1280, False)):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{address}/r/{token}/t1")
        boxes: list[list[int]] = page.evaluate(places)
        assert len({x for x, _ in boxes}) == (1 if column else 5)
        assert len({y for _, y in boxes}) == (5 if column else 1)
        page.close()


def _tab_to(page: Page, selector: str) -> None:
    """Presses Tab until something of this kind that was not focused before is."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("choice => document.activeElement.matches(choice)", selector):
            return
    pytest.fail(f"the keyboard reaches no {selector}")


def _focus_shows(page: Page) -> bool:
    """Whether what has the focus, or the label around it, has an outline and lies inside of the window."""
    shown: bool = page.evaluate(
        """() => {
          const one = document.activeElement.closest('label') ?? document.activeElement;
          const box = one.getBoundingClientRect();
          return getComputedStyle(one).outlineStyle === 'solid' && box.top >= 0 && box.bottom <= innerHeight;
        }"""
    )
    return shown


def _tree(page: Page) -> list[tuple[str, str]]:
    """Roles and names of the accessibility tree, as the browser hands it to a screen reader."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]  # Any: the DevTools protocol
    return [
        (node["role"]["value"], re.sub(r"\s+", " ", node.get("name", {}).get("value", "")))
        for node in nodes
        if not node["ignored"]
    ]
