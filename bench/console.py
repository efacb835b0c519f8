"""What each page of the console costs: processor time of one request in a process of its own, for clients of two sizes.

Every page is visited twice after the process has warmed up as a web process does: the first visit reads what it shows
from the database, later ones find it read. The limit is about both.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.explore.figuring import FIGURES
from app.explore.looking import LOOKS
from bench.client import EMAIL, Built, built

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.client import Client

LIMIT_MS: Final = 200
SIZES: Final = ((50, 12), (500, 4))
"""Departments and waves."""
AGAIN: Final = 3
"""So many times a page is visited after the first; the least of them counts."""
NO_PAGES: Final = re.compile(r"\.(csv|pdf|json|zip|svg|png)$|/(export|count|letter|frame)")
"""Files, and pieces of pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its processor milliseconds: visited for the first time, and again."""

    name: str
    address: str
    status: int
    kilobytes: int
    first: float
    again: float

    @property
    def passed(self) -> bool:
        """Whether it stays below the limit once it was visited."""
        return self.again < LIMIT_MS


def report() -> int:
    """Prints a line for each page and size, the slowest first; 1 where one is slower than the limit."""
    slow = 0
    for departments, of_waves in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            there = built(Path(folder), departments=departments, of_waves=of_waves)
            pages = _apart(there)
        found = [one for one in pages if not one.passed]
        slow += len(found)
        print(
            f"{departments} departments x {of_waves} waves: {len(pages)} pages, {len(found)} slower than {LIMIT_MS} ms"
        )
        print("  first ms  again ms     kB  page")
        for one in sorted(pages, key=lambda page: -page.again):
            mark = "" if one.passed else "  TOO SLOW"
            print(f"{one.first:10.0f}{one.again:10.0f}{one.kilobytes:7d}  {one.name}{mark}")
    return min(slow, 1)


def _apart(there: Built) -> list[Page]:
    """The pages as a process of their own measures them: that one has built nothing."""
    told = json.dumps(asdict(there), default=str)
    done = subprocess.run([sys.executable, "-m", __name__, told], stdout=subprocess.PIPE, check=True)
    return [Page(**one) for one in json.loads(done.stdout)]


def measured(there: Built) -> list[Page]:
    """Visits every page of the client in this process."""
    from anyio.from_thread import start_blocking_portal

    from app.main import create_app
    from app.settings import read_settings
    from app.web.catalogs import SOURCE
    from app.web.speech import speech
    from tests.client import Client

    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(database_url=there.url, data_dir=folder, secret_key="ab" * 32)
        application = create_app(settings, clock=lambda: there.now)
        with (
            start_blocking_portal() as portal,
            Client(application, portal, headers={"Sec-Fetch-Site": "same-origin"}) as client,
        ):
            _sign_in(client, application)
            application.state.templates.prepare(speech(SOURCE), ("web", "clients", "waves", "explore"))
            return [_visited(client, name, address) for name, address in _addresses(application, there)]


def _sign_in(client: "Client", application: "FastAPI") -> None:
    from app.accounts import service as accounts
    from app.accounts.access import cookie_name
    from app.accounts.queries import user_by_email

    state = application.state
    with state.database.writing() as session:
        user = user_by_email(session, EMAIL)
        assert user is not None
        token = accounts.sign_in(session, user_id=user.id, device="Bench", now=state.clock(), hours=8)
    client.cookies.set(cookie_name(state.settings), token)


def _visited(client: "Client", name: str, address: str) -> Page:
    times: list[float] = []
    answers = []
    for _ in range(1 + AGAIN):
        start = time.process_time()
        answers.append(client.get(address))
        times.append(1000 * (time.process_time() - start))
    last = answers[-1]
    return Page(name, address, last.status_code, len(last.content) // 1024, times[0], min(times[1:]))


def _addresses(application: "FastAPI", there: Built) -> Iterator[tuple[str, str]]:
    """The pages of a client that its consultant opens, each under the name of its route."""
    from app.main import routes_of
    from app.web.access import access_of

    values = _values(there)
    for route in routes_of(application):
        if "GET" not in (route.methods or ()) or access_of(route) not in ("client", "owner", "account"):
            continue
        if NO_PAGES.search(route.path) or any(name not in values for name in route.param_convertors):
            continue
        address = re.sub(r"{(\w+)(:\w+)?}", lambda found: values[found[1]], route.path)
        for query in _MORE.get(route.name, ("",)):
            yield f"{route.name} {query}".strip(), address + query
    yield "clients:home", "/"
    wave = f"/organisations/{there.organisation}/waves/{there.waves[-1]}"
    for figure in FIGURES:
        yield f"explore:figure {figure}", f"{wave}/figures/{figure}"
    yield "explore:row of the organisation", f"{wave}/heatmap/organisation"
    yield "explore:cell of the organisation", f"{wave}/heatmap/organisation/T1"


_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "explore:heatmap": (
        *(f"?view={look}" for look in LOOKS),
        "?open=all",
        "?open=all&view=table",
        "?order=T1",
        "?order=first",
        "?order=reordered",
    )
}


def _values(there: Built) -> dict[str, str]:
    """What stands in addresses."""
    return {
        "organisation_id": str(there.organisation),
        "wave_id": str(there.waves[-1]),
        "row_id": str(there.department),
        "department_id": str(there.department),
        "dimension_id": "T1",
    }


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    ids = {name: UUID(told[name]) for name in ("organisation", "user", "department")}
    waves = tuple(map(UUID, told["waves"]))
    given = Built(told["url"], **ids, waves=waves, now=datetime.fromisoformat(told["now"]))
    print(json.dumps([asdict(one) for one in measured(given)]))
