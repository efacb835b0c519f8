"""Files that are made and mailed by themselves when a wave closes: to whom, behind which links, once, and counted."""

import re
from contextlib import closing
from datetime import datetime, timedelta
from multiprocessing import get_context
from os import kill
from pathlib import Path
from signal import SIGKILL
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.accounts import queries as accounts
from app.db import Database
from app.delivery import queries, service
from app.jobs.queries import JobFacts
from app.jobs.service import LEASE
from app.settings import Settings
from app.worker import HANDLERS, Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.delivery.stage import BOARD, PASSWORD, SET, close, link_in, member, set_to, there, work, worker
from tests.mail.office import Office, settings_of
from tests.processes import PATIENT_SECONDS
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.mark.both
def test_when_a_wave_closes_files_are_made_and_each_gets_a_link_of_their_own(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, **{"role.owner": "yes", "addresses": f"{BOARD}\n{BOARD.upper()}"})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    assert office.to("the result of 2026-Q4 is there") == ["ada@example.org", BOARD]
    first, second = link_in(office, "ada@example.org"), link_in(office, BOARD)
    assert first != second
    for mail in office.taken:
        assert not list(mail.iter_attachments())
        assert mail["Auto-Submitted"] == "auto-generated"
    told = client.get(second)
    assert told.status_code == 200
    assert told.headers["referrer-policy"] == "no-referrer"
    assert "All numbers (CSV)" in told.text
    assert "Report (PDF)" not in told.text
    data = client.get(f"{second}/csv")
    assert data.headers["content-disposition"].endswith('2026-q4-release1.csv"')
    assert client.get(f"{second}/pdf").status_code == 404
    found = there(database, cast, page)
    assert (found[BOARD].visits, found[BOARD].downloads, found[BOARD].opened_on) == (1, 1, clock().date())
    assert (found["ada@example.org"].visits, found["ada@example.org"].opened_on) == (0, None)
    sign_in(client, "Ada")
    shown = client.get(page).text
    assert "one file fetched" in shown
    log = client.get(f"/organisations/{cast.organisation}/log").text
    assert log.count("Mailed a link to files of the result") == 2
    assert "Had files made and links mailed, as set" in log
    assert "Set which files are made and mailed by themselves" in log
    assert second.rpartition("/")[2] not in shown + log


def test_nothing_is_mailed_where_nothing_is_set(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, **{"active": "", "role.owner": "yes"})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    assert not office.taken
    assert there(database, cast, page) == {}


def test_two_workers_send_each_mail_once(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses="\n".join(f"guest{number}@example.org" for number in range(5)))
    close(database, cast, lived_in, clock)
    pair = [worker(database, settings_with_mail, clock) for _ in range(2)]
    for _ in range(4):
        while any([one.work_once() for one in pair]):  # both have their turn
            pass
        clock.now += timedelta(seconds=20)
    assert office.to() == [f"guest{number}@example.org" for number in range(5)]


def test_a_mail_whose_worker_was_killed_is_sent_again_with_the_same_link(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings, settings: Settings, tmp_path: Path,
) -> None:  # fmt: skip
    """The process ends as the mail server has the mail, and before it can note that."""
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    child = get_context("spawn").Process(target=work_alone, args=(settings.database, office.port, tmp_path, clock()))
    office.after = lambda: kill(child.pid or 0, SIGKILL)
    child.start()
    child.join(PATIENT_SECONDS)
    assert child.exitcode == -SIGKILL
    assert len(office.taken) == 1
    assert there(database, cast, page)[BOARD].state == "waiting"
    office.after = lambda: None
    clock.now += LEASE + timedelta(minutes=2)
    work(database, settings_with_mail, clock)
    one, two = office.taken
    assert one["Message-ID"] == two["Message-ID"]
    assert one.get_content() == two.get_content()
    assert client.get(link_in(office, BOARD)).status_code == 200
    assert there(database, cast, page)[BOARD].state == "sent"


def work_alone(address: str, port: int, folder: Path, now: datetime) -> None:
    """A worker in a process of its own."""
    clock = Clock(now)
    with closing(Database(address)) as database:
        work(database, settings_of(port, folder), clock)


def test_a_link_ends_is_taken_back_and_is_sent_anew(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link, id = link_in(office, BOARD), str(there(database, cast, page)[BOARD].id)
    sign_in(client, "Ada")
    assert client.post(f"{page}/again", data={"link": id}).status_code == 409
    assert client.post(f"{page}/take-back", data={"link": id}).status_code == 303
    never = client.get(f"/delivered/{'a' * 26}")
    for path in (link, f"{link}/csv", "/delivered/short", "/delivered/%00"):
        gone = client.get(path)
        assert gone.status_code == 404
        assert gone.text == never.text
    assert "taken back" in client.get(page).text
    assert client.post(f"{page}/again", data={"link": id}).status_code == 303
    work(database, settings_with_mail, clock)
    newer = link_in(office, BOARD)
    assert newer != link
    assert (client.get(newer).status_code, client.get(link).status_code) == (200, 404)
    clock.now += timedelta(days=13)
    assert client.get(newer).status_code == 200
    clock.now += timedelta(days=2)
    assert client.get(newer).status_code == 404
    sign_in(client, "Ada")
    assert "ended on" in client.get(page).text
    assert client.post(f"{page}/take-back", data={"link": str(cast.ada)}).status_code == 404


@pytest.mark.both
def test_a_link_that_was_taken_back_before_its_mail_went_is_sent_anew(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    office.answers = {BOARD: "451 come again"}
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    id = str(there(database, cast, page)[BOARD].id)
    sign_in(client, "Ada")
    assert client.post(f"{page}/again", data={"link": id}).status_code == 409
    assert client.post(f"{page}/take-back", data={"link": id}).status_code == 303
    office.answers = {}
    clock.now += timedelta(minutes=6)
    work(database, settings_with_mail, clock)
    assert office.to() == []
    assert there(database, cast, page)[BOARD].state == "held"
    sign_in(client, "Ada")
    assert client.post(f"{page}/again", data={"link": id}).status_code == 303
    work(database, settings_with_mail, clock)
    assert client.get(link_in(office, BOARD)).status_code == 200


def test_a_link_that_is_replaced_while_its_mail_goes_out_gets_another_mail(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)

    def replaced() -> None:
        office.after = lambda: None
        found = there(database, cast, page)[BOARD]
        place = {"organisation_id": cast.organisation, "assessment_id": found.assessment_id, "id": found.id}
        with database.writing() as session:
            service.take_back(session, **place, now=clock())
            service.send_again(session, **place, now=clock())

    office.after = replaced
    work(database, settings_with_mail, clock)
    assert office.to() == [BOARD, BOARD]
    assert there(database, cast, page)[BOARD].state == "sent"
    links = [re.search(r"/delivered/[a-z2-7]{26}", one.get_content()) for one in office.taken]
    assert [client.get(one[0]).status_code for one in links if one] == [404, 200]


def test_a_mail_whose_work_was_given_up_is_called_failed_and_can_be_sent_again(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    def broken(database: Database, job: JobFacts, now: datetime) -> None:
        raise RuntimeError

    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    made = Worker(database, clock=clock, handlers={**HANDLERS, service.SEND: broken})
    for _ in range(6):
        while made.work_once():
            pass
        clock.now += timedelta(minutes=2)
    sign_in(client, "Ada")
    shown = client.get(page).text
    assert "The work failed" in shown
    assert "is being made" not in shown
    answer = client.post(f"{page}/again", data={"link": str(there(database, cast, page)[BOARD].id)})
    assert answer.status_code == 303
    assert "is being made" in client.get(page).text
    work(database, settings_with_mail, clock)
    assert client.get(link_in(office, BOARD)).status_code == 200


def test_a_link_asks_for_its_password_and_counts_nothing_before(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD, password=PASSWORD)
    set_to(client, page, addresses=BOARD, keep="yes", seen="1")
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link = link_in(office, BOARD)
    assert "It asks for a password" in office.taken[-1].get_content()
    assert PASSWORD not in office.taken[-1].get_content()
    door = client.get(link)
    assert "A password is asked for" in door.text
    assert client.get(f"{link}/csv").status_code == 404
    assert client.post(link, data={"password": "no"}).status_code == 422
    assert there(database, cast, page)[BOARD].visits == 0
    assert client.post(link, data={"password": PASSWORD}).status_code == 303
    assert client.get(f"{link}/csv").status_code == 200
    assert "All numbers (CSV)" in client.get(link).text
    client.cookies.clear()
    for _ in range(5):
        client.post(link, data={"password": "wrong"})
    assert client.post(link, data={"password": PASSWORD}).status_code == 429


def test_members_get_what_their_role_may_see_and_lose_it_with_the_role(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    sponsor = member(database, cast, "sponsor", "sponsor", clock)
    member(database, cast, "lead", "lead", clock, "Operations")
    member(database, cast, "nowhere", "lead", clock, "Ethics")
    asked = {"file.pdf": "yes", "role.sponsor": "yes", "role.lead": "yes", "addresses": "Lead@example.org"}
    set_to(client, page, **asked)
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    found = there(database, cast, page)
    assert found["sponsor@example.org"].files == ("pdf", "csv", "json")
    assert found["lead@example.org"].edition == str(cast.departments["Operations"])
    assert found["lead@example.org"].files == ("pdf", "csv")
    link = link_in(office, "lead@example.org")
    assert "operations.pdf" in client.get(f"{link}/pdf").headers["content-disposition"]
    assert "operations.csv" in client.get(f"{link}/csv").headers["content-disposition"]
    assert client.get(f"{link}/json").status_code == 404
    for one in found.values():
        assert one.edition in ("", str(cast.departments["Operations"])) or one.address == "nowhere@example.org"
    board = link_in(office, "sponsor@example.org")
    assert client.get(board).status_code == 200
    with database.writing() as session:
        accounts.remove_member(session, organisation_id=cast.organisation, user_id=sponsor, role="sponsor")
    assert client.get(board).status_code == 404


def test_an_address_that_is_refused_is_named_and_one_put_off_is_tried_again(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    office.answers = {BOARD: "550 no such box", "later@example.org": "451 come again"}
    set_to(client, page, addresses=f"{BOARD}, later@example.org")
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    found = there(database, cast, page)
    assert (found[BOARD].state, found["later@example.org"].state) == ("failed", "waiting")
    sign_in(client, "Ada")
    assert "The mail server said: 550 no such box" in client.get(page).text
    office.answers = {}
    clock.now += timedelta(minutes=6)
    sign_in(client, "Ada")
    assert client.post(f"{page}/again", data={"link": str(found[BOARD].id)}).status_code == 303
    work(database, settings_with_mail, clock)
    assert office.to() == [BOARD, "later@example.org"]


def test_without_a_mail_server_the_page_says_so_and_files_are_made_all_the_same(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str
) -> None:
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    made = Worker(database, clock=clock)
    while made.work_once():
        pass
    assert there(database, cast, page)[BOARD].state == "failed"
    sign_in(client, "Ada")
    assert "No mail server is set" in client.get(page).text
    report = client.get(f"/organisations/{cast.organisation}/waves/{lived_in.running}/report").text
    assert 'Download<span class="hidden"> All numbers (CSV), English</span>' in report


def test_an_address_that_a_header_would_change_gets_no_mail_and_the_page_says_so(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    """Accounts are opened for addresses that are looked at less closely."""
    for name in ("odd(b)", "odd:b"):
        member(database, cast, name, "sponsor", clock)
    set_to(client, page, **{"role.sponsor": "yes", "addresses": "B@BÜCHER.example b@xn--bcher-kva.example"})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    assert office.to() == ["b@xn--bcher-kva.example"]
    found = there(database, cast, page)
    assert {one.state for one in found.values() if one.address.startswith("odd")} == {"failed"}
    assert len(found) == 3
    sign_in(client, "Ada")
    assert client.get(page).text.count("no address that a mail can be sent to") == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"file.csv": "", "file.json": ""}, "Choose at least one file."),
        ({}, "Choose who gets a link, or give an address."),
        ({"addresses": "board@example.org\nnobody"}, "This is no e-mail address: nobody."),
        ({"addresses": "chair(b)@example.org"}, "This is no e-mail address: chair(b)@example.org."),
        ({"addresses": "chair:b@example.org"}, "This is no e-mail address: chair:b@example.org."),
        ({"addresses": "chair@["}, "This is no e-mail address: chair@[."),
        ({"addresses": " ".join(f"a{n}@example.org" for n in range(31))}, "at most 30 addresses"),
        ({"addresses": BOARD, "days": "0"}, "from 1 to 365"),
        ({"addresses": BOARD, "days": "99999999"}, "from 1 to 365"),
        ({"addresses": BOARD, "password": "short"}, "The password has 5 characters"),
        ({"addresses": BOARD, "paper": "A3"}, "A4 or Letter"),
        ({"addresses": BOARD, "language": "xx"}, "Choose one of the languages"),
    ],
)
def test_what_cannot_be_set_is_named_and_nothing_typed_is_lost(
    client: TestClient, database: Database, cast: Cast, page: str, typed: dict[str, str], sentence: str
) -> None:
    sign_in(client, "Ada")
    answer = client.post(page, data={**SET, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed.get("addresses", "") in answer.text
    with database.reading() as session:
        assert queries.schedule(session, cast.organisation, UUID(page.split("/")[4])) is None


def test_two_people_who_change_it_at_once_see_what_the_other_set(client: TestClient, page: str) -> None:
    set_to(client, page, addresses=BOARD)
    sign_in(client, "Ada")
    late = client.post(page, data={**SET, "addresses": "mine@example.org"})
    assert late.status_code == 409
    assert "Somebody else changed this meanwhile" in late.text
    assert BOARD in late.text
    assert "mine@example.org" not in late.text


@pytest.mark.parametrize("who", ["Ben", "Cleo"])
def test_a_stranger_can_neither_see_nor_set_it(client: TestClient, page: str, who: str) -> None:
    sign_in(client, who)
    for answer in (client.get(page), client.post(page, data=SET), client.post(f"{page}/again", data={})):
        assert answer.status_code == 404
