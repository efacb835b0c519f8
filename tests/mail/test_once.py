"""Each mail goes out once: after a crash, with several workers, and never hidden behind another mail's Message-ID."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from app.mail import service, tokens
from app.mail.sending import LEASE, Post
from app.mail.smtp import Server, Told
from app.people import service as people
from tests.conftest import Clock
from tests.mail.office import Desk
from tests.mail.test_sending import EVERYBODY, link_in
from tests.world import KEY

KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from app.db import Database
from app.mail import sending
from app.mail.sending import Post
from tests.mail.office import settings_of
from tests.world import KEY
taken = sending.Server.send
def die(self, mail):
    taken(self, mail)
    os.kill(os.getpid(), 9)
sending.Server.send = die
Post(settings_of(int(sys.argv[2]), Path(sys.argv[3])), KEY).work_once(
    Database(sys.argv[1]), datetime.fromisoformat(sys.argv[4]))
"""


def test_after_kill_9_between_the_server_and_the_note_the_mail_goes_out_again_under_the_same_id_and_all_others_once(
    desk, office, clock: Clock, database_url: str, tmp_path: Path
):
    desk.list(clock())
    desk.plan(clock())
    words = [sys.executable, "-c", KILLED, database_url, str(office.port), str(tmp_path), clock().isoformat()]
    root = Path(__file__).parent.parent.parent
    died = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(office.taken) == 1
    desk.work(clock())
    assert len(office.taken) < 4, "what the dead worker had taken waits until its lease ends"
    desk.work(clock.advance(minutes=11))
    assert sorted(set(office.to())) == sorted(EVERYBODY)
    assert len(office.taken) == 4
    assert len({str(one["Message-ID"]) for one in office.taken}) == 3
    assert desk.stage.count("mail_out") == 0


def test_the_text_of_an_abandoned_lease_is_taken_over_by_another_worker_only_when_it_has_run_out(desk, office, clock):
    desk.list(clock())
    desk.plan(clock())
    with desk.stage.database.writing() as session:
        assert len(desk.post._take(session, clock()).people) == 3
    other = Desk(desk.stage, Post(desk.post._settings, KEY))
    other.work(clock())
    assert office.taken == []
    other.work(clock() + timedelta(minutes=11))
    assert office.to() == sorted(EVERYBODY)


@pytest.mark.both
def test_two_workers_and_a_slow_server_send_each_mail_once(desk, office, clock: Clock):
    """Each mail takes six minutes: the third is taken over before its turn comes, the second is held meanwhile."""
    desk.list(clock())
    desk.plan(clock())
    database, settings = desk.stage.database, desk.post._settings
    passed = 0.0
    slow, other = Post(settings, KEY, seconds=lambda: passed), Post(settings, KEY)
    taken_over: list[int] = []

    def six_minutes() -> None:
        nonlocal passed
        passed += 6 * 60
        with database.writing() as session:
            now = clock() + timedelta(seconds=passed)
            service.wake(session, organisation_id=desk.stage.cast.organisation, wave_id=desk.stage.wave, now=now)
            turn = other._take(session, now)
        assert turn is not None
        taken_over.append(len(turn.people))

    office.after = six_minutes
    slow.work_once(database, clock())
    assert len(office.taken) == 2, "the third is left to who took it over"
    assert taken_over == [0, 1], "the lease of who was written to at twelve minutes had been renewed at six"
    office.after = lambda: None
    desk.work(clock() + timedelta(seconds=passed) + LEASE + timedelta(minutes=1))
    assert office.to() == sorted(EVERYBODY)


@pytest.mark.both
def test_somebody_who_left_and_comes_back_gets_another_link_in_a_mail_that_no_program_hides(desk, office, clock: Clock):
    place = {"organisation_id": desk.stage.cast.organisation, "wave_id": desk.stage.wave}
    desk.list(clock())
    desk.plan(clock())
    desk.work(clock())
    before = link_in(office, "kim@example.org")
    with desk.stage.database.writing() as session:
        people.take_off(session, **place, reference="1", now=clock())
    desk.list(clock())
    desk.work(clock())
    mails = [one for one in office.taken if one["To"] == "kim@example.org"]
    assert link_in(office, "kim@example.org") != before
    assert len({str(one["Message-ID"]) for one in mails}) == len(mails) == 2


def test_a_mail_that_is_put_off_keeps_its_message_id_in_each_attempt(desk, office, clock: Clock):
    desk.list(clock())
    desk.plan(clock())
    seen: list[str] = []
    handed = Server.send

    def send(self: Server, mail: EmailMessage) -> Told:
        seen.append(str(mail["Message-ID"]))
        return handed(self, mail)

    office.answers = dict.fromkeys(EVERYBODY, "451 Come back later")
    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(Server, "send", send)
        desk.work(clock())
        office.answers.clear()
        desk.work(clock.advance(minutes=6))
    assert len(seen) == 2 * len(EVERYBODY)
    assert len(set(seen)) == len(EVERYBODY)
    assert {str(one["Message-ID"]) for one in office.taken} == set(seen)


def test_a_mail_from_before_turns_that_comes_back_is_still_known(desk, clock: Clock):
    desk.list(clock())
    [person] = desk.stage.values("SELECT id FROM person WHERE mail = 'kim@example.org'")
    id = UUID(str(person))
    mark = tokens._mark(KEY, f"mail|{id}|invitation|1")
    assert tokens.of_message(KEY, f"<invitation.1.{id.hex}.{mark}@plumbline.example>") == (id, "invitation")
    forged = f"<invitation.1.{id.hex}.{'0' * 32}.{mark}@plumbline.example>"
    assert tokens.of_message(KEY, forged) is None
