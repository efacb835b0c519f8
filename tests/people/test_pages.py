"""Consultants import lists of people before a wave opens and while it is open; nothing tells who has answered."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import InvalidError
from app.invitations import queries as invitations
from app.people import service
from app.retention import work as retention
from app.rosters import queries as rosters
from app.waves import policy
from app.waves import service as waves
from tests.cast import sign_in
from tests.conftest import Clock
from tests.people.lists import columns, people_of, send_file, send_list, take, take_list, workbook
from tests.places import Scene
from tests.processes import PATIENT_SECONDS
from tests.respond.stage import Stage, open_pulse
from tests.robot import Robot
from tests.waves import stage as planning
from tests.world import KEY, close

LIST = (
    "department,reference,name,mail,language\n"
    "Legal,1,Kim (fictional),kim@example.org,de\n"
    "Legal,2,Noor (fictional),noor@example.org,\n"
    "Finance / Tax,3,Sam (fictional),,fr\n"
)


@pytest.fixture
def scene() -> Scene:
    return open_pulse


@pytest.fixture
def ada(client, stage):
    return sign_in(client, "Ada")


@pytest.fixture
def here(stage: Stage) -> str:
    return people_of(stage.cast.organisation, stage.wave)


def listed(stage: Stage, wave=None) -> dict[str, rosters.PersonFacts]:
    with stage.database.reading() as session:
        found = rosters.people(session, organisation_id=stage.cast.organisation, wave_id=wave or stage.wave)
        return {one.reference: one for one in found}


def token_of(stage: Stage, reference: str) -> str:
    return stage.tokens()[listed(stage)[reference].id]


def spent(stage: Stage) -> list[str]:
    return sorted(stage.values("SELECT reference FROM invitation WHERE spent"))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_list_is_looked_at_before_it_is_taken(stage, ada, here):
    assert "Nobody is on the list yet" in ada.get(here).text
    assert send_list(ada, here, LIST).status_code == 303
    page = ada.get(f"{here}/import").text
    assert "Nothing has changed yet" in page
    assert "Join 3 Change 0 Stay as they are 0 Are taken off 0" in text_of(page)
    assert "noor@example.org" in page
    assert (stage.count("person"), stage.count("invitation")) == (0, 0)
    assert "Look at the list that waits" in ada.get(here).text
    assert take(ada, here).headers["location"] == f"{here}?done=taken"
    assert (stage.count("person"), stage.count("invitation"), stage.count("roster_upload")) == (3, 3, 0)
    page = text_of(ada.get(f"{here}?done=taken").text)
    assert "The list was taken." in page
    assert "On the list 3" in page
    assert "With a mail address 2" in page
    assert take(ada, here).status_code == 422


def test_a_workbook_is_taken_as_a_csv_is(stage, ada, here):
    rows = [line.split(",") for line in LIST.splitlines()]
    assert send_file(ada, here, workbook(rows), "people.xlsx").status_code == 303
    assert take(ada, here).status_code == 303
    assert {one.mail for one in listed(stage).values()} == {"kim@example.org", "noor@example.org", None}


def test_a_file_may_be_larger_than_those_of_other_pages_and_not_larger_than_ten_megabytes(stage, ada, here):
    assert send_file(ada, here, LIST.encode() + (b" " * 999 + b"\n") * 4_000).status_code == 303
    answer = send_file(ada, here, b"x" * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text


def test_a_list_whose_headings_are_others_is_mapped_on_the_page(stage, ada, here):
    assert send_list(ada, here, "Team,Who,Where to\nLegal,Kim (fictional),kim@example.org\n").status_code == 303
    page = ada.get(f"{here}/import").text
    assert "Choose the column that holds the department." in page
    assert take(ada, here).status_code == 422
    twice = {"do": "columns", "column_department": "0", "column_name": "0"}
    answer = ada.post(f"{here}/import", data=twice)
    assert answer.status_code == 422
    assert "chosen twice" in answer.text
    assert ada.post(f"{here}/import", data={"do": "columns", "column_department": "0"}).status_code == 303
    assert "tells people apart" in ada.get(f"{here}/import").text
    assert ada.post(f"{here}/import", data={"do": "columns", "column_department": "9"}).status_code == 422
    chosen = {"do": "columns", "column_department": "0", "column_name": "1", "column_mail": "2"}
    assert ada.post(f"{here}/import", data=chosen).status_code == 303
    assert take(ada, here).status_code == 303
    [one] = listed(stage).values()
    assert (one.name, one.mail, one.reference) == ("Kim (fictional)", "kim@example.org", "kim@example.org")


def test_nothing_is_imported_while_a_line_is_bad_unless_it_is_left_out_on_purpose(stage, ada, here):
    bad = LIST + "Nowhere,4,,,\nLegal,5,,no address,\n"
    send_list(ada, here, bad)
    page = ada.get(f"{here}/import").text
    assert "2 lines cannot be used" in page
    assert "There is no department “Nowhere”" in page
    answer = take(ada, here)
    assert answer.status_code == 422
    assert stage.count("person") == 0
    assert take(ada, here, skip_bad="yes").status_code == 303
    assert sorted(listed(stage)) == ["1", "2", "3"]
    send_list(ada, here, bad)
    ada.post(f"{here}/import", data=columns(bad) | {"complete": "yes"})
    assert take(ada, here, skip_bad="yes").status_code == 422, "whoever stands in a bad line would be taken off"
    assert sorted(listed(stage)) == ["1", "2", "3"]


def test_the_role_level_of_a_list_is_not_kept(stage, ada, here):
    send_list(ada, here, "department,reference,role level\nLegal,1,Head of everything\n")
    page = ada.get(f"{here}/import").text
    assert "role levels is not kept" in page
    take(ada, here)
    assert "Head of everything" not in str(listed(stage))


def test_a_list_is_imported_into_a_draft_and_its_people_get_links_when_the_wave_is_open(stage, ada, clock):
    organisation = stage.cast.organisation
    wave = planning.planned(stage.database, stage.cast, clock(), label="2027-Q1")
    here = people_of(organisation, wave)
    assert take_list(ada, here, LIST).status_code == 303
    assert len(listed(stage, wave)) == 3
    assert stage.count("invitation") == 0
    assert "no link yet" not in ada.get(here).text
    with stage.database.writing() as session:
        waves.open_wave(session, organisation_id=organisation, wave_id=wave, now=clock())
    assert "3 people have no link yet" in ada.get(here).text
    for made in (3, 0):
        assert ada.post(here, data={"do": "links"}).headers["location"] == f"{here}?done=made-{made}"
    assert "3 links were made" in ada.get(f"{here}?done=made-3").text
    csv = ada.get(here.replace("/people", "/links.csv")).text
    assert csv.count("/r/") == 3
    assert "Kim (fictional),kim@example.org" in csv


@pytest.mark.both
def test_joiners_get_a_link_and_leavers_lose_theirs_whether_they_answered_or_not(stage, ada, here):
    take_list(ada, here, LIST)
    Robot(ada).answer(f"/r/{token_of(stage, '1')}")
    Robot(ada).answer(f"/r/{token_of(stage, '2')}", send=False)
    links = {reference: token_of(stage, reference) for reference in "12"}
    fewer = "department,reference,name,mail,language\nFinance / Tax,3,Sam (fictional),,fr\nLegal,4,Di (fictional),,\n"
    send_list(ada, here, fewer)
    ada.post(f"{here}/import", data=columns(fewer) | {"complete": "yes"})
    page = text_of(ada.get(f"{here}/import").text)
    assert "Join 1 Change 0 Stay as they are 1 Are taken off 2" in page
    assert take(ada, here).status_code == 303
    assert [one.reference for one in listed(stage).values() if one.listed] != []
    assert sorted(r for r, one in listed(stage).items() if one.listed) == ["3", "4"]
    assert stage.values("SELECT count(*) FROM invitation WHERE revoked_at IS NOT NULL") == [2]
    assert (stage.count("draft"), stage.count("answer_sheet"), spent(stage)) == (0, 1, ["1"])
    assert "Your answers were sent" in ada.get(f"/r/{links['1']}", follow_redirects=True).text
    assert ada.get(f"/r/{links['2']}").status_code == 410
    assert Robot(ada).answer(f"/r/{token_of(stage, '4')}").thanked


@pytest.mark.both
def test_somebody_who_comes_back_gets_a_new_link_and_cannot_answer_twice(stage, ada, here):
    take_list(ada, here, LIST)
    Robot(ada).answer(f"/r/{token_of(stage, '1')}")
    for reference in ("1", "noor@example.org"):
        assert ada.post(here, data={"do": "off", "reference": reference}).headers["location"].endswith("?done=off")
    assert sorted(r for r, one in listed(stage).items() if one.listed) == ["3"]
    take_list(ada, here, LIST)
    assert sorted(r for r, one in listed(stage).items() if one.listed) == ["1", "2", "3"]
    assert "Your answers were sent" in ada.get(f"/r/{token_of(stage, '1')}", follow_redirects=True).text
    assert Robot(ada).answer(f"/r/{token_of(stage, '2')}").thanked
    assert stage.count("answer_sheet") == 2


@pytest.mark.both
def test_somebody_who_changes_department_keeps_the_link_and_gets_its_questions(stage, ada, here):
    take_list(ada, here, LIST)
    before = token_of(stage, "2")
    Robot(ada).answer(f"/r/{before}", send=False)
    moved = LIST.replace("Legal,2", "IT,2").replace("noor@", "noor.new@")
    send_list(ada, here, moved)
    assert "one goes to another department" in ada.get(f"{here}/import").text
    take(ada, here)
    assert token_of(stage, "2") == before
    assert (stage.count("draft"), listed(stage)["2"].mail) == (0, "noor.new@example.org")
    assert Robot(ada).answer(f"/r/{before}").thanked
    assert stage.values(f"SELECT count(*) FROM answer_sheet WHERE department_id = {stage.key('IT')}") == [1]


@pytest.mark.both
def test_two_people_may_swap_their_addresses(stage, ada, here):
    take_list(ada, here, LIST)
    swapped = LIST.replace("kim@", "x@").replace("noor@", "kim@").replace("x@", "noor@")
    assert take_list(ada, here, swapped).status_code == 303
    assert {one.reference: one.mail for one in listed(stage).values() if one.mail} == {
        "1": "noor@example.org", "2": "kim@example.org"}  # fmt: skip


def test_no_page_of_the_list_changes_when_somebody_saves_or_sends(stage, ada, here):
    take_list(ada, here, LIST)
    everybody = LIST + "Legal,9,,nine@example.org,\n"
    send_list(ada, here, everybody)
    ada.post(f"{here}/import", data=columns(everybody) | {"complete": "yes"})

    def seen() -> list[tuple[str, object]]:
        answers = [ada.get(address) for address in (here, f"{here}/import", here.replace("people", "links.csv"))]
        return [(answer.text, sorted(answer.headers.multi_items())) for answer in answers]

    before = seen()
    Robot(ada).answer(f"/r/{token_of(stage, '1')}")
    Robot(ada).answer(f"/r/{token_of(stage, '2')}", send=False)
    assert seen() == before


@pytest.mark.both
def test_two_lists_that_are_taken_at_once_make_one_link_for_each_person(stage, ada, here):
    send_list(ada, here, LIST)
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave, "now": stage.now, "link_key": KEY}

    def second() -> str:
        try:
            with stage.database.writing() as session:
                service.take(session, **place, skip_bad=False)
        except InvalidError as error:
            return error.message
        return "taken"

    with ThreadPoolExecutor(1) as pool:
        with stage.database.writing() as session:
            service.take(session, **place, skip_bad=False)
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert "There is no list to take" in waiting.result(PATIENT_SECONDS)
    assert (stage.count("person"), stage.count("invitation")) == (3, 3)


@pytest.mark.both
def test_a_list_that_nobody_takes_is_deleted_after_a_day_or_when_it_is_thrown_away(stage, ada, here, clock: Clock):
    send_list(ada, here, LIST)
    assert ada.post(f"{here}/import", data={"do": "discard"}).status_code == 303
    assert stage.count("roster_upload") == 0
    send_list(ada, here, LIST)
    retention.sweep(stage.database, clock.advance(hours=23))
    assert stage.count("roster_upload") == 1
    retention.sweep(stage.database, clock.advance(hours=2))
    assert stage.count("roster_upload") == 0


def test_a_wave_with_an_anonymous_link_has_no_list_and_loses_one_that_was_there(stage, ada, clock):
    wave = planning.planned(stage.database, stage.cast, clock(), label="2027-Q1")
    here = people_of(stage.cast.organisation, wave)
    take_list(ada, here, LIST)
    send_list(ada, here, LIST)
    chosen = policy.chosen(mode="anonymous", k=5, comments=False, retention_months=12)
    with stage.database.writing() as session:
        waves.set_policy(session, organisation_id=stage.cast.organisation, wave_id=wave, policy=chosen)
    assert (stage.count("person"), stage.count("roster_upload")) == (0, 0)
    assert "There is no list of people in this wave" in ada.get(here).text
    for answer in (send_list(ada, here, LIST), ada.post(here, data={"do": "off", "reference": "1"})):
        assert answer.status_code == 409
        assert "no list of them in this wave" in answer.text
    assert stage.count("person") == 0


def test_after_the_close_the_list_stays_as_it_is(stage, ada, here, clock):
    take_list(ada, here, LIST)
    close(stage.database, stage.cast, stage.wave, now=clock.advance(days=14))
    sign_in(ada, "Ada")
    assert "takes no more answers" in ada.get(here).text
    for answer in (send_list(ada, here, LIST), ada.post(here, data={"do": "off", "reference": "1"})):
        assert answer.status_code == 409
    assert len(listed(stage)) == 3


def test_what_is_no_list_and_what_is_no_action_is_said(stage, ada, here):
    for data in ({"do": "upload"}, {"do": "upload", "pasted": "department,mail"}, {"do": "explode"}, {}):
        answer = ada.post(f"{here}/import", data=data)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert ada.post(here, data={"do": "off", "reference": "nobody"}).status_code == 422
    assert ada.post(here, data={}).status_code == 422
    assert (stage.count("person"), stage.count("roster_upload")) == (0, 0)


def test_the_names_and_addresses_of_a_list_are_masked_in_comments_and_links_are_in_no_table(stage, ada, here):
    take_list(ada, here, LIST)
    with stage.database.reading() as session:
        told = rosters.names(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
        links = invitations.links(
            session, link_key=KEY, organisation_id=stage.cast.organisation, wave_id=stage.wave, base_url=""
        )
    assert {"Kim (fictional)", "kim@example.org", "1"} <= set(told)
    assert len(links) == 3


def test_a_list_of_many_is_read_and_taken_with_few_statements(stage, ada, here, statements):
    many = "department,reference\n" + "".join(f"Operations,p-{n}\n" for n in range(3000))
    send_list(ada, here, many)
    statements.clear()
    assert ada.get(f"{here}/import").status_code == 200
    assert len(statements) < 20
    assert take(ada, here).status_code == 303
    assert len(statements) < 60
    assert stage.count("invitation") == 3000
