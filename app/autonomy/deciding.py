"""What may be done today: a pure function of a release, of facts as of a day, and of a policy (P18).

It reads printed values only, so a decision tells nothing of answers that its release does not.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.autonomy.capping import capped, rated
from app.autonomy.coverage import Coverage
from app.autonomy.decision import (
    SCHEMA,
    Before,
    Contradiction,
    ControlFact,
    Decided,
    Decision,
    Facts,
    Place,
    ScoreFact,
)
from app.autonomy.library import EXPERIENCED
from app.releases.document import words
from app.releases.document.release import Release, Row, Scored
from app.releases.statistics.courses import level as index_of
from scoring.ceiling import Facts as CeilingFacts
from scoring.ceiling import GatedCell, department_ceiling
from scoring.controls import Status
from scoring.gating import SCORED_SHARE, GatesPolicy, GatingScore, OverTrust, many_do_not_know
from scoring.legal import LEGAL
from scoring.levels import Level
from scoring.printed import EXACT_FROM
from scoring.value import PLANNING_SHARES

HALF: Final = 50
"""Where fewer per cent agree that they notice a control, it is attested but not experienced (1.4, P1)."""
IN_FORCE: Final[Status] = "in_force"


def decide(release: Release, *, sha256: str, facts: Facts, policy: GatesPolicy, number: int = 0) -> Decision:
    """The ceilings of all departments of the facts' day; `sha256` is that of the release's canonical bytes."""
    coverage = Coverage(facts, policy)
    before = {one.department: one for one in facts.before}
    departments = (
        _decided(release, place, coverage.of(place.id), before.get(place.id, Before(department=place.id)), policy)
        for place in facts.places
    )
    return Decision(
        schema=SCHEMA,
        number=number,
        organisation=release.wave.organisation,
        wave=release.wave.label,
        release_number=release.number,
        release_sha256=sha256,
        facts=facts,
        policy=policy,
        departments=_with_works(release, tuple(departments), facts),
        law=LEGAL.version,
        shares=PLANNING_SHARES.version,
    )


def _with_works(release: Release, departments: tuple[Decided, ...], facts: Facts) -> tuple[Decided, ...]:
    told, places = rated(release, facts.works), {one.id: one for one in facts.places}
    return tuple(
        replace(
            one,
            works=tuple(
                capped(work, places[one.id], ceiling=one.ceiling.level, told=told)
                for work in facts.works
                if work.department == one.id
            ),
        )
        for one in departments
    )


def row_of(release: Release, department: str) -> tuple[Row | None, str | None]:
    """The row that tells of a department, with the name of its group where that is not its own."""
    own = release.row(department)
    if own is not None:
        return own, None
    small = next((one for one in release.small if one.id == department), None)
    row = release.row(small.row) if small else None
    return (row, str(words.row_name(row))) if row else (None, None)


def untold(release: Release, row: Row, policy: GatesPolicy) -> tuple[str, ...]:
    """Dimensions of facts of which it is not told whether enough people know them: that counts as if too few did.

    Fewer than 10 valid answers are not printed. They are 5 at least, which is enough of up to 7 used responses; and
    where no question offers "don't know", nobody said so.
    """
    return tuple(one for one in policy.dk_dimensions if _knowing(release, row, one) is None)


def _knowing(release: Release, row: Row, dimension: str) -> bool | None:
    """Whether enough people know the facts of a dimension; None where that is not told."""
    cell, used = row.anchor(dimension), row.n
    if cell is None or (cell.unknown is None and not _offers_unknown(release, dimension)):
        return True  # without a score its gate fails anyhow
    if cell.unknown is not None:
        return not many_do_not_know(used=EXACT_FROM, scored=EXACT_FROM, dk_rate=float(cell.unknown.percent))
    if used is None:
        return None
    if cell.n is not None:
        return not many_do_not_know(used=max(used, cell.n), scored=cell.n, dk_rate=None)
    least = release.policy.k_means
    return True if 100 * min(least, used) >= SCORED_SHARE * used else None


def _offers_unknown(release: Release, dimension: str) -> bool:
    """Whether the questions that every wave asks offer "don't know": where they do, the whole organisation's score
    tells how many said so, once enough people answered."""
    whole = release.organisation
    cell = whole.anchor(dimension)
    return cell is None or cell.unknown is not None or (whole.n or 0) < EXACT_FROM


def _decided(
    release: Release, place: Place, controls: tuple[ControlFact, ...], before: Before, policy: GatesPolicy
) -> Decided:
    row, group = row_of(release, place.id)
    overtrust = "unknown" if row is None else _overtrust(release, row, policy)
    known = CeilingFacts(
        cells=() if row is None else tuple(_cells(release, row, policy)),
        controls=frozenset(one.control for one in controls if one.status == IN_FORCE),
        overtrust=overtrust,
        response_rate=None if row is None else row.rate,
        group=group,
        held=before.held,
        waves_at_a4=before.waves_at_a4,
        earlier=before.earlier,
    )
    every = replace(known, controls=frozenset(policy.controls))
    return Decided(
        id=place.id,
        name=place.name,
        row="" if row is None else row.id,
        ceiling=department_ceiling(known, policy=policy),
        held=before.held,
        told=department_ceiling(every, policy=policy).level,
        shown=_carried(known.controls, policy),
        overtrust=overtrust,
        rate=known.response_rate,
        scores=tuple(
            ScoreFact(dimension=one.dimension, lower=one.score.lower, upper=one.score.upper) for one in known.cells
        ),
        controls=controls,
        contradictions=() if row is None else tuple(_contradictions(row, controls)),
        untold=() if row is None else untold(release, row, policy),
    )


def _cells(release: Release, row: Row, policy: GatesPolicy) -> Iterator[GatedCell]:
    for head in release.dimensions:
        cell = row.anchor(head.id)
        if cell is None or cell.gate is None or head.block not in ("trust", "readiness"):
            continue
        known = _knowing(release, row, head.id) if head.id in policy.dk_dimensions else True
        yield GatedCell(
            dimension=head.id,
            score=GatingScore(cell.gate.lower, cell.gate.upper),
            split=_split(cell),
            unknown=known is not True,
        )


def _split(cell: Scored) -> bool | None:
    return None if cell.camps is None else cell.camps.split


def _overtrust(release: Release, row: Row, policy: GatesPolicy) -> OverTrust:
    """Where the release does not tell how often people check (C1), nothing is found to be clear (P14)."""
    trust, skills = index_of(release, row, "trust"), row.anchor("R1")
    return policy.overtrust.judge(
        trust=trust.score if trust else None, checks=row.checks, skills=skills.score if skills else None
    )


def _carried(controls: frozenset[str], policy: GatesPolicy) -> Level:
    level = Level.A0
    for rung in policy.rungs:
        if not controls.issuperset(rung.controls):
            break
        level = rung.level
    return level


def _contradictions(row: Row, controls: tuple[ControlFact, ...]) -> Iterator[Contradiction]:
    for one in controls:
        if one.status != IN_FORCE:
            continue
        for item in EXPERIENCED.get(one.control, ()):
            shares = row.items.get(item)
            if shares is not None and shares.favourable.percent < HALF:
                yield Contradiction(control=one.control, item=item, favourable=shares.favourable.percent)
