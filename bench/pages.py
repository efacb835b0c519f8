"""How soon the first page of a survey is there on a slow telephone, beside an empty page under the same throttle.

Chromium is slowed down through the DevTools protocol: 150 ms latency, 1.6 Mb/s, a processor four times slower.
"""

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from app.db import Database
from app.migrations import upgrade
from tests.browser import launched_browser
from tests.cast import bring_on
from tests.conftest import Clock
from tests.live import live_settings, served
from tests.places import START
from tests.respond.stage import Stage, open_stage

EMPTY = "/health"
LATENCY_MS, BITS_A_SECOND, SLOWER = 150, 1_600_000, 4
LARGEST_PAINT = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { last = one.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(last), 1500);
})"""


def report(*, times: int) -> None:
    """Prints the largest contentful paint of each page, and its ratio to that of the empty page just before it.

    Other work on the machine makes all of it slower, and a throttled processor more than the rest: the ratio of two
    measurements that follow each other, and the fastest of each, say more then than medians of times.
    """
    with _playing() as (browser, address, stage):
        [token] = stage.personal()
        shared = stage.shared()
        pages = {"empty": EMPTY, "personal link": f"/r/{token}", "shared link": f"/s/{shared}"}
        pages["personal link, ar"] = f"/r/{token}"
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
        for _ in range(times):
            for name, path in pages.items():
                language = "ar" if name.endswith("ar") else "en"
                empty = _largest_paint(browser, address + EMPTY, language)
                measured[name].append((_largest_paint(browser, address + path, language), empty))
    print(
        f"{LATENCY_MS} ms latency, {BITS_A_SECOND / 1e6:g} Mb/s, a processor {SLOWER} times slower; median of {times}"
    )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}; without other work it is about 1")
    for name, found in measured.items():
        paints, empties = zip(*found, strict=True)
        ratio = statistics.median(paint / empty for paint, empty in found)
        print(
            f"{name:20} {statistics.median(paints):6.0f} ms ({min(paints):.0f} to {max(paints):.0f}); "
            f"{ratio:.2f} of the empty page, the fastest {min(paints) / min(empties):.2f}"
        )


def _largest_paint(browser: Browser, url: str, language: str) -> float:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=language)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speed = {"downloadThroughput": BITS_A_SECOND / 8, "uploadThroughput": BITS_A_SECOND / 8}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    found = float(page.evaluate(LARGEST_PAINT))
    context.close()
    return found


@contextmanager
def _playing() -> Iterator[tuple[Browser, str, Stage]]:
    """A browser, and the service with the tests' cast and an open wave."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        database = Database(url)
        upgrade(database)
        stage = open_stage(database, bring_on(database, START), START)
        settings = live_settings(url, Path(folder) / "data")
        with served(settings, Clock(START)) as address, launched_browser() as browser:
            yield browser, address, stage
        database.close()
