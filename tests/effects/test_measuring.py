"""Which cells were acted on between two waves, which are comparable, and what is said of them. Worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from app.effects.measuring import Window, measured
from app.effects.told import Deed, Shown
from app.releases.document.release import Hidden, NoChange, Release, Scored
from tests.effects.stage import BEGINS, ENDS, WITHIN, deed, id_of, pair

WINDOW = Window(begins=BEGINS, ends=ENDS)


def only(earlier: Release, later: Release, *deeds: Deed) -> Shown:
    """The one cell of the first of these actions."""
    (shown,) = measured(earlier, later, deeds, WINDOW)[deeds[0].id]
    return shown


def test_a_cell_stands_beside_those_of_the_same_dimension_that_began_near_it_and_that_nobody_acted_on():
    both = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48), Tax=(49, 50), Far=(60, 99), Other=(41, 90))
    shown = only(*both, deed("Legal"), deed("Other", status="doing", ended=None))
    assert shown.others == 4
    assert shown.beside is not None
    assert (shown.beside.centre, shown.beside.distance) == (2, 18)
    assert shown.beside.interval[0] > 0
    assert (shown.beside.direction, shown.outcome) == ("up", "higher")


def test_with_two_comparable_cells_nothing_can_be_told_however_far_it_moved():
    shown = only(*pair(Legal=(40, 90), HR=(42, 44), IT=(38, 40), Far=(60, 61)), deed("Legal"))
    assert (shown.others, shown.beside, shown.outcome) == (2, None, "few")
    assert shown.change is not None
    assert "fewer than 3 comparable cells" in shown.said


def test_a_cell_that_moved_like_the_others_is_said_to_have_done_so():
    shown = only(*pair(Legal=(40, 50), HR=(42, 53), IT=(38, 46), Sales=(45, 54), Tax=(44, 56)), deed("Legal"))
    assert shown.outcome == "alike"
    assert shown.said == "No clear difference from comparable cells"


def test_wide_errors_leave_a_large_difference_unclear():
    cells = {"Legal": (40, 60), "HR": (42, 44), "IT": (38, 40), "Sales": (45, 48), "Tax": (49, 50)}
    narrow, wide = (only(*pair(half=half, **cells), deed("Legal")) for half in (2, 14))
    assert (narrow.outcome, wide.outcome) == ("higher", "alike")


def test_a_cell_that_two_actions_should_move_is_tested_once_and_told_with_both():
    earlier, later = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48), Tax=(49, 50))
    one, two = deed("Legal"), deed("Legal")
    found = measured(earlier, later, (one, two), WINDOW)
    assert found[one.id] == found[two.id]
    assert found[one.id] == measured(earlier, later, (one,), WINDOW)[one.id]


@pytest.mark.parametrize(
    ("status", "ended", "is_told"),
    [
        ("done", BEGINS, True),
        ("done", ENDS, False),
        ("done", date(2026, 7, 5), False),
        ("dropped", WITHIN, False),
        ("doing", None, False),
    ],
)
def test_only_what_was_done_from_one_opening_to_the_next_is_told_of(status, ended, is_told):
    one = deed("Legal", status=status, ended=ended)
    assert (one.id in measured(*pair(Legal=(40, 60)), (one,), WINDOW)) == is_told


@pytest.mark.parametrize(("status", "ended"), [("dropped", WITHIN), ("open", None), ("done", ENDS)])
def test_where_somebody_was_at_an_action_a_cell_is_no_comparable_one(status, ended):
    both = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48))
    assert only(*both, deed("Legal")).others == 3
    assert only(*both, deed("Legal"), deed("HR", status=status, ended=ended)).others == 2
    assert only(*both, deed("Legal"), deed("HR", status="done", ended=date(2026, 7, 5))).others == 3
    assert only(*both, deed("Legal"), deed("HR", status=status, ended=ended, moves=("R1",))).others == 3


def test_why_a_cell_is_not_told_is_said_in_the_words_of_the_release():
    earlier, later = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48))
    legal = later.rows[1]
    scored = legal.cells["T1"]
    assert isinstance(scored, Scored)

    def told(change: NoChange | Hidden) -> Shown:
        cell = change if isinstance(change, Hidden) else replace(scored, change=change)
        rows = (later.rows[0], replace(legal, cells={**legal.cells, "T1": cell}), *later.rows[2:])
        return only(earlier, replace(later, rows=rows), deed("Legal"))

    assert told(NoChange(reason="new")).said == "New in this wave"
    assert told(Hidden(reason="small_group")).said == "Not shown, to protect a small group"
    assert only(earlier, later, deed("Nowhere")).said == "Not in this result"
    assert told(NoChange(reason="new")).outcome == "not_told"


def test_a_department_in_a_group_is_told_with_the_group_and_a_parent_is_never_comparable():
    earlier, later = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48))

    def grouped(one: Release) -> Release:
        legal, hr, it, sales = one.rows[1:]
        group = replace(legal, kind="pool", id="pool:organisation", departments=(*legal.departments, str(id_of("Tax"))))
        return replace(one, rows=(one.rows[0], group, hr, it, replace(sales, parent=it.id)))

    shown = only(grouped(earlier), grouped(later), deed("Tax"))
    assert shown.row_id == "pool:organisation"
    assert shown.others == 2, "HR and Sales; IT holds Sales"


def test_an_action_of_a_department_that_was_merged_is_found_in_the_one_that_took_it_over():
    earlier, later = pair(Legal=(40, 60), HR=(42, 44), IT=(38, 40), Sales=(45, 48))
    moved = replace(deed("Gone"), department_id=id_of("Legal"), department="Legal")
    assert only(earlier, later, moved).row == "Legal"
