"""A further release of a wave: headcounts corrected or departments moved after the close, and nothing told of few."""

import random
from dataclasses import replace
from uuid import UUID

import pytest

from app.clients.service import change_department
from app.db import Database
from app.errors import ConflictError, InvalidError
from app.releases import compute, service, store
from app.releases.plan import ledger
from app.releases.plan.coarsening import Department, nodes, plan_column, plan_wave, strata, tree
from app.releases.plan.ledger import Entry, Ledger
from app.releases.statistics.planning import PreviousWave
from app.waves.service import correct_headcount
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.places import START
from tests.releases.brute_force import counts, leaks, random_organisation, sets_of
from tests.thorough import tried
from tests.world import World, close


def moved(rng: random.Random, departments: tuple[Department, ...]) -> tuple[Department, ...]:
    """The same departments after a reorganisation: some below another parent, at the top, or in another pool."""
    tops = [department.id for department in departments if department.parent is None]
    found = []
    for department in departments:
        parent = department.parent
        if parent is not None and rng.random() < 0.4:
            parent = rng.choice([None, *tops])
        headcount = max(0, department.headcount + rng.choice([0, 0, -2, 2, 5]))
        found.append(replace(department, parent=parent, headcount=headcount, pool=rng.choice([None, None, "Desk"])))
    return tuple(found)


def cases(organisations: int):
    rng = random.Random(8)
    while organisations:
        one = random_organisation(rng)
        valid = [place for place in range(len(one.people)) if rng.random() < 0.8]
        if 5 <= len(one.people) <= 12 and len(valid) >= 5:
            organisations -= 1
            yield one, valid, tree("Organisation", moved(rng, one.departments))


def test_two_releases_of_reorganised_organisations_tell_of_nobody():
    k, k_spreads = 3, 5
    alone = dict.fromkeys(("rows", "means", "spreads"), 0)
    for one, valid, after in cases(tried(300, sample=60)):
        people, everyone = one.people, list(range(len(one.people)))
        answered = counts(people[place] for place in valid)
        first = plan_wave(one.tree, counts(people), k=k)
        told = [leaf.departments for leaf in strata(first)]
        second = plan_wave(after, counts(people), k=k, told=told)
        both = sets_of([*nodes(first), *nodes(second)], people)
        assert not leaks(both, everyone, k)
        alone["rows"] += leaks(
            sets_of([*nodes(first), *nodes(plan_wave(after, counts(people), k=k))], people), everyone, k
        )
        for kind, least in (("means", k), ("spreads", k_spreads)):
            before, now = plan_column(first, answered, k=least), None
            if before is not None:
                now = plan_column(second, answered, k=least, told=[leaf.departments for leaf in strata(before)])
            published = [*(nodes(before) if before else ()), *(nodes(now) if now else ())]
            assert not leaks(sets_of(published, people, valid), valid, least)
            apart = plan_column(second, answered, k=least)
            published = [*(nodes(before) if before else ()), *(nodes(apart) if apart else ())]
            alone[kind] += leaks(sets_of(published, people, valid), valid, least)
    assert alone["rows"] > tried(30, sample=4), (
        "planned without the ledger, the second release must leak for the search to mean anything"
    )


def test_what_was_told_as_one_stays_one_and_the_rest_follows_the_new_tree():
    def department(name: str, headcount: int, parent: str | None = None) -> Department:
        return Department(id=name, name=name, parent=parent, function="other", headcount=headcount)

    people = {"Legal": 3, "HR": 4, "IT": 9, "Ops": 12, "Tax": 8}
    before = plan_wave(tree("Acme", [department(name, n) for name, n in people.items()]), people)
    assert ["HR", "Legal"] in [sorted(leaf.departments) for leaf in strata(before)]
    now = tree(
        "Acme",
        [
            department("Legal", 3, "Ops"),
            department("HR", 9),
            department("IT", 9),
            department("Ops", 12),
            department("Tax", 8, "IT"),
        ],
    )
    after = plan_wave(now, people, told=[leaf.departments for leaf in strata(before)])
    assert [(one.id, sorted(one.departments)) for one in nodes(after)][1:] == [
        ("IT", ["IT", "Tax"]),
        ("Tax", ["Tax"]),
        ("pool:IT", ["IT"]),
        ("pool:organisation", ["HR", "Legal", "Ops"]),
    ]


def test_a_stratum_may_gain_nobody_or_k_and_lose_nobody():
    before = Ledger((Entry("T1", "means", ("a", "b"), 8), Entry("T1", "spreads", ("a", "b"), 8)))

    def judge(n: int, *, sets: tuple[tuple[str, ...], ...] = (("a", "b"),), kind: str = "means") -> str:
        after = Ledger(tuple(Entry("T1", kind, one, n) for one in sets))  # type: ignore[arg-type]
        try:
            ledger.require_safe(before, after, valid={"T1": {"a": n - 2, "b": 2}}, k_means=5, k_intervals=10)
        except ConflictError as error:
            return error.message
        return "safe"

    assert [judge(n) for n in (8, 13, 20)] == ["safe"] * 3
    assert all("a few people more or fewer" in judge(n) for n in (7, 9, 12))
    assert judge(13, kind="spreads") != "safe"
    assert judge(18, kind="spreads") == "safe"
    assert judge(8, sets=(("a", "b", "c"),)) == "safe"
    assert "divides a group" in judge(8, sets=(("a",), ("b", "c")))


def test_a_ledger_is_read_as_it_was_written():
    kept = Ledger((Entry("responses", "responses", ("a", "b"), 8), Entry("T1", "means", ("a", "b", "c"), 12)))
    assert ledger.load(ledger.dump(kept)) == kept


def work(database: Database, clock: Clock) -> None:
    while Worker(database, clock=clock).work_once():
        pass


def ask(database: Database, cast: Cast, wave: UUID, clock: Clock, occasion: str) -> None:
    with database.writing() as session:
        service.ask_again(
            session, organisation_id=cast.organisation, wave_id=wave, occasion=occasion, now=clock.advance(minutes=1)
        )


@pytest.mark.both
@pytest.mark.lived_in
def test_after_a_reorganisation_the_result_is_made_again_and_the_first_stays(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    with database.writing() as session:
        change_department(
            session,
            cast.organisation,
            cast.departments["Planning"],
            name="Planning and control",
            function="finance",
            headcount=6,
            parent_id=cast.departments["Operations"],
            now=START,
        )
    with database.reading() as session:
        first = store.latest(session, cast.organisation, lived_in.closed)
    ask(database, cast, lived_in.closed, clock, "departments")
    work(database, clock)
    with database.reading() as session:
        again = store.latest(session, cast.organisation, lived_in.closed)
        assert first is not None
        assert again is not None
        assert store.by_id(session, cast.organisation, first.id) == first
        assert service.under_way(session, lived_in.closed) is None
    assert (again.number, again.document.occasion) == (2, "departments")
    row = again.document.row(str(cast.departments["Planning"]))
    assert row is not None
    assert (row.name, row.parent) == ("Planning and control", str(cast.departments["Operations"]))
    ask(database, cast, lived_in.closed, clock, "headcounts")
    work(database, clock)
    with database.reading() as session:
        third = store.latest(session, cast.organisation, lived_in.closed)
    assert third is not None
    assert (third.number, third.document.occasion) == (3, "headcounts")
    assert third.document.rows == first.document.rows


@pytest.mark.lived_in
def test_a_further_release_has_the_sites_that_the_wave_froze_and_not_those_of_today(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    with database.write.begin() as connection:
        frozen = "UPDATE wave_department SET site = CASE name WHEN 'Operations' THEN 'Quay' ELSE 'Pier' END"
        connection.exec_driver_sql(frozen)
        connection.exec_driver_sql("UPDATE department SET site = name")
    ask(database, cast, lived_in.closed, clock, "departments")
    work(database, clock)
    with database.reading() as session:
        again = store.latest(session, cast.organisation, lived_in.closed)
    assert again is not None
    [groups] = [margin.groups for margin in again.document.margins if margin.id == "site"]
    assert {group.name for group in groups} == {"Quay", "Pier"}
    operations = next(group for group in groups if group.name == "Quay")
    row = again.document.row(str(cast.departments["Operations"]))
    assert row is not None
    assert (operations.departments, operations.n) == (row.departments, row.n)
    assert again.document.certificate.audited


@pytest.mark.lived_in
def test_what_cannot_be_made_again_says_so(database: Database, cast: Cast, clock: Clock, lived_in: World):
    with pytest.raises(ConflictError, match="has no result yet"):
        ask(database, cast, lived_in.running, clock, "departments")
    with pytest.raises(InvalidError, match="why the result is made again"):
        ask(database, cast, lived_in.closed, clock, "because")
    with database.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM release_ledger")
    ask(database, cast, lived_in.closed, clock, "departments")
    work(database, clock)
    with database.reading() as session:
        job = service.under_way(session, lived_in.closed)
    assert job is not None
    assert job.error == "The answers of 2026-Q3 are no longer there, so its result stays as it is."


def test_what_is_merged_in_a_later_release_does_not_depend_on_who_of_a_pool_answered():
    def department(name: str, headcount: int, parent: str | None = None) -> Department:
        return Department(id=name, name=name, parent=parent, function="other", headcount=headcount)

    seen = set()
    for legal, tax in ((2, 4), (3, 3), (4, 2)):
        people = {"Legal": legal, "Tax": tax, "IT": 9, "Ops": 12, "Desk": 7}
        departments = [
            department("Legal", 4),
            department("Tax", 4),
            department("IT", 9),
            department("Ops", 12),
            department("Desk", 7),
        ]
        first = plan_wave(tree("Acme", departments), people)
        told = [leaf.departments for leaf in strata(first)]
        for places in (("Ops", None), (None, "IT"), ("Ops", "IT"), ("IT", "IT")):
            now = [department("Legal", 4, places[0]), department("Tax", 4, places[1]), *departments[2:]]
            roster = {one.id: one.headcount for one in departments}
            after = plan_wave(tree("Acme", now), people, told=told, recorded=roster)
            seen.add((places, tuple(sorted(tuple(sorted(one.departments)) for one in strata(after)))))
    assert len(seen) == 4


@pytest.mark.lived_in
def test_a_corrected_headcount_merges_nobody_and_can_only_move_a_little(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    def correct(name: str, headcount: int) -> None:
        with database.writing() as session:
            correct_headcount(
                session,
                organisation_id=cast.organisation,
                wave_id=lived_in.closed,
                department_id=cast.departments[name],
                headcount=headcount,
                user_id=cast.ada,
                now=clock.advance(minutes=1),
            )

    for name, headcount in (("Tax", 1), ("Tax", 7), ("Legal", 1_000_000), ("Legal", 5)):
        with pytest.raises(InvalidError, match="can be corrected to between"):
            correct(name, headcount)
    correct("Tax", 2)
    correct("HR", 4)  # below k: with this headcount it would never have been a row of its own
    correct("Operations", 36)
    with database.reading() as session:
        first = store.latest(session, cast.organisation, lived_in.closed)
    ask(database, cast, lived_in.closed, clock, "headcounts")
    work(database, clock)
    with database.reading() as session:
        again = store.latest(session, cast.organisation, lived_in.closed)
    assert first is not None
    assert again is not None
    assert again.number == 2
    assert [row.departments for row in again.document.rows] == [row.departments for row in first.document.rows]
    with pytest.raises(ConflictError, match="made again for this reason once"):
        ask(database, cast, lived_in.closed, clock, "headcounts")


@pytest.mark.both
@pytest.mark.lived_in
def test_the_next_wave_is_compared_by_the_headcounts_of_the_first_release(
    database: Database, cast: Cast, clock: Clock, lived_in: World, monkeypatch: pytest.MonkeyPatch
):
    given: list[PreviousWave] = []

    def build(**told):
        given.append(told["previous"])
        return compute.build(**told)

    monkeypatch.setattr("app.releases.make.build", build)
    operations = cast.departments["Operations"]
    with database.writing() as session:
        correct_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=lived_in.closed,
            department_id=operations,
            headcount=36,
            user_id=cast.ada,
            now=clock.advance(minutes=1),
        )
    close(database, cast, lived_in.running, now=clock.advance(days=1))
    [before] = given
    assert {department.headcount for department in before.departments if department.id == str(operations)} == {36}
    assert before.roster is not None
    assert before.roster[str(operations)] == 30
