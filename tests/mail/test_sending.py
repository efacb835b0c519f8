"""Mails reach a real server: whom, when, in which words, once; and nothing of it tells who has answered."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.mail import bounces, queries, service
from app.mail.queries import PlanFacts
from app.mail.sending import Post
from app.rosters import queries as rosters
from app.waves import queries as waves
from tests.cast import sign_in
from tests.conftest import Clock
from tests.mail.office import LIST, PEOPLE, Desk, Office, settings_of
from tests.respond.stage import Stage
from tests.robot import Robot
from tests.world import KEY, close

EVERYBODY = [f"{who}@example.org" for who in PEOPLE]


def link_in(office: Office, who: str) -> str:
    [mail] = [one for one in office.taken if one["To"] == who][-1:]
    body = mail.get_body(("plain",))
    assert body is not None
    [found] = set(re.findall(r"https://plumbline\.example(/r/[a-z2-7]{26})", body.get_content()))
    return str(found)


def rounds(stage: Stage) -> list[tuple[str, int, int, int]]:
    with stage.database.reading() as session:
        found = queries.rounds(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    return [(one.kind, one.number, one.people, one.dealt) for one in found]


@pytest.mark.both
def test_everybody_is_invited_in_their_language_with_a_link_that_works(desk, office, client, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    assert office.to() == sorted(EVERYBODY)
    by = {str(one["To"]): one for one in office.taken}
    assert str(by["kim@example.org"]["Subject"]) == "Fernhill Instruments (fictional) asks for your view"
    assert "Fernhill" in str(by["noor@example.org"]["Subject"])
    assert "asks for your view" not in str(by["noor@example.org"]["Subject"])
    for mail in office.taken:
        plain, rich = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "List-Unsubscribe=One-Click" in mail["List-Unsubscribe-Post"]
        assert re.fullmatch(r"<https://plumbline\.example/stop/[0-9a-f]{64}>", mail["List-Unsubscribe"])
        assert "&#" not in plain
        assert "<" not in plain.replace("<https", "")
        assert 'dir="rtl"' in rich or mail["To"] != "sam@example.org"
    assert "Nobody is shown your answers." in by["kim@example.org"].get_body(("plain",)).get_content()
    assert Robot(client).answer(link_in(office, "kim@example.org")).thanked
    assert desk.stage.count("mail_out") == 0
    assert rounds(desk.stage) == [("invitation", 1, 3, 3)]


@pytest.mark.both
def test_reminders_go_only_to_those_who_have_not_answered_and_nothing_that_is_kept_says_to_whom(
    desk, office, client, clock: Clock
):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    Robot(client).answer(link_in(office, "kim@example.org"))
    with desk.stage.database.writing() as session:
        token = str(office.taken[0]["List-Unsubscribe"])  # of somebody: found by the address below
        stops = {str(one["To"]): str(one["List-Unsubscribe"]).strip("<>").rpartition("/")[2] for one in office.taken}
        assert token
        assert service.stop(session, link_key=KEY, token=stops["noor@example.org"])
    office.taken.clear()
    clock.advance(days=3)
    desk.work(clock())
    assert office.to() == ["sam@example.org"]
    assert desk.stage.count("mail_out") == 0
    assert rounds(desk.stage) == [("invitation", 1, 3, 3), ("reminder", 1, 3, 3)], "the same whoever has answered"


def test_progress_and_pace_are_the_same_whoever_has_answered(desk, office, client, clock: Clock):
    desk.list(clock())
    desk.plan(clock(), per_minute=30)

    def paces(start: datetime) -> list[tuple[timedelta, int]]:
        """When the worker looks again, and how many were dealt with, after each look."""
        seen = []
        now = start
        for _ in range(4):
            desk.post.work_once(desk.stage.database, now)
            with desk.stage.database.reading() as session:
                plan = queries.plan(session, organisation_id=desk.stage.cast.organisation, wave_id=desk.stage.wave)
            assert plan is not None
            seen.append((plan.next_at - start, rounds(desk.stage)[-1][3]))
            now = plan.next_at
        return seen

    first = paces(clock())
    Robot(client).answer(link_in(office, "kim@example.org"))
    Robot(client).answer(link_in(office, "noor@example.org"))
    office.taken.clear()
    with desk.stage.database.writing() as session:
        service.wake(
            session, organisation_id=desk.stage.cast.organisation, wave_id=desk.stage.wave, now=clock.advance(days=3)
        )
    assert paces(clock()) == first
    assert len(office.taken) == 1


def test_mails_go_out_in_the_hours_and_on_the_days_of_the_plan_only(desk, office, clock: Clock):
    desk.list(clock())
    clock.now = datetime.fromisoformat("2026-10-10T09:00:00+00:00")  # a Saturday
    desk.plan(clock())
    desk.work(clock())
    desk.work(datetime.fromisoformat("2026-10-12T05:59:00+00:00"))
    assert office.taken == []
    desk.work(datetime.fromisoformat("2026-10-12T06:00:00+00:00"))  # 8 o'clock in Berlin
    assert office.to() == sorted(EVERYBODY)
    assert [one[:2] for one in rounds(desk.stage)] == [("invitation", 1), ("reminder", 1), ("reminder", 2)]
    assert [one[2] for one in rounds(desk.stage)] == [3, 0, 0], "whoever is invited today is not reminded today"


@pytest.mark.both
def test_thanks_go_out_once_after_the_close_to_those_who_answered(desk, office, client, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    Robot(client).answer(link_in(office, "kim@example.org"))
    office.taken.clear()
    close(desk.stage.database, desk.stage.cast, desk.stage.wave, now=clock.advance(days=1))
    for _ in range(2):
        desk.work(clock())
    assert office.to() == ["kim@example.org"]
    assert "/r/" not in office.taken[0].get_body(("plain",)).get_content()
    assert rounds(desk.stage)[-1] == ("thanks", 1, 3, 3)


@pytest.mark.both
def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_marked_for_invitations_only(
    desk, office, clock: Clock
):
    desk.list(clock())
    desk.plan(clock())
    office.answers = {"kim@example.org": "451 Come back later", "noor@example.org": "550 No such user"}
    desk.work(clock())
    assert office.to() == ["sam@example.org"]
    with desk.stage.database.reading() as session:
        place = {"organisation_id": desk.stage.cast.organisation, "wave_id": desk.stage.wave}
        told = {one.mail: one.bounced for one in rosters.people(session, **place)}
    assert told == {"kim@example.org": False, "noor@example.org": True, "sam@example.org": False}
    assert rounds(desk.stage) == [("invitation", 1, 3, 3)], "another attempt is not told"
    office.answers = {"sam@example.org": "550 No such user"}
    desk.work(clock.advance(minutes=6))
    assert office.to() == ["kim@example.org", "sam@example.org"]
    first, second = (str(one["Message-ID"]) for one in office.taken)
    assert first != second
    desk.work(clock.advance(days=3))
    with desk.stage.database.reading() as session:
        assert [one.mail for one in rosters.people(session, **place) if one.bounced] == ["noor@example.org"]


def test_a_server_that_is_away_costs_nobody_a_mail(desk, office, clock: Clock, stage, tmp_path: Path):
    desk.list(clock())
    desk.plan(clock())
    away = Desk(stage, Post(settings_of(9, tmp_path), KEY))
    away.work(clock())
    assert rounds(stage) == [("invitation", 1, 3, 0)]
    with stage.database.reading() as session:
        plan = queries.plan(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    assert plan is not None
    assert plan.trouble
    desk.work(clock.advance(minutes=3))
    assert office.to() == sorted(EVERYBODY)
    with stage.database.reading() as session:
        plan = queries.plan(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    assert plan is not None
    assert plan.trouble == "", "taken back as soon as the server takes mails again"


def kept(stage: Stage) -> tuple[PlanFacts | None, list[tuple[str, int, int, int]]]:
    """All that a page can tell of the mails."""
    with stage.database.reading() as session:
        plan = queries.plan(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    return plan, rounds(stage)


def test_trouble_with_the_server_never_says_that_somebody_needed_a_reminder(desk, office, client, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    for who in PEOPLE[:2]:
        Robot(client).answer(link_in(office, f"{who}@example.org"))
    office.taken.clear()
    office.answers = {"sam@example.org": "421 Too many mails"}
    clock.advance(days=3)
    desk.work(clock())
    needed = kept(desk.stage)
    assert office.taken == []
    assert needed[0] is not None
    assert needed[0].trouble == "", "the server broke off at the one reminder that was needed"
    assert needed[1][-1] == ("reminder", 1, 3, 3)
    office.answers.clear()
    desk.work(clock.advance(minutes=6))
    assert office.to() == ["sam@example.org"], "it was tried again in silence"

    Robot(client).answer(link_in(office, "sam@example.org"))
    office.sender = "550 We do not know you"
    desk.work(clock.advance(days=4))
    nobody_left = kept(desk.stage)[0]
    assert nobody_left is not None
    assert "takes no mail from the address in PLUMBLINE_MAIL_FROM" in nobody_left.trouble, (
        "said though nobody needs one"
    )


def test_everybody_on_the_list_is_told_that_the_results_are_ready(desk, office, client, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    Robot(client).answer(link_in(office, "kim@example.org"))
    close(desk.stage.database, desk.stage.cast, desk.stage.wave, now=clock.advance(days=1))
    desk.work(clock())
    office.taken.clear()
    with desk.stage.database.writing() as session:
        wave = waves.wave(session, desk.stage.cast.organisation, desk.stage.wave)
        plan = service.plan_of(session, wave, now=clock())
        service.save(session, replace(plan, days={**plan.days, "results": "2026-10-09"}), now=clock())
    desk.work(clock())
    assert office.taken == [], "not before its day"
    for _ in range(2):
        desk.work(clock.advance(days=3))
    assert office.to() == sorted(EVERYBODY)
    assert rounds(desk.stage)[-2:] == [("results", 1, 3, 3), ("thanks", 1, 3, 3)]
    assert not any("/r/" in one.get_body(("plain",)).get_content() for one in office.taken)


def test_joiners_and_changed_addresses_are_invited_and_leavers_are_not_reminded(desk, office, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    office.taken.clear()
    changed = LIST.replace("noor@", "noor.new@") + "Legal,4,Di (fictional),di@example.org,\n"
    desk.list(clock(), changed)
    desk.work(clock())
    assert office.to() == ["di@example.org", "noor.new@example.org"]


DSN = """From: mailer-daemon@mail.example
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It did not work.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}

--x
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: x

--x--
"""


@pytest.mark.both
def test_a_notification_marks_the_address_of_an_invitation_and_nothing_else(desk, office, clock: Clock, stage):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    clock.advance(days=3)
    invitation = next(str(one["Message-ID"]) for one in office.taken if one["To"] == "kim@example.org")
    desk.work(clock())
    reminder = next(str(one["Message-ID"]) for one in office.taken[3:] if one["To"] == "noor@example.org")
    forged = re.sub(r"\.[0-9a-f]{32}@", "." + "0" * 32 + "@", invitation)

    def told(to="kim@example.org", action="failed", status="5.1.1", message_id=invitation) -> str:
        content = DSN.format(to=to, action=action, status=status, message_id=message_id).encode()
        with stage.database.writing() as session:
            return bounces.note(session, link_key=KEY, content=content)

    assert told(action="delayed", status="4.4.1") == bounces.NOT_FINAL
    assert told(to="somebody@example.org") == bounces.NOT_FINAL
    assert told(message_id=forged) == bounces.NOT_OURS
    assert told(to="noor@example.org", message_id=reminder) == bounces.NOT_KEPT
    with stage.database.writing() as session:
        assert bounces.note(session, link_key=KEY, content=b"hello") == bounces.NOT_OURS
    assert stage.values("SELECT count(*) FROM person WHERE bounced") == [0]
    assert told() == bounces.NOTED
    assert stage.values("SELECT mail FROM person WHERE bounced") == ["kim@example.org"]


def test_no_table_holds_a_link_a_text_or_an_address_that_stops_mails(desk, office, clock: Clock, stage):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    secrets = [link_in(office, who).rpartition("/")[2] for who in EVERYBODY]
    secrets += [str(one["List-Unsubscribe"]).rpartition("/")[2].strip(">") for one in office.taken]
    secrets += [str(one["Message-ID"]).split(".")[4].split("@")[0] for one in office.taken]
    with stage.database.reading() as session:
        connection = session.connection()
        for table in ("mail_plan", "mail_round", "mail_out", "link_request", "person", "invitation", "job"):
            found = str([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])
            assert not [one for one in secrets if one in found], table


def test_the_consultant_sees_the_same_whoever_stopped_or_answered(desk, office, client, clock: Clock, stage):
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    sign_in(client, "Ada")
    here = f"/organisations/{stage.cast.organisation}/waves/{stage.wave}"

    def seen() -> list[str]:
        return [client.get(f"{here}/{one}").text for one in ("people", "mail", "links.csv")]

    before = seen()
    Robot(client).answer(link_in(office, "kim@example.org"))
    stop = next(str(one["List-Unsubscribe"]) for one in office.taken if one["To"] == "sam@example.org")
    path = stop.strip("<>").removeprefix("https://plumbline.example")
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert seen() == before
    desk.work(clock.advance(days=3))
    assert office.to()[-1:] == ["sam@example.org"]
    assert [str(one["To"]) for one in office.taken[3:]] == ["noor@example.org"]
