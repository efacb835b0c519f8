"""The lead of a department that was merged: named in documents, and reading those of what it became."""

from typing import TYPE_CHECKING
from uuid import UUID

from app.clients import changes
from app.db import Database
from app.lineage.snapshots import Wanted as Change
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.documents.stage import address, form_of
from tests.share.stage import give

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def merged(database: Database, cast: Cast, clock: Clock) -> UUID:
    """Legal and Ethics become one; gives the department that took them over."""
    with database.writing() as session:
        both = (cast.departments["Legal"], cast.departments["Ethics"])
        changes.apply(session, cast.organisation, "merge", Change(departments=both, name="Law and ethics"), now=clock())
        return changes.heirs(session, cast.organisation)[both[0]]


def test_the_lead_of_a_department_that_was_merged_is_named_and_reads_what_is_shared_of_what_it_became(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Ethics")
    heir = merged(database, cast, clock)
    ada = sign_in(client, "Ada")
    assert "who leads Law and ethics" not in ada.get(address(cast, cast.organisation, "stakeholder_map")).text
    at = address(cast, heir, "training_plan")
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    assert ada.post(at, data={"do": "share", "version": "1"}).status_code == 303
    other = address(cast, cast.departments["HR"], "training_plan")
    assert ada.post(f"{other}/edit", data=form_of(ada, f"{other}/edit")).status_code == 303
    assert ada.post(other, data={"do": "share", "version": "1"}).status_code == 303
    cleo = sign_in(ada, "Cleo")
    assert [cleo.get(one).status_code for one in (at, other)] == [200, 404]


def test_the_lead_of_a_department_that_was_merged_sees_the_guardrails_of_what_it_became(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Ethics")
    merged(database, cast, clock)
    page = sign_in(client, "Cleo").get(f"/organisations/{cast.organisation}/guardrails").text
    assert "Which guardrails apply in Law and ethics" in page
