"""A result that is shared, and links to it: what several tests of sharing do."""

import re
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from app.accounts import service as accounts
from app.accounts.roles import Role
from app.db import Database
from app.share import lasting, service
from app.share.service import Wanted
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ZONE = "Europe/Berlin"  # of the cast's client


def give(database: Database, cast: Cast, clock: Clock, role: Role, department: str | None = None) -> None:
    """Gives Cleo a role at the client."""
    with database.writing() as session:
        own = cast.departments[department] if department else None
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=own)


def share(database: Database, cast: Cast, world: World, clock: Clock) -> None:
    """Shares the newest release of the closed wave."""
    with database.writing() as session:
        service.share(session, organisation_id=cast.organisation, wave_id=world.closed, user_id=cast.ada, now=clock())


def link(
    database: Database,
    cast: Cast,
    world: World,
    clock: Clock,
    *,
    label: str = "Board",
    rows: tuple[str, ...] | None = None,
    with_report: bool = False,
    until: date | None = None,
    password: str = "",
) -> str:
    """Makes a link to the shared result and gives its token."""
    with database.writing() as session:
        day = until or lasting.usual_day(ZONE, clock())
        wanted = Wanted(id=uuid4(), label=label, rows=rows, with_report=with_report, until=day, password=password)
        place = {"organisation_id": cast.organisation, "wave_id": world.closed}
        return service.make_link(session, wanted, **place, user_id=cast.ada, now=clock())


def names_on(page: str) -> list[str]:
    """The names of the rows of a result's table, the organisation last; not those of role levels and sites."""
    table = page.partition("<tbody>")[2].partition("</table>")[0]
    body = table.partition('<tr class="margins">')[0]
    return [re.sub(r"\s*<.*", "", name, flags=re.S) for name in re.findall(r'<th scope="row">(.*?)</th>', body, re.S)]


def typed(client: "TestClient", path: str, **fields: str) -> dict[str, str]:
    """The form for a link as it comes, with some of its fields filled in."""
    page = client.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    until = re.search(r'name="until" type="date" value="([\d-]+)"', page)
    assert until is not None
    return {**hidden, "until": until[1], "label": "Board", "shows": "whole", **fields}
