"""Role levels beside departments: told only where no difference rests on a few people (P9)."""

import json
import random
from dataclasses import replace

import numpy as np

from app.releases import evidence
from app.releases.document.release import Hidden, Scored, dump, load
from app.releases.statistics.margins import is_safe
from tests.releases.brute_force import leaks
from tests.releases.waves import ATR, answers, department, release, set_answers

DEPARTMENTS = (department("Legal", 12), department("IT", 40), department("Ops", 60))


def with_leaders(leaders, executives=None):
    """Everybody answers; the first `leaders` of each department lead a team, the next ones lead other managers."""
    given = {}
    for number, one in enumerate(DEPARTMENTS):
        sheet = answers(one, one.headcount, seed=number, level=2.5 + number / 2)
        sheet = set_answers(sheet, slice(None), ["E2"], "1")
        sheet = set_answers(sheet, slice(0, leaders[number]), ["E2"], "2")
        most = (executives or (0, 0, 0))[number]
        given[one.id] = set_answers(sheet, slice(leaders[number], leaders[number] + most), ["E2"], "3")
    return given


def groups(given):
    (margin,) = release(DEPARTMENTS, given).margins
    return [(group.name, group.n) for group in margin.groups]


def test_role_levels_are_told_in_the_finest_groups_that_are_safe():
    assert groups(with_leaders((6, 10, 20), (5, 5, 5))) == [
        ("“I do not lead a team”", 61),
        ("“I lead a team”", 36),
        ("“I lead other managers, or I am an executive”", 15),
    ]


def test_a_group_names_its_answers_and_0_for_those_who_did_not_say():
    (margin,) = release(DEPARTMENTS, with_leaders((5, 9, 9), (0, 1, 2))).margins
    assert [group.answers for group in margin.groups] == [(1,), (2, 3)]
    given = with_leaders((6, 10, 20))
    given["it"] = set_answers(given["it"], [20, 21], ["E2"], "S")
    (margin,) = release(DEPARTMENTS, given).margins
    assert [group.answers for group in margin.groups] == [(0, 1), (2, 3)]


def test_who_is_in_a_group_is_what_it_says_whatever_it_is_called():
    given = with_leaders((6, 10, 20))
    given["it"] = set_answers(given["it"], [20, 21], ["E2"], "S")
    one = release(DEPARTMENTS, given)
    (margin,) = one.margins
    renamed = [replace(group, name=f"Group {number}") for number, group in enumerate(margin.groups)]
    for groups_of in (margin.groups, renamed):
        told = evidence.margins(replace(one, margins=(replace(margin, groups=tuple(groups_of)),)), ATR, "full")
        assert {each.answers for each in told} == {frozenset({0, 1}), frozenset({2, 3})}


def test_a_stored_release_from_before_groups_named_their_answers_is_read_by_their_names():
    given = with_leaders((6, 10, 20))
    given["it"] = set_answers(given["it"], [20, 21], ["E2"], "S")
    one = release(DEPARTMENTS, given)
    stored = json.loads(dump(one))
    for group in stored["margins"][0]["groups"]:
        del group["answers"]
    old = load(json.dumps(stored).encode())
    assert [group.answers for group in old.margins[0].groups] == [(), ()]
    told, read = (list(evidence.margins(each, ATR, "full")) for each in (one, old))
    assert len(read) == len(told) > 4
    assert all(each in told for each in read)


def test_few_executives_are_told_together_with_other_leaders():
    assert groups(with_leaders((5, 9, 9), (0, 1, 2))) == [
        ("“I do not lead a team”", 86),
        ("“I lead a team” or “I lead other managers, or I am an executive”", 26),
    ]


def test_nine_leaders_in_all_are_not_told_apart():
    assert groups(with_leaders((2, 3, 4))) == []


def test_a_few_who_did_not_say_are_counted_with_those_who_lead_nobody():
    given = with_leaders((6, 10, 20))
    given["it"] = set_answers(given["it"], [20, 21], ["E2"], "S")
    assert groups(given) == [
        ("“I do not lead a team”, or did not say", 76),
        ("“I lead a team” or “I lead other managers, or I am an executive”", 36),
    ]
    given["it"] = set_answers(given["it"], slice(20, 34), ["E2"], "S")
    assert groups(given)[0] == ("“I do not lead a team”", 62)


def test_a_wave_that_nobody_told_their_role_has_no_margin():
    given = {one.id: set_answers(answers(one, 9), slice(None), ["E2"], "S") for one in DEPARTMENTS}
    assert release(DEPARTMENTS, given).margins == ()


def test_a_department_of_leaders_but_one_gives_that_one_away_and_is_refused():
    assert not is_safe(np.array([[0, 1, 11], [0, 40, 0], [0, 60, 0]]), 10)
    assert groups(with_leaders((11, 0, 0))) == []


def test_where_every_department_is_of_one_level_the_levels_tell_nothing_new():
    assert groups(with_leaders((12, 0, 0))) == [
        ("“I do not lead a team”", 100),
        ("“I lead a team” or “I lead other managers, or I am an executive”", 12),
    ]


def test_cells_are_printed_means_without_n_or_interval_and_hidden_where_few_answered():
    given = with_leaders((6, 10, 20))
    leader = given["ops"].codes[:, given["ops"].item_ids.index("E2")] == ord("2")
    given["ops"] = set_answers(given["ops"], np.flatnonzero(leader)[:15].tolist(), ["R4a", "R4b", "R4c", "R4d"], "S")
    given["it"] = set_answers(given["it"], slice(0, 8), ["R4a", "R4b", "R4c", "R4d"], "S")
    given["legal"] = set_answers(given["legal"], slice(0, 5), ["R4a", "R4b", "R4c", "R4d"], "S")
    (margin,) = release(DEPARTMENTS, given).margins
    for group in margin.groups:
        assert isinstance(group.cells["R4"], Hidden)
        cell = group.cells["T1"]
        assert isinstance(cell, Scored)
        assert (cell.n, cell.interval) == (None, None)
        assert cell.score % 1 == 0


def test_the_rule_for_margins_finds_what_the_rank_test_finds():
    rng, refused = random.Random(4), 0
    for _ in range(300):
        strata, categories, k = rng.randint(1, 4), rng.randint(2, 3), 3
        table = np.array([[rng.choice([0, 0, 1, 2, 3]) for _ in range(categories)] for _ in range(strata)])
        people = [(a, c) for a, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]
        everyone = range(len(people))
        if not 3 <= len(people) <= 12 or any(0 < n < k for n in table.sum(axis=1)):
            continue
        sets = [[p for p in everyone if people[p][0] == a] for a in range(strata)]
        sets += [[p for p in everyone if people[p][1] == c] for c in range(categories)]
        refused += not is_safe(table, k)
        assert is_safe(table, k) == (not leaks([one for one in sets if one], list(everyone), k))
    assert refused > 20
