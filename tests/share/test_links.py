"""Read-only links: what they show, to whom, until when, and what is known of those who open them."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.accounts import queries as accounts
from app.db import Database
from app.releases import store
from app.share import lasting, queries, service
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, link, names_on, share, typed
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in

PASSWORD = "rain on the tin roof"
SECRET = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow", "cache-control": "no-store"}


def path_of(cast: Cast, world: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{world.closed}/share/links"


def made_by(client: "TestClient", path: str, **fields: str) -> str:
    """Makes a link on its page and gives the address that stands on the answer."""
    answer = client.post(path, data=typed(client, path, **fields))
    assert answer.status_code == 200, answer.text
    found = re.search(r'readonly value="http://testserver(/shared/[a-z2-7]{26})"', answer.text)
    assert found is not None
    return found[1]


@pytest.mark.both
def test_a_link_is_shown_once_and_whoever_has_it_reads_the_shared_result(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    address = made_by(client, path, label="Supervisory board")
    again = client.get(path).text
    assert "Supervisory board" in again
    assert address not in again
    client.cookies.clear()
    page = client.get(address)
    assert page.status_code == 200
    with database.reading() as session:
        release = store.latest(session, cast.organisation, lived_in.closed)
    assert release is not None
    assert len(names_on(page.text)) == len(release.document.rows)
    assert "What is not shown, and why" in page.text
    assert "no benchmark from other organisations yet" in page.text
    cell = client.get(f"{address}/{cast.departments['Operations']}/T1")
    assert cell.status_code == 200
    assert 'id="cell"' in cell.text
    for answer in (page, cell):
        assert {name: answer.headers[name] for name in SECRET} == SECRET
        assert "set-cookie" not in answer.headers


def test_a_link_to_some_departments_shows_these_with_what_is_below_and_nothing_of_the_others(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock, rows=(str(cast.departments["Finance"]),))
    page = client.get(f"/shared/{token}").text
    assert names_on(page)[0] == "Finance"
    assert {"Accounts payable", "Planning"} <= set(names_on(page))
    for other in ("Legal", "Operations", "Customer service"):
        assert other not in page
        assert client.get(f"/shared/{token}/{cast.departments[other]}/T1").status_code == 404
    assert client.get(f"/shared/{token}/{cast.departments['Planning']}/T1").status_code == 200
    assert client.get(f"/shared/{token}/organisation/T1").status_code == 200
    assert client.get(f"/shared/{token}/organisation/X9").status_code == 404


def test_a_link_to_the_organisation_alone_shows_its_row_and_no_other(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    address = made_by(client, path_of(cast, lived_in), shows="organisation")
    assert len(names_on(client.get(address).text)) == 1


@pytest.mark.both
def test_a_link_ends_with_the_last_second_of_its_day_in_the_clients_time_zone(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    day = lasting.usual_day("Europe/Berlin", clock())
    token = link(database, cast, lived_in, clock, until=day)
    clock.now = datetime(day.year, day.month, day.day, 22, 59, 59, tzinfo=UTC)  # an hour behind Berlin in winter
    assert client.get(f"/shared/{token}").status_code == 200
    clock.advance(seconds=1)
    assert client.get(f"/shared/{token}").status_code == 404


def test_a_link_across_a_change_of_clocks_ends_at_midnight_of_its_own_day() -> None:
    day = datetime(2026, 7, 1, tzinfo=UTC).date()
    assert lasting.end_of(day, "Europe/Berlin") == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert lasting.end_of(datetime(2026, 12, 1, tzinfo=UTC).date(), "Europe/Berlin").hour == 23


def test_links_that_ended_were_taken_back_or_never_made_answer_with_the_same_page(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    ended, back, unshared = (link(database, cast, lived_in, clock, label=one) for one in ("ended", "back", "unshared"))
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    ids = {one.label: one.id for one in _links(database, cast, lived_in)}
    assert client.post(f"{path}/take-back", data={"link": str(ids["back"])}).status_code == 303
    client.cookies.clear()
    pages = [client.get(f"/shared/{one}") for one in (back, "a" * 26, "short", back[:-1], "%00")]
    with database.writing() as session:
        service.stop(session, organisation_id=cast.organisation, wave_id=lived_in.closed)
    pages.append(client.get(f"/shared/{unshared}"))
    clock.advance(days=40)
    pages += [client.get(f"/shared/{ended}"), client.get(f"/shared/{ended}/report.pdf")]
    pages.append(client.get(f"/shared/{ended}/organisation/T1"))
    assert {one.status_code for one in pages} == {404}
    assert len({one.text for one in pages}) == 1
    assert "It has ended, was taken back, or was not copied whole" in pages[0].text
    assert {name: pages[0].headers[name] for name in SECRET} == SECRET


def _links(database: Database, cast: Cast, world: World) -> tuple[queries.LinkFacts, ...]:
    with database.reading() as session:
        return queries.links(session, cast.organisation, world.closed)


@pytest.mark.both
def test_a_password_is_asked_for_and_the_same_is_said_of_a_wrong_one_and_of_a_link_that_there_is_not(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock, password=PASSWORD)
    door = client.get(f"/shared/{token}")
    assert "A password is asked for" in door.text
    assert "Fernhill" not in door.text
    assert client.get(f"/shared/{token}/organisation/T1").status_code == 404
    wrong, unknown = (client.post(f"/shared/{one}", data={"password": "no"}) for one in (token, "a" * 26))
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text == unknown.text
    right = client.post(f"/shared/{token.upper()}", data={"password": PASSWORD})
    assert right.status_code == 303
    cookie = right.headers["set-cookie"]
    assert f"Path=/shared/{token.upper()}" in cookie
    assert "HttpOnly" in cookie


def test_whoever_gave_the_password_is_let_in_for_twelve_hours_and_no_longer_than_the_link(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token, other = (link(database, cast, lived_in, clock, label=one, password=PASSWORD) for one in "ab")
    assert client.post(f"/shared/{token}", data={"password": PASSWORD}).status_code == 303
    assert "What is not shown" in client.get(f"/shared/{token}").text
    assert "A password is asked for" in client.get(f"/shared/{other}").text
    value = client.cookies.get("plumbline-shared", path=f"/shared/{token}")
    forged = client.get(f"/shared/{other}", headers={"cookie": f"plumbline-shared={value}"})
    assert "A password is asked for" in forged.text
    for junk in (b"", b"x.y", b"9" * 4000, b"9" * 10 + b".", b"9" * 10 + b".\xe9"):
        asked = client.get(f"/shared/{other}", headers=[(b"cookie", b"plumbline-shared=" + junk)])
        assert "A password is asked for" in asked.text
    clock.advance(hours=12)
    assert "A password is asked for" in client.get(f"/shared/{token}").text


def test_guesses_at_a_password_are_limited_like_those_of_a_sign_in(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock, password=PASSWORD)
    spellings = [token, token.upper(), token, token.title(), token]
    for one in spellings:
        assert client.post(f"/shared/{one}", data={"password": "wrong"}).status_code == 422
    late = client.post(f"/shared/{token}", data={"password": PASSWORD})
    assert late.status_code == 429
    assert "15 minutes" in late.text
    for _ in range(5):
        assert client.post(f"/shared/{'a' * 26}", data={"password": "wrong"}).status_code == 422
    assert client.post(f"/shared/{'a' * 26}", data={"password": "wrong"}).status_code == 429
    clock.advance(minutes=15)
    assert client.post(f"/shared/{token}", data={"password": PASSWORD}).status_code == 303
    with database.read.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM failed_sign_in")).scalar_one() == 0


def test_a_link_with_a_password_can_not_be_opened_by_guessing_at_one_without(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock)
    assert client.post(f"/shared/{token}", data={"password": PASSWORD}).status_code == 422
    assert client.post(f"/shared/{token}", data={"password": ""}).status_code == 422


@pytest.mark.both
def test_visits_are_counted_by_day_and_nothing_else_is_known_of_them(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock)
    for _ in range(2):
        client.get(f"/shared/{token}", headers={"X-Forwarded-For": "203.0.113.9", "User-Agent": "Visitor"})
    client.get(f"/shared/{token}/organisation/T1")
    client.get(f"/shared/{'a' * 26}")
    clock.advance(days=1)
    client.get(f"/shared/{token}")
    [facts] = _links(database, cast, lived_in)
    with database.reading() as session:
        days = queries.visits(session, cast.organisation, lived_in.closed)[facts.id]
    today = lasting.day_of(clock(), "Europe/Berlin")
    assert [(one.day, one.visits) for one in days] == [(today, 1), (today - timedelta(days=1), 2)]
    with database.read.connect() as connection:
        row = connection.execute(text("SELECT * FROM shared_visit")).mappings().first()
    assert row is not None
    assert set(row) == {"organisation_id", "link_id", "day", "visits", "downloads"}
    sign_in(client, "Ada")
    assert ">3<" in client.get(path_of(cast, lived_in)).text


def test_a_later_release_is_behind_a_link_only_once_it_is_shared(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    from tests.privacy.test_every_output import made_again

    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock)
    made_again(database, cast, lived_in, clock)
    assert "Release 1, printed values only" in client.get(f"/shared/{token}").text
    share(database, cast, lived_in, clock)
    assert "Release 3, printed values only" in client.get(f"/shared/{token}").text


@pytest.mark.both
def test_the_report_is_behind_a_link_that_shows_everything_and_was_made_with_it(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    report = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/report"
    assert client.post(report, data={"paper": "A4"}).status_code == 303
    with database.write.begin() as connection:
        connection.execute(
            text("UPDATE report_file SET state = 'done', content = :pdf, sha256 = 'x'"), {"pdf": b"%PDF-made"}
        )
    client.cookies.clear()
    own = (str(cast.departments["Legal"]),)
    full, plain = link(database, cast, lived_in, clock, with_report=True), link(database, cast, lived_in, clock)
    part = link(database, cast, lived_in, clock, with_report=True, rows=own)
    assert "Download: Report (PDF), English, A4" in client.get(f"/shared/{full}").text
    got = client.get(f"/shared/{full}/report.pdf")
    assert got.content == b"%PDF-made"
    assert got.headers["referrer-policy"] == "no-referrer"
    assert client.get(f"/shared/{full}/report.pdf?paper=Letter").status_code == 404
    for other in (plain, part):
        assert "Download: " not in client.get(f"/shared/{other}").text
        assert client.get(f"/shared/{other}/report.pdf").status_code == 404
    sign_in(client, "Ada")
    assert "report downloaded once" in client.get(path_of(cast, lived_in)).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": ""}, "Say whom the link is for"),
        ({"label": "x" * 81}, "at most 80 characters"),
        ({"until": "2026-02-30"}, "Choose a day from"),
        ({"until": ""}, "Choose a day from"),
        ({"until": "2020-01-01"}, "Choose a day from"),
        ({"until": "2099-01-01"}, "Choose a day from"),
        ({"shows": "rows"}, "Choose at least one department"),
        ({"password": "thimbles"}, "Use at least 12"),
    ],
)
def test_what_can_not_be_meant_comes_back_with_a_sentence_and_all_that_was_typed(
    client: "TestClient",
    database: Database,
    cast: Cast,
    lived_in: World,
    clock: Clock,
    fields: dict[str, str],
    said: str,
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    answer = client.post(path, data={**typed(client, path, label="Works <b>council</b>"), **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>council" not in answer.text
    if "label" not in fields:
        assert "Works &lt;b&gt;council&lt;/b&gt;" in answer.text
    assert fields.get("password", "never typed") not in answer.text
    assert _links(database, cast, lived_in) == ()


def test_a_double_click_makes_one_link(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    form = typed(client, path)
    assert client.post(path, data=form).status_code == 200
    second = client.post(path, data=form)
    assert second.status_code == 409
    assert "This link was made already" in second.text
    assert len(_links(database, cast, lived_in)) == 1


def test_there_is_a_most_of_links_and_none_while_nothing_is_shared(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    assert "Nothing of this wave is shared" in client.get(path).text
    until = lasting.usual_day("Europe/Berlin", clock()).isoformat()
    refused = client.post(path, data={"label": "Board", "until": until})
    assert refused.status_code == 409
    assert "Nothing of this wave is shared yet" in refused.text
    share(database, cast, lived_in, clock)
    monkeypatch.setattr(service, "MOST_LINKS", 1)
    made_by(client, path)
    assert "There are 1 links" in client.post(path, data=typed(client, path)).text


def test_a_link_is_taken_back_once_by_whoever_comes_first_and_only_at_its_own_wave(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    link(database, cast, lived_in, clock)
    [facts] = _links(database, cast, lived_in)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    elsewhere = path.replace(str(lived_in.closed), str(lived_in.running))
    assert client.post(f"{elsewhere}/take-back", data={"link": str(facts.id)}).status_code == 404
    assert client.post(f"{path}/take-back", data={"link": "no id"}).status_code == 404
    for _ in range(2):
        assert client.post(f"{path}/take-back", data={"link": str(facts.id)}).status_code == 303
    before = _links(database, cast, lived_in)[0].revoked_at
    clock.advance(days=1)
    client.post(f"{path}/take-back", data={"link": str(facts.id)})
    assert _links(database, cast, lived_in)[0].revoked_at == before


def test_making_and_taking_back_stand_in_the_log_without_the_link(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    path = path_of(cast, lived_in)
    token = made_by(client, path).rsplit("/", 1)[1]
    [facts] = _links(database, cast, lived_in)
    client.post(f"{path}/take-back", data={"link": str(facts.id)})
    log = client.get(f"/organisations/{cast.organisation}/log").text
    assert "Made a read-only link to the result" in log
    assert "Took back a read-only link to the result" in log
    with database.read.connect() as connection:
        dump = str([connection.execute(text(f"SELECT * FROM {one}")).all() for one in ("act", "shared_link")])
    assert token not in dump
    assert token not in log


def test_a_link_stays_when_whoever_made_it_has_no_role_any_more(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "owner")
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock)
    with database.writing() as session:
        accounts.remove_member(session, organisation_id=cast.organisation, user_id=cast.ada, role="owner")
    assert client.get(f"/shared/{token}").status_code == 200
    sign_in(client, "Cleo")
    assert "made by Ada" in client.get(path_of(cast, lived_in)).text


def test_the_pages_behind_a_link_are_in_the_language_of_the_browser(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    token = link(database, cast, lived_in, clock)
    german = client.get(f"/shared/{token}", headers={"accept-language": "de-AT, en;q=0.5"}).text
    assert '<html lang="de"' in german
    assert "What is not shown" not in german
