"""Own actions that name what is in use no more here, or never was: nothing of them is lost in the form."""

import re
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from app.db import Database
from app.playbooks import queries, service
from app.playbooks.models import OwnAction, OwnActionVersion
from app.playbooks.own import action_of
from app.playbooks.service import Author
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action
from tests.writing.test_files import send
from tests.writing.test_taking import runs_both
from tests.writing.test_writing import page, sent

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_what_an_action_names_that_is_not_in_use_stays_in_its_form(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    first, other = (own_action(database, cast.organisation, clock(), title) for title in ("Comes before", "Another"))
    own_action(database, cast.organisation, clock(), used=False, needs=[first.code], instead_of=other.code)
    with database.writing() as session:
        for one in (first, other):
            author = Author("Ada", clock())
            service.retire(session, cast.organisation, one.id, seen=one.saves, author=author)
    sign_in(client, "Ada")
    address = page(cast, OWN_CODE, "change")
    form = sent(client, address)
    assert (form["need-0"], form["instead_of"]) == (first.code, other.code)
    assert f"{first.code}, which is not in use here" in client.get(address).text
    answer = client.post(address, data={**form, "hours": "31"})
    assert (answer.status_code, f"there is no action {first.code}" in answer.text) == (422, True)
    assert re.search(rf'value="{first.code}" selected', answer.text)


def test_an_action_that_came_with_many_needs_keeps_all_of_them(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    needs = [
        own_action(database, cast.organisation, clock(), f"Before it {word}").code for word in ("a", "b", "c", "d")
    ]
    own_action(database, cast.organisation, clock(), needs=needs)
    sign_in(client, "Ada")
    form = sent(client, page(cast, OWN_CODE, "change"))
    assert client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "31"}).status_code == 303
    with database.reading() as session:
        one = next(each for each in queries.own_actions(session, cast.organisation) if each.code == OWN_CODE)
    assert (action_of(one.draft).needs, action_of(one.draft).hours) == (tuple(needs), 31)


def upgraded(database: Database, cast: Cast, *, draft: bool) -> None:
    """As after an upgrade that knows a control no more which the action unlocks."""
    with database.writing() as session:
        model = OwnAction if draft else OwnActionVersion
        row = session.exec(select(model).where(model.organisation_id == cast.organisation)).one()
        name = "draft" if draft else "files"
        head = f"actions/{OWN_CODE}.yaml"
        texts = getattr(row, name)
        text = texts[head].replace("- C01", "- C99", 1)
        setattr(row, name, {**texts, head: text})
        session.add(row)


@pytest.mark.parametrize("draft", [True, False])
def test_an_action_that_cannot_be_read_any_more_is_listed_by_its_id_and_mended_or_given_up(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, draft: bool
) -> None:
    own_action(database, cast.organisation, clock(), used=not draft)
    upgraded(database, cast, draft=draft)
    sign_in(client, "Ada")
    for address in (page(cast), page(cast, OWN_CODE)):
        answer = client.get(address)
        assert (answer.status_code, OWN_CODE in answer.text, "C99 is not known" in answer.text) == (200, True, True)
    form = sent(client, page(cast, OWN_CODE, "change"))
    assert (form["unlocks"], form["hours"]) == ("C99", "24")
    assert form["de-title"] == "Eine eigene Seite schreiben"
    mended = client.post(page(cast, OWN_CODE, "change"), data={**form, "unlocks": ""})
    assert mended.status_code == 303, mended.text
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page(cast, OWN_CODE)).text)
    assert seen is not None
    client.post(page(cast, OWN_CODE, "state"), data={"do": "use", "seen": seen[1]})
    assert "C99" not in client.get(page(cast, OWN_CODE)).text


@pytest.mark.parametrize(("draft", "do"), [(True, "give_up"), (False, "retire"), (True, "use")])
def test_what_cannot_be_read_is_given_up_or_retired_and_not_brought_into_use(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, draft: bool, do: str
) -> None:
    one = own_action(database, cast.organisation, clock(), used=not draft)
    upgraded(database, cast, draft=draft)
    sign_in(client, "Ada")
    answer = client.post(page(cast, OWN_CODE, "state"), data={"do": do, "seen": str(one.saves)})
    assert answer.status_code == (409 if do == "use" else 303), answer.text


def test_what_cannot_be_read_is_not_offered_to_another_client_and_taken_anew_from_a_file(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock())
    whole = zipped_files(client, cast)
    upgraded(database, cast, draft=False)
    runs_both(database, cast, clock)
    there = f"/organisations/{cast.other}/own-actions-of-others"
    assert OWN_CODE not in client.get(there).text
    assert client.get(there).status_code == 200
    answer = send(client, cast, whole, use="yes")
    assert answer.headers["location"].endswith("?new=0&changed=1"), answer.text
    assert "C99" not in client.get(page(cast)).text


def zipped_files(client: "TestClient", cast: Cast) -> bytes:
    """What "Save them as a ZIP file" gives."""
    sign_in(client, "Ada")
    return client.get(page(cast, "export.zip")).content
