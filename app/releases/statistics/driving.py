"""What goes with willingness: relative weights of the dimensions, of the whole organisation (measurement design, 3.11).

They rest on people who have a score in every dimension and in the outcome. These are a tally of their own, told of
nothing but the whole organisation: what is told are ratios of products of scores of two dimensions, over 110 people or
more, and no other number of a release is made of such products.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from app.releases.document.figures import Driver, Drivers
from app.releases.document.notes import NOT_APART, TOO_FEW
from app.releases.plan.coarsening import Node
from app.releases.plan.tallies import Planner, Tally
from app.releases.statistics.columns import Column, Sheets, people_scores
from scoring.arrays import Flags
from scoring.drivers import LEAST_PEOPLE, MOST_PREDICTORS, PEOPLE_PER_PREDICTOR, drivers
from scoring.drivers import Drivers as Exact
from scoring.errors import SingularError
from scoring.kernel import by_group
from scoring.people import MISSING, least_answers
from scoring.printed import half_up, up
from surveys.model import Instrument

SEED: Final = 1
MOST_EXPLAINED: Final = 95
"""A larger share of the outcome's variance, in per cent, is not told exactly: nothing says that all are alike (P7)."""


@dataclass(frozen=True, slots=True, eq=False)
class Driving:
    """An outcome with its predictors, the `complete` people, shape (people,), and the tally that tells of them."""

    outcome: Column
    predictors: tuple[Column, ...]
    complete: Flags
    tally: Tally


def drivers_id(outcome: str) -> str:
    """What the ledger and the auditor call the people who have a score in everything."""
    return f"drivers:{outcome}"


def driving(
    sheets: Sheets, columns: Sequence[Column], instrument: Instrument, planner: Planner, rows: Node
) -> Driving | None:
    """Count the people who have a score in everything, and plan if they may be told of; None without outcome."""
    blocks = {one.id: one.block for one in instrument.dimensions}
    outcome = next((one for one in columns if blocks[one.id] == "criterion"), None)
    predictors = tuple(one for one in columns if blocks[one.id] != "criterion")
    if outcome is None or not 1 <= len(predictors) <= MOST_PREDICTORS:
        return None
    complete = np.ones(sheets.by_item.shape[1], dtype=np.bool_)
    for column in (*predictors, outcome):
        valid = np.zeros(complete.size, dtype=np.uint8)
        for item in column.items:
            valid += sheets.to(item) != MISSING
        complete &= valid >= least_answers(len(column.items))
    people = by_group(complete, sheets.sizes)[:, np.newaxis]
    (tally,) = planner.plan([drivers_id(outcome.id)], sheets.departments, people, [replace(rows, children=())])
    return Driving(outcome, predictors, complete, tally)


def driven(found: Driving | None, sheets: Sheets) -> Drivers | None:
    """What is printed; a sentence instead where too few people have a score in everything, or nothing can be told."""
    if found is None or not found.tally.trees:
        return None
    people = int(np.count_nonzero(found.complete))
    if people < max(LEAST_PEOPLE, PEOPLE_PER_PREDICTOR * len(found.predictors)):
        return _refused(found, TOO_FEW)
    predictors = np.empty((people, len(found.predictors)), order="F")
    for place, column in enumerate(found.predictors):
        predictors[:, place] = people_scores(sheets, column)[found.complete]
    outcome = people_scores(sheets, found.outcome)[found.complete]
    try:
        exact = drivers(predictors, outcome, seed=SEED)
    except SingularError:
        return _refused(found, NOT_APART)
    return Drivers(
        outcome=found.outcome.id,
        n=people,
        explained=min(MOST_EXPLAINED, half_up(100 * exact.r2)),
        cells=_cells([one.id for one in found.predictors], exact),
        draws=exact.draws,
        seed=SEED,
        refused="",
    )


def _cells(names: Sequence[str], exact: Exact) -> tuple[Driver, ...]:
    lines = zip(names, exact.share, exact.low, exact.high, exact.lmg / exact.r2, strict=True)
    return tuple(
        Driver(
            dimension=name,
            share=half_up(100 * float(share)),
            interval=(int(100 * float(low)), min(100, up(100 * float(high)))),
            lmg=half_up(100 * float(lmg)),
        )
        for name, share, low, high, lmg in lines
    )


def _refused(found: Driving, why: str) -> Drivers:
    return Drivers(outcome=found.outcome.id, n=None, explained=None, cells=(), draws=0, seed=SEED, refused=str(why))
