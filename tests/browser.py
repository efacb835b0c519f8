"""Debian's Chromium for the browser tests, driven by Playwright, and what several tests do with a page."""

import ctypes
import functools
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid5

from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.explore.figuring import FIGURES
from app.main import routes_of
from tests.cast import PASSWORD, Cast
from tests.missing import missing
from tests.world import World

ELSEWHERE = "survey.test"
# No sandbox, because the tests also run as root; nothing that calls home or waits for a network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # A name that is not this machine's own: to the browser a place on the network, and without https no safe one.
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
)
AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN_AXE = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(found => found.violations.map(
    rule => rule.id + ' (' + rule.help + '): ' + rule.nodes.map(node => node.target.join(' ')).join(', ')))"""


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """A running Chromium; the test is skipped with the reason when there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        missing("There is no Chromium to test with. Run: sudo apt-get install -y --no-install-recommends chromium")
    if sys.platform == "linux" and not _loads("libatomic.so.1"):
        missing("Playwright's driver needs libatomic. Run: sudo apt-get install -y libatomic1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@functools.cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def accessibility_violations(page: Page) -> list[str]:
    """What axe-core finds wrong on this page: one line a rule, with the places; an empty list is what we want."""
    page.evaluate(_axe_source())
    found: list[str] = page.evaluate(RUN_AXE, list(AXE_RULES))
    return found


ColorScheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Look:
    """How the pages are looked at."""

    scheme: ColorScheme
    width: int
    scripts: bool


LOOKS = (Look("light", 320, scripts=True), Look("dark", 1280, scripts=False))

# What anybody can open of the survey: links that lead nowhere, and the pages that need none.
SURVEYS = ("/start/none", "/r/none", f"/s/{'a' * 26}", "/again", "/accessibility", f"/stop/{'a' * 26}")


def block_scripts(context: BrowserContext) -> None:
    """Lets no script of ours load; all are files, the policy allows no others. Axe can still look at the pages."""
    context.route(re.compile(r"\.js$"), lambda route: route.abort())


NO_PAGES = {
    "health",
    "invitations:csv",
    "explore:json",
    "comments:next",
    "reports:file",
    "retention:export",
    "authoring:export",
    "posters:pdf",
    "departments:csv",
    "departments:xlsx",
    "posters:all",
    "rooms:count",
    "journal:csv",
    "share:report",
    "share:linked_report",
    "autonomy:json",
    "autonomy:evidence",
    "experts:evidence",
    "worklists:csv",
    "worklists:xlsx",
    "clients:logo",
    "actions:ics",
    "actions:subscription",
    "documents:archive",
    "documents:docx",
    "documents:svg",
    "reports:schema",
    "delivery:file",
    "writing:export",
    "drafting:file",
    "planned:json",
    "planned:schema",
}
OF_A_RECORD = {
    # These need an issued record, two results, a workflow, an action of a plan or one of the client's own:
    # `test_pages_of_a_record_in_a_browser.py`.
    "autonomy:record",
    "autonomy:workflow",
    "explore:comparison",
    "explore:compared",
    "share:autonomy",
    "share:opportunities",
    "share:comparison",
    "share:compared",
    "workflows:workflow",
    "workflows:form",
    "actions:action",
    "actions:form",
    "delivery:files",
    "experts:workflow",
    "owners:links",
    "owners:facts",
    "writing:action",
    "writing:form",
    "drafting:template",
    "drafting:form",
}
# The survey's pages for people with a link: tests/respond, in each language. Where somebody makes the first account:
# tests/test_new_client_in_a_browser.py. Pages that only refused are not counted.
IN_OTHER_TESTS = {
    "accounts:start",
    "respond:start",
    "respond:shared",
    "respond:stop",
    "respond:page",
    "respond:send",
    "respond:thanks",
    "respond:comments",
    "respond:elsewhere",
    "respond:choose",
    "authoring:frame",
    "comments:queue",
    "comments:comment",
    "kiosk:start",
    "join:ask",
    "join:room",
}


def names_behind(paths: Iterable[str], application: FastAPI) -> set[str]:
    """The pages to which these addresses lead, by the names of their routes: of several, the one that answers."""
    routes = [route for route in routes_of(application) if "GET" in (route.methods or ())]
    plain = {path.split("?")[0] for path in paths}
    found = (next((route.name for route in routes if route.path_regex.match(path)), None) for path in plain)
    return {name for name in found if name}


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
        *("/", "/account", "/organisations/new"),
        *(f"/portfolio{one}" for one in ("", "?view=change", "?view=trust-readiness")),
        organisation,
        f"{organisation}/departments",
        *(f"{organisation}/departments/{one}" for one in ("import", "changes", "changes?kind=split", "lineage")),
        *(f"{organisation}/workflows{one}" for one in ("", "/new", f"/library/{cast.departments['Legal']}")),
        *(f"{organisation}/{one}" for one in ("opportunities", "experts", "workflow-list", "assessments/new")),
        f"{organisation}/assessments/{uuid5(cast.organisation, 'readiness')}/year",
        f"{organisation}/assessments/{uuid5(cast.organisation, 'readiness')}/deliveries",
        closed,
        running,
        *running_paths(running, cast),
        *(f"{wave}/close" for wave in (running, closed)),
        *result_paths(closed, cast),
        *(f"{closed}/{one}" for one in ("certificate", "comparison", "report")),
        f"{running}/heatmap",
        *("/?show=archived", f"{organisation}/settings", f"{organisation}/archive", f"{organisation}/copy"),
        *(f"{organisation}/{one}" for one in ("people", "comments", "reviewers", "log", "access", "results", "delete")),
        *(f"{organisation}/guardrails{one}" for one in ("", "?level=A4", "/G-18", "/countries")),
        *(f"{organisation}/plan{one}" for one in ("", "/board", "/new", "/owners", "/calendar", "/quarters")),
        *(f"{organisation}/{one}" for one in ("plan-records", f"plan/departments/{cast.departments['Legal']}")),
        f"{closed}/proposal/{cast.departments['Operations']}/take",
        f"{closed}/proposal/{cast.departments['Operations']}",
        *(
            f"{organisation}/autonomy{one}"
            for one in ("", "/controls", "/records", "/policy", f"/departments/{cast.departments['Legal']}")
        ),
        *(f"{organisation}/documents{one}" for one in ("", f"/{cast.departments['Legal']}")),
        *(f"{organisation}/documents/{cast.organisation}/training_plan{one}" for one in ("", "/edit")),
        *(f"{organisation}/playbooks{one}" for one in ("", "?band=low", "/FIN-R4-prepare-or-release")),
        *(f"{organisation}/own-{one}" for one in ("actions", "actions-of-others", "templates", "templates-of-others")),
        *(f"{organisation}/own-{one}" for one in ("actions/new?source=R3-low-permitted-uses", "templates/new")),
        *(*(f"{closed}/share{one}" for one in ("", "/links", "/staff")), "/deletions", "/nowhere"),
    ]


def running_paths(running: str, cast: Cast) -> list[str]:
    """The pages of an open wave."""
    return [
        f"{running}/links",
        f"{running}/room",
        f"{running}/posters/{cast.departments['Legal']}",
        f"{running}/people",
        f"{running}/people/import",
        f"{running}/mail",
        f"{running}/mail/invitation/en",
        f"{running}/promise",
        f"{running}/told",
        f"{running}/papers",
        f"{running}/run",
    ]


def result_paths(closed: str, cast: Cast) -> list[str]:
    """The pages of a closed wave's result: the heatmap looked at in all ways, a row, a cell, all figures."""
    looks = (
        "",
        "?view=change",
        "?view=table",
        "?view=compared&order=reordered",
        "?view=uncertainty&order=-T1&open=none",
    )
    row = f"/{cast.departments['Operations']}"
    more = ("?view=favourable", "?view=agreement", row, f"{row}/T1")
    return [*(f"{closed}/heatmap{one}" for one in (*looks, *more)), *(f"{closed}/figures/{one}" for one in FIGURES)]


def review_paths(page: Page, console: str) -> list[str]:
    """Makes a review link on the page with the papers of a wave and gives the addresses behind it."""
    page.goto(console)
    page.fill("[name=reader]", "Works council")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Review link for Works council").input_value()
    path = f"/review/{link.rsplit('/', 1)[1]}"
    papers = ("questionnaire", "promise", "mails", "impact-assessment", "information", "sample")
    return [path, *(f"{path}/{paper}" for paper in papers)]


def shared_paths(page: Page, sharing: str, cast: Cast) -> list[str]:
    """Shares a result on its page with the client and by two links, of which one asks for a password.

    Gives the addresses of what its sponsors see, and of what is behind the links.
    """
    page.goto(sharing)
    page.get_by_role("button", name="Share it with the client").click()
    page.get_by_role("button", name="Stop sharing").wait_for()
    organisation, _, wave = sharing.partition("/organisations/")[2].removesuffix("/share").partition("/waves/")
    result = f"/organisations/{organisation}/results/{wave}"
    cell = f"/{cast.departments['Operations']}/T1"
    open_to_all, locked = (_read_only(page, f"{sharing}/links", password) for password in ("", PASSWORD))
    links = (open_to_all, open_to_all + cell, locked, f"/shared/{'a' * 26}")
    return [result, result + cell, *links, f"{page_path(sharing)}/staff/preview", *_told(page, f"{sharing}/staff")]


def page_path(address: str) -> str:
    """An address without the server."""
    return "/organisations/" + address.partition("/organisations/")[2]


def _told(page: Page, staff: str) -> list[str]:
    """Publishes the page for all staff; gives its address in two languages, and one at which there is none."""
    page.goto(staff)
    page.get_by_label("What is done").first.fill("We write down which work stays with people.")
    page.get_by_label("Who does it").first.fill("Heads of department")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("button", name="Publish it for all staff").click()
    path = "/told/" + page.get_by_label("The link for all staff").input_value().rsplit("/", 1)[1]
    return [path, f"{path}?language=ar", f"/told/{'a' * 26}"]


def _read_only(page: Page, links: str, password: str) -> str:
    """Makes a read-only link and gives its path."""
    page.goto(links)
    page.get_by_label("For whom").fill("Supervisory board")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make the link").click()
    return "/shared/" + page.get_by_label("The new link").input_value().rsplit("/", 1)[1]


def authoring_paths(page: Page, console: str) -> list[str]:
    """Makes two questionnaires of the client's own on the page with its questionnaires and gives their addresses.

    Of the first there is a draft, with a link to read it; the second was published and has a draft after that.
    """
    second = _copied(page, console, "Readiness at Fernhill, second")
    page.goto(page.url + "/publish")
    page.get_by_role("button", name="Publish this version").click()
    page.get_by_role("button", name="Begin the next version").click()
    draft = _copied(page, console, "Readiness at Fernhill")
    page.goto(page.url + "/remarks")
    page.fill("[name=reader]", "Head of Legal")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link for Head of Legal").input_value()
    rest = (
        "",
        "/questions/new?module=other",
        "/questions/LEG1",
        "/translations/ar",
        "/preview",
        "/remarks",
        "/publish",
    )
    reader = f"/questionnaire/{link.rsplit('/', 1)[1]}"
    return [draft.rsplit("/", 1)[0], *(draft + one for one in (*rest, "/versions")), f"{second}/give-up", reader]


def _copied(page: Page, console: str, name: str) -> str:
    """Makes a questionnaire of the client's own, goes to its draft and gives its path."""
    page.goto(console)
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Make the copy").click()
    page.wait_for_url(re.compile(r"/questionnaires/[0-9a-f-]{36}$"))
    return page.url.removeprefix(page.url.split("/organisations/")[0])


def check(page: Page, place: str) -> list[str]:
    """What is wrong with the page that is open: axe's findings, and text wider than the window."""
    found = [f"{place}: {one}" for one in accessibility_violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{place}: {wide} px wider than the window"] if wide > 0 else [])


@contextmanager
def opened(browser: Browser, look: Look) -> Iterator[Page]:
    """A page that is looked at in this way."""
    context = browser.new_context(color_scheme=look.scheme, viewport={"width": look.width, "height": 800})
    if not look.scripts:
        block_scripts(context)
    yield context.new_page()
    context.close()
