"""Who may have a mailed result: members what their role shows them now, others with the password that was set."""

from datetime import timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.db import Database
from app.reports.options import ROLES
from app.settings import Settings
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.delivery.stage import BOARD, PASSWORD, SET, close, link_in, member, set_to, there, work
from tests.mail.office import Office
from tests.world import World

pytestmark = pytest.mark.lived_in


def test_a_lead_who_changes_department_loses_the_link_and_the_mail_to_the_former_ones_report(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    early = member(database, cast, "early", "lead", clock, "Operations")
    late = member(database, cast, "late", "lead", clock, "Operations")
    office.answers = {"late@example.org": "451 come again"}
    set_to(client, page, **{"file.pdf": "yes", "role.lead": "yes"})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link = link_in(office, "early@example.org")
    assert client.get(f"{link}/csv").status_code == 200
    for user in (early, late):
        move(database, cast, user, "Finance")
    assert (client.get(link).status_code, client.get(f"{link}/csv").status_code) == (404, 404)
    office.answers = {}
    clock.now += timedelta(minutes=6)
    work(database, settings_with_mail, clock)
    assert "late@example.org" not in office.to()
    assert there(database, cast, page)["late@example.org"].state == "failed"
    move(database, cast, early, "Operations")
    assert client.get(f"{link}/csv").status_code == 200


def move(database: Database, cast: Cast, user: UUID, department: str) -> None:
    """Makes somebody the lead of another department."""
    with database.writing() as session:
        accounts.change_role(
            session, organisation_id=cast.organisation, user_id=user, role="lead",
            department_id=cast.departments[department],
        )  # fmt: skip


def test_a_member_whose_address_was_typed_gets_what_the_own_role_shows_and_never_more(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    member(database, cast, "lead", "lead", clock, "Operations")
    member(database, cast, "nowhere", "lead", clock)
    member(database, cast, "reviewer", "reviewer", clock)
    sponsor = member(database, cast, "sponsor", "sponsor", clock)
    member(database, cast, "shut", "sponsor", clock)
    with database.writing() as session:
        naming.disable_user(session, email="shut@example.org", now=clock())
    names = ("lead", "nowhere", "reviewer", "sponsor", "shut", "guest")
    set_to(client, page, **{"role.owner": "yes", "addresses": " ".join(f"{one}@Example.org" for one in names)})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    found = there(database, cast, page)
    assert set(found) == {f"{one}@example.org" for one in ("ada", "lead", "sponsor", "guest")}
    assert found["lead@example.org"].edition == str(cast.departments["Operations"])
    assert found["lead@example.org"].files == ("csv",)
    assert [found[f"{one}@example.org"].edition for one in ("ada", "sponsor", "guest")] == ["", "", ROLES]
    link = link_in(office, "sponsor@example.org")
    assert client.get(link).status_code == 200
    with database.writing() as session:
        accounts.remove_member(session, organisation_id=cast.organisation, user_id=sponsor, role="sponsor")
    assert client.get(link).status_code == 404
    assert client.get(link_in(office, "guest@example.org")).status_code == 200


def test_a_password_typed_beside_a_mistake_is_asked_for_again_and_the_former_one_stays(
    client: TestClient, page: str
) -> None:
    sign_in(client, "Ada")
    typed = {**SET, "addresses": BOARD, "password": PASSWORD}
    first = client.post(page, data={**typed, "days": "0"})
    assert first.status_code == 422
    assert PASSWORD not in first.text
    assert first.text.count("Type the password again") == 2  # at the top, and at the field
    assert client.post(page, data=typed).status_code == 303
    later = client.post(page, data={**typed, "days": "0", "seen": "1"})
    assert "Type the password again" in later.text
    assert 'name="keep" value="yes" checked' in later.text
    assert "Type the password again" not in client.post(page, data={**SET, "days": "0", "seen": "1"}).text
    assert "The password has 4 characters" in client.post(page, data={**typed, "password": "kept", "seen": "1"}).text
