"""What each page of the console costs: processor time of its requests, for clients of two sizes.

Every page is visited in a process of its own that has warmed up as a web process does and has shown nothing yet: the
first visit loads and reads all that it needs, later ones find it there. The limit is about both.
"""

import gc
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.explore.figuring import FIGURES
from app.explore.looking import LOOKS
from bench.client import EMAIL, Built, built

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from fastapi import FastAPI

    from tests.client import Client

LIMIT_MS: Final = 200
SIZES: Final = ((50, 12), (500, 4))
"""Departments and waves."""
AGAIN: Final = 3
"""So many times a page is visited after the first; the least of them counts."""
NO_PAGES: Final = re.compile(r"\.(csv|pdf|json|zip|svg|png|xlsx)$|/(export|count|letter|frame|logo|evidence)")
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
        """Whether it stays below the limit, also when nobody has looked at anything yet."""
        return max(self.first, self.again) < LIMIT_MS


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
        for one in sorted(pages, key=lambda page: -page.first):
            mark = "" if one.passed else "  TOO SLOW"
            status = "" if one.status == HTTPStatus.OK else f"  answered {one.status}"
            print(f"{one.first:10.0f}{one.again:10.0f}{one.kilobytes:7d}  {one.name}{mark}{status}")
    return min(slow, 1)


def _apart(there: Built) -> list[Page]:
    """The pages as a process of their own measures them: that one has built nothing."""
    told = json.dumps(asdict(there), default=str)
    done = subprocess.run([sys.executable, "-m", __name__, told], stdout=subprocess.PIPE, check=True)
    return [Page(**one) for one in json.loads(done.stdout)]


def measured(there: Built) -> list[Page]:
    """Visits every page of the client, each in a process of its own that has warmed up and shown nothing yet."""
    from app.main import create_app
    from app.settings import read_settings
    from app.warming import warm

    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(database_url=there.url, data_dir=folder, secret_key="ab" * 32)
        application = create_app(settings, clock=lambda: there.now)
        warm(application)
        cookie = _signed_in(application)
        application.state.database.close()
        gc.freeze()  # as a web process does before it is divided
        return [_apart_from(application, cookie, *page) for page in _addresses(application, there)]


def _signed_in(application: "FastAPI") -> tuple[str, str]:
    """The name and the value of the cookie of somebody who runs the client."""
    from app.accounts import service as accounts
    from app.accounts.access import cookie_name
    from app.accounts.queries import user_by_email

    state = application.state
    with state.database.writing() as session:
        user = user_by_email(session, EMAIL)
        assert user is not None
        token = accounts.sign_in(session, user_id=user.id, device="Bench", now=state.clock(), hours=8)
    return cookie_name(state.settings), token


def _apart_from(application: "FastAPI", cookie: tuple[str, str], name: str, address: str) -> Page:
    """A page as a fork of this process measures it. EOFError where that one failed."""
    forks = multiprocessing.get_context("fork")
    here, there = forks.Pipe(duplex=False)
    child = forks.Process(target=_visit, args=(application, cookie, name, address, there))
    child.start()
    there.close()
    found: Page = here.recv()
    child.join()
    return found


def _visit(application: "FastAPI", cookie: tuple[str, str], name: str, address: str, to: "Connection") -> None:
    from anyio.from_thread import start_blocking_portal

    from app.serve import GARBAGE
    from tests.client import Client

    # A web process warms up when it is divided already, so what it read then is its own: not shared, to be copied when
    # it is first looked at.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    with (
        start_blocking_portal() as portal,
        Client(application, portal, headers={"Sec-Fetch-Site": "same-origin"}) as client,
    ):
        client.get("/health")  # what the client itself loads, and the connection that a warm process has
        client.cookies.set(*cookie)
        to.send(_visited(client, name, address))


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
        if "GET" not in (route.methods or ()) or access_of(route) not in ("client", "owner", "account", "reader"):
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
        "assessment_id": str(there.assessment),
        "earlier_id": str(there.waves[0]),
        "workflow_id": str(there.workflow),
        "number": str(len(there.waves)),
        "action_id": "R3-low-permitted-uses",
        "kind": "invitation",
        "language": "en",
    }


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    ids = {name: UUID(told[name]) for name in ("organisation", "user", "assessment", "department", "workflow")}
    waves = tuple(map(UUID, told["waves"]))
    given = Built(told["url"], **ids, waves=waves, now=datetime.fromisoformat(told["now"]))
    print(json.dumps([asdict(one) for one in measured(given)]))
