"""Zones of a public set of ratings by the rule of this product, beside the cut of its authors.

WORKBank (Shao et al. 2025, arXiv:2506.06576): 1,500 workers said of 844 tasks how far they want an agent to do them,
and experts how well one could. The data are not part of this project; who wants the figures gives the folder that
holds the two lists of ratings.
"""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np
from scipy.stats import spearmanr

from scoring.estimates import Spread, column_spread, own_spread
from scoring.moments import moments
from scoring.printed import EXACT_FROM
from scoring.zones import (
    MIN_RATERS,
    UNKNOWN_RATING_SPREAD,
    Opportunity,
    Rating,
    agency_gap,
    capability,
    opportunity,
    zone,
)

WORKERS: Final = "domain_worker_desires.csv"
EXPERTS: Final = "expert_rated_technological_capability.csv"
TASK, WISH, CAN, HUMAN = "Task", "Automation Desire Rating", "Automation Capacity Rating", "Human Agency Scale Rating"
ZONES: Final = ("green", "red", "r_and_d", "low")
DRAWS: Final = 200


@dataclass
class Task:
    """The ratings of a task, 1 to 5 each: of workers and of experts."""

    wish: list[float] = field(default_factory=list)
    human: list[float] = field(default_factory=list)
    can: list[float] = field(default_factory=list)
    feasible: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """Of tasks with or without a ring: how many there are, and the share of times in which the wish of one half of the
    raters lies on the other side of the cut than that of the other half."""

    tasks: int
    differ: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found: the zones of the authors' cut, and by this product's rule the zones, those of them with a ring,
    and why the others have none."""

    authors: Counter[str]
    ours: Counter[str]
    ringed: Counter[str]
    without: Counter[str]
    spread: Spread
    correlation: float
    wanted: float
    wide: int
    gaps: int


def read(folder: Path) -> dict[str, Task]:
    """The tasks that both workers and experts rated. ValueError names a column or a rating that is not there."""
    tasks: dict[str, Task] = defaultdict(Task)
    for line in _lines(folder / WORKERS, TASK, WISH, HUMAN):
        tasks[line[TASK]].wish.append(_rating(line, WISH))
        tasks[line[TASK]].human.append(_rating(line, HUMAN))
    for line in _lines(folder / EXPERTS, TASK, CAN, HUMAN):
        tasks[line[TASK]].can.append(_rating(line, CAN))
        tasks[line[TASK]].feasible.append(_rating(line, HUMAN))
    return {name: one for name, one in tasks.items() if one.wish and one.can}


def found(one: Sequence[float], can: Sequence[float], column: Spread) -> Opportunity:
    """The zone of a task as in docs/autonomy.md; no proxy, since nobody said how far its work follows rules."""
    own = own_spread(moments(np.asarray(one))) if len(one) >= EXACT_FROM else column
    wish = Rating(mean=fmean(one), n=len(one), spread=own)
    return opportunity(wish, capability(can, proxy=None))


def looked_at(tasks: Mapping[str, Task]) -> Seen:
    """The zones of all tasks, by both rules."""
    column = spread_of(tasks)
    judged = {name: found(one.wish, one.can, column) for name, one in tasks.items()}
    gaps = [agency_gap(preferred=fmean(one.human), feasible=one.feasible) for one in tasks.values()]
    told = [gap for gap in gaps if gap is not None]
    wishes, able = zip(*((fmean(one.wish), fmean(one.can)) for one in tasks.values()), strict=True)
    return Seen(
        authors=Counter(zone(wish=fmean(one.wish), capability=fmean(one.can)) for one in tasks.values()),
        ours=Counter(one.zone for one in judged.values() if one.zone),
        ringed=Counter(one.zone for one in judged.values() if one.zone and one.borderline),
        without=Counter(" and ".join(one.missing) for one in judged.values() if not one.zone),
        spread=column,
        correlation=float(spearmanr(able, wishes).statistic),
        wanted=float(np.mean(np.asarray(wishes) > 3)),
        wide=sum(gap.wide for gap in told),
        gaps=len(told),
    )


def spread_of(tasks: Mapping[str, Task]) -> Spread:
    """The spread of the column of wishes: over the tasks of which a release would tell its own."""
    return column_spread(moments(np.asarray(one.wish)) for one in tasks.values() if len(one.wish) >= EXACT_FROM)


def halves(tasks: Mapping[str, Task], *, ringed: bool, column: Spread, seed: int = 20261123) -> Halves:
    """Whether a ring means something: of each task with enough raters for two halves, drawn many times, one half says
    whether its wish is near the cut, and the other half whether it lies on the same side."""
    draw, differ, seen = random.Random(seed), [], set()
    for name, one in tasks.items():
        if len(one.wish) < 2 * MIN_RATERS:
            continue
        for _ in range(DRAWS):
            raters = draw.sample(one.wish, len(one.wish))
            first, second = raters[: len(raters) // 2], raters[len(raters) // 2 :]
            if _near(first, column) == ringed:
                seen.add(name)
                differ.append((fmean(first) >= 3) != (fmean(second) >= 3))
    return Halves(tasks=len(seen), differ=float(np.mean(differ)) if differ else 0.0)


def report(folder: Path) -> None:
    """Prints the figures of docs/workflows.md."""
    tasks = read(folder)
    seen = looked_at(tasks)
    print(f"{len(tasks)} tasks that workers and experts rated")
    print(f"correlation of wish and capability (Spearman): {seen.correlation:.4f}; wish above 3: {seen.wanted:.1%}")
    print("zone | authors' cut | our rule | of these with a ring")
    for name in ZONES:
        print(f"{name:>8} | {seen.authors[name]:>4} | {seen.ours[name]:>4} | {seen.ringed[name]:>4}")
    for why, count in seen.without.most_common():
        print(f"no zone, not enough raters of: {why} | {count}")
    print(f"staff want at least one step more of a person's part than experts: {seen.wide} of {seen.gaps} tasks")
    print(f"spread of wishes, of tasks with {EXACT_FROM} raters or more: {seen.spread.s:.2f} steps")
    for column in (seen.spread, UNKNOWN_RATING_SPREAD):
        for ringed in (False, True):
            one = halves(tasks, ringed=ringed, column=column)
            what = "with" if ringed else "without"
            print(f"other half on the other side, {what} a ring by {column.s:.2f} steps: {one.differ:.1%}")


def _near(wish: Sequence[float], column: Spread) -> bool:
    """Whether the wish alone gives a task its ring, where agents can certainly do it."""
    return found(wish, (5, 5), column).borderline


def _lines(file: Path, *columns: str) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.DictReader(stream)
        for name in columns:
            if name not in (lines.fieldnames or ()):
                raise ValueError(f"{file.name}: there is no column “{name}”")
        yield from lines


def _rating(line: Mapping[str, str], name: str) -> float:
    try:
        value = float(line[name])
    except ValueError:
        value = 0.0
    if not 1 <= value <= 5:
        raise ValueError(f"{name} of “{line[TASK][:60]}”: {line[name]!r} is outside 1..5")
    return value
