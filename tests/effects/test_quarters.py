"""The plan quarter by quarter through HTTP: decided, done, dropped, measured, and who reads what of it."""

import re
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.accounts import service as accounts
from app.accounts.access import Member
from app.clients import queries as clients
from app.db import Database
from app.effects import gathering
from app.effects.gathering import account, quarter_before
from app.effects.marks import done_here
from app.effects.measuring import measured as effects_measured
from app.effects.pages import Reader, quarters_page
from app.effects.told import Quarter
from app.releases import store
from app.releases.detectable import error_of_difference
from app.releases.document.release import Change, Release, Scored
from app.releases.document.words import signed
from app.releases.narrowing import same_people
from app.share.acted import shown_results
from app.waves import queries as waves
from app.waves.queries import WaveView
from scoring.effects import SIMILAR
from scoring.printed import half_up
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.effects.stage import Acted, act, end, take
from tests.explore.paired import another_wave, shared

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def page_of(client: "TestClient", cast: Cast) -> str:
    answer = client.get(f"/organisations/{cast.organisation}/plan/quarters")
    assert answer.status_code == 200
    return unescape(answer.text)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def add_member(database: Database, cast: Cast, clock: Clock, role: str, department: UUID | None = None) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=department)  # type: ignore[arg-type]  # a role


def both(database: Database, cast: Cast, made: Acted) -> tuple[Release, Release]:
    with database.reading() as session:
        found = [store.latest(session, cast.organisation, one) for one in (made.earlier, made.later)]
    assert found[0] is not None
    assert found[1] is not None
    return found[0].document, found[1].document


def quarters(database: Database, cast: Cast, clock: Clock) -> tuple[Quarter, ...]:
    with database.reading() as session:
        return account(session, cast.organisation, now=clock()).quarters


def by_hand(earlier: Release, later: Release, department: str, dimension: str) -> tuple[Change, list[int]]:
    """The printed change of a cell, and those of the cells that are comparable, looked up one by one."""
    parents = {row.parent for row in later.rows}
    row = next(one for one in later.rows if one.name == department)
    own = row.cells[dimension]
    assert isinstance(own, Scored)
    assert isinstance(own.change, Change)
    found = []
    for other in later.rows[1:]:
        cell, before = other.cells[dimension], same_people(earlier, other)
        if other.id in parents or other.id == row.id or before is None or not isinstance(cell, Scored):
            continue
        change = cell.change
        if not isinstance(change, Change) or error_of_difference(before, other, dimension) is None:
            continue
        if abs(change.before - own.change.before) <= SIMILAR:
            found.append(change.delta)
    return own.change, found


def test_what_was_decided_done_and_measured_is_told_of_a_quarter_with_the_numbers_of_the_releases(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = act(database, cast, clock)
    earlier, later = both(database, cast, made)
    sign_in(client, "Ada")
    page = page_of(client, cast)
    told = text_of(page)
    assert "From 2026-H1 to 2026-H2" in told
    assert "The page is on the intranet." in told
    assert "Nobody had the time." in told
    for dimension in ("R3", "T1"):
        change, others = by_hand(earlier, later, "Operations", dimension)
        assert f"{change.before} → {change.now} ({signed(change.delta)})" in told
        if len(others) < 3:
            assert "Cannot be told: fewer than 3 comparable cells" in told
        else:
            assert f"{signed(half_up(sum(others) / len(others)))} on average of {len(others)}" in told
    cell = re.search(rf'href="(/organisations/{cast.organisation}/waves/{made.later}/heatmap/[^"]+/R3)"', page)
    assert cell is not None
    assert client.get(cell[1]).status_code == 200
    for forbidden in ("because of the action", "led to", "caused", "thanks to"):
        assert forbidden not in told


def test_an_action_done_after_the_newest_wave_opened_waits_for_the_next_one(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    act(database, cast, clock)
    late = take(database, cast, clock.advance(days=2), "Name one owner", to="IT", moves=("R4",))
    end(database, cast, clock.advance(days=2), late, status="done", evidence="Named.")
    first, second = quarters(database, cast, clock)
    assert (first.state, second.state) == ("measured", "running")
    assert [one.id for one in second.done] == [late]
    assert second.shown == {}
    assert "The next wave will show what moved." in text_of(page_of(sign_in(client, "Ada"), cast))


def test_the_account_of_an_earlier_moment_stays_as_it_was(database: Database, cast: Cast, clock: Clock) -> None:
    made = act(database, cast, clock)
    then = clock()
    late = take(database, cast, clock.advance(days=2), "Name one owner", to="IT", moves=("R4",))
    end(database, cast, clock.advance(days=2), made.done, status="doing")
    with database.reading() as session:
        told = account(session, cast.organisation, now=then)
        now = account(session, cast.organisation, now=clock())
        until_first = account(session, cast.organisation, now=clock(), upto=made.earlier)
    assert {one.id for one in told.deeds} == {made.done, made.dropped}
    assert next(one for one in told.deeds if one.id == made.done).status == "done"
    assert late in {one.id for one in now.deeds}
    assert made.done in told.quarters[0].shown
    assert now.quarters[0].shown == {}
    assert [one.label for one in until_first.quarters] == ["2026-H1"]
    assert until_first.quarters[0].state == "running"


def test_a_sponsor_reads_of_shared_results_alone(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = act(database, cast, clock)
    add_member(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    before = text_of(page_of(client, cast))
    assert "are not both shared" in before
    assert "→" not in before
    shared(database, cast, clock, made.earlier, made.later)
    page = page_of(client, cast)
    assert "→" in page
    assert f"/results/{made.later}/" in page
    assert "/heatmap/" not in page


def test_whoever_runs_the_client_reads_that_a_wave_has_no_result_and_not_that_it_is_not_shared(
    database: Database, cast: Cast, clock: Clock
) -> None:
    act(database, cast, clock)
    with database.reading() as session:
        told = account(session, cast.organisation, now=clock(), shown=lambda waves: {})
        organisation = clients.organisation(session, cast.organisation)
    said = {}
    for role in ("consultant", "sponsor"):
        member = Member(user_id=cast.ada, user_name="Ada", organisation_id=cast.organisation, role=role)
        reader = Reader(member=member, own=None, address=lambda *_: "")
        said[role] = quarters_page(organisation, told, reader).parts[-1].measured
    assert said["consultant"] == "2026-H1 and 2026-H2 do not both have a result, so nothing is told of what moved."
    assert "are not both shared" in said["sponsor"]


def test_a_lead_reads_of_their_own_department_and_no_number_of_others(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = act(database, cast, clock)
    shared(database, cast, clock, made.earlier, made.later)
    add_member(database, cast, clock, "lead", cast.departments["Operations"])
    told = text_of(page_of(sign_in(client, "Cleo"), cast))
    assert "Write a page" in told
    assert "Meet on Fridays" not in told
    assert "on average" not in told
    change, _ = by_hand(*both(database, cast, made), "Operations", "R3")
    assert f"{change.before} → {change.now}" in told


def test_a_lead_of_another_department_reads_nothing_of_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = act(database, cast, clock)
    shared(database, cast, clock, made.earlier, made.later)
    add_member(database, cast, clock, "lead", cast.departments["IT"])
    told = text_of(page_of(sign_in(client, "Cleo"), cast))
    assert "Write a page" not in told
    assert "→" not in told


def test_the_cell_of_the_next_wave_says_what_was_done_in_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = act(database, cast, clock)
    cells = f"/organisations/{cast.organisation}/waves/{made.later}/heatmap/{cast.departments['Operations']}"
    earlier = cells.replace(str(made.later), str(made.earlier))
    sign_in(client, "Ada")
    told = text_of(unescape(client.get(f"{cells}/R3").text))
    assert "What was done here since the wave before" in told
    assert re.search(r"“Write a page” was done on \d+ October 2026 \(Operations\)\.", told)
    for other in (f"{cells}/R4", f"{earlier}/R3"):
        assert "Write a page" not in client.get(other).text


def test_a_cell_reads_of_the_two_waves_alone_between_which_it_is_told(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = act(database, cast, clock)
    late = take(database, cast, clock.advance(days=2), "Name one owner", to="Operations", moves=("R3",))
    end(database, cast, clock.advance(days=2), late, status="done", evidence="Named.")
    clock.advance(days=30)
    third = another_wave(database, cast, clock, made.later, label="2027-H1", shift=1)
    asked, pairs = [], []

    def newest(session: Session, of: Sequence[WaveView]) -> dict[UUID, store.StoredRelease]:
        asked.append({one.id for one in of})
        return store_newest(session, of)

    def measured(*told: Any) -> Any:  # Any: as of the function that it counts
        pairs.append(told)
        return effects_measured(*told)

    store_newest = store.newest
    monkeypatch.setattr(store, "newest", newest)
    monkeypatch.setattr(gathering, "measured", measured)
    with database.reading() as session:
        cell = (str(cast.departments["Operations"]), "R3")
        told = done_here(session, cast.organisation, third, cell, now=clock())
    assert [("Name one owner" in one, "Write a page" in one) for one in told] == [(True, False)]
    assert (asked, len(pairs)) == ([{made.later, third}], 1)


def test_who_reads_shared_results_has_of_those_only_the_ones_loaded_that_a_cell_is_told_from(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = act(database, cast, clock)
    clock.advance(days=30)
    third = another_wave(database, cast, clock, made.later, label="2027-H1", shift=1)
    shared(database, cast, clock, made.earlier, made.later, third)
    asked = []

    def by_ids(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> tuple[store.StoredRelease, ...]:
        asked.append(found := store_by_ids(session, organisation_id, ids))
        return found

    store_by_ids = store.by_ids
    monkeypatch.setattr(store, "by_ids", by_ids)
    with database.reading() as session:
        read = shown_results(session, cast.organisation)
        every = waves.waves(session, cast.organisation)
        assert set(read(every)) == {made.earlier, made.later, third}
        quarter_before(session, cast.organisation, third, now=clock(), shown=read)
    assert [{one.wave_id for one in found} for found in asked[1:]] == [{made.later, third}]


@pytest.mark.parametrize(("role", "department"), [("sponsor", None), ("lead", "Operations")])
def test_who_is_shown_a_result_reads_in_its_cells_what_was_done(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, role: str, department: str | None
) -> None:
    made = act(database, cast, clock)
    shared(database, cast, clock, made.later)
    add_member(database, cast, clock, role, cast.departments[department] if department else None)
    sign_in(client, "Cleo")
    cell = f"/organisations/{cast.organisation}/results/{made.later}/{cast.departments['Operations']}/R3"
    assert "Write a page" not in client.get(cell).text, "the wave before is not shared"
    shared(database, cast, clock, made.earlier)
    assert "Write a page" in client.get(cell).text


@pytest.mark.lived_in
def test_where_nothing_is_planned_the_page_says_what_will_stand_there(client: "TestClient", cast: Cast) -> None:
    assert "Nothing is decided yet" in page_of(sign_in(client, "Ada"), cast)
