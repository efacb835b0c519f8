"""Waves to compute releases from: departments, made-up answers, and the questionnaire they answer."""

from collections.abc import Iterable, Mapping

import numpy as np

from app.releases.audit.statements import Statement
from app.releases.compute import Made, PreviousWave, build
from app.releases.document.release import Policy, Release, WaveFacts
from app.releases.evidence import beside_rows, told_in
from app.releases.plan.coarsening import Department
from app.releases.statistics import planning
from app.releases.statistics.columns import DepartmentAnswers
from surveys.arrange import layout
from surveys.load import INSTRUMENTS, load_file
from surveys.model import Form, Instrument

ATR = load_file(INSTRUMENTS / "atr" / "1.0.0")
DIMENSIONS = tuple(one.id for one in ATR.dimensions)
POLICY = Policy()


def department(
    name: str, headcount: int, parent: str | None = None, function: str = "other", id: str | None = None
) -> Department:
    return Department(id=id or name.lower(), name=name, parent=parent, function=function, headcount=headcount)


def facts(form: Form, previous: PreviousWave | None) -> WaveFacts:
    return WaveFacts(
        organisation="Acme",
        assessment="Readiness",
        label="2026-Q4",
        form=form,
        opened_on="2026-10-01",
        closed_on="2026-10-15",
        instrument=ATR.key,
        instrument_version=ATR.version,
        instrument_sha256=ATR.sha256,
        roster_sha256="0" * 64,
        previous_label=previous.label if previous else None,
    )


def answers(
    one: Department,
    n: int,
    *,
    form: Form = "full",
    seed: int = 0,
    level: float = 3.5,
    spread: float = 1.0,
    missing: float = 0,
) -> DepartmentAnswers:
    """`n` people who answer every item near `level`, with a share of missing answers."""
    rng = np.random.default_rng([seed, *one.id.encode()])
    item_ids = layout(ATR, form=form, function=one.function).item_ids
    person = rng.normal(level, spread, size=(n, 1))
    values = np.clip(np.rint(person + rng.normal(0, 0.5 * spread, size=(n, len(item_ids)))), 1, 5)
    codes = np.where(rng.random(values.shape) < missing, ord("S"), values + ord("0")).astype(np.uint8)
    return DepartmentAnswers(item_ids, codes)


def set_answers(
    one: DepartmentAnswers, people: slice | list[int], items: Iterable[str], code: str
) -> DepartmentAnswers:
    """The same answers with one code for these people and items."""
    codes = one.codes.copy()
    for item in items:
        codes[people, one.item_ids.index(item)] = ord(code)
    return DepartmentAnswers(one.item_ids, codes)


def items_of(dimension: str, *, anchor: bool | None = None) -> list[str]:
    return [item.id for item in ATR.dimension(dimension).items if anchor in (None, item.anchor)]


def made(
    departments: Iterable[Department],
    given: Mapping[str, DepartmentAnswers],
    *,
    form: Form = "full",
    policy: Policy = POLICY,
    previous: PreviousWave | None = None,
    corrected: frozenset[str] = frozenset(),
) -> Made:
    """A release with what its worker knows beside it."""
    return build(
        facts=facts(form, previous),
        policy=policy,
        number=1,
        instrument=ATR,
        form=form,
        departments=tuple(departments),
        answers=given,
        corrected=corrected,
        previous=previous,
    )


def release(
    departments: Iterable[Department],
    given: Mapping[str, DepartmentAnswers],
    *,
    form: Form = "full",
    policy: Policy = POLICY,
    previous: PreviousWave | None = None,
    corrected: frozenset[str] = frozenset(),
) -> Release:
    return made(departments, given, form=form, policy=policy, previous=previous, corrected=corrected).release


def told_of(one: Made, form: Form = "full") -> list[Statement]:
    """What the auditor is handed of a release: what the ledger keeps, and what stands beside the rows."""
    return [*told_in(planning.ledger(one.wave), ATR, form), *beside_rows(one.release, ATR, form)]


def answered(instrument: Instrument, given: Mapping[str, DepartmentAnswers]) -> dict[str, DepartmentAnswers]:
    """The same sheets with columns for the items of this questionnaire only, all that its waves can have."""
    known = {item.id for item in instrument.items()}
    found = {}
    for name, one in given.items():
        places = [place for place, item in enumerate(one.item_ids) if item in known]
        found[name] = DepartmentAnswers(tuple(one.item_ids[place] for place in places), one.codes[:, places])
    return found


def earlier(
    departments: Iterable[Department],
    given: Mapping[str, DepartmentAnswers],
    *,
    form: Form = "full",
    instrument: Instrument = ATR,
    policy: Policy = POLICY,
) -> PreviousWave:
    return PreviousWave(
        label="2026-Q3", form=form, instrument=instrument, departments=tuple(departments), answers=given, policy=policy
    )
