from dataclasses import replace

import numpy as np
import pytest

from app.releases.document.release import Change, NoChange, Scored
from app.releases.statistics.change import Compared, family
from app.releases.statistics.columns import DepartmentAnswers
from scoring.printed import PrintedScore
from surveys.model import Dimension
from tests.releases.waves import (
    ATR,
    DIMENSIONS,
    answered,
    answers,
    department,
    earlier,
    items_of,
    release,
    set_answers,
)

LEGAL = department("Legal", 30, function="legal")
FINANCE = department("Finance", 0, function="finance")
AP = department("Payables", 18, "finance", "finance")
TAX = department("Tax", 12, "finance", "finance")
IT = department("IT", 40, function="it")
DEPARTMENTS = (LEGAL, FINANCE, AP, TAX, IT)
NUMBERS = {"legal": 20, "payables": 14, "tax": 9, "it": 25}


def given(departments=DEPARTMENTS, numbers=NUMBERS, **options):
    return {one.id: answers(one, numbers[one.id], **options) for one in departments if one.id in numbers}


def change(found, row_id, column="T1"):
    row = found.row(row_id)
    assert row is not None
    cell = row.cells[column]
    assert isinstance(cell, Scored)
    return cell.change


def compared(found, row_id, column="T1"):
    one = change(found, row_id, column)
    assert isinstance(one, Change), one
    return one


def why_not(found, row_id, column="T1"):
    one = change(found, row_id, column)
    assert isinstance(one, NoChange), one
    return one.reason


def at(code, dimension="T1"):
    """Answers of everybody with one code for a dimension, some one step beside it so that there is a spread."""
    people = given()
    for one, sheet in people.items():
        sheet = set_answers(sheet, slice(None), items_of(dimension), code)
        people[one] = set_answers(sheet, slice(0, 4), items_of(dimension), str(int(code) - 1))
    return people


def test_the_first_wave_has_no_change():
    found = release(DEPARTMENTS, given())
    assert {why_not(found, row.id, one) for row in found.rows for one in DIMENSIONS} == {"first_wave"}
    assert (found.comparable, found.not_comparable) == ((), {})


def test_a_large_rise_is_confirmed_and_printed_as_the_difference_of_printed_scores():
    found = release(DEPARTMENTS, at("4"), previous=earlier(DEPARTMENTS, at("2")))
    one = compared(found, "it")
    # 21 people at 75 and 4 at 50; before, 21 at 25 and 4 at 0.
    assert (one.before, one.now, one.delta) == (21, 71, 50)
    assert (one.p, one.direction, one.confirmation) == (1, "up", "confirmed")
    assert found.comparable == DIMENSIONS


def test_a_fall_has_the_other_direction():
    found = release(DEPARTMENTS, at("2"), previous=earlier(DEPARTMENTS, at("4")))
    assert (compared(found, "it").delta, compared(found, "it").direction) == (-50, "down")


def test_the_same_answers_show_no_change():
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given()))
    for row in found.rows:
        one = compared(found, row.id)
        assert (one.delta, one.p, one.direction, one.confirmation) == (0, 100, "none", "none")


def test_the_scores_of_a_small_department_are_compared_to_the_nearest_5():
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given(seed=4)))
    one = compared(found, "tax")
    assert one.before % 5 == one.now % 5 == one.delta % 5 == 0


def test_a_pulse_is_compared_with_a_full_form_on_anchors_only():
    before = given()
    # Items that the pulse does not ask must not count, however they were answered.
    other = {one: set_answers(sheet, slice(None), items_of("T1", anchor=False), "1") for one, sheet in before.items()}
    now = given(form="pulse", seed=2)
    found = [
        release(DEPARTMENTS, now, form="pulse", previous=earlier(DEPARTMENTS, sheets)) for sheets in (before, other)
    ]
    assert compared(found[0], "it") == compared(found[1], "it")
    cell = found[0].rows[1].cells["T1"]
    assert isinstance(cell, Scored)
    assert compared(found[0], "legal").now == cell.score, "a pulse asks nothing but anchors"


def test_a_renamed_department_keeps_its_change():
    before = [replace(one, name="Counsel") if one.id == "legal" else one for one in DEPARTMENTS]
    found = release(DEPARTMENTS, given(), previous=earlier(before, given(seed=2)))
    assert isinstance(change(found, "legal"), Change)


def test_a_new_department_says_so_and_the_organisation_goes_on_without_it():
    sales = department("Sales", 10)
    departments, people = (*DEPARTMENTS, sales), given() | {"sales": answers(sales, 10)}
    found = release(departments, people, previous=earlier(DEPARTMENTS, given()))
    assert why_not(found, "sales") == "new"
    assert compared(found, "organisation").delta == 0


def test_an_organisation_that_is_mostly_new_is_not_compared():
    sales = department("Sales", 60)
    found = release(
        (*DEPARTMENTS, sales), given() | {"sales": answers(sales, 50)}, previous=earlier(DEPARTMENTS, given(seed=2))
    )
    assert why_not(found, "organisation") == "other_members"


def test_a_department_that_was_pooled_before_is_not_compared_but_its_parent_is():
    fewer = NUMBERS | {"tax": 4}
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given(numbers=fewer)))
    assert {why_not(found, one) for one in ("payables", "tax")} == {"hidden"}
    assert isinstance(change(found, "finance"), Change)


def test_a_pool_is_compared_with_the_departments_it_was_made_of():
    found = release(
        DEPARTMENTS,
        given(numbers=NUMBERS | {"legal": 4, "it": 3}),
        previous=earlier(DEPARTMENTS, given(numbers=NUMBERS, seed=2)),
    )
    assert set(found.rows[-1].departments) == {"legal", "it"}
    before = compared(found, "pool:organisation").before
    apart = release(DEPARTMENTS, given(numbers=NUMBERS, seed=2)).rows
    scores = [
        one.cells["T1"].score for one in apart if one.id in {"legal", "it"} and isinstance(one.cells["T1"], Scored)
    ]
    assert min(scores) - 5 <= before <= max(scores) + 5


def test_a_pool_with_a_new_member_is_not_compared():
    small = department("Archive", 3), department("Press", 4), department("Gym", 4)
    people = {one.id: answers(one, one.headcount) for one in small}
    before = earlier((*DEPARTMENTS, *small[:2]), given() | {one.id: people[one.id] for one in small[:2]})
    found = release((*DEPARTMENTS, *small), given() | people, previous=before)
    assert why_not(found, "pool:organisation") == "other_members"
    assert compared(found, "organisation").delta == 0


def test_a_department_that_moved_is_compared_where_it_is_now():
    before = [replace(one, parent=None) if one.id == "tax" else one for one in DEPARTMENTS]
    found = release(DEPARTMENTS, given(), previous=earlier(before, given()))
    assert compared(found, "tax").delta == 0
    assert compared(found, "finance").delta == 0


def test_a_dimension_without_two_common_anchors_is_not_compared():
    def without_anchor(one: Dimension) -> Dimension:
        items = tuple(replace(item, id=f"{item.id}@2") if item.id == "T1a" else item for item in one.items)
        return replace(one, items=items)

    old = replace(ATR, version="1.9.0", dimensions=tuple(without_anchor(one) for one in ATR.dimensions))
    before = earlier(DEPARTMENTS, answered(old, given()), instrument=old)
    found = release(DEPARTMENTS, given(), previous=before)
    assert found.comparable == DIMENSIONS[1:]
    assert found.not_comparable == {"T1": "Too few of its questions were asked in both waves."}
    assert why_not(found, "it", "T1") == "not_comparable"


def test_a_new_first_version_number_begins_every_trend_anew():
    old = replace(ATR, version="0.9.0")
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given(), instrument=old))
    assert found.comparable == ()
    assert set(found.not_comparable.values()) == {
        "The questionnaire has a new first version number, with which every trend begins anew."
    }


def test_a_dimension_that_is_new_is_not_compared():
    old = replace(ATR, dimensions=ATR.dimensions[1:])
    before = earlier(DEPARTMENTS, answered(old, given()), instrument=old)
    found = release(DEPARTMENTS, given(), previous=before)
    assert found.not_comparable == {"T1": "The previous wave did not ask about it."}


@pytest.mark.parametrize(("people", "withheld"), [(4, True), (0, False)])
def test_a_trend_is_withheld_where_few_people_gave_more_than_the_anchors(people, withheld):
    now = given()
    # All but a few of the department answered the anchors only: full minus anchor score would tell of those few.
    now["legal"] = set_answers(now["legal"], slice(people, None), items_of("T1", anchor=False), "S")
    found = release(DEPARTMENTS, now, previous=earlier(DEPARTMENTS, given()))
    assert (found.not_comparable == {"T1": "The comparison is not shown, to protect a small group."}) == withheld
    assert {change(found, row.id).kind for row in found.rows} == {"no_change" if withheld else "change"}
    if withheld:
        assert {why_not(found, row.id) for row in found.rows} == {"withheld"}


def test_a_trend_is_withheld_where_the_earlier_wave_would_tell_of_few_people():
    before = given()
    before["tax"] = set_answers(before["tax"], slice(2, None), items_of("R2", anchor=False), "S")
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, before))
    assert why_not(found, "legal", "R2") == "withheld"
    assert isinstance(change(found, "legal", "R3"), Change)


def test_a_change_without_spread_in_either_wave_is_not_claimed():
    def still(code):
        return {one: DepartmentAnswers(s.item_ids, np.full_like(s.codes, ord(code))) for one, s in given().items()}

    found = release(DEPARTMENTS, still("4"), previous=earlier(DEPARTMENTS, still("2")))
    assert (compared(found, "it").delta, compared(found, "it").p) == (50, 100)
    assert compared(found, "it").direction == "none"


def test_the_organisation_is_a_family_of_its_own():
    one = [department("IT", 40)]
    people, before = {"it": answers(one[0], 25, form="pulse")}, {"it": answers(one[0], 25, form="pulse", seed=9)}
    found = release(one, people, form="pulse", previous=earlier(one, before, form="pulse"))
    # The one department is the organisation: two equal families, each adjusted as if the other were not there.
    alone = [compared(found, "organisation", dimension) for dimension in DIMENSIONS]
    assert alone == [compared(found, "it", dimension) for dimension in DIMENSIONS]
    assert family([pair(one.before, one.now, 0.004) for one in alone])[0].p == 1


def pair(before, now, p):
    return Compared(before=PrintedScore(before, ""), now=PrintedScore(now, ""), p=p)


def test_a_family_is_adjusted_for_its_number_of_tests():
    found = family([pair(50, 58, 0.01), pair(50, 60, 0.06), pair(50, 42, 0.04), pair(50, 70, 0.5)])
    assert [one.p for one in found] == [4, 8, 8, 50]
    assert [one.direction for one in found] == ["up", "up", "down", "none"]
    assert [one.confirmation for one in found] == ["confirmed", "seems", "seems", "none"]


def test_a_change_below_5_points_is_not_claimed_however_sure():
    (found,) = family([pair(50, 54, 0.0001)])
    assert (found.delta, found.p, found.direction, found.confirmation) == (4, 1, "none", "none")


def test_a_module_has_no_trend():
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given()))
    assert why_not(found, "legal", "module:legal") == "not_comparable"
    assert why_not(release(DEPARTMENTS, given()), "legal", "module:legal") == "first_wave"
