"""No print of shares, and no subtraction of prints, tells what a bound hides."""

from dataclasses import replace

from app.releases.document.figures import Share, Shares
from app.releases.statistics import planning
from app.releases.statistics.shares import dimension_shares
from tests.releases.test_figures import DEPARTMENTS, made
from tests.releases.waves import ATR, answers, department, items_of, set_answers


def test_where_one_share_is_beyond_its_bound_the_other_two_leave_it_open():
    sales = department("Sales", 60)
    item = items_of("T1")[0]
    given = {"sales": answers(sales, 40)}
    for people, code in ((range(40), "4"), (range(11, 27), "3"), ([5], "2")):
        given["sales"] = set_answers(given["sales"], list(people), [item], code)
    shown = made((sales,), given).release.row("sales").items[item]
    assert shown.unfavourable == Share(percent=5, bound="<=")
    # 23 of 40 are favourable, which is told; what is left is 40 for 16 and 15 alike, whether 1 or 2 are unfavourable.
    assert shown.favourable == Share(percent=58)
    assert shown.neutral == Share(percent=40)
    given["sales"] = set_answers(given["sales"], [11], [item], "2")
    assert made((sales,), given).release.row("sales").items[item] == shown


def test_no_subtraction_of_roll_ups_tells_that_all_of_a_row_answered_alike():
    item = items_of("T1")[0]
    given = {one.id: answers(one, one.headcount, spread=1.2) for one in DEPARTMENTS}
    given["legal"] = set_answers(given["legal"], slice(0, 14), [item], "4")
    alike = made(DEPARTMENTS, given).release
    given["legal"] = set_answers(given["legal"], [3], [item], "1")
    but_one = made(DEPARTMENTS, given).release
    assert alike.row("legal").items[item].favourable == Share(percent=90, bound=">=")
    assert [row.items.get(item) for row in alike.rows] == [row.items.get(item) for row in but_one.rows]


def test_no_subtraction_of_a_further_release_tells_that_all_of_a_row_answered_alike():
    item = items_of("T1")[0]
    given = {one.id: answers(one, one.headcount, spread=1.2) for one in DEPARTMENTS}
    given["legal"] = set_answers(given["legal"], slice(0, 14), [item], "4")
    flat = tuple(replace(one, parent=None, headcount=one.headcount if one.id != "legal" else 4) for one in DEPARTMENTS)
    first = made(DEPARTMENTS, given)
    told = planning.ledger(first.wave)
    moved = tuple(replace(one, parent="sales", pool="Both") if one.id != "sales" else one for one in flat)
    again = made(moved, given, told=told, number=2).release
    given["legal"] = set_answers(given["legal"], [3], [item], "1")
    but_one = made(moved, given, told=told, number=2).release
    assert [row.items.get(item) for row in again.rows] == [row.items.get(item) for row in but_one.rows]
    merged = [row for row in again.rows if "legal" in row.departments and item in row.items]
    assert any(row.kind == "pool" and row.items[item].interval is None for row in merged)


def test_the_shares_of_a_dimension_are_the_mean_of_its_questions_if_half_of_them_are_told():
    items = ATR.dimension("T1").items
    one, other = (
        Shares(favourable=Share(percent=percent), neutral=Share(percent=20), unfavourable=Share(percent=30))
        for percent in (40, 50)
    )
    told: dict[str, dict[str, Shares]] = {item.id: {} for item in items}
    told[items[0].id], told[items[1].id] = {"sales": one, "legal": one}, {"sales": other}
    found = dimension_shares(items, told)
    assert found.keys() == {"sales"}
    assert found["sales"].favourable == Share(percent=45)
