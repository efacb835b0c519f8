"""Writing actions of a client's own through HTTP: copied, changed, looked at, in use, and in the plan."""

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.actions import queries as plan
from app.db import Database
from app.playbooks import queries
from app.playbooks.beside import library_of
from app.playbooks.own import action_of
from app.playbooks.service import Came
from app.playbooks.shelf import library
from app.releases import store
from app.releases.document.release import Scored
from app.settings import Settings
from tests.actions.stage import taken_of_library
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

COPIED = "R3-low-permitted-uses"
CODE = f"OWN-{COPIED}"


def page(cast: Cast, *steps: str) -> str:
    return "/".join(("", "organisations", str(cast.organisation), "own-actions", *steps))


def sent(client: "TestClient", address: str) -> dict[str, str]:
    """The form at an address, as a browser would send it unchanged."""
    text = client.get(address).text
    form = text[text.index('<form id="writing"') : text.index("</form>", text.index('<form id="writing"'))]
    fields = dict(re.findall(r'<input[^>]* name="([\w-]+)"[^>]*? value="([^"]*)"(?![^>]*type="checkbox")', form))
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([\w-]+)"', tag)
        if name and 'type="checkbox"' in tag:
            fields.pop(name[1], None)
            if " checked" in tag:
                fields[name[1]] = "yes"
    for name, inside in re.findall(r'<textarea id="[\w-]+" name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = inside
    for name, inside in re.findall(r'<select id="[\w-]+" name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in fields.items()}


def test_a_copy_of_the_librarys_is_changed_brought_into_use_and_stands_in_its_place(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    library_page = f"/organisations/{cast.organisation}/playbooks"
    assert f"{page(cast, 'new')}?source={COPIED}" in unescape(client.get(f"{library_page}/{COPIED}").text)
    form = sent(client, f"{page(cast, 'new')}?source={COPIED}")
    assert form["instead_of"] == COPIED
    assert form["de-title"] == library().by_id[COPIED].title.words["de"]
    answers = [client.post(page(cast, "new"), data={**form, "title": "Put it on one page"}) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == [f"{page(cast, CODE)}?done=kept"] * 2, answers[0].text
    assert "The draft is kept." in client.get(f"{page(cast, CODE)}?done=kept").text
    assert CODE not in client.get(library_page).text
    used = client.post(page(cast, CODE, "state"), data={"do": "use", "seen": "1"})
    assert used.status_code == 303, used.text
    whole = unescape(client.get(f"{library_page}?function=other&dimension=R3").text)
    assert "Put it on one page" in whole
    assert f"/playbooks/{COPIED}" not in whole
    assert "Put it on one page" in client.get(f"{library_page}/{COPIED}").text
    shown = unescape(client.get(f"{library_page}/{CODE}").text)
    assert "In whose place it stands" in shown
    listed = unescape(client.get(page(cast)).text)
    assert f"Copied from the library: {library().by_id[COPIED].title}." in listed
    with database.reading() as session:
        [one] = queries.own_actions(session, cast.organisation)
    assert (one.copied_from, one.copied_version, one.state) == (COPIED, "1.0.0", "in_use")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "", "'title' is empty"),
        ("title", "x" * 121, "'title' has 121 characters; 120 is the most"),
        ("why", "<script>alert(1)</script>", "is markup; a text is plain words"),
        ("dimension", "R9", "'dimension': R9 is not known"),
        ("steps", "one\ntwo", "'steps' has 2 entries; 3 to 7 are needed"),
        ("hours", "many", "'hours' must be a whole number, not text"),
        ("unlocks", "C03, C99", "'unlocks': C99 is not known"),
        ("sources", "A study of 2,000 firms", "is no source that was looked up"),
        ("need-0", "R3-emerging-intake", "these wait for each other"),
        ("review_by", "soon", "'review_by': soon is no day; write it like 2027-06-30"),
        ("de-steps", "eins\nzwei\ndrei", "steps and evidence need as many entries as in English"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_typed_is_lost(
    client: "TestClient", database: Database, cast: Cast, field: str, value: str, told: str
) -> None:
    sign_in(client, "Ada")
    typed = {**sent(client, f"{page(cast, 'new')}?source={COPIED}"), "risk": "Typed with care", field: value}
    answer = client.post(page(cast, "new"), data=typed)
    shown = unescape(answer.text)
    assert (answer.status_code, told in shown, "Typed with care" in shown) == (422, True, True)
    assert value in shown
    with database.reading() as session:
        assert queries.own_actions(session, cast.organisation) == ()


def test_who_saves_second_sees_what_the_first_saved_and_saves_over_it_knowingly(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock())
    sign_in(client, "Ada")
    form = sent(client, page(cast, OWN_CODE, "change"))
    assert client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "30"}).status_code == 303
    second = client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "40", "weeks": "3"})
    shown = unescape(second.text)
    assert second.status_code == 409
    assert "Ada saved this action while you were changing it." in shown
    assert ("Hours, all people together: 30" in shown, "Weeks: 2" in shown) == (True, True)
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    assert seen is not None
    again = client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "40", "seen": seen[1]})
    assert again.status_code == 303
    with database.reading() as session:
        [one] = queries.own_actions(session, cast.organisation)
    assert action_of(one.draft).hours == 40


@pytest.mark.lived_in
def test_the_preview_says_where_it_would_be_proposed_now_and_keeps_nothing(
    client: "TestClient", database: Database, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    with database.reading() as session:
        release = store.latest(session, cast.organisation, lived_in.closed)
    assert release is not None
    row = release.document.row(str(cast.departments["Operations"]))
    assert row is not None
    low = min((cell.score, id) for id, cell in row.cells.items() if isinstance(cell, Scored) and id[0] in "TR")[1]
    typed = sent(client, page(cast, "new")) | {
        "title": "Do it our way",
        "why": "It says so.",
        "steps": "One\nTwo\nThree",
        "evidence": "A page",
        "risk": "Nothing happens.",
        "hours": "1",
        "dimension": low,
        f"moves-{low}": "yes",
    }
    cell = row.cells[low]
    assert isinstance(cell, Scored)
    typed |= {f"bands-{cell.band}": "yes", "functions-operations": "yes"}
    shown = unescape(client.post(page(cast, "look"), data=typed).text)
    place = shown[shown.index("Where it would be proposed now") :]
    assert "Operations</a>" in place
    assert "Legal</a>" not in place
    assert f"/waves/{lived_in.closed}/proposal/{row.id}" in place
    assert "Do it our way" in shown
    with database.reading() as session:
        assert queries.own_actions(session, cast.organisation) == ()
    less = unescape(client.post(page(cast, "look"), data={**typed, "hours": "400"}).text)
    assert "Operations</a><br>more hours than there are" in less


def test_a_form_that_does_not_say_what_it_had_shown_writes_over_nothing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = own_action(database, cast.organisation, clock())
    sign_in(client, "Ada")
    form = sent(client, page(cast, OWN_CODE, "change"))
    del form["seen"]
    answer = client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "40"})
    assert (answer.status_code, "saved this action while you were changing it" in answer.text) == (409, True)
    with database.reading() as session:
        assert queries.own_action(session, cast.organisation, one.id).draft == {}


@pytest.mark.parametrize("code", ["bad id", "OWN-R3-not-there-at-all", "../x"])
def test_the_preview_takes_no_id_that_is_none_of_the_clients_own(client: "TestClient", cast: Cast, code: str) -> None:
    sign_in(client, "Ada")
    typed = {**sent(client, f"{page(cast, 'new')}?source={COPIED}"), "title": "Do it our way", "code": code}
    answer = client.post(page(cast, "look"), data=typed)
    assert (answer.status_code, "Do it our way" in answer.text) == (200, True)
    assert "mended first" not in answer.text
    assert code not in answer.text


def test_the_preview_of_what_is_not_complete_says_what_is_missing(client: "TestClient", cast: Cast) -> None:
    sign_in(client, "Ada")
    answer = client.post(page(cast, "look"), data=sent(client, page(cast, "new")))
    assert answer.status_code == 200
    assert "things have to be mended first" in answer.text


def test_before_there_is_a_result_the_preview_says_so(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock())
    sign_in(client, "Ada")
    assert "There is no result yet." in client.get(page(cast, OWN_CODE)).text


@pytest.mark.lived_in
def test_an_own_action_is_proposed_taken_reminded_of_and_kept_by_the_plan_when_it_is_retired(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock, settings: Settings
) -> None:
    for band in ("low", "emerging"):
        own_action(database, cast.organisation, clock(), f"Our {band} page", bands=[band], instead_of=COPIED)
    with database.reading() as session:
        there = library_of(session, cast.organisation)
    sign_in(client, "Ada")
    new = client.get(f"/organisations/{cast.organisation}/plan/new?action=OWN-R3-our-low-page")
    assert "Our low page" in new.text
    planned = taken_of_library(
        database, cast, clock(), "OWN-R3-our-low-page", among=there, owner="Dana Doe", mail="dana@example.org"
    )
    address = f"/organisations/{cast.organisation}/plan/{planned}"
    assert there.by_id["OWN-R3-our-low-page"].steps[0] in unescape(client.get(address).text)
    retired = client.post(page(cast, "OWN-R3-our-low-page", "state"), data={"do": "retire", "seen": "2"})
    assert retired.status_code == 303, retired.text
    shown = unescape(client.get(address).text)
    assert "This action of the client’s own is in use no more." in shown
    assert there.by_id["OWN-R3-our-low-page"].steps[0] in shown
    with database.reading() as session:
        assert plan.planned(session, cast.organisation, planned).edition == "1.0.0"


def test_what_was_retired_is_brought_back_and_a_draft_is_given_up(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock())
    sign_in(client, "Ada")

    def stand(do: str, seen: int) -> int:
        return client.post(page(cast, OWN_CODE, "state"), data={"do": do, "seen": str(seen)}).status_code

    assert [stand("retire", 2), stand("use", 3), stand("retire", 3), stand("nonsense", 4)] == [303, 303, 409, 422]
    form = sent(client, page(cast, OWN_CODE, "change"))
    assert client.post(page(cast, OWN_CODE, "change"), data={**form, "hours": "30"}).status_code == 303
    assert "The next version is being written." in client.get(page(cast)).text
    assert stand("give_up", 5) == 303
    with database.reading() as session:
        [one] = queries.own_actions(session, cast.organisation)
    assert (one.draft, one.state) == ({}, "in_use")


def test_a_newer_version_of_the_librarys_is_told_until_somebody_has_looked_at_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock(), came=Came(copied_from=COPIED, copied_version="0.9.0"))
    sign_in(client, "Ada")
    [code] = re.findall(r"own-actions/(OWN-[\w-]+)", client.get(page(cast)).text)
    assert "The library has other words there now, in version 1.0.0." in client.get(page(cast, code)).text
    form = sent(client, page(cast, code, "change"))
    assert client.post(page(cast, code, "change"), data={**form, "caught_up": "yes"}).status_code == 303
    assert "The library has other words there now" not in client.get(page(cast, code)).text


def test_nobody_but_who_runs_the_client_sees_its_own_actions(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock())
    sign_in(client, "Ben")
    for address in (page(cast), page(cast, OWN_CODE), page(cast, OWN_CODE, "change")):
        assert client.get(address).status_code == 404
