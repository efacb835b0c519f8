"""Own actions that a consultant takes from another client of theirs: copies, and no name of the other client."""

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.accounts import service as accounts
from app.db import Database
from app.playbooks import queries, service
from app.playbooks.own import action_of
from app.playbooks.service import Author
from tests.cast import ORGANISATION, OTHER_ORGANISATION, Cast, sign_in
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action, written

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient


def page(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/own-actions-of-others"


def runs_both(database: Database, cast: Cast, clock: Clock, role: str = "consultant") -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.other, "user_id": cast.ada}
        accounts.add_member(session, **place, now=clock(), role=role)  # type: ignore[arg-type]  # a role


def take(client: "TestClient", cast: Cast, *taken: queries.Own) -> "Response":
    ticked = {f"take-{one.id}": "yes" for one in taken}
    return client.post(page(cast), data={"client": str(cast.other), **ticked})


def own(database: Database, cast: Cast) -> tuple[queries.Own, ...]:
    with database.reading() as session:
        return queries.own_actions(session, cast.organisation)


@pytest.mark.both
def test_copies_come_as_drafts_once_with_what_they_name_under_ids_of_this_client(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    runs_both(database, cast, clock)
    own_action(database, cast.organisation, clock())
    first = own_action(database, cast.other, clock(), hours=31)
    then = own_action(database, cast.other, clock(), "What comes after", needs=[first.code])
    sign_in(client, "Ada")
    shown = unescape(client.get(page(cast)).text)
    assert "What comes after" in shown
    assert take(client, cast, then).status_code == 303
    assert take(client, cast, then, first).status_code == 303
    made = {one.code: one for one in own(database, cast) if one.origin}
    assert {code: one.origin for code, one in made.items()} == {f"{OWN_CODE}-2": first.id, then.code: then.id}
    assert action_of(made[then.code].draft).needs == (f"{OWN_CODE}-2",)
    assert action_of(made[f"{OWN_CODE}-2"].draft).hours == 31
    assert "it is here already" in client.get(page(cast)).text


def test_neither_client_learns_the_name_of_the_other(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    runs_both(database, cast, clock)
    first = own_action(database, cast.other, clock(), by="Ben")
    sign_in(client, "Ada")
    take(client, cast, first)
    here = f"/organisations/{cast.organisation}"
    pages = [client.get(f"{here}{one}").text for one in ("/own-actions", f"/own-actions/{OWN_CODE}", "/log")]
    assert "Taken over from another client of yours." in unescape(pages[0])
    with zipfile.ZipFile(io.BytesIO(client.get(f"{here}/export.zip").content)) as archive:
        papers = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    for told in (*pages, *papers):
        assert OTHER_ORGANISATION not in unescape(told)
        assert str(cast.other) not in told
    there = f"/organisations/{cast.other}"
    for one in ("/own-actions", f"/own-actions/{OWN_CODE}", "/log"):
        assert ORGANISATION not in unescape(client.get(f"{there}{one}").text)


def test_who_runs_both_is_told_that_the_origin_has_changed_and_others_are_not(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    runs_both(database, cast, clock)
    first, author = own_action(database, cast.other, clock()), Author("Ben", clock())
    sign_in(client, "Ada")
    take(client, cast, first)
    told = f"/organisations/{cast.organisation}/own-actions/{OWN_CODE}"
    assert "It has been changed there since." not in client.get(told).text
    with database.writing() as session:
        place = session, cast.other, first.id
        service.change(*place, written(hours=31), seen=first.saves, author=author)
        service.bring_into_use(*place, seen=first.saves + 1, author=author)
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    assert "It has been changed there since." in client.get(told).text
    sign_in(client, "Cleo")
    assert "It has been changed there since." not in client.get(told).text


@pytest.mark.parametrize("role", ["sponsor", ""])
def test_only_from_clients_that_one_runs(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, role: str
) -> None:
    first = own_action(database, cast.other, clock())
    if role:
        runs_both(database, cast, clock, role)
    sign_in(client, "Ada")
    assert OTHER_ORGANISATION not in unescape(client.get(page(cast)).text)
    assert str(first.id) not in client.get(f"{page(cast)}?client={cast.other}").text
    assert take(client, cast, first).status_code == 404
    assert own(database, cast) == ()


def test_nothing_ticked_is_told(client: "TestClient", database: Database, cast: Cast, clock: Clock) -> None:
    runs_both(database, cast, clock)
    own_action(database, cast.other, clock())
    sign_in(client, "Ada")
    answer = take(client, cast)
    assert (answer.status_code, "Nothing is ticked." in answer.text) == (422, True)


def test_what_the_other_client_has_no_more_in_use_is_not_taken(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    runs_both(database, cast, clock)
    own_action(database, cast.other, clock(), "Stays in use")
    draft = own_action(database, cast.other, clock(), used=False)
    sign_in(client, "Ada")
    assert re.findall(r'name="take-([0-9a-f-]+)"', client.get(page(cast)).text) != [str(draft.id)]
    assert take(client, cast, draft).status_code == 404


def test_the_papers_of_a_client_hold_each_version_of_its_own_actions(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = own_action(database, cast.organisation, clock())
    sign_in(client, "Ada")
    answer = client.get(f"/organisations/{cast.organisation}/export.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        kept = archive.read(f"own-actions/1.0.0/actions/{OWN_CODE}.yaml").decode()
        listed = archive.read("own-actions/own-actions.csv").decode("utf-8-sig")
    assert kept == one.files[f"actions/{OWN_CODE}.yaml"]
    assert one.sha256 in listed
