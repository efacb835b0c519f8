"""Who is left out of a wave for careless answering: decided once, at its close (measurement design, 1.8, P11, P19).

Every set, plan and number of a release rests on the sheets that are used. Nobody who was counted is left out later: a
further release of a wave, and the next wave's comparison with it, apply the rule only if its first release did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from app.releases.plan.coarsening import Department, plan_wave, strata, tree
from app.releases.statistics.columns import DepartmentAnswers, complete_sheets
from scoring.arrays import Flags
from scoring.careless import MANY_SIGNS, Bits, multivariate_outliers, screening, squared_distances
from scoring.errors import MisfitError
from surveys.model import Form, Instrument
from surveys.screening import Flag

Bytes = npt.NDArray[np.uint8]

BITS: Final = Bits(
    attention=Flag.ATTENTION,
    fast=Flag.FAST,
    longstring=Flag.LONGSTRING,
    longstring_high=Flag.LONGSTRING_HIGH,
    low_variance=Flag.LOW_VARIANCE,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """Everything that was sent in a wave, by department: answer sheets, and a byte of signs for each of them."""

    answers: Mapping[str, DepartmentAnswers]
    flags: Mapping[str, Bytes]


@dataclass(frozen=True, slots=True)
class Screened:
    """A wave's `used` answer sheets, and those that are `left_out`; departments without any are missing.

    `too_many` have enough signs to be left out, more than a tenth of all, so that nobody is; 0 where they are not.
    """

    used: Mapping[str, DepartmentAnswers]
    left_out: Mapping[str, DepartmentAnswers]
    too_many: int

    @property
    def number(self) -> int:
        """How many people are left out."""
        return sum(len(one.codes) for one in self.left_out.values())


def screened(
    sent: Sent,
    *,
    instrument: Instrument,
    form: Form,
    departments: Sequence[Department],
    roster: Mapping[str, int],
    k: int,
) -> Screened:
    """Decide who is left out.

    `departments` and their headcounts, `roster`, are those with which the wave opened, so that the same sheets always
    give the same people; `k` is the number of people from which on a set has a spread of its own. MisfitError where
    flags do not fit the sheets.
    """
    names = sorted(sent.answers)
    for name in names:
        if sent.flags[name].shape != (len(sent.answers[name].codes),):
            raise MisfitError(f"department {name}: the signs do not fit its {len(sent.answers[name].codes)} sheets")
    flags = np.concatenate([np.zeros(0, dtype=np.uint8), *(sent.flags[name] for name in names)])
    found = screening(flags, bits=BITS, attention_asked=form == "full")
    if _near(flags, attention_asked=form == "full").any():
        outliers = _outliers(sent.answers, instrument, form, departments, roster, k)
        found = screening(flags, bits=BITS, attention_asked=form == "full", outliers=outliers)
    if not found.excluded.any():
        return Screened(sent.answers, {}, too_many=int(np.count_nonzero(found.reason)))
    ends = np.cumsum([len(sent.answers[name].codes) for name in names])[:-1]
    out = dict(zip(names, np.split(found.excluded, ends), strict=True))
    used = _taken(sent.answers, {name: ~one for name, one in out.items()})
    return Screened(used, _taken(sent.answers, out), too_many=0)


def _taken(answers: Mapping[str, DepartmentAnswers], chosen: Mapping[str, Flags]) -> dict[str, DepartmentAnswers]:
    return {
        name: one if chosen[name].all() else DepartmentAnswers(one.item_ids, one.codes[chosen[name]])
        for name, one in answers.items()
        if chosen[name].any()
    }


def _near(flags: Bytes, *, attention_asked: bool) -> Flags:
    """Who has one sign too few. Only for them it matters whether the answers lie far from those of others."""
    signs = [BITS.fast, BITS.longstring, BITS.low_variance, *([BITS.attention] if attention_asked else [])]
    found: Flags = np.sum([(flags & bit) != 0 for bit in signs], axis=0) == MANY_SIGNS - 1
    return found


def _outliers(
    answers: Mapping[str, DepartmentAnswers],
    instrument: Instrument,
    form: Form,
    departments: Sequence[Department],
    roster: Mapping[str, int],
    k: int,
) -> Flags | None:
    """Whose answers lie far from those of others, as seen within the sets that have a spread of their own; None where
    that cannot be computed."""
    core = instrument.core(form)
    number, complete = complete_sheets(answers, core)
    responses = {name: len(answers[name].codes) for name in sorted(answers)}
    group = np.repeat(_groups(responses, departments, roster, k), list(responses.values()))
    known = group[number] >= 0
    number, complete = number[known], complete[known]
    distances = squared_distances(complete, group[number], groups=int(group.max(initial=-1)) + 1)
    if distances is None:
        return None
    found = np.zeros(group.size, dtype=np.bool_)
    found[number] = multivariate_outliers(distances, items=len(core))
    return found


def _groups(
    responses: Mapping[str, int], departments: Sequence[Department], roster: Mapping[str, int], k: int
) -> npt.NDArray[np.intp]:
    """Of each department with sheets its set among those with `k` sheets or more, -1 for none."""
    whole = tree("", [replace(one, headcount=roster[one.id]) for one in departments])
    sets = tuple(strata(plan_wave(whole, responses, k=k, recorded=roster)))
    place = {name: number for number, one in enumerate(sets) for name in one.departments}
    people = [sum(responses.get(name, 0) for name in one.departments) for one in sets]
    return np.array([place[name] if people[place[name]] >= k else -1 for name in responses], dtype=np.intp)
