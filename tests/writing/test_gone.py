"""Own actions that name what is in use no more here, or never was: nothing of them is lost in the form."""

import re
from typing import TYPE_CHECKING

from app.db import Database
from app.playbooks import queries, service
from app.playbooks.own import action_of
from app.playbooks.service import Author
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action
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
