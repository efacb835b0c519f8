"""What a release tells beside scores: recomputed from the answers, told of no few, and proven by the auditor."""

import random
from collections import Counter
from dataclasses import replace
from statistics import fmean

import numpy as np
import pytest

from app.releases import evidence
from app.releases.audit.auditor import audit
from app.releases.compute import build
from app.releases.document.figures import Agreement, Share
from app.releases.document.notes import NO_COEFFICIENT
from app.releases.document.release import Policy, Scored, dump, load
from app.releases.plan.ledger import require_safe
from app.releases.statistics import planning
from app.releases.statistics.columns import DepartmentAnswers
from surveys.arrange import layout
from surveys.model import asked
from tests.releases.waves import ATR, DIMENSIONS, answers, department, facts, items_of, set_answers
from tests.thorough import tried

K = 10
DEPARTMENTS = (
    department("Finance", 8, function="finance"),
    department("Tax", 16, "finance", function="finance"),
    department("Audit", 9, "finance", function="finance"),
    department("Legal", 14, function="legal"),
    department("Sales", 60, function="sales"),
)


def made(departments, given, *, form="full", told=planning.NOTHING, number=1, instrument=ATR):
    return build(
        facts=facts(form, None), policy=Policy(), number=number, instrument=instrument, form=form,
        departments=departments, answers=given, corrected=frozenset(), previous=None, told=told,
    )  # fmt: skip


def judged(one, given, *, form="full", instrument=ATR):
    told = [
        *evidence.told_in(planning.ledger(one.wave), instrument, form),
        *evidence.beside_rows(one.release, instrument, form),
    ]
    return audit([one.release], evidence.people(given, instrument, form), told=told)


def sheets_of(one, n, *, seed, form="full"):
    """People who answer, leave out, don't know and have no experience, at random, where that is offered."""
    rng = random.Random(f"{seed} {one.id}")
    item_ids = layout(ATR, form=form, function=one.function).item_ids
    leaning = rng.choice(["12345", "1123", "3455", "15"])
    codes = np.zeros((n, len(item_ids)), dtype=np.uint8)
    for person in range(n):
        for place, item in enumerate(item_ids):
            offered = ATR.item(item)
            code = rng.choice(leaning)
            if rng.random() < 0.25:
                code = rng.choice("S" + "K" * offered.allow_dk + "X" * offered.allow_nx)
            codes[person, place] = ord(code)
    return DepartmentAnswers(item_ids, codes)


def wave_of(seed, *, form="full"):
    rng = random.Random(seed)
    departments = [department("Root", rng.randint(0, 12))]
    for number in range(rng.randint(2, 7)):
        parent = rng.choice([None, *(one.id for one in departments)])
        function = rng.choice(["finance", "legal", "other"])
        departments.append(department(f"Team {number}", rng.randint(1, 30), parent, function, id=f"t{number}"))
    given = {one.id: sheets_of(one, rng.randint(0, one.headcount), seed=seed, form=form) for one in departments}
    return tuple(departments), {name: one for name, one in given.items() if len(one.codes)}


def said(given, departments, item):
    """How many people of these departments gave which code to an item."""
    found: Counter[str] = Counter()
    for name in departments:
        if name in given and item in given[name].item_ids:
            found.update(chr(code) for code in given[name].codes[:, given[name].item_ids.index(item)])
    return found


def valid(found):
    return sum(found[code] for code in "12345")


def test_the_shares_of_a_row_are_those_of_its_answers_weighted_by_headcount():
    given = {one.id: sheets_of(one, one.headcount - 1, seed=3) for one in DEPARTMENTS}
    one = made(DEPARTMENTS, given)
    exact = 0
    for item, found in one.wave.items.items():
        for row in one.release.rows:
            if item not in row.items:
                continue
            strata = found.given.strata(found.given.published[row.id])
            parts = [(leaf.headcount, said(given, leaf.departments, item)) for leaf in strata]
            weights = sum(head for head, _ in parts)
            shown = row.items[item]
            for share, codes in ((shown.favourable, "45"), (shown.neutral, "3"), (shown.unfavourable, "12")):
                mean = sum(head * sum(told[code] for code in codes) / valid(told) for head, told in parts) / weights
                # Where a bound hides how many there are, of each set 1.5 people at most count otherwise.
                off = 150 * sum(head / valid(told) for head, told in parts) / weights
                assert share.bound or abs(share.percent - 100 * mean) <= off + 3
                exact += abs(share.percent - 100 * mean) <= 0.51
            assert (shown.interval is None) == (len(strata) > 1 or bool(shown.favourable.bound))
    assert exact > 50


def test_a_dont_know_rate_counts_everybody_who_answered_the_question():
    item = next(one.id for one in ATR.dimension("R2").items if one.allow_dk)
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    given["sales"] = set_answers(given["sales"], list(range(30)), [item], "K")
    given["sales"] = set_answers(given["sales"], list(range(30, 40)), [item], "S")
    row = made(DEPARTMENTS, given).release.row("sales")
    assert row.unknown[item] == Share(percent=60)
    own = next(one for one in items_of("R1") if not ATR.item(one).allow_dk)
    assert own not in row.unknown
    assert row.cells["R2"].unknown is not None


@pytest.mark.parametrize("form", ["full", "pulse"])
@pytest.mark.parametrize("seed", range(tried(12, sample=2)))
def test_nothing_is_told_of_fewer_than_ten_who_count_and_no_difference_is(seed, form):
    departments, given = wave_of(seed, form=form)
    one = made(departments, given, form=form)
    for item in [item.id for dimension in ATR.dimensions for item in asked(dimension, form)]:
        counts = {name: valid(said(given, [name], item)) for name in given}
        require_no_few(one, counts, lambda row, item=item: item in row.items)
        some = {name: sum(said(given, [name], item)[code] for code in "12345KX") for name in given}
        require_no_few(one, some, lambda row, item=item: item in row.unknown)
    for name in DIMENSIONS:
        items = [item.id for item in asked(ATR.dimension(name), form)]
        everything = {
            department: int(
                (found.codes[:, [found.item_ids.index(item) for item in items]] < ord("A")).all(axis=1).sum()
            )
            for department, found in given.items()
        }
        require_no_few(one, everything, lambda row, name=name: getattr(row.cells[name], "agreement", None) is not None)
        for beside in besides(given, items):
            require_no_few(one, beside, lambda row, name=name: getattr(row.cells[name], "agreement", None) is not None)
    assert judged(one, given, form=form).passed


def besides(given, items):
    """Who has a score, and who answered each question, of those who did not answer all: by department."""
    valid = {
        name: found.codes[:, [found.item_ids.index(item) for item in items]] < ord("A") for name, found in given.items()
    }
    partly = {name: one[~one.all(axis=1)] for name, one in valid.items()}
    yield {name: int((2 * one.sum(axis=1) >= len(items)).sum()) for name, one in partly.items()}
    for place in range(len(items)):
        yield {name: int(one[:, place].sum()) for name, one in partly.items()}


def require_no_few(one, counts, told):
    """The rows lie inside each other or apart, so a difference that tells of few is a row without all rows in it."""
    shown = [row for row in one.release.rows if told(row)]
    for row in shown:
        inside = {name for other in shown if other.id != row.id and set(other.departments) < set(row.departments)
                  for name in other.departments}  # fmt: skip
        rest = sum(counts.get(name, 0) for name in row.departments if name not in inside)
        assert rest == 0 or rest >= K, (row.name, rest)


def test_two_camps_are_told_from_ten_scores_on():
    given = {one.id: answers(one, one.headcount, spread=0.8) for one in DEPARTMENTS}
    items = items_of("T4")
    given["sales"] = set_answers(given["sales"], list(range(30)), items, "1")
    given["sales"] = set_answers(given["sales"], list(range(30, 60)), items, "5")
    one = made(DEPARTMENTS, given).release
    assert one.row("sales").cells["T4"].camps.split
    assert one.row("sales").cells["T4"].camps.polarisation == 100
    assert not one.row("legal").cells["T4"].camps.split
    assert one.row("sales").cells["T4"].agreement == Agreement(r_wg=0, deviation=200)
    audit_row = next(row for row in one.rows if "audit" in row.departments and row.kind != "organisation")
    shown = [row.id for row in one.rows if isinstance(row.cells["T4"], Scored) and row.cells["T4"].camps]
    assert all(row.n >= K for row in one.rows if row.id in shown)
    assert audit_row.n is not None


def test_nothing_says_that_all_people_answered_alike():
    given = {one.id: answers(one, one.headcount, spread=0.8) for one in DEPARTMENTS}
    everything = [item for name in DIMENSIONS for item in items_of(name)]
    given["sales"] = set_answers(given["sales"], list(range(60)), everything, "3")
    given["legal"] = set_answers(given["legal"], list(range(14)), items_of("T1"), "4")
    given["legal"] = set_answers(given["legal"], [0], items_of("T1"), "5")
    one = made(DEPARTMENTS, given).release
    cells = [cell for row in one.rows for cell in row.cells.values() if isinstance(cell, Scored)]
    sales = one.row("sales").cells["T1"]
    assert (sales.agreement, sales.camps, sales.interval) == (None, None, None) or sales.everyone
    assert max(cell.agreement.r_wg for cell in cells if cell.agreement) <= 95
    assert min(cell.agreement.deviation for cell in cells if cell.agreement) >= 10
    assert min(cell.camps.polarisation for cell in cells if cell.camps) >= 5
    same = set_answers(given["legal"], list(range(14)), everything, "2")
    alike = made((DEPARTMENTS[3], DEPARTMENTS[4]), {"legal": same, "sales": given["sales"]}).release
    assert all(found.icc1 is None or found.icc1 <= 95 for found in alike.quality)
    assert all(found.icc2 is None or found.icc2 <= 95 for found in alike.quality)


def test_the_quality_of_the_questions_rests_on_the_whole_organisation():
    given = {one.id: answers(one, one.headcount, level=2 + place, spread=0.8) for place, one in enumerate(DEPARTMENTS)}
    found = {one.dimension: one for one in made(DEPARTMENTS, given).release.quality}
    assert set(found) == set(DIMENSIONS)
    one = found["T1"]
    assert one.n == sum(department.headcount for department in DEPARTMENTS)
    assert one.alpha is not None
    assert one.interval is not None
    assert one.interval[0] < one.alpha < one.interval[1]
    assert one.decision == "departments_differ_reliably"
    assert one.icc2 is not None
    assert one.icc2 >= 70
    assert set(one.item_rest) == set(items_of("T1"))


def test_a_question_to_which_everybody_said_the_same_is_not_marked():
    given = {one.id: answers(one, one.headcount, spread=0.8) for one in DEPARTMENTS}
    item = items_of("T1")[0]
    given = {name: set_answers(one, list(range(len(one.codes))), [item], "4") for name, one in given.items()}
    found = made(DEPARTMENTS, given).release.quality[0]
    assert found.item_rest[item] == 0
    assert None not in found.item_rest.values()


def test_too_few_people_for_a_coefficient_are_not_counted_aloud():
    given = {"legal": answers(DEPARTMENTS[3], 14)}
    one = made((DEPARTMENTS[3],), given).release.quality[0]
    assert (one.alpha, one.n, one.reliable) == (None, None, False)
    assert one.refused == NO_COEFFICIENT
    assert one.decision == "none"


def test_that_all_sums_are_alike_looks_like_too_few_people():
    """Everybody adds up to 12, half of them by 2 and 4: the number of people beside it would say so."""
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    few, alike = (
        {name: set_answers(one, slice(None), items_of("T1"), "3") for name, one in given.items()} for _ in "12"
    )
    for name, one in alike.items():
        half = list(range(0, len(one.codes), 2))
        alike[name] = set_answers(set_answers(one, half, items_of("T1")[:2], "2"), half, items_of("T1")[2:], "4")
        few[name] = set_answers(few[name], slice(1, None), items_of("T1")[:1], "S")
    told = [made(DEPARTMENTS, one).release.quality[0] for one in (few, alike)]
    for one in told:
        assert (one.n, one.alpha, one.omega, one.refused) == (None, None, None, NO_COEFFICIENT)
        assert set(one.item_rest.values()) == {None}


def broken_with(one, row_id, **figures):
    rows = tuple(replace(row, **figures) if row.id == row_id else row for row in one.release.rows)
    return replace(one, release=replace(one.release, rows=rows))


@pytest.mark.parametrize("kind", ["items", "unknown", "agreement"])
def test_the_auditor_refuses_a_figure_of_too_few_people(kind):
    given = {one.id: answers(one, min(one.headcount, 8 if one.id == "audit" else 99)) for one in DEPARTMENTS}
    one = made(DEPARTMENTS, given)
    item = next(one.id for one in ATR.dimension("R2").items if one.allow_dk)
    row = one.release.row("audit")
    assert row is not None
    assert judged(one, given).passed
    if kind == "items":
        wrong = broken_with(one, "audit", items={item: one.release.row("sales").items[item]})
    elif kind == "unknown":
        wrong = broken_with(one, "audit", unknown={item: Share(percent=50)})
    else:
        cells = {**row.cells, "T1": replace(row.cells["T1"], agreement=Agreement(r_wg=50, deviation=50))}
        wrong = broken_with(one, "audit", cells=cells)
    found = judged(wrong, given)
    assert not found.passed
    where = {
        "items": f"shares:{item}, shares",
        "unknown": f"unknown:{item}, shares",
        "agreement": "complete:T1, shares",
    }
    assert any(sentence.startswith(where[kind]) and "Audit" in sentence for sentence in found.offending)


HALF = tuple(replace(one, headcount=2 * one.headcount) for one in DEPARTMENTS)


def with_one_who_left_a_question_out(answered="112"):
    """Half of each department answer. 13 of Legal agree that it is so, and one who left a question out does not."""
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    for number, item in enumerate(items_of("T1")):
        given["legal"] = set_answers(given["legal"], slice(0, 13), [item], "4")
        given["legal"] = set_answers(given["legal"], [number], [item], "5")
        given["legal"] = set_answers(given["legal"], [13], [item], (*answered, "S")[number])
    return given


def test_agreement_is_not_told_beside_an_interval_of_a_few_more_people():
    told = made(HALF, with_one_who_left_a_question_out()).release
    row = told.row("legal")
    assert row.cells["T1"].interval is not None
    # The spread of the 13 is at most what their agreement leaves: the score of the one would follow to a few points.
    assert row.cells["T1"].agreement is None
    assert told.organisation.cells["T1"].agreement is None, "nor by the difference to the others"
    assert told.row("sales").cells["T1"].agreement is not None
    assert told.row("legal").cells["T2"].agreement is not None
    assert next(one for one in told.quality if one.dimension == "T1").alpha is not None


def test_the_auditor_refuses_agreement_beside_an_interval_of_a_few_more_people():
    given = with_one_who_left_a_question_out()
    one = made(HALF, given)
    assert judged(one, given).passed
    row = one.release.row("legal")
    cells = {**row.cells, "T1": replace(row.cells["T1"], agreement=Agreement(r_wg=94, deviation=22))}
    wrong = broken_with(one, "legal", cells=cells)
    assert [sentence for sentence in judged(wrong, given).offending if sentence.startswith("T1, intervals")]


def test_the_auditor_refuses_shares_of_a_question_that_nobody_explains():
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    one = made(DEPARTMENTS, given)
    wrong = broken_with(one, "sales", items={"Z9": one.release.row("sales").items[items_of("T1")[0]]})
    assert "shares:Z9: nothing says on which answers this column rests" in judged(wrong, given).offending


def test_the_auditor_refuses_averages_that_rest_on_no_question_of_their_row():
    given = {one.id: answers(one, min(one.headcount, 8 if one.id == "audit" else 99)) for one in DEPARTMENTS}
    one = made(DEPARTMENTS, given)
    row, other = one.release.row("audit"), one.release.row("sales").cells["R2"]
    figures = ({"shares": other.shares}, {"unknown": other.unknown})
    for figure in figures:
        wrong = broken_with(one, "audit", cells={**row.cells, "R2": replace(row.cells["R2"], **figure)})
        assert any(
            sentence.startswith("R2, shares") and "Audit" in sentence for sentence in judged(wrong, given).offending
        )
    unexplained = "Audit: nothing says"
    for figure, why in (
        *((figure, unexplained) for figure in (*figures, {"agreement": other.agreement})),
        ({"camps": other.camps}, "R2, intervals"),
    ):
        wrong = broken_with(one, "audit", anchors={**row.anchors, "R2": replace(row.anchors["R2"], **figure)})
        assert any(sentence.startswith(why) for sentence in judged(wrong, given).offending)


def test_no_shares_are_told_on_a_scale_on_which_they_give_the_mean_of_a_question():
    scale = ATR.item(items_of("T1")[0]).scale
    three = replace(ATR.scales[scale], points=ATR.scales[scale].points[:3])
    short = replace(ATR, scales={**ATR.scales, scale: three})
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    for one in given.values():
        one.codes[(one.codes > ord("3")) & (one.codes <= ord("5"))] = ord("3")
    one = made(DEPARTMENTS, given, instrument=short)
    asked_on_it = {item.id for dimension in ATR.dimensions for item in dimension.items if item.scale == scale}
    assert not any(asked_on_it & row.items.keys() for row in one.release.rows)
    assert one.release.organisation.cells["T1"].shares is None
    assert one.release.organisation.cells["R2"].unknown is not None
    assert judged(one, given, instrument=short).passed
    wrong = broken_with(one, "sales", items=made(DEPARTMENTS, given).release.row("sales").items)
    assert any(
        "nothing says on which answers" in sentence for sentence in judged(wrong, given, instrument=short).offending
    )


def test_a_further_release_only_merges_what_was_told_beside_scores():
    departments, given = wave_of(5)
    first = made(departments, given)
    told = planning.ledger(first.wave)
    assert any(one.kind == "tallies" for one in told.entries)
    rng = random.Random(5)
    for number in range(2, 8):
        parents = [None, *(one.id for one in departments[:2])]
        moved = tuple(one if one.id in parents else replace(one, parent=rng.choice(parents)) for one in departments)
        again = made(moved, given, told=told, number=number)
        after = planning.ledger(again.wave)
        require_safe(told, after, valid=planning.valid_answers(again.wave), k_means=5, k_intervals=K)
        before = {(one.column, frozenset(one.departments)) for one in told.entries if one.kind == "tallies"}
        later = [(one.column, frozenset(one.departments)) for one in after.entries if one.kind == "tallies"]
        cut = [held for name, held in later for of, old in before if name == of and held & old and not old <= held]
        assert not cut


def test_a_release_from_before_there_were_figures_is_read():
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    one = made(DEPARTMENTS, given).release
    bare = replace(one, items=(), quality=(), rows=tuple(replace(row, items={}, unknown={}) for row in one.rows))
    text = dump(bare).decode()
    for gone in (',"items":{}', ',"unknown":{}', ',"quality":[]', ',"items":[]', '"items":[],', '"quality":[],'):
        text = text.replace(gone, "")
    assert load(text.encode()).rows == bare.rows
    assert fmean(len(row.items) for row in one.rows) > 0
    assert isinstance(load(dump(one)), type(one))
    assert load(dump(one)) == one
