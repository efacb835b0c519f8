"""How often a page asks the database does not grow with a client's departments, waves and records."""

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid5

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.clients.service import add_department
from app.db import Database
from app.main import routes_of
from app.web.access import access_of
from tests.autonomy.stage import attest, issue, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.explore.paired import a_workflow, another_wave, shared
from tests.world import ANSWERS, World, answer, close

pytestmark = pytest.mark.lived_in

WALKED = ("client", "owner", "reader", "account")
NO_PAGES = re.compile(r"\.(csv|pdf|json|zip|svg|png|xlsx)$|/(export|count|letter|evidence|logo)$|{format_key}")


def test_no_page_asks_more_often_for_more_departments_waves_and_records(
    application: FastAPI,
    client: TestClient,
    database: Database,
    cast: Cast,
    clock: Clock,
    lived_in: World,
    statements: list[str],
) -> None:
    answer(database, cast, lived_in.running, counts=ANSWERS, now=clock.advance(minutes=1))
    close(database, cast, lived_in.running, now=clock.advance(minutes=1))
    known = [lived_in.closed, lived_in.running]
    told(database, cast, clock, known)
    workflow = a_workflow(database, cast, clock)
    few = counted(client, addresses(application, cast, known, workflow), statements)
    for label in ("2027-Q1", "2027-Q2"):
        known.append(another_wave(database, cast, clock, known[-1], label=label))
        told(database, cast, clock, known)
    more_departments(database, cast, clock)
    many = counted(client, addresses(application, cast, known, workflow), statements)
    assert len(few) > 60
    assert min(few.values()) > 0, "nothing is counted"
    grown = {name: (few[name], many[name]) for name in few if many[name] > few[name]}
    assert grown == {}


def told(database: Database, cast: Cast, clock: Clock, known: list[UUID]) -> None:
    """Attests a control, issues a record on the newest wave, and shares all of them."""
    clock.advance(days=1)
    attest(database, cast, wanted("C01", cast.departments["IT"], clock().date() - timedelta(days=1)), clock())
    issue(database, cast, clock)
    shared(database, cast, clock, *known)


def more_departments(database: Database, cast: Cast, clock: Clock) -> None:
    """Departments that no wave knows, each with a control and a workflow of its own."""
    with database.writing() as session:
        made = [
            add_department(
                session,
                cast.organisation,
                name=f"Branch {number}",
                parent_id=cast.departments["Finance"],
                function="finance",
                headcount=10,
                now=clock(),
            )
            for number in range(6)
        ]
    for department in made:
        attest(database, cast, wanted("C03", department, clock().date() - timedelta(days=1)), clock())
    a_workflow(database, cast, clock, name="Draft an agreement")


def addresses(application: FastAPI, cast: Cast, known: list[UUID], workflow: UUID) -> Mapping[str, str]:
    """By the name of its route, the address of every page: of the newest wave, beside the one before.

    Pages of something that this client has none of, such as a draft of a questionnaire, are left out.
    """
    values = {
        "organisation_id": cast.organisation,
        "wave_id": known[-1],
        "earlier_id": known[-2],
        "assessment_id": uuid5(cast.organisation, "readiness"),
        "department_id": cast.departments["Operations"],
        "row_id": cast.departments["Operations"],
        "dimension_id": "T1",
        "figure": "dimensions",
        "kind": "invitation",
        "language": "en",
        "number": 1,
        "action_id": "R3-low-permitted-uses",
        "workflow_id": workflow,
    }
    return {
        route.name: re.sub(r"{(\w+)(:\w+)?}", lambda found: str(values[found[1]]), route.path)
        for route in routes_of(application)
        if "GET" in (route.methods or ()) and access_of(route) in WALKED
        if not NO_PAGES.search(route.path) and route.param_convertors.keys() <= values.keys()
    }


def counted(client: TestClient, pages: Mapping[str, str], statements: list[str]) -> dict[str, int]:
    """How many statements the second visit of each page takes; the first one reads what stays read."""
    ada, found = sign_in(client, "Ada"), dict[str, int]()
    for name, address in pages.items():
        ada.get(address)
        statements.clear()
        if ada.get(address).status_code == 200:
            found[name] = len([one for one in statements if one.lstrip().startswith(("SELECT", "WITH"))])
    return found
