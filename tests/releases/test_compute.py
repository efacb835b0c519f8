import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from app.releases.document.release import Hidden, Policy, Scored, dump, load
from app.releases.statistics.columns import DepartmentAnswers
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TreeError
from scoring.grades import band
from tests.releases.waves import ATR, DIMENSIONS, answers, department, earlier, items_of, release, set_answers

LEGAL = department("Legal", 12, function="legal")
HR = department("HR", 4, function="hr")
FINANCE = department("Finance", 2, function="finance")
AP = department("Payables", 18, "finance", "finance")
TAX = department("Tax", 4, "finance", "finance")
IT = department("IT", 40, function="it")
RESEARCH = department("Research", 3)
DEPARTMENTS = (LEGAL, HR, FINANCE, AP, TAX, IT, RESEARCH)
NUMBERS = {"legal": 8, "hr": 4, "finance": 1, "payables": 14, "tax": 4, "it": 25, "research": 2}


def given(departments=DEPARTMENTS, numbers=NUMBERS, **options):
    return {one.id: answers(one, numbers[one.id], **options) for one in departments}


def made(departments=DEPARTMENTS, numbers=NUMBERS, **options):
    return release(departments, given(departments, numbers, **options))


def alike(one, n, answer):
    sheet = answers(one, n)
    return DepartmentAnswers(sheet.item_ids, np.full_like(sheet.codes, ord(answer)))


def scored(release, row_id, column="T1"):
    row = release.row(row_id)
    assert row is not None
    cell = row.cells[column]
    assert isinstance(cell, Scored)
    return cell


def reason(release, row_id, column="T1"):
    row = release.row(row_id)
    assert row is not None
    cell = row.cells[column]
    assert isinstance(cell, Hidden)
    return cell.reason


def test_the_rows_come_in_the_order_of_the_tree_with_pools_after_their_neighbours():
    assert [(row.id, row.kind, row.parent, row.depth) for row in made().rows] == [
        ("organisation", "organisation", None, 0),
        ("legal", "unit", "organisation", 1),
        ("finance", "unit", "organisation", 1),
        ("payables", "unit", "finance", 2),
        ("pool:finance", "pool", "finance", 2),
        ("it", "unit", "organisation", 1),
        ("pool:organisation", "pool", "organisation", 1),
    ]


def test_a_row_counts_its_people_and_their_responses():
    found = {row.id: (row.n, row.headcount, row.rate) for row in made().rows}
    assert found["organisation"] == (58, 83, 70)
    assert found["finance"] == (19, 24, 79)
    assert found["pool:finance"] == (5, 6, 83)


def test_departments_without_a_row_are_listed_with_the_row_that_holds_them():
    assert [(one.id, one.row) for one in made().small] == [
        ("hr", "pool:organisation"),
        ("tax", "pool:finance"),
        ("research", "pool:organisation"),
    ]


def test_a_pool_names_its_members_and_says_what_they_do_only_if_all_do_the_same():
    found = made()
    pools = [row for row in found.rows if row.kind == "pool"]
    assert [(one.name, one.members, one.function) for one in pools] == [
        ("Finance, central and small teams: Tax", ("Tax",), "finance"),
        ("Acme, small teams: HR, Research", ("HR", "Research"), None),
    ]


def test_a_department_has_the_mean_of_its_people():
    people = set_answers(answers(LEGAL, 12, form="pulse"), slice(None), items_of("T1", anchor=True), "4")
    people = set_answers(people, slice(0, 4), items_of("T1", anchor=True), "1")
    found = release([LEGAL], {"legal": people}, form="pulse")
    # Four people at 0 and eight at 75; all twelve of twelve answered.
    cell = scored(found, "legal")
    assert (cell.score, cell.band, cell.n, cell.everyone, cell.interval) == (50, "emerging", 12, True, None)


def test_an_interval_is_given_from_10_answers_on():
    found = made()
    large, small = scored(found, "it"), scored(found, "legal")
    assert large.n == 25
    assert large.interval is not None
    assert large.interval[0] < large.score < large.interval[1]
    assert (small.n, small.interval) == (None, None)
    assert small.score % 5 == 0


def test_a_department_of_7_is_not_shown_by_its_own_spread():
    even = set_answers(answers(LEGAL, 7), slice(None), items_of("T1"), "3")
    split = set_answers(set_answers(even, slice(0, 3), items_of("T1"), "1"), slice(3, 6), items_of("T1"), "5")
    others = given()
    # The same mean, and spreads of 0 and 50: nothing printed of the department may differ.
    one, other = (release(DEPARTMENTS, others | {"legal": people}) for people in (even, split))
    assert replace(scored(one, "legal"), grade="A", border=None) == replace(
        scored(other, "legal"), grade="A", border=None
    )
    assert (scored(one, "legal").n, scored(one, "legal").interval) == (None, None)


def test_the_interval_of_a_large_department_is_not_shown_where_a_small_one_would_follow():
    found = release([LEGAL, IT], {"legal": answers(LEGAL, 8), "it": answers(IT, 25)})
    assert scored(found, "it").n is None
    assert scored(found, "organisation").n == 33


def test_people_who_all_answer_alike_look_like_a_group_whose_spread_is_not_told():
    found = release(DEPARTMENTS, given() | {"it": alike(IT, 25, "4")})
    cell = scored(found, "it")
    assert (cell.score, cell.n, cell.interval, cell.everyone) == (75, None, None, False)
    assert scored(made(), "it").n == 25


@pytest.mark.parametrize(("answer", "small", "large"), [("1", (10, "<="), (5, "<=")), ("5", (90, ">="), (95, ">="))])
def test_extreme_means_are_clipped(answer, small, large):
    found = release(DEPARTMENTS, given() | {"legal": alike(LEGAL, 8, answer), "it": alike(IT, 25, answer)})
    assert (scored(found, "legal").score, scored(found, "legal").bound) == small
    assert (scored(found, "it").score, scored(found, "it").bound) == large
    assert scored(found, "it").interval is None


def test_a_question_too_few_answered_is_merged_and_its_row_says_so():
    people = given()
    people["legal"] = set_answers(people["legal"], slice(0, 5), items_of("R3"), "K")
    found = release(DEPARTMENTS, people)
    assert reason(found, "legal", "R3") == "not_separately"
    assert scored(found, "legal", "R2").n is None
    assert scored(found, "organisation", "R3").coverage == ">= 95 %"


def test_a_question_nobody_of_a_department_answered_is_left_out_and_looks_merged():
    people = given()
    people["legal"] = set_answers(people["legal"], slice(None), items_of("R3"), "K")
    found = release(DEPARTMENTS, people)
    assert reason(found, "legal", "R3") == "not_separately"
    assert scored(found, "organisation", "R3").coverage == "80-95 %"


def test_a_department_without_responses_says_so_and_lowers_the_coverage():
    people = given()
    del people["it"]
    found = release(DEPARTMENTS, people)
    row = found.row("it")
    assert row is not None
    assert (row.n, row.rate, row.trust.score) == (None, None, None)
    assert {reason(found, "it", one) for one in DIMENSIONS} == {"no_answers"}
    assert scored(found, "organisation").coverage == "< 80 %, partial"
    assert scored(found, "legal").coverage is None


def test_with_fewer_than_5_answers_nothing_is_shown():
    found = release(DEPARTMENTS, {"it": answers(IT, 4)})
    assert [row.id for row in found.rows] == ["organisation"]
    assert (found.organisation.n, found.organisation.rate) == (None, None)
    assert {reason(found, "organisation", one) for one in DIMENSIONS} == {"small_group"}
    assert {one.row for one in found.small} == {"organisation"}
    assert found.certificate.means_published == 0
    assert found.certificate.smallest_support is None
    assert found.notes == ("Fewer than 5 people answered. Nothing is shown, to protect them.",)
    assert found == release(DEPARTMENTS, {}), "not even whether anybody answered"


def test_an_index_is_the_mean_of_the_printed_cells():
    found = made()
    for row in found.rows:
        cells = [row.cells[one] for one in ("T1", "T2", "T3", "T4", "T5")]
        scores = [one.score for one in cells if isinstance(one, Scored)]
        assert row.trust.score == int(sum(scores) / 5 + 0.5)


def test_an_index_stands_with_one_hidden_cell_and_falls_with_two():
    people = given()
    people["legal"] = set_answers(people["legal"], slice(0, 5), items_of("T1"), "X")
    one_hidden = release(DEPARTMENTS, people).row("legal")
    people["legal"] = set_answers(people["legal"], slice(0, 5), items_of("T2"), "X")
    two_hidden = release(DEPARTMENTS, people).row("legal")
    assert one_hidden is not None
    assert two_hidden is not None
    assert one_hidden.trust.score is not None
    assert (two_hidden.trust.score, two_hidden.trust.band) == (None, None)
    assert two_hidden.readiness.score is not None


def test_a_department_below_k_on_the_roster_stays_pooled_however_many_answer():
    small = (department("Audit", 3), department("Legal", 20), department("IT", 20))
    found = made(departments=small, numbers={"audit": 5, "legal": 12, "it": 9})
    assert "audit" not in {row.id for row in found.rows}
    assert [one.name for one in found.small] == ["Audit", "IT"]


def test_the_headcount_of_a_pool_does_not_tell_who_of_it_answered_beyond_the_roster():
    small = (department("Audit", 3), department("Tax", 9), department("IT", 20))
    found = made(departments=small, numbers={"audit": 4, "tax": 6, "it": 9})
    pool = next(row for row in found.rows if row.kind == "pool")
    assert (pool.n, pool.headcount) == (10, 12)


def test_a_headcount_that_was_too_small_counts_as_the_number_of_people():
    numbers = NUMBERS | {"legal": 14}
    found = release(DEPARTMENTS, given(numbers=numbers), corrected=frozenset({"legal"}))
    row = found.row("legal")
    assert row is not None
    assert (row.n, row.headcount, row.rate, row.headcount_corrected) == (14, 14, 100, True)
    assert not found.organisation.headcount_corrected
    assert found.notes == ("The headcount of Legal was corrected, because more people answered than it counted.",)
    assert found == made(numbers=numbers), "more people than the headcount need no flag to be counted"


def test_a_module_is_shown_on_the_rows_of_its_function_only():
    found = made()
    modules = {row.id: row.module for row in found.rows}
    assert modules == {
        "organisation": None,
        "legal": "module:legal",
        "finance": "module:finance",
        "payables": "module:finance",
        "pool:finance": "module:finance",
        "it": None,
        "pool:organisation": None,
    }
    assert [one.id for one in found.modules] == ["module:legal", "module:finance"]
    assert scored(found, "payables", "module:finance").n is None
    assert scored(found, "finance", "module:finance").n == 19
    assert all(
        (row.module is None) == (not any(column.startswith("module") for column in row.cells)) for row in found.rows
    )


def test_a_module_that_too_few_answered_is_hidden():
    people = given()
    people["legal"] = set_answers(people["legal"], slice(0, 4), [item.id for item in ATR.modules["legal"].items], "K")
    assert reason(release(DEPARTMENTS, people), "legal", "module:legal") == "small_group"


def test_the_pulse_asks_two_items_and_no_module():
    found = release(DEPARTMENTS, given(form="pulse"), form="pulse")
    assert [head.items for head in found.dimensions] == [2] * 11 + [3]
    assert found.modules == ()
    assert all(row.module is None for row in found.rows)


def test_the_order_of_people_and_departments_changes_no_byte():
    people = given(missing=0.2)
    rng = np.random.default_rng(1)
    shuffled = {
        one: DepartmentAnswers(people[one].item_ids, rng.permutation(people[one].codes)) for one in reversed(people)
    }
    previous, turned = earlier(DEPARTMENTS, given(seed=3)), earlier(DEPARTMENTS, dict(reversed(given(seed=3).items())))
    assert dump(release(DEPARTMENTS, people, previous=previous)) == dump(
        release(DEPARTMENTS, shuffled, previous=turned)
    )


def test_a_release_is_read_back_as_it_was_written():
    found = release(DEPARTMENTS, given(), previous=earlier(DEPARTMENTS, given(seed=3, form="pulse"), form="pulse"))
    assert load(dump(found)) == found


def test_a_release_holds_whole_numbers_only():
    def numbers(value):
        if isinstance(value, dict):
            return itertools.chain.from_iterable(map(numbers, value.values()))
        if isinstance(value, list):
            return itertools.chain.from_iterable(map(numbers, value))
        return [value] if isinstance(value, (int, float)) else []

    found = release(DEPARTMENTS, given(missing=0.3), previous=earlier(DEPARTMENTS, given(seed=3)))
    assert all(isinstance(one, int) for one in numbers(json.loads(dump(found))))


def test_the_certificate_counts_what_is_shown():
    found = made()
    dimensions, modules, checking = 7 * 12, 4, 7
    printed = found.certificate.means_published, found.certificate.means_hidden
    assert printed == (2 * dimensions + modules + checking, 0)
    shown = [one for row in found.rows for one in row.cells.values() if isinstance(one, Scored) and one.interval]
    assert found.certificate.intervals_published == len(shown) > 0
    assert found.certificate.smallest_support == 5
    assert "fewer than 5 people can be recovered from the means" in found.certificate.statement


def test_a_full_wave_stores_its_anchor_scores_without_numbers_of_people():
    full = made()
    pulse = release(DEPARTMENTS, given(form="pulse"), form="pulse")
    for row in full.rows:
        assert row.anchors.keys() == {head.id for head in full.dimensions}
        for one in row.anchors.values():
            assert isinstance(one, Scored)
            assert (one.n, one.interval) == (None, None)
    assert all(row.anchors == {} for row in pulse.rows)


def test_a_stricter_policy_pools_more():
    found = release(DEPARTMENTS, given(), policy=Policy(k_means=10, k_intervals=12))
    assert [row.id for row in found.rows] == ["organisation", "finance", "it", "pool:organisation"]
    assert found.certificate.smallest_support == 14


def test_a_policy_that_shows_intervals_before_means_is_refused():
    with pytest.raises(ValueError, match="intervals from 5 people but means only from 10"):
        release(DEPARTMENTS, given(), policy=Policy(k_means=10, k_intervals=5))


def test_a_cell_borders_on_another_band_exactly_where_the_interval_beside_it_reaches_one():
    departments = tuple(department(f"Department {place}", 30) for place in range(40))
    found = release(
        departments, {one.id: answers(one, 12 + place % 17, seed=place) for place, one in enumerate(departments)}
    )
    cells = [one for row in found.rows for one in row.cells.values() if isinstance(one, Scored) and one.interval]
    bordering = 0
    for cell in cells:
        assert cell.interval is not None
        low, high = cell.interval
        reached = {band(max(0, low)), band(min(100, high))} - {cell.band}
        assert (cell.border is None) == (not reached), (cell.score, cell.interval, cell.border)
        bordering += cell.border is not None
    assert 0 < bordering < len(cells)


def test_answers_of_an_unknown_department_are_refused():
    with pytest.raises(TreeError, match="answers of department it, which the wave does not have"):
        release([LEGAL], {"it": answers(IT, 5)})


def test_answer_sheets_that_do_not_fit_their_items_are_refused():
    sheet = answers(IT, 5)
    for wrong in (
        DepartmentAnswers(sheet.item_ids[:-1], sheet.codes),
        DepartmentAnswers(sheet.item_ids, sheet.codes[0]),
        DepartmentAnswers(sheet.item_ids, sheet.codes.astype(float)),
    ):
        with pytest.raises(MisfitError, match="department it: answer sheets do not fit"):
            release([IT], {"it": wrong})
    with pytest.raises(MisfitError, match="department it: an item stands twice"):
        release([IT], {"it": DepartmentAnswers((sheet.item_ids[1], *sheet.item_ids[1:]), sheet.codes)})


@pytest.mark.parametrize("stranger", ["Z9", "T1a@2", "invoice-check:F", "invoice-check:T1a"])
def test_answer_sheets_with_an_item_that_the_questionnaire_does_not_have_are_refused(stranger):
    sheet = answers(IT, 5)
    wrong = DepartmentAnswers((*sheet.item_ids[:-1], stranger), sheet.codes)
    with pytest.raises(MisfitError, match=rf"there are answers to {stranger}, which atr 1\.0\.0 does not ask"):
        release([IT], {"it": wrong})
    with pytest.raises(MisfitError, match=stranger):
        release([IT], {"it": sheet}, previous=earlier([IT], {"it": wrong}))


@pytest.mark.parametrize("code", [b"0", b"Z", b"?", b"\0", b"\xff"])
def test_a_byte_that_is_no_code_is_refused_and_not_taken_for_no_answer(code):
    sheet = answers(IT, 5)
    codes = sheet.codes.copy()
    codes[3, 7] = code[0]
    with pytest.raises(OutsideScaleError, match="department it: a byte of an answer sheet is no code"):
        release([IT, LEGAL], {"it": DepartmentAnswers(sheet.item_ids, codes), "legal": answers(LEGAL, 8)})


@pytest.mark.parametrize("headcount", [-1, 4.5, float("nan"), float("inf")])
def test_a_headcount_that_counts_nobody_is_refused(headcount):
    with pytest.raises(NotCountsError, match="department it: .* is not the number of its people"):
        release([replace(IT, headcount=headcount)], {"it": answers(IT, 5)})


def test_a_release_with_nan_in_it_is_never_written():
    found = made()
    row = replace(found.rows[0], headcount=float("nan"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump(replace(found, rows=(row, *found.rows[1:])))
