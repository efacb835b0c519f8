"""The levels of a department's workflows: for each the strictest of six caps, with what it rests on (2.7). Pure."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from app.autonomy.decision import Place
from app.autonomy.placing import Placed, law, placed, severity
from app.autonomy.workflow import PER, DecidedWork, Work
from app.experts.judging import Judgement
from app.releases.document.release import Release
from scoring.caps import evidence_cap, preference_cap, workflow_level, zone_cap
from scoring.levels import Level
from scoring.value import PLANNING_SHARES, expected_hours

_ROUNDING: Final = 1e-9


def rated(release: Release, works: Iterable[Work]) -> dict[str, Placed]:
    """What the release tells of each workflow that was rated, by its code."""
    every = tuple(works)
    experts = {one.code: Judgement(capability=one.experts) for one in every}
    return {one.id: one for one in placed(release, every, experts, chosen=Level.A5)}


def capped(work: Work, place: Place, *, ceiling: Level, told: Mapping[str, Placed]) -> DecidedWork:
    """The level of a workflow. What is not told of it counts as P14 says: it never does better for being hidden."""
    point, facts = told.get(work.code), work.facts
    bad = point.severity if point else severity(facts)
    tested = evidence_cap(work.tests, severity=bad)
    allowed = law(facts, function=place.function)
    zone = point.found.zone if point else None
    preferred = point.human_part if point else None
    found = workflow_level(
        ceiling=ceiling,
        risk=bad.cap,
        legal=allowed.level,
        evidence=tested.level,
        preference=preference_cap(preferred),
        zone=zone_cap(zone),
    )
    expected = None if facts.hours is None else expected_hours(facts.hours, found.level, shares=PLANNING_SHARES)
    return DecidedWork(
        id=work.id,
        code=work.code,
        name=work.name,
        row=point.row.id if point else "",
        level=found.level,
        caps=found.caps,
        binding=found.binding,
        severity=bad,
        law=allowed,
        tests=work.tests,
        error_bound=math.ceil(tested.error_bound * PER - _ROUNDING),
        tolerance=round(tested.tolerance * PER),
        required=tested.required,
        zone=zone,
        borderline=point.found.borderline if point else False,
        proxy=point.capability.proxy if point and point.capability else False,
        wish=round(100 * point.wish.mean) if point and point.wish else None,
        human_part=None if preferred is None else round(100 * preferred),
        hours=None if facts.hours is None else round(facts.hours),
        released=None if expected is None else round(expected.released),
    )
