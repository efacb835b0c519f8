"""The auditor counts again on which sets reliability and ICC rest, and refuses others (P3)."""

from dataclasses import replace

import pytest

from app.releases import evidence
from app.releases.audit.auditor import audit
from app.releases.plan.ledger import Ledger, entry
from app.releases.statistics import planning
from tests.releases.test_figures import DEPARTMENTS, made
from tests.releases.waves import ATR, answers

SMALL = tuple(replace(one, headcount=8) if one.id == "audit" else one for one in DEPARTMENTS)


def judged(one, given, entries):
    told = [*evidence.told_in(Ledger(tuple(entries)), ATR, "full"), *evidence.beside_rows(one.release, ATR, "full")]
    return audit([one.release], evidence.people(given, ATR, "full"), told=told)


@pytest.fixture(scope="module")
def wave():
    given = {one.id: answers(one, one.headcount, spread=1.5) for one in SMALL}
    return made(SMALL, given), given


def entries_of(one):
    return planning.ledger(one.wave).entries


def test_reliability_and_icc_pass_on_the_sets_of_the_plan(wave):
    one, given = wave
    assert one.release.quality[0].n
    assert one.release.quality[0].icc1 is not None
    assert judged(one, given, entries_of(one)).passed


@pytest.mark.parametrize(("column", "kind", "name"), [
    ("groups:T1", "spreads", "groups of T1"), ("reliability:T1", "tallies", "reliability of T1"),
])  # fmt: skip
def test_hidden_departments_as_groups_are_refused_with_the_reason(wave, column, kind, name):
    one, given = wave
    others = [kept for kept in entries_of(one) if kept.column != column]
    apart = [entry(column, kind, [department.id], len(given[department.id].codes)) for department in SMALL]
    found = judged(one, given, [*others, *apart])
    assert f"{name}: its sets divide what is told as one" in found.offending
    without = judged(one, given, others)
    assert f"{name}: nothing says on which sets it rests" in without.offending


def test_numbers_that_do_not_fit_the_sets_are_refused(wave):
    one, given = wave
    first, *rest = one.release.quality
    assert first.n is not None
    for wrong, why in (
        (replace(first, n=first.n + 1), "reliability of T1: it counts other people than its sets hold"),
        (replace(first, groups=first.groups + 1), "groups of T1: it compares another number of groups than were named"),
    ):
        other = replace(one, release=replace(one.release, quality=(wrong, *rest)))
        assert why in judged(other, given, entries_of(one)).offending


def test_a_flag_or_an_alpha_with_departments_that_nothing_explains_is_refused(wave):
    one, given = wave
    first, *rest = one.release.quality
    bare = replace(first, n=None, alpha=None, interval=None, raw=None, omega=None, item_rest={})
    sets = [kept for kept in entries_of(one) if kept.column != "reliability:T1"]
    for wrong in (replace(bare, raw=80), replace(bare, heywood=True)):
        other = replace(one, release=replace(one.release, quality=(wrong, *rest)))
        assert "reliability of T1: nothing says on which sets it rests" in judged(other, given, sets).offending
    silent = replace(one, release=replace(one.release, quality=(bare, *rest)))
    assert not [why for why in judged(silent, given, sets).offending if why.startswith("reliability of T1")]
