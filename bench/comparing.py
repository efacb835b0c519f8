"""Cell means and alpha as a user would write them with pandas and pingouin, beside ours, in one run.

pandas and pingouin are in a dependency group of their own (requirements-bench.txt): pingouin is GPL, so nothing that
Plumbline runs or tests with may need it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bench.filling import organisation
from scoring.arrays import Answers, Floats
from scoring.kernel import patterns, score_counts
from scoring.reliability import Coefficient, alpha, from_sums

if TYPE_CHECKING:
    from pandas import DataFrame

DIMENSIONS, ITEMS, POINTS, DEPARTMENTS = 15, 4, 5, 500
BEST_OF = 3


@dataclass(frozen=True)
class Wave:
    """Answers to compare on: `answers` (people, items) with 0 for missing, people department by department."""

    answers: Answers
    sizes: npt.NDArray[np.intp]


def wave(people: int, *, seed: int = 1) -> Wave:
    """About so many sheets in which the items of a dimension go together; one answer in twenty is missing."""
    rng = np.random.default_rng(seed)
    sizes = np.array([department.headcount for department in organisation(DEPARTMENTS, people)], dtype=np.intp)
    people = int(sizes.sum())
    common = rng.normal(size=(people, DIMENSIONS, 1))
    latent = common + rng.normal(size=(people, DIMENSIONS, ITEMS))
    answers = np.digitize(latent, (-1.6, -0.5, 0.5, 1.6)).astype(np.uint8) + np.uint8(1)
    answers[rng.random(answers.shape) < 0.05] = 0
    return Wave(answers.reshape(people, DIMENSIONS * ITEMS), sizes)


def our_means(given: Wave) -> Floats:
    """Mean score of each department and dimension by the half rule, NaN where nobody has a score."""
    by_item = np.ascontiguousarray(given.answers.T)
    straight = np.zeros(ITEMS, dtype=np.bool_)
    found = np.empty((len(given.sizes), DIMENSIONS))
    for number in range(DIMENSIONS):
        who = patterns(list(by_item[ITEMS * number :][:ITEMS]), given.sizes, points=POINTS)
        counted = score_counts(who, range(ITEMS), reverse=straight)
        found[:, number] = np.where(counted.n > 0, counted.mean, np.nan)
    return found


def long_table(given: Wave) -> "DataFrame":
    """The table a survey tool exports: a line an answer, with its person, department and dimension."""
    import pandas

    people, items = given.answers.shape
    department = np.repeat(np.arange(len(given.sizes)), given.sizes)
    table = pandas.DataFrame(
        {
            "person": np.repeat(np.arange(people), items),
            "department": np.repeat(department, items),
            "dimension": np.tile(np.repeat(np.arange(DIMENSIONS), ITEMS), people),
            "score": 25.0 * (given.answers.ravel().astype(np.float64) - 1),
        }
    )
    return table[given.answers.ravel() > 0]


def pandas_means(table: "DataFrame") -> Floats:
    """The same numbers as `our_means` by two `groupby` over the long table."""
    people = table.groupby(["department", "person", "dimension"])["score"].agg(["mean", "count"])
    scored = people.loc[people["count"] >= (ITEMS + 1) // 2, "mean"]
    means = scored.groupby(["department", "dimension"]).mean().unstack("dimension")
    return _array(means.reindex(range(DEPARTMENTS)))


def pandas_answers(table: "DataFrame") -> Floats:
    """The mean of all answers of a department and dimension: the shortest way to write it, without the half rule."""
    return _array(table.groupby(["department", "dimension"])["score"].mean().unstack("dimension"))


def _array(table: "DataFrame") -> Floats:
    found: Floats = table.to_numpy()
    return found


def our_alphas(dimensions: Sequence[Answers]) -> Floats:
    """Cronbach's alpha of each dimension over all people, complete rows, with its interval: (dimensions, 3).

    Counted by patterns of answers, as a release does.
    """
    straight = np.zeros(ITEMS, dtype=np.bool_)
    found: list[tuple[float, ...]] = []
    for answers in dimensions:
        complete = patterns(list(answers.T), np.array([len(answers)]), points=POINTS).complete()
        n = complete.having(np.ones(len(complete.answers), dtype=np.bool_))
        sums = (complete.answer_counts() @ np.arange(POINTS + 1)).T.astype(np.float64)
        coefficient = alpha(from_sums(n=n, sums=sums, products=complete.products(), reverse=straight))
        assert isinstance(coefficient, Coefficient)
        assert coefficient.interval is not None
        found.append((coefficient.value, *coefficient.interval))
    return np.array(found)


def pingouin_alphas(frames: Sequence["DataFrame"]) -> Floats:
    """The same by `pingouin.cronbach_alpha`, which rounds its interval to three digits."""
    import pingouin

    found: list[tuple[float, ...]] = []
    for frame in frames:
        value, interval = pingouin.cronbach_alpha(data=frame, nan_policy="listwise")
        found.append((value, *interval))
    return np.array(found)


def _frame(answers: Answers) -> "DataFrame":
    import pandas

    return pandas.DataFrame(np.where(answers > 0, answers, np.nan))


def _seconds(step: Callable[[], Floats]) -> tuple[float, Floats]:
    """The least processor seconds of some runs, and what came out."""
    runs: list[tuple[float, Floats]] = []
    for _ in range(BEST_OF):
        start = time.process_time()
        found = step()
        runs.append((time.process_time() - start, found))
    return min(runs, key=lambda run: run[0])


def report(*, people: int) -> int:
    """Print times, ratios and the largest difference; 2 when pandas or pingouin are not installed."""
    try:
        import pingouin  # noqa: F401
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed: .venv/bin/uv pip install -r requirements-bench.txt")
        return 2
    given = wave(people)
    table = long_table(given)
    dimensions = [
        np.ascontiguousarray(given.answers[:, first:][:, :ITEMS]) for first in range(0, DIMENSIONS * ITEMS, ITEMS)
    ]
    frames = [_frame(answers) for answers in dimensions]
    ours, means = _seconds(lambda: our_means(given))
    print(f"{len(given.answers)} sheets x {DIMENSIONS * ITEMS} items, {DEPARTMENTS} departments")
    print(f"Processor seconds, best of {BEST_OF}")
    print("what                                            theirs   ours  ratio  largest difference")
    _line("cell means by groupby, half rule", _seconds(lambda: pandas_means(table)), (ours, means))
    _line("mean of all answers by groupby (another number)", _seconds(lambda: pandas_answers(table)), (ours, means))
    mine, alphas = _seconds(lambda: our_alphas(dimensions))
    seconds, theirs = _seconds(lambda: pingouin_alphas(frames))
    _line("alpha by pingouin", (seconds, theirs[:, 0]), (mine, alphas[:, 0]))
    print(
        f"its intervals differ by {np.abs(theirs[:, 1:] - alphas[:, 1:]).max():.1e} at most (pingouin rounds to .001)"
    )
    return 0


def _line(name: str, theirs: tuple[float, Any], ours: tuple[float, Any]) -> None:  # Any: arrays of one shape
    difference = float(np.nanmax(np.abs(theirs[1] - ours[1])))
    print(f"{name:47s} {theirs[0]:6.3f} {ours[0]:6.3f} {theirs[0] / ours[0]:6.1f}  {difference:.1e}")
