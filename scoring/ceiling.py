"""How far a department may go with agents, and what blocks the next step (measurement design, 2.5, 3.13, P13, P14).

A pure function of what a release holds, of the controls in force on a day, and of a policy. Above A1 nothing is
granted on missing evidence: a fact that is hidden never does better there than any value that it could have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from scoring.errors import NotCountsError, ScoringError
from scoring.gating import Gate, GatesPolicy, GatingScore, OverTrust, Rung
from scoring.levels import Level

Kind = Literal["control", "score", "evidence", "split", "dk", "overtrust", "tenure"]

SHIFT: Final = 5
"""How far the gates are moved to see how much the ceiling depends on them, in points."""

_ORDER: Final[tuple[Kind, ...]] = ("control", "score", "evidence", "split", "dk", "overtrust", "tenure")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedCell:
    """A dimension of a released row, on anchor items.

    `split` is None where the release does not tell it (fewer than 10 answers): then a level that needs an undivided
    department lacks evidence. `unknown` says that many people do not know the facts (`many_do_not_know`).
    """

    dimension: str
    score: GatingScore
    split: bool | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierScore:
    """A gating score (lower bound, whole points) that one of the two waves before this one released."""

    dimension: str
    lower: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the ceiling of a department rests on; what is left out counts as not known.

    `cells` are the released dimensions, `controls` those in force, `response_rate` is in whole per cent. `group` is
    the name of the pool whose results these are, for a department below k. `held` is the ceiling of the decision
    before this one, `waves_at_a4` in how many consecutive waves before this one it was A4 or more, `earlier` the
    scores of the two waves before.
    """

    cells: tuple[GatedCell, ...]
    controls: frozenset[str]
    overtrust: OverTrust = "unknown"
    response_rate: int | None = None
    group: str | None = None
    held: Level = Level.A0
    waves_at_a4: int = 0
    earlier: tuple[EarlierScore, ...] = ()

    def cell(self, dimension: str) -> GatedCell | None:
        """The cell of a dimension, None where it is not released."""
        return next((cell for cell in self.cells if cell.dimension == dimension), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing that stands between a department and its next level.

    `ref` is a control, a dimension, "T4 split" where that is not told, "C1", "response_rate", "own_results" or
    "waves_at_a4"; `have` and `need` are points, per cent or waves, None where there is no number.
    """

    kind: Kind
    ref: str
    have: int | None = None
    need: int | None = None

    @property
    def shortfall(self) -> int:
        """What is missing of a number; 0 without one."""
        return 0 if self.have is None or self.need is None else self.need - self.have


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The ceiling if all gates were 5 points lower, or higher."""

    minus5: Level
    plus5: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The highest level of a department, and everything that blocks the next one.

    `granted` is what the lower bounds alone would grant today: below `level` where that one is only kept.
    `insufficient_evidence` says that something needed for the next level is not known. `group` is the pool whose
    results it rests on.
    """

    level: Level
    granted: Level
    next_level: Level | None
    insufficient_evidence: bool
    blocking: tuple[Block, ...]
    sensitivity: Sensitivity
    policy_version: str
    group: str | None


def department_ceiling(facts: Facts, *, policy: GatesPolicy) -> Ceiling:
    """The ceiling of a department.

    A level holds if all of its conditions do and all lower levels hold. It is granted where every gating score
    reaches its gate; a level that was held before is kept until an upper bound falls below its gate or any other
    condition fails. `blocking` is what the next level needs to be granted, ordered: controls by number, scores by the
    largest shortfall, missing evidence, splits, then the rest. ScoringError for a dimension given twice,
    NotCountsError for negative numbers of waves.
    """
    _refuse_bad_facts(facts)
    level = _highest(facts, policy, held=facts.held)
    blocking: tuple[Block, ...] = ()
    if level < Level.A5:
        blocking = tuple(sorted(_blocks(policy.rungs[level], facts, policy), key=_place))
    return Ceiling(
        level=level,
        granted=_highest(facts, policy),
        next_level=Level(level + 1) if level < Level.A5 else None,
        insufficient_evidence=any(block.kind == "evidence" for block in blocking),
        blocking=blocking,
        sensitivity=Sensitivity(
            minus5=_highest(facts, policy, held=facts.held, shift=-SHIFT),
            plus5=_highest(facts, policy, held=facts.held, shift=SHIFT),
        ),
        policy_version=policy.version,
        group=facts.group,
    )


def _highest(facts: Facts, policy: GatesPolicy, *, held: Level = Level.A0, shift: int = 0) -> Level:
    """The highest level below which nothing is blocked."""
    level = Level.A0
    for rung in policy.rungs:
        if any(_blocks(rung, facts, policy, keep=rung.level <= held, shift=shift)):
            break
        level = rung.level
    return level


def _blocks(rung: Rung, facts: Facts, policy: GatesPolicy, *, keep: bool = False, shift: int = 0) -> Iterator[Block]:
    """Everything that blocks one level; `keep` asks whether it may be kept instead of granted."""
    for control in rung.controls:
        if control not in facts.controls:
            yield Block(kind="control", ref=control)
    for gate in rung.gates:
        yield from _gate_blocks(gate, rung.level, facts, policy, keep=keep, shift=shift)
    yield from _split_blocks(rung, facts)
    yield from _evidence_blocks(rung.level, facts, policy)
    if rung.calibrated and facts.overtrust != "clear":
        yield Block(kind="overtrust" if facts.overtrust == "flagged" else "evidence", ref="C1")
    if facts.waves_at_a4 < rung.waves_at_a4:
        yield Block(kind="tenure", ref="waves_at_a4", have=facts.waves_at_a4, need=rung.waves_at_a4)


def _gate_blocks(
    gate: Gate, level: Level, facts: Facts, policy: GatesPolicy, *, keep: bool, shift: int
) -> Iterator[Block]:
    need = max(0, min(100, gate.minimum + shift))
    cell = facts.cell(gate.dimension)
    if cell is None:
        # A department without scores may use agents as an aid, unless it was known to be below even that gate.
        known_below = any(one.dimension == gate.dimension and one.lower < need for one in facts.earlier)
        if level > Level.A1 or known_below:
            yield Block(kind="evidence", ref=gate.dimension, need=need)
        return
    have = cell.score.upper if keep else cell.score.lower
    if have < need:
        yield Block(kind="score", ref=gate.dimension, have=have, need=need)
    if cell.unknown and gate.dimension in policy.dk_dimensions:
        yield Block(kind="dk", ref=gate.dimension)


def _split_blocks(rung: Rung, facts: Facts) -> Iterator[Block]:
    for dimension in rung.undivided:
        cell = facts.cell(dimension)
        split = None if cell is None else cell.split
        if split:
            yield Block(kind="split", ref=dimension)
        # Where there is no score either, its gate has said so.
        elif split is None and (cell is not None or rung.minimum(dimension) is None):
            yield Block(kind="evidence", ref=f"{dimension} split")


def _evidence_blocks(level: Level, facts: Facts, policy: GatesPolicy) -> Iterator[Block]:
    """What too few answers and borrowed results can't carry."""
    rate = facts.response_rate
    if level > Level.A2 and (rate is None or rate < policy.least_rate):
        yield Block(kind="evidence", ref="response_rate", have=rate, need=policy.least_rate)
    if facts.group is not None and level > policy.group_cap:
        yield Block(kind="evidence", ref="own_results")


def _place(block: Block) -> tuple[int, int, str]:
    return _ORDER.index(block.kind), -block.shortfall, block.ref


def _refuse_bad_facts(facts: Facts) -> None:
    names = [cell.dimension for cell in facts.cells]
    for name in names:
        if names.count(name) > 1:
            raise ScoringError(f"{name} is given twice")
    if facts.waves_at_a4 < 0:
        raise NotCountsError(f"waves at A4: {facts.waves_at_a4}")
