"""A survey that is paused loses no mail: whoever waits for one gets it once the survey goes on."""

import pytest

from app.mail import queries, service
from app.waves import running
from tests.conftest import Clock
from tests.mail.office import PEOPLE
from tests.world import KEY

EVERYBODY = [f"{who}@example.org" for who in PEOPLE]


@pytest.mark.both
def test_mails_that_are_under_way_wait_while_the_survey_is_paused(desk, office, clock: Clock):
    place = {"organisation_id": desk.stage.cast.organisation, "wave_id": desk.stage.wave}
    desk.list(clock())
    desk.plan(clock())

    def pause() -> None:
        with desk.stage.database.writing() as session:
            running.pause(session, **place, until=None, now=clock())

    office.after = pause  # in the middle of the round, and again whenever somebody got a mail
    desk.post.work_once(desk.stage.database, clock())
    desk.work(clock())
    assert len(office.taken) == 1
    with desk.stage.database.writing() as session:
        service.request_link(session, link_key=KEY, mail=EVERYBODY[0], now=clock())
    desk.work(clock())
    assert len(office.taken) == 1
    assert desk.stage.count("mail_out") == 3, "two invitations, and the link that was asked for"
    office.after = lambda: None
    with desk.stage.database.writing() as session:
        running.resume(session, **place)
    desk.work(clock.advance(days=1))
    assert sorted(set(office.to())) == sorted(EVERYBODY)
    assert len(office.taken) == len(EVERYBODY) + 1
    with desk.stage.database.reading() as session:
        [invited, *_] = queries.rounds(session, **place)
    assert (invited.kind, invited.people, invited.dealt) == ("invitation", 3, 3)
