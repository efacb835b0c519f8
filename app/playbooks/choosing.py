"""Which actions a department should take: a pure function of printed values, what blocks the next level, and capacity.

Measurement design, 6.1 and P18. It reads what a release prints and nothing finer, and has an answer where a score is
not told. The same case gives the same actions in the same order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.playbooks.action import CONTROLS, DIMENSIONS, Action, Library

Ground = Literal["control", "gate", "low", "first"]
Missed = Literal["hours", "number", "repeated"]

MOST_ACTIONS: Final = 5
"""In a quarter."""
LOWEST: Final = 2
"""So many of the lowest dimensions are looked at beside what blocks the next level."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A score as a release prints it, with its band."""

    score: int
    band: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A dimension that blocks the next level: its gating score and the one that is needed."""

    dimension: str
    have: int
    need: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What is known of a department.

    `printed` are the scores that the release tells; dimensions that it does not tell are absent. `lacking` are the ids
    of controls that the next level asks for and that are missing or lapsed, `gaps` the scores that block it. `weights`
    is what goes with willingness, in per cent of what the dimensions explain, empty where that is not told. `hours` is
    the capacity that the lead gives for the quarter; `before` are the actions of the quarter before.
    """

    function: str
    printed: Mapping[str, Printed]
    hours: int
    lacking: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    weights: Mapping[str, int] | None = None
    before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an action was chosen: `about` is a control, a dimension, or the action that it has to come before."""

    ground: Ground
    about: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """An action, and why."""

    action: Action
    reason: Reason


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An action that would have been chosen, and what stood against it."""

    action: Action
    reason: Reason
    missed: Missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed, in its order; `hours` is their sum. `untold` are the dimensions that the release does not tell,
    of which nothing can be said.
    """

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    hours: int
    untold: tuple[str, ...]


def propose(library: Library, need: Need) -> Proposal:
    """The actions of a quarter.

    First what unlocks the next level: an action for each lacking control, in the order of their numbers, then one for
    each score that blocks it, the largest shortfall first. Then one for each of the two lowest dimensions, weighted by
    what goes with willingness. An action that has to come before another one stands before it and both are taken or
    neither. At most five actions, no more hours than there are, and none of the quarter before unless it is recurring.
    What does not fit is left out and named, and smaller ones after it may still fit.
    """
    chosen: dict[str, Chosen] = {}
    left_out: dict[str, LeftOut] = {}
    for action, reason in _wishes(library.meant_for(need.function), need):
        if action.id in chosen or action.id in left_out:
            continue
        wanted = [*_before(library, action, need, chosen), Chosen(action, reason)]
        missed = _missed(wanted, need, chosen)
        if missed is None:
            chosen.update((one.action.id, one) for one in wanted)
        else:
            left_out[action.id] = LeftOut(action, reason, missed)
    return Proposal(
        chosen=tuple(chosen.values()),
        left_out=tuple(left_out.values()),
        hours=sum(one.action.hours for one in chosen.values()),
        untold=tuple(one for one in DIMENSIONS if one not in need.printed),
    )


def lowest(need: Need) -> tuple[str, ...]:
    """The two dimensions that matter most: what is missing to 100, times one and its share of what is explained."""

    def weight(dimension: str) -> tuple[int, int]:
        share = (need.weights or {}).get(dimension, 0)
        return -(100 - need.printed[dimension].score) * (100 + share), DIMENSIONS.index(dimension)

    return tuple(sorted(need.printed, key=weight)[:LOWEST])


def _wishes(actions: tuple[Action, ...], need: Need) -> Iterator[tuple[Action, Reason]]:
    """Actions in the order in which they are wanted, with the reason."""
    for control in sorted(need.lacking, key=CONTROLS.index):
        serving = [one for one in actions if control in one.unlocks]
        if serving:
            yield min(serving, key=lambda one: (not one.functions, one.hours, one.id)), Reason("control", control)
    for gap in sorted(need.gaps, key=lambda one: (one.have - one.need, one.dimension)):
        yield from _for_dimension(actions, need, gap.dimension, "gate")
    for dimension in lowest(need):
        yield from _for_dimension(actions, need, dimension, "low")


def _for_dimension(
    actions: tuple[Action, ...], need: Need, dimension: str, ground: Ground
) -> Iterator[tuple[Action, Reason]]:
    """The action for a printed score; none where it is not told."""
    printed = need.printed.get(dimension)
    if printed is None:
        return
    fitting = [one for one in actions if one.dimension == dimension and printed.band in one.bands]
    aimed = [one for one in fitting if len(one.bands) < 5]
    if aimed:
        yield min(aimed, key=lambda one: (len(one.bands), not one.functions, one.id)), Reason(ground, dimension)


def _before(library: Library, action: Action, need: Need, chosen: Mapping[str, Chosen]) -> Iterator[Chosen]:
    """What has to come before an action and was neither done last quarter nor chosen yet, the first one first."""
    replaced = library.stand_ins(need.function)
    for id in action.needs:
        first = library.by_id[replaced.get(id, id)]
        if first.id not in chosen and first.id not in need.before:
            yield from _before(library, first, need, chosen)
            yield Chosen(first, Reason("first", action.id))


def _missed(wanted: list[Chosen], need: Need, chosen: Mapping[str, Chosen]) -> Missed | None:
    if any(one.action.id in need.before and not one.action.recurring for one in wanted):
        return "repeated"
    if len(chosen) + len(wanted) > MOST_ACTIONS:
        return "number"
    hours = sum(one.action.hours for one in (*chosen.values(), *wanted))
    return "hours" if hours > need.hours else None
