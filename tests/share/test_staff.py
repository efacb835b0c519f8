"""The page for all staff: written, looked at, published, read in each language, and taken back."""

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.db import Database
from app.mail.words import INVITATION, RESULTS
from app.releases import store
from app.releases.document import words
from app.releases.document.release import Scored
from app.staffpage import queries
from app.staffpage import service as staffpage
from app.staffpage.queries import Action
from app.staffpage.service import TypedAction
from tests.cast import DEPARTMENTS, Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import share
from tests.world import KEY, World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in

STEP = "We write down which work stays with people <b>only</b>."


def path_of(cast: Cast, world: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{world.closed}/share/staff"


def seen_on(client: "TestClient", path: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', client.get(path).text)
    assert found is not None
    return found[1]


def write(client: "TestClient", path: str, language: str = "en", **fields: str) -> int:
    form = {"seen": seen_on(client, path), "language": language, "words-1": STEP, **fields}
    return int(client.post(path, data=form).status_code)


def publish(client: "TestClient", path: str) -> str:
    """Publishes what is written and gives the path that staff are sent to."""
    assert client.post(f"{path}/publish", data={"seen": seen_on(client, path)}).status_code == 303
    found = re.search(r'value="http://testserver(/told/[a-z2-7]{26})"', client.get(path).text)
    assert found is not None
    return found[1]


@pytest.mark.both
def test_staff_read_the_scores_of_the_organisation_and_what_is_done_next_and_no_department(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert write(client, path, **{"owner-1": "Head of Operations", "due-1": "2027-01-15"}) == 303
    preview = client.get(f"{path}/preview")
    assert "This is a preview" in preview.text
    address = publish(client, path)
    client.cookies.clear()
    page = client.get(address)
    assert page.status_code == 200
    assert "What you told us" in page.text
    assert "We write down which work stays with people &lt;b&gt;only&lt;/b&gt;." in page.text
    assert "Head of Operations, by 15 January 2027" in page.text
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    with database.reading() as session:
        release = store.latest(session, cast.organisation, lived_in.closed)
    assert release is not None
    for head in release.document.dimensions:
        cell = release.document.organisation.cells[head.id]
        assert isinstance(cell, Scored)
        assert f"<b>{words.value_text(cell)}</b>" in page.text
    for name, *_ in DEPARTMENTS:
        assert name not in page.text.replace("Head of Operations", "")
    assert "set-cookie" not in page.headers
    assert len(page.content) < 40_000


@pytest.mark.parametrize("tag", ["de", "fr", "es", "ar"])
def test_the_page_speaks_every_language_of_the_wave_and_says_in_which_a_step_is_written(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock, tag: str
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert write(client, path) == 303
    address = publish(client, path)
    for page in (client.get(f"{address}?language={tag}"), client.get(address, headers={"accept-language": tag})):
        assert f'<html lang="{tag}"' in page.text
        assert "What you told us" not in page.text
        assert '<p lang="en" dir="auto">We write down' in page.text
    assert write(client, path, tag, **{"words-1": "Anders gesagt."}) == 303
    publish(client, path)
    assert f'<p lang="{tag}" dir="auto">Anders gesagt.' in client.get(f"{address}?language={tag}").text
    assert "We write down" in client.get(f"{address}?language=en").text


def test_what_is_written_after_publishing_is_read_once_it_is_published_too(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert "What follows from this is not decided yet" in client.get(publish(client, path)).text
    assert write(client, path) == 303
    assert "is not published yet" in client.get(path).text
    address = publish(client, path)
    assert "We write down" in client.get(address).text
    assert write(client, path, **{"drop-1": "yes"}) == 303
    assert "We write down" in client.get(address).text


def test_a_page_that_was_taken_back_is_answered_like_one_that_there_never_was(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    address = publish(client, path)
    assert client.post(path, data={"do": "take_back"}).status_code == 303
    gone, never = client.get(address), client.get(f"/told/{'a' * 26}")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.text.replace(address, "") == never.text.replace(f"/told/{'a' * 26}", "")
    assert "There is nothing here" in gone.text
    assert publish(client, path) == address, "the link is the same again"
    log = client.get(f"/organisations/{cast.organisation}/log").text
    assert "Published the page for all staff" in log
    assert "Took back the page for all staff" in log


def test_of_two_who_write_the_second_sees_what_the_first_wrote_and_loses_nothing(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    form = {"seen": seen_on(client, path), "language": "en"}
    assert client.post(path, data={**form, "words-1": "The first wrote this."}).status_code == 303
    second = client.post(path, data={**form, "words-1": "The second wrote that."})
    assert second.status_code == 409
    assert "The second wrote that." in second.text
    assert "Written meanwhile: The first wrote this." in second.text
    assert "Somebody else changed this page" in second.text
    assert client.post(f"{path}/publish", data={"seen": form["seen"]}).status_code == 409
    again = re.search(r'name="seen" value="(\d+)"', second.text)
    assert again is not None
    assert client.post(path, data={**form, "seen": again[1], "words-1": "Both agree."}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("words-1", "x" * 401, "and 400 fit"),
        ("owner-2", "x" * 81, "at most 80 characters"),
        ("due-3", "soon", "This is no day"),
        ("due-3", "2027-02-30", "This is no day"),
    ],
)
def test_what_does_not_fit_comes_back_with_a_sentence(
    client: "TestClient",
    database: Database,
    cast: Cast,
    lived_in: World,
    clock: Clock,
    field: str,
    value: str,
    said: str,
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    answer = client.post(path, data={"seen": "0", "language": "en", field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert value in answer.text


def test_nothing_is_published_while_nothing_is_shared_and_a_later_release_not_by_itself(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert client.get(f"{path}/preview").status_code == 409
    assert client.post(f"{path}/publish", data={"seen": "0"}).status_code == 409
    share(database, cast, lived_in, clock)
    publish(client, path)
    with database.reading() as session:
        page = queries.page(session, cast.organisation, lived_in.closed)
        there = store.latest(session, cast.organisation, lived_in.closed)
    assert page is not None
    assert there is not None
    assert page.release_id == there.id


def test_the_mail_that_results_are_ready_has_the_link_once_the_page_is_published(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    letter = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/mail"
    assert "/told/" not in client.get(f"{letter}/{RESULTS}/en/letter").text
    address = publish(client, path_of(cast, lived_in))
    for tag in ("en", "de", "fr", "es", "ar"):
        assert f'href="http://testserver{address}"' in client.get(f"{letter}/{RESULTS}/{tag}/letter").text
    assert "/told/" not in client.get(f"{letter}/{INVITATION}/en/letter").text


def test_whoever_answered_is_led_to_the_page_from_their_link(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    from app.invitations.queries import links

    share(database, cast, lived_in, clock)
    with database.reading() as session:
        every = links(session, link_key=KEY, organisation_id=cast.organisation, wave_id=lived_in.closed, base_url="")
    thanks = f"{every[0].url}/thanks"
    assert "/told/" not in client.get(thanks).text
    assert "has not said yet when and where" in client.get(thanks).text
    sign_in(client, "Ada")
    address = publish(client, path_of(cast, lived_in))
    page = client.get(thanks).text
    assert f'href="{address}"' in page
    assert "has not said yet when and where" not in page


def test_words_in_one_language_leave_those_in_others_and_a_step_without_any_is_gone() -> None:
    there = (Action({"en": "One", "de": "Eins"}, "Ada", date(2027, 1, 1)), Action({"en": "Two"}))
    typed = (TypedAction("Uno", "Ben"), TypedAction("", ""))
    assert staffpage.merged(there, typed, "en") == (Action({"de": "Eins", "en": "Uno"}, "Ben"),)
    assert staffpage.words_in(there[1], "ar") == ("Two", "en")
