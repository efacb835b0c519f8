"""What staff rate of their workflows: published by the rules of all columns, proven, and of their department alone."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.db import Database
from app.jobs import queries as jobs
from app.releases import store
from app.releases.audit.rated import misplaced
from app.releases.document.release import Hidden, Release, Scored
from app.releases.plan.coarsening import Node
from app.releases.statistics import planning
from app.releases.statistics.ratings import asked_on
from app.waves import queries as waves
from tests import world
from tests.cast import Cast
from tests.conftest import Clock
from tests.questionnaires.test_workflows import RATINGS, codes, named, opened


def closed(database: Database, cast: Cast, clock: Clock, counts: dict[str, int]) -> Release:
    """The release of a wave in which Legal, Operations and Ethics rate a workflow each."""
    for department, name in (("Legal", "Review an NDA"), ("Operations", "Order stock"), ("Ethics", "Hear a case")):
        named(database, cast, clock, department, name)
    wave_id: UUID = opened(database, cast, clock)
    world.answer(database, cast, wave_id, counts=counts, now=clock())
    world.close(database, cast, wave_id, now=clock.advance(days=14))
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, wave_id).finished
        found = store.latest(session, cast.organisation, wave_id)
    assert found is not None
    return found.document


@pytest.mark.both
def test_ratings_are_told_of_the_row_of_their_department_from_five_people_on_and_are_proven(
    database: Database, cast: Cast, clock: Clock
) -> None:
    release = closed(database, cast, clock, {**world.ANSWERS, "Operations": 14, "Legal": 5})
    heads = {one.name: one for one in release.workflows}
    assert set(heads) == {"Review an NDA", "Order stock", "Hear a case"}
    assert heads["Order stock"].id == codes(database, cast, "Operations")["Order stock"]
    assert heads["Order stock"].ratings == RATINGS
    row = release.row(heads["Order stock"].row)
    assert row is not None
    for rating in RATINGS:
        cell = row.cells[heads["Order stock"].cell(rating)]
        assert isinstance(cell, Scored)
        assert cell.n == 14
    assert release.certificate.audited
    # Legal and Ethics are one group, which prints how many of both answered.
    for name in ("Review an NDA", "Hear a case"):
        group = release.row(heads[name].row)
        assert group is not None
        assert group.kind == "pool"
        assert all(isinstance(group.cells[heads[name].cell(one)], Hidden) for one in RATINGS)


def test_no_other_row_tells_of_a_departments_workflow(database: Database, cast: Cast, clock: Clock) -> None:
    release = closed(database, cast, clock, {**world.ANSWERS, "Operations": 14, "Legal": 5})
    for head in release.workflows:
        holding = [row.id for row in release.rows if any(name.startswith(f"rating:{head.id}:") for name in row.cells)]
        assert holding == [head.row]


def test_the_auditor_finds_a_rating_that_is_told_of_others_than_its_department(
    database: Database, cast: Cast, clock: Clock
) -> None:
    release = closed(database, cast, clock, {**world.ANSWERS, "Operations": 14, "Legal": 5})
    assert list(misplaced([release])) == []
    heads = {one.name: one for one in release.workflows}
    nda, stock = heads["Review an NDA"].cell("DS"), heads["Order stock"].cell("DS")
    told = release.row(heads["Order stock"].row)
    assert told is not None
    wrong = {nda: heads["Review an NDA"].row, stock: "organisation", "rating:none:DS": told.id}
    for column, row_id in wrong.items():
        rows = [replace(one, cells={**one.cells, column: told.cells[stock]}) if one.id == row_id else one
                for one in release.rows]  # fmt: skip
        [fault] = misplaced([replace(release, rows=tuple(rows))])
        assert fault.startswith(f"{column}, ")


def test_a_planner_that_tells_ratings_of_a_group_makes_no_release(
    database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "asked_on", lambda row, _told, _responses: [] if row is None else [row])
    for department, name in (("Legal", "Review an NDA"), ("Ethics", "Hear a case")):
        named(database, cast, clock, department, name)
    wave_id = opened(database, cast, clock)
    world.answer(database, cast, wave_id, counts={**world.ANSWERS, "Operations": 14, "Legal": 5}, now=clock())
    world.close(database, cast, wave_id, now=clock.advance(days=14))
    with database.reading() as session:
        job = jobs.job(session, kind="release", subject_id=wave_id)
        assert store.latest(session, cast.organisation, wave_id) is None
    assert job is not None
    assert "a rating is told of others than the department that was asked" in (job.error or "")


def test_with_fewer_than_five_raters_nothing_is_told(database: Database, cast: Cast, clock: Clock) -> None:
    release = closed(database, cast, clock, {**world.ANSWERS, "Operations": 14, "Legal": 4})
    head = next(one for one in release.workflows if one.name == "Review an NDA")
    row = release.row(head.row)
    assert row is not None
    assert all(isinstance(row.cells[head.cell(one)], Hidden) for one in RATINGS)


NOWHERE = ((), ())


def test_ratings_are_told_of_a_department_alone_and_of_no_group_that_holds_it() -> None:
    def row(kind: str, *departments: str) -> Node:
        return Node(id="x", kind=kind, name="", departments=frozenset(departments), headcount=20)  # type: ignore[arg-type]

    alone = row("department", "legal")
    assert asked_on(alone, NOWHERE, {}) == [alone]
    assert asked_on(row("pool", "legal", "tax"), NOWHERE, {}) == []
    assert asked_on(row("department", "legal", "tax"), NOWHERE, {}) == []
    assert asked_on(None, NOWHERE, {}) == []
