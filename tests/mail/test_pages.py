"""The plan of a wave's mails is made, tried and started on its pages; people stop mails and ask for their link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.mail import queries, tokens
from app.rosters import queries as rosters
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import FROM, Office
from tests.respond.stage import Stage
from tests.robot import Robot
from tests.waves import stage as planning
from tests.world import KEY

PLAN = {
    **{"do": "save", "invitation": "2026-10-05", "reminder-1": "2026-10-08", "reminder-2": "", "reminder-3": ""},
    **{"results": "", "thanks": "yes", "from_hour": "8", "to_hour": "18", "per_minute": "600", "sender": "Fernhill"},
    "reply_to": "",
}


@pytest.fixture
def ada(client: TestClient, stage: Stage, office: Office, tmp_path: Path) -> Iterator[TestClient]:
    state = client.app.state  # type: ignore[attr-defined]  # ours has one
    before = state.settings
    # The address of the test service, whose pages refuse forms of other sites.
    state.settings = before.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": office.port, "mail_from": FROM})
    yield sign_in(client, "Ada")
    state.settings = before


@pytest.fixture
def here(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/waves/{stage.wave}/mail"


def test_mails_are_started_once_a_test_mail_was_taken(ada, desk, office, here, clock: Clock):
    desk.list(clock())
    assert "Nothing goes out yet." in ada.get(here).text
    assert ada.post(here, data=PLAN).status_code == 303
    assert ada.post(here, data={"do": "start"}).status_code == 409
    assert ada.post(f"{here}/invitation/de", data={"do": "trial"}).status_code == 303
    assert "is on its way" in ada.get(f"{here}/invitation/de").text
    desk.work(clock())
    [mail] = office.taken
    assert (mail["To"], str(mail["From"])) == ("ada@example.org", f"Fernhill <{FROM}>")
    body = mail.get_body(("plain",)).get_content()
    assert body.startswith("Das ist eine Testmail.")
    assert "/stop/" not in body
    assert "has taken the test mail to ada@example.org" in ada.get(f"{here}/invitation/de").text
    assert ada.post(here, data={"do": "start"}).status_code == 303
    desk.work(clock())
    assert len(office.taken) == 4
    page = ada.get(here).text
    assert "Mails go out on the days" in page
    assert re.search(r"Invitation</th><td class=\"num\">3</td><td class=\"num\">3</td>", page)
    assert ada.post(here, data={"do": "pause"}).status_code == 303
    desk.work(clock.advance(days=3))
    assert len(office.taken) == 4


def test_what_is_wrong_in_a_plan_is_said_at_its_field(ada, here):
    wrong = [("invitation", "tomorrow"), ("reminder-1", "2026-10-05"), ("reminder-2", "x"), ("from_hour", "x"),
             ("to_hour", "7"), ("per_minute", "0"), ("sender", ""), ("reply_to", "nobody")]  # fmt: skip
    for name, value in wrong:
        answer = ada.post(here, data=PLAN | {name: value})
        assert answer.status_code == 422, name
        assert f'id="{name}-error"' in answer.text, name
    assert ada.post(here, data=PLAN | {"reminder-1": "", "reminder-2": "2026-10-09"}).status_code == 422
    assert ada.post(here, data={"do": "x"}).status_code == 422


def test_a_clients_own_words_are_used_and_their_places_checked(ada, desk, office, here, clock: Clock):
    desk.list(clock())
    own = {"do": "word", "subject": "Ihre Meinung, {name}", "text": "Liebe Leute von {organisation} & Co.\n\nBitte."}
    assert ada.post(f"{here}/invitation/de", data=own).status_code == 303
    shown = ada.get(f"{here}/invitation/de/letter")
    assert "Liebe Leute von Fernhill Instruments (fictional) &amp; Co." in shown.text
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
    for words in ({"subject": "{nobody}"}, {"text": "{name"}, {"text": "{name.__class__}"}, {"text": "{name!r}"},
                  {"subject": "x" * 151}):  # fmt: skip
        answer = ada.post(f"{here}/invitation/de", data=own | words)
        assert answer.status_code == 422, words
        assert 'role="alert"' in answer.text
    desk.plan(clock())
    desk.work(clock())
    noor = next(one for one in office.taken if one["To"] == "noor@example.org")
    assert noor["Subject"] == "Ihre Meinung, Noor (fictional)"
    assert "Liebe Leute von Fernhill Instruments (fictional) & Co.\n\nBitte." in noor.get_body(
        ("plain",)
    ).get_content().replace("\r\n", "\n")
    assert ada.post(f"{here}/invitation/de", data={"do": "word", "subject": "", "text": ""}).status_code == 303
    assert "Liebe Leute" not in ada.get(f"{here}/invitation/de/letter").text


def test_every_mail_can_be_looked_at_in_every_language_before_the_wave_opens(ada, stage, clock):
    wave = planning.planned(stage.database, stage.cast, clock(), label="2027-Q1")
    here = f"/organisations/{stage.cast.organisation}/waves/{wave}/mail"
    for kind in ("invitation", "reminder", "thanks", "results"):
        for language in ("en", "de", "fr", "es", "ar"):
            shown = ada.get(f"{here}/{kind}/{language}/letter")
            assert shown.status_code == 200
            assert f'<html lang="{language}"' in shown.text
            assert ada.get(f"{here}/{kind}/{language}").status_code == 200
    for path in ("link/en", "invitation/it", "x/en"):
        assert ada.get(f"{here}/{path}").status_code == 404


def test_a_wave_with_an_anonymous_link_sends_no_mails(ada, stage, clock):
    from app.waves import policy
    from app.waves import service as waves

    wave = planning.planned(stage.database, stage.cast, clock(), label="2027-Q1")
    chosen = policy.chosen(mode="anonymous", k=5, comments=False, retention_months=12)
    with stage.database.writing() as session:
        waves.set_policy(session, organisation_id=stage.cast.organisation, wave_id=wave, policy=chosen)
    here = f"/organisations/{stage.cast.organisation}/waves/{wave}/mail"
    assert "This wave sends no mails" in ada.get(here).text
    assert ada.post(here, data=PLAN).status_code == 409


@pytest.mark.both
def test_opening_the_address_that_stops_mails_changes_nothing_and_one_click_stops_them(ada, desk, stage, clock: Clock):
    desk.list(clock())
    with stage.database.reading() as session:
        place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
        [kim] = rosters.called(session, organisation_id=stage.cast.organisation, reference="kim@example.org")
    path = f"/stop/{tokens.stop_token(KEY, kim.id)}"
    assert "Do you want no more mails" in ada.get(path).text
    assert stage.values("SELECT count(*) FROM person WHERE mails_stopped") == [0]
    answer = ada.post(path, data={"List-Unsubscribe": "One-Click"})
    assert "You get no more mails" in answer.text
    assert stage.values("SELECT mail FROM person WHERE mails_stopped") == ["kim@example.org"]
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    for wrong in (forged, "/stop/x", f"/stop/{kim.id.hex}"):
        assert ada.get(wrong).status_code == 404
        assert ada.post(wrong).status_code == 404
    with stage.database.reading() as session:
        assert sum(one.mails_stopped for one in rosters.people(session, **place)) == 1


@pytest.mark.both
def test_whoever_lost_the_link_gets_it_again_and_nobody_learns_who_is_on_a_list(ada, desk, office, stage, clock: Clock):
    desk.list(clock())
    ada.cookies.clear()

    def ask(mail: str) -> tuple[int, str]:
        answer = ada.post("/again", data={"mail": mail})
        return answer.status_code, answer.headers.get("location", answer.text)

    assert ask("Kim@example.org") == ask("stranger@example.org") == (303, "/again?asked=yes")
    assert "This answer is the same for every address." in ada.get("/again?asked=yes").text
    assert "für jede Adresse dieselbe" in ada.get("/again?asked=yes&language=de").text
    assert ask("no address")[0] == 422
    for _ in range(2):
        ask("kim@example.org")
        desk.post.work_once(stage.database, clock())
    assert office.to() == ["kim@example.org"], "once an hour"
    assert stage.values("SELECT count(*) FROM link_request WHERE mail <> ''") == [0]
    [path] = set(
        re.findall(r"https://plumbline\.example(/r/\w{26})", office.taken[0].get_body(("plain",)).get_content())
    )
    assert Robot(ada).answer(path).thanked
    clock.advance(hours=2)
    ask("kim@example.org")
    desk.post.work_once(stage.database, clock())
    assert len(office.taken) == 2
    first, second = (str(one["Message-ID"]) for one in office.taken)
    assert first != second, "mail programs show one Message-ID once, and hide the second mail"
    assert "Your answers were sent" in ada.get(path, follow_redirects=True).text


def test_a_request_makes_the_same_statements_for_every_address(ada, desk, clock: Clock, statements):
    desk.list(clock())
    ada.cookies.clear()
    seen = []
    for mail in ("kim@example.org", "stranger@example.org"):
        statements.clear()
        ada.post("/again", data={"mail": mail})
        seen.append(list(statements))
    assert seen[0] == seen[1]
    assert len(seen[0]) < 8


def test_without_a_mail_server_the_pages_say_so(client: TestClient, cast: Cast, stage, here):
    sign_in(client, "Ada")
    assert "No mail server is set" in client.get(here).text
    assert client.post(here, data={"do": "start"}).status_code == 409
    assert "This service sends no mails" in client.get("/again").text


def test_too_many_requests_at_once_are_not_kept(stage, clock: Clock):
    with stage.database.writing() as session:
        for number in range(12):
            queries.note_request(session, mark=str(number), mail="x@example.org", now=clock(), most=10)
    assert stage.count("link_request") == 10
