"""Trends where departments changed: as each wave was, and as the departments are now where a release says it."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.clients import changes
from app.db import Database
from app.lineage.snapshots import Wanted
from app.releases import service, store
from app.releases.statistics.courses import course
from app.releases.statistics.slopes import Told
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World, close


def merged(database: Database, cast: Cast, clock: Clock, *names: str, name: str) -> UUID:
    """Merges departments today and gives the new one."""
    wanted = Wanted(departments=tuple(cast.departments[one] for one in names), name=name)
    with database.writing() as session:
        changes.ask(
            session,
            cast.organisation,
            kind="merge",
            wanted=wanted,
            day=clock.advance(minutes=1).date(),
            user_id=cast.ada,
            now=clock(),
        )
        return next(iter(changes.heirs(session, cast.organisation).values()))


@pytest.mark.both
@pytest.mark.lived_in
def test_a_wave_arranged_anew_has_merged_departments_as_one_row_that_a_trend_follows(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    with database.reading() as session:
        first = store.latest(session, cast.organisation, lived_in.closed)
    made = merged(database, cast, clock, "Operations", "IT", name="Works")
    with database.writing() as session:
        service.ask_again(
            session,
            organisation_id=cast.organisation,
            wave_id=lived_in.closed,
            occasion="departments",
            now=clock.advance(minutes=1),
        )
    while Worker(database, clock=clock).work_once():
        pass
    with database.reading() as session:
        again = store.latest(session, cast.organisation, lived_in.closed)
    assert first is not None
    assert again is not None
    assert again.document.occasion == "departments"
    [row] = [one for one in again.document.rows if one.name == "Works"]
    both = {str(cast.departments[name]) for name in ("Operations", "IT")}
    assert set(row.departments) == both
    # The next wave has the new department itself; its trend finds the row of those that it took over.
    anchors = {head.id: frozenset((head.id,)) for head in again.document.dimensions}
    later = replace(row, id=str(made), kind="unit", departments=(str(made),), members=())
    rows = tuple(later if one.id == row.id else one for one in again.document.rows)
    heirs = dict.fromkeys(both, str(made))
    next_wave = Told(replace(again.document, rows=rows), anchors, heirs)
    stops = course([Told(again.document, anchors, heirs), next_wave], str(made), "T1")
    assert [one.gap for one in stops] == [stops[1].gap] * 2
    assert stops[0].score == stops[1].score
    was = course([Told(first.document, anchors), replace(next_wave, heirs={})], str(made), "T1")
    assert was[0].gap == "other_members"


@pytest.mark.lived_in
def test_pages_with_a_trend_offer_both_and_say_what_happened(
    client, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    close(database, cast, lived_in.running, now=clock.advance(minutes=1))
    ada = sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/waves/{lived_in.running}/figures/waves"
    assert "?arranged=" not in ada.get(address).text
    clock.advance(minutes=1)
    merged(database, cast, clock, "Operations", "IT", name="Works")
    page = ada.get(f"{address}?arranged=now").text
    assert 'href="?arranged=was"' in page
    assert "were merged into Works." in page
    assert "has not been arranged as the departments are now." in page
    assert "#again" in page
