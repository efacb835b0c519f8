"""Debian's Chromium for the browser tests, driven by Playwright; one browser for each test process."""

import ctypes
import functools
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.missing import missing

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
