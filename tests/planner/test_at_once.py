"""What two people do to a wave at the same moment on PostgreSQL: one after the other, and neither for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db import Database
from app.errors import ConflictError
from app.invitations import queries as invited
from app.people import service as people
from app.planner import undoing
from app.rosters import queries as rosters
from app.waves import queries as waves
from tests.at_once import PATIENT_SECONDS, until_it_waits
from tests.cast import Cast
from tests.conftest import Clock
from tests.mail.office import LIST
from tests.waves.stage import opened
from tests.world import KEY

# SQLite has one writer at a time.
pytestmark = pytest.mark.parametrize("template", ["postgresql"], indirect=True)


@pytest.mark.parametrize("deed", ["take", "take_off", "make_links"])
def test_whoever_changes_the_list_while_the_opening_is_taken_back_waits_for_it_and_neither_for_ever(
    database: Database, cast: Cast, clock: Clock, deed: str
) -> None:
    place = {"organisation_id": cast.organisation, "wave_id": opened(database, cast, clock())}
    shorter = LIST.rpartition("\n")[0] if not LIST.endswith("\n") else LIST[:-1].rpartition("\n")[0]
    with database.writing() as session:
        people.keep(session, **place, text=LIST, now=clock())
        people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
        [someone, *_] = rosters.people(session, **place)
        people.keep(session, **place, text=shorter, now=clock())
        kept = people.prepared(session, **place)
        assert kept is not None
        people.choose(session, **place, columns=kept.columns, complete=True)

    def change() -> str:
        try:
            with database.writing() as session:
                if deed == "take":
                    people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
                elif deed == "take_off":
                    people.take_off(session, **place, reference=someone.reference, now=clock())
                else:
                    people.make_links(session, link_key=KEY, **place, now=clock())
        except ConflictError as error:
            return error.message
        return "changed"

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            invited.hold_all(session, **place)  # as whoever takes an opening back begins
            changed = other.submit(change)
            until_it_waits(database, changed)
            undoing.take_back(session, **place, now=clock())
        assert (changed.result(PATIENT_SECONDS) == "changed") == (deed != "make_links")
    with database.reading() as session:
        assert waves.wave(session, **place).state == "draft"
        given = invited.links(
            session, link_key=KEY, organisation_id=cast.organisation, wave_id=place["wave_id"], base_url=""
        )
        assert given == ()
