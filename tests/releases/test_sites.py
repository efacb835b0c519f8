"""Sites beside departments: unions of strata, told of the whole organisation, and refused where they are not."""

import random
from collections import Counter
from dataclasses import replace

from app.releases import evidence
from app.releases.audit.auditor import audit
from app.releases.audit.membership import joined
from app.releases.audit.statements import Statement
from app.releases.compute import build
from app.releases.document.release import SITE, Hidden, Margin, MarginGroup, Policy, Scored
from app.releases.statistics import planning
from app.releases.statistics.sites import by_site
from tests.releases.brute_force import random_organisation, smallest_leak
from tests.releases.test_leaks import DIMENSION, Wave, collect, plan, random_wave
from tests.releases.waves import ATR, answers, department, facts, items_of, release, set_answers
from tests.thorough import tried


def at(one, site):
    return replace(one, site=site)


def everybody(departments, missing=0.0):
    return {
        one.id: answers(one, one.headcount, seed=number, level=2.5 + number / 3, missing=missing)
        for number, one in enumerate(departments)
        if one.headcount
    }


def sites_of(departments, given=None):
    """The groups by site of a release: none, or one margin's."""
    found = [
        one
        for one in release(departments, everybody(departments) if given is None else given).margins
        if one.id == SITE
    ]
    return None if not found else found[0].groups


def names(departments, given=None):
    return [(group.name, group.n, group.departments) for group in sites_of(departments, given) or ()]


def made(departments, given, *, policy=Policy(), told=planning.NOTHING, number=1):  # noqa: B008 - a frozen value
    return build(
        facts=facts("full", None), policy=policy, number=number, instrument=ATR, form="full", departments=departments,
        answers=given, corrected=frozenset(), previous=None, told=told,
    )  # fmt: skip


def audited(releases, given, *, documents=None):
    """The auditor's verdict on releases of one wave, with everything that it is handed of them."""
    documents = documents or [one.release for one in releases]
    told: list[Statement] = []
    for place, (one, document) in enumerate(zip(releases, documents, strict=True)):
        told += evidence.told_in(planning.ledger(one.wave), ATR, "full", release=place)
        told += evidence.beside_rows(document, ATR, "full", place=place)
    people = evidence.people(given, ATR, "full")
    return audit(documents, joined([people] * len(documents)), told=told)


DEPARTMENTS = (
    at(department("Legal", 12), "Porto"),
    at(department("IT", 40), "Faro"),
    at(department("Ops", 60), "Porto"),
    department("Crew", 30),
)


def test_departments_of_a_site_are_told_together_and_those_without_one_as_a_group_of_their_own():
    assert names(DEPARTMENTS) == [
        ("Porto", 72, ("legal", "ops")),
        ("Faro", 40, ("it",)),
        ("No site named", 30, ("crew",)),
    ]
    assert [group.headcount for group in sites_of(DEPARTMENTS)] == [72, 40, 30]


def test_nothing_is_told_by_site_where_there_is_none_or_only_one():
    assert sites_of([replace(one, site=None) for one in DEPARTMENTS]) is None
    assert sites_of([replace(one, site="Porto") for one in DEPARTMENTS]) is None


def test_a_pool_of_two_sites_is_told_with_both_of_them():
    departments = (*DEPARTMENTS, at(department("Tax", 3), "Faro"), at(department("Audit", 4), "Porto"))
    assert names(departments) == [
        ("Porto and Faro", 119, ("legal", "it", "ops", "tax", "audit")),
        ("No site named", 30, ("crew",)),
    ]
    pooled = tuple(replace(one, pool="Desks") if one.id in ("it", "crew") else one for one in DEPARTMENTS)
    assert names(pooled)[1] == ("Faro and no site named", 70, ("it", "crew"))


def test_sites_that_pools_hold_all_together_are_a_margin_without_groups():
    pooled = tuple(replace(one, pool="Desks") if one.id in ("it", "crew", "ops") else one for one in DEPARTMENTS)
    assert sites_of(pooled) == ()


def test_people_attached_to_a_department_with_others_below_it_have_their_own_site():
    departments = (
        at(department("Finance", 9), "Porto"),
        at(department("Tax", 12, parent="finance"), "Faro"),
        at(department("Payroll", 15, parent="finance"), "Faro"),
        at(department("Crew", 30), "Lagos"),
    )
    assert names(departments) == [
        ("Porto", 9, ("finance",)),
        ("Faro", 27, ("tax", "payroll")),
        ("Lagos", 30, ("crew",)),
    ]
    few = (replace(departments[0], headcount=2), *departments[1:])
    assert names(few)[0][0] == "Porto and Faro"


def test_a_department_without_people_decides_nothing_whoever_answered_there():
    departments = (at(department("Staff", 0), "Lagos"), at(department("Legal", 3, parent="staff"), "Porto"),
             at(department("Tax", 4, parent="staff"), "Porto"), at(department("Crew", 30), "Faro"))  # fmt: skip
    assert [name for name, *_ in names(departments)] == ["Porto", "Faro"]
    given = everybody(departments) | {"staff": answers(departments[0], 1)}
    assert [(name, n) for name, n, _ in names(departments, given)] == [("Porto", 8), ("Faro", 30)]


def test_a_group_is_rolled_up_as_a_row_of_the_same_departments_is():
    parents = (department("North", 0), department("South", 0))
    below = tuple(
        at(replace(department(f"T{number}", 8 + 5 * number), parent=("north", "south")[number % 2]), "NS"[number % 2])
        for number in range(6)
    )
    departments = (*parents, *below)
    given = everybody(departments, missing=0.3)
    given["t1"] = set_answers(given["t1"], slice(0, 9), items_of("R2"), "S")
    given["t2"] = set_answers(given["t2"], slice(0, 12), items_of("R2"), "S")
    one = release(departments, {key: replace(sheet, codes=sheet.codes[3:]) for key, sheet in given.items()})
    groups = next(margin.groups for margin in one.margins if margin.id == SITE)
    rows = [row for row in one.rows if row.id in ("north", "south")]
    for group, row in zip(groups, rows, strict=True):
        assert (group.n, group.headcount) == (row.n, row.headcount)
        for column, cell in group.cells.items():
            of_row = row.cells[column]
            assert isinstance(cell, Scored)
            assert isinstance(of_row, Scored)
            bare = replace(of_row, shares=None, unknown=None, agreement=None, camps=None)
            assert replace(cell, change=bare.change) == bare
            assert cell.interval is not None


def test_a_column_whose_strata_hold_two_sites_tells_neither_of_them():
    departments = (
        at(department("Legal", 12), "Porto"),
        at(department("IT", 14), "Faro"),
        at(department("Ops", 60), "Lagos"),
    )
    given = everybody(departments)
    given["legal"] = set_answers(given["legal"], slice(0, 10), items_of("R4"), "S")
    porto, faro, lagos = sites_of(departments, given)
    assert porto.cells["R4"] == faro.cells["R4"] == Hidden(reason="not_separately")
    assert isinstance(lagos.cells["R4"], Scored)
    assert isinstance(porto.cells["T1"], Scored)


def test_a_site_of_fewer_than_ten_has_neither_n_nor_interval_nor_whole_points():
    departments = (
        at(department("Legal", 7), "Porto"),
        at(department("IT", 40), "Faro"),
        at(department("Ops", 60), "Faro"),
    )
    porto, faro = sites_of(departments)
    for cell in porto.cells.values():
        assert (cell.n, cell.interval, cell.everyone, cell.score % 5) == (None, None, False, 0)
    assert all(cell.n is None for cell in faro.cells.values()), "the spread of a part of a set is not told"


def test_a_site_where_nobody_answered_says_so():
    given = everybody(DEPARTMENTS)
    del given["it"]
    faro = sites_of(DEPARTMENTS, given)[1]
    assert (faro.name, faro.n) == ("Faro", 0)
    assert set(faro.cells.values()) == {Hidden(reason="no_answers")}


def test_thirty_sites_are_told_and_proven():
    departments = tuple(at(department(f"D{number}", 6 + number % 7), f"Site {number % 30 + 1}") for number in range(90))
    given = everybody(departments, missing=0.1)
    one = made(departments, given)
    (margin,) = (margin for margin in one.release.margins if margin.id == SITE)
    assert len(margin.groups) == 30
    assert margin.groups[29].departments == ("d29", "d59", "d89")
    found = audited([one], given)
    assert (found.passed, found.offending) == (True, ())


def told_apart(one):
    """The release with each site told of exactly its departments, whatever pools lie across."""
    groups = []
    for site in dict.fromkeys(each.site for each in one.wave.departments.values()):
        held = tuple(name for name, each in one.wave.departments.items() if each.site == site)
        n = sum(one.wave.responses.get(name, 0) for name in held)
        cells = one.release.organisation.cells
        groups.append(MarginGroup(name=site or "No site named", n=n, cells=cells, departments=held))
    margins = tuple(margin for margin in one.release.margins if margin.id != SITE)
    return replace(one.release, margins=(*margins, Margin(id=SITE, question="", groups=tuple(groups))))


def test_the_auditor_refuses_sites_that_are_told_apart_although_a_pool_holds_both():
    departments = (*DEPARTMENTS, at(department("Tax", 3), "Faro"), at(department("Audit", 4), "Porto"))
    given = everybody(departments)
    one = made(departments, given)
    assert audited([one], given).passed
    found = audited([one], given, documents=[told_apart(one)])
    assert not found.passed
    assert any("numbers of responses: " in sentence for sentence in found.offending)
    assert any(sentence.startswith("T1, means: ") for sentence in found.offending)
    assert any(sentence.startswith("T1, intervals: ") for sentence in found.offending)


def test_sites_that_nobody_explains_are_refused():
    given = everybody(DEPARTMENTS)
    one = made(DEPARTMENTS, given)
    told = list(evidence.told_in(planning.ledger(one.wave), ATR, "full"))
    found = audit([one.release], evidence.people(given, ATR, "full"), told=told)
    assert "Porto: nothing says which departments are in this group" in found.offending
    without = [each for each in evidence.beside_rows(one.release, ATR, "full") if each.kind != "numbers"]
    found = audit([one.release], evidence.people(given, ATR, "full"), told=[*told, *without])
    assert "Porto: nothing says which departments are in this group" in found.offending


SITES = ("Porto", "Faro", None)


def scattered(rng, departments):
    return tuple(replace(one, site=rng.choice(SITES)) for one in departments)


def test_a_further_release_with_other_sites_merges_and_is_proven_with_the_first():
    rng, groups = random.Random(8), Counter[int]()
    for _ in range(tried(12, sample=3)):
        departments = scattered(rng, tuple(department(f"D{number}", rng.randint(2, 25)) for number in range(9)))
        given = everybody(departments, missing=0.15)
        first = made(departments, given)
        again = tuple(replace(one, pool=rng.choice(["Desks", *[None] * 6])) for one in scattered(rng, departments))
        second = made(again, given, told=planning.ledger(first.wave), number=2)
        found = audited([first, second], given)
        assert (found.passed, found.offending) == (True, ())
        for place, each in enumerate((first, second)):
            groups[place] += sum(len(margin.groups) for margin in each.release.margins if margin.id == SITE)
    assert min(groups[0], groups[1]) > tried(10, sample=2)


POLICY = Policy(k_means=3, k_intervals=5)


def told_by_site(wave: Wave, planned) -> int:
    """Adds what the groups print of the wave's own column to what is known of it; returns how many cells that are."""
    column, shown = planned.survey.own[DIMENSION], 0
    for group in (group for margin in by_site(planned) for group in margin.groups):
        cell, held = group.cells[DIMENSION], frozenset(group.departments)
        if not isinstance(cell, Scored):
            continue
        shown += 1
        strata = [one for one in column.strata() if one.answered <= held]
        assert sum(one.moments.n for one in strata) == column.scores.over(column.scores.answered(held)).n
        wave.totals.append(wave.mean(column.column, [(one.departments, one.headcount) for one in strata]))
        if cell.n is not None or cell.interval is not None or cell.everyone:
            wave.numbers.append(wave.number(column.column, held))
            wave.squares.append(wave.spread(column.column, held))
    return shown


def test_sites_of_random_organisations_tell_of_nobody_beside_their_rows():
    rng, shown = random.Random(5), 0
    while shown < tried(40, sample=5):
        organisation = random_organisation(rng)
        if not 6 <= len(organisation.people) <= 12:
            continue
        wave = random_wave(
            rng, replace(organisation, departments=scattered(rng, organisation.departments)), form="full"
        )
        planned = plan(wave, "full")
        printed = release(wave.organisation.departments, wave.answers, policy=POLICY)
        collect(wave, printed, planned.survey.own[DIMENSION])
        alone = [smallest_leak(rows, owner, k) for rows, owner, k in knowledge(wave)]
        shown += told_by_site(wave, planned)
        assert [smallest_leak(rows, owner, k) for rows, owner, k in knowledge(wave)] == alone
        assert alone[0] is None


def knowledge(wave: Wave):
    everyone = sorted(set(wave.owner))
    products = (
        [person for person in everyone for _ in range(len(wave.squares[0]) // len(everyone))] if wave.squares else []
    )
    return [
        (wave.totals, wave.owner, POLICY.k_means),
        (wave.squares, products, POLICY.k_intervals),
        (wave.numbers, everyone, POLICY.k_intervals),
    ]


def test_the_rank_test_finds_a_site_that_cuts_a_stratum():
    strata = [[1.0] * 4 + [0.0] * 6, [0.0] * 4 + [1.0] * 6]
    assert smallest_leak(strata, list(range(10)), 3) is None
    assert smallest_leak([*strata, [1.0] * 2 + [0.0] * 2 + [1.0] * 6], list(range(10)), 3) == (0, 1)
