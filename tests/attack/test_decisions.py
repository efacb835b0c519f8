"""What is decided of whom, over several releases, tells of no hidden group how many of it answered."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.releases.compute import PreviousWave
from app.releases.document.release import Policy, Release
from app.releases.plan.coarsening import Department
from app.releases.statistics import planning
from tests.attack.decisions import singled_out
from tests.attack.worlds import ATTACKED, FUNCTION, MODULE, Later, World, answered, asked_more, released
from tests.releases.waves import department

HEADS = {"Legal": 3, "Tax": 3, "IT": 9, "Ops": 12}
USED = {"Legal": 3, "Tax": 2, "IT": 9, "Ops": 12}
DEPARTMENTS = tuple(department(name, heads, id=name) for name, heads in HEADS.items())
MOST = {"Legal": 4, "Tax": 4}


def wave(used: Mapping[str, int], departments: Sequence[Department] = DEPARTMENTS) -> World:
    department = tuple(name for name in HEADS for _ in range(used[name]))
    return World(tuple(departments), department, answered(random.Random(1), len(department), 0.0), "pulse")


def with_headcount(name: str, heads: int) -> tuple[Department, ...]:
    return tuple(replace(one, headcount=heads) if one.id == name else one for one in DEPARTMENTS)


def compared(used: Mapping[str, int], *, roster: Mapping[str, int] | None) -> Sequence[Release]:
    """Legal is corrected to 2 people after the close; the next wave, in which all answer, is compared with this one."""
    first = released(wave(used), Policy())
    before = PreviousWave(
        label="2026-Q3",
        form="pulse",
        instrument=ATTACKED,
        departments=with_headcount("Legal", 2),
        answers=wave(used).answers,
        policy=Policy(),
        told=planning.ledger(first.wave),
        roster=roster,
    )
    return first.release, released(wave(HEADS), Policy(), previous=before).release


def made_again(used: Mapping[str, int], *, roster: Mapping[str, int] | None) -> Sequence[Release]:
    """Legal is corrected to 2 people after the close, and the result is made again."""
    first = released(wave(used), Policy())
    later = Later(with_headcount("Legal", 2), planning.ledger(first.wave), roster, 2)
    return first.release, released(wave(used), Policy(), later=later).release


def test_what_is_compared_after_a_correction_tells_of_nobody_in_a_pool():
    assert singled_out(USED, MOST, lambda used: compared(used, roster=None), k=5) == "Legal"
    assert singled_out(USED, MOST, lambda used: compared(used, roster=HEADS), k=5) is None


def test_what_is_merged_after_a_correction_tells_of_nobody_in_a_pool():
    assert singled_out(USED, MOST, lambda used: made_again(used, roster=None), k=5) == "Legal"
    assert singled_out(USED, MOST, lambda used: made_again(used, roster=HEADS), k=5) is None


def test_the_mark_of_a_headcount_that_was_exceeded_tells_of_nobody_in_a_pool():
    for used in ({**USED, "Legal": 3, "Tax": 3}, {**USED, "Legal": 4, "Tax": 2}, {**USED, "Legal": 2, "Tax": 4}):
        assert singled_out(used, MOST, lambda one: [released(wave(one), Policy()).release], k=5) is None


def test_a_module_is_not_told_of_a_row_that_holds_others_than_the_first_release_told_of():
    heads = {"A": 10, "B": 5, "C": 9}
    departments = tuple(
        department(name, heads[name], None, FUNCTION if name != "C" else "other", id=name) for name in heads
    )
    people = tuple(name for name in heads for _ in range(heads[name]))
    asked = asked_more(random.Random(1), World(departments, people, answered(random.Random(1), 24, 0.0)))
    module = np.full_like(asked.module, ord("3"))
    module[12:] = ord("-")  # of B's five people three left all of the module out, and C is not asked
    one = replace(asked, departments=departments, module=module)
    first = released(one, Policy())
    told = planning.ledger(first.wave)

    def kind(release: Release, row: str) -> str:
        found = release.row(row)
        assert found is not None
        return found.cells[MODULE].kind

    assert [kind(first.release, row) for row in ("A", "B")] == ["scored", "hidden"]
    for moved, shown in ((None, "scored"), ("B", "hidden"), ("C", "hidden")):
        now = tuple(replace(each, parent="A") if each.id == moved else each for each in departments)
        again = released(one, Policy(), later=Later(now, told, heads, 2))
        assert kind(again.release, "A") == shown, moved
