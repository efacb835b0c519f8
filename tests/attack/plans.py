"""What the attacker knows of the plan of a release: its sets and their weights, which everybody could work out who
knows the method, all headcounts and who left which question out. None of it says what was answered."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from app.releases.compute import Made
from app.releases.statistics.change import Trend, ledger_id
from app.releases.statistics.estimate import PlannedColumn
from tests.attack.insider import Insider, Strata
from tests.attack.knowledge import Compared, Document, Fact, Method, sites


def method_of(made: Made, family: str) -> Method:
    """The strata of each row's mean in the columns of a family."""
    columns = _columns(made, family)

    def method(row: str, column: str) -> Strata | None:
        planned = columns[column]
        strata = planned.strata_of(planned.published[row])
        everyone = sum(one.headcount for one in strata)
        return [(one.departments, Fraction(one.headcount, everyone)) for one in strata]

    return method


def sites_of(made: Made, document: Document, insider: Insider, family: str) -> Iterator[Fact]:
    """What a release tells of sites: each is made of the strata of the column that lie in its departments."""
    column = _columns(made, family).get("cells")

    def strata(departments: frozenset[str]) -> Strata:
        inside = [one for one in column.strata() if one.answered <= departments] if column else []
        everyone = sum(one.headcount for one in inside)
        return [(one.departments, Fraction(one.headcount, everyone)) for one in inside]

    yield from sites(document, insider, family=family, strata=strata)


def spreads_of(made: Made, insider: Insider, family: str) -> Iterator[Fact]:
    """The sets whose spread is used for intervals and grades, whether a document shows it or not."""
    for name, column in _columns(made, family).items():
        for held in column.spread_sets:
            those = dict.fromkeys(insider.scored(held, name), Fraction(1))
            yield Fact("a set that lends its spread", name, "spreads", those)


def _columns(made: Made, family: str) -> Mapping[str, PlannedColumn]:
    every = made.wave.columns()
    named = {"cells": every.get(family), "anchors": every.get(ledger_id(family))}
    return {name: column for name, column in named.items() if column is not None}


def compared_by(made: Made, family: str, *, form_before: str, form_now: str) -> tuple[Compared, Compared] | None:
    """How a release compares a dimension with the wave before, as told of that wave and of its own; None if not."""
    trend = made.trends.get(family)
    if not isinstance(trend, Trend):
        return None
    pairs = {pair.departments: pair for pair in trend.pair_of.values()}.values()
    before = [(one.departments, one.before.headcount) for one in pairs]
    now = [(one.departments, one.now.headcount) for one in pairs]
    groups_before = (*trend.before.spreads.groups, *trend.spread_before.groups)
    groups_now = (*trend.now.spreads.groups, *trend.spread_now.groups)
    return (
        Compared("before", _anchors(form_before), tuple(before), tuple(held for held, _ in groups_before)),
        Compared("now", _anchors(form_now), tuple(now), tuple(held for held, _ in groups_now)),
    )


def _anchors(form: str) -> str:
    return "anchors" if form == "full" else "cells"
