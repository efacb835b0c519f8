"""The turnout to expect: from what a release printed, never from more."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.clients.queries import DepartmentNode
from app.forecast.turnout import expected
from app.releases.document.release import Release, Row
from tests.explore.samples import release, row

KEEN, SHY, NEW = uuid4(), uuid4(), uuid4()


def node(department: UUID) -> DepartmentNode:
    return DepartmentNode(department, None, "x", "other", 10, 10, 0, 0)


NODES = tuple(node(one) for one in (KEEN, SHY, NEW))


def told(department: UUID, *, n: int | None, headcount: int = 20, kind: str = "unit") -> Row:
    rate = None if n is None else round(100 * n / headcount)
    found = row("X", n=n, headcount=headcount)
    return replace(found, rate=rate, departments=(str(department),), kind="pool" if kind == "pool" else "unit")


def last(*rows: Row, rate: int | None = 60) -> Release:
    found = release(*rows)
    whole = replace(found.rows[0], rate=rate, departments=tuple(str(one) for one in (KEEN, SHY)))
    return replace(found, rows=(whole, *found.rows[1:]))


def test_a_first_wave_expects_60_per_cent_everywhere() -> None:
    found = expected(NODES, None, percent=None)
    assert (found.percent, found.wave) == (60, None)
    assert found.departments == pytest.approx([0.6, 0.6, 0.6])


def test_a_department_expects_what_was_printed_drawn_towards_the_organisation() -> None:
    found = expected(NODES, last(told(KEEN, n=18), told(SHY, n=6)), percent=None)
    assert found.percent == 60
    assert found.wave == "2026-Q4"
    assert found.departments == pytest.approx([(18 + 6) / 30, (6 + 6) / 30, 0.6])


def test_a_pool_gives_its_departments_its_own_turnout() -> None:
    found = expected(NODES, last(told(KEEN, n=18, kind="pool")), percent=None)
    assert found.departments[0] == pytest.approx(24 / 30)


def test_a_row_without_a_number_tells_nothing_of_its_departments() -> None:
    found = expected(NODES, last(told(KEEN, n=None)), percent=None)
    assert found.departments == pytest.approx([0.6, 0.6, 0.6])


def test_the_finest_row_of_a_department_counts_whatever_the_order_of_the_rows() -> None:
    wide = replace(told(KEEN, n=5, headcount=50), departments=(str(KEEN), str(SHY)))
    fine = told(KEEN, n=18)
    for rows in ((wide, fine), (fine, wide)):
        found = expected(NODES, last(*rows), percent=None)
        assert found.departments[:2] == pytest.approx([24 / 30, 11 / 60])


def test_a_release_that_does_not_say_how_many_answered_is_no_experience() -> None:
    found = expected(NODES, last(told(KEEN, n=18), rate=None), percent=None)
    assert (found.percent, found.wave) == (60, None)
    assert found.departments == pytest.approx([0.6, 0.6, 0.6])


def test_another_turnout_moves_all_departments_and_keeps_their_order() -> None:
    for percent in (10, 30, 80, 95):
        found = expected(NODES, last(told(KEEN, n=18), told(SHY, n=6)), percent=percent)
        keen, shy, new = found.departments
        assert new == pytest.approx(percent / 100)
        assert 0 < shy < new < keen < 1


@pytest.mark.parametrize(("asked", "given"), [(0, 10), (9, 10), (10, 10), (95, 95), (100, 95), (999, 95)])
def test_a_turnout_beyond_the_slider_is_its_end(asked: int, given: int) -> None:
    assert expected(NODES, None, percent=asked).percent == given


def test_a_department_where_everybody_answered_is_not_expected_to_do_so_again() -> None:
    found = expected(NODES, last(told(KEEN, n=2000, headcount=2000)), percent=None)
    assert found.departments[0] == pytest.approx(0.98)
