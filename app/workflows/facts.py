"""What is known about a workflow: its facts, the words of their values, and what they come to (MEASUREMENT.md 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from app.sentences import Sentence, say
from scoring.legal import LEGAL
from scoring.value import hours_per_month

YES_NO: Final[Mapping[bool, Sentence]] = {True: say("yes"), False: say("no")}
EASE: Final[Mapping[int, Sentence]] = {
    1: say("not at all"),
    2: say("hardly"),
    3: say("partly"),
    4: say("largely"),
    5: say("completely"),
}
"""How far data are at hand, how far an error is found and undone: DA and DT, 1 to 5."""

HARM: Final[Mapping[int, Sentence]] = {
    1: say("trivial"),
    2: say("annoying"),
    3: say("costly"),
    4: say("serious"),
    5: say("severe or hard to repair"),
}
"""How bad an error is that nobody notices, as the owner sees it: EC, 1 to 5."""

A_MONTH: Final[Mapping[str, float]] = {"day": 21.0, "week": 52 / 12, "month": 1.0, "quarter": 1 / 3, "year": 1 / 12}
"""How many days, weeks and so on a month has; of days the working days."""

PER: Final[Mapping[str, Sentence]] = {
    "day": say("a working day"),
    "week": say("a week"),
    "month": say("a month"),
    "quarter": say("a quarter"),
    "year": say("a year"),
}

DATA: Final[Mapping[str, Sentence]] = {
    "public": say("public"),
    "internal": say("internal"),
    "confidential": say("confidential to the business"),
    "personal": say("about persons"),
    "special": say("about health, belief or union membership"),
    "privileged": say("under legal privilege"),
    "payment": say("bank and payment data"),
}
"""Classes of data."""

FLAGS: Final[Mapping[str, Sentence]] = {
    "employment_decision": say("It decides on hiring, promotion, pay, dismissal or the watching of staff."),
    "automated_decision": say("It ends in a decision with legal or similar effect on a person."),
    "payment_release": say("It releases payments."),
    "supplier_creation": say("It creates suppliers."),
    "bank_detail_change": say("It changes bank details."),
    "legal_work_leaves": say("Legal advice or a filing leaves the department."),
    "safety_relevant": say("It moves machines, or touches the safety of people in another way."),
    "emotion_inference": say("It infers the emotions of staff."),
}
"""The questions of the law: one for each flag of the policy."""
assert tuple(FLAGS) == LEGAL.flags

GROUNDED: Final = "automated_decision"
"""The question of the law that a recorded ground with safeguards answers."""
CHECKS: Final = (("checked", "errors"), ("earlier_checked", "earlier_errors"), ("last_checked", "last_errors"))
"""Cases that people checked, and the errors among them: of the pilot, and of the two last quarters at A4."""
TESTS: Final = ("offline", "pilot_weeks", "pilot_cases", *(name for pair in CHECKS for name in pair))
"""What a workflow was tested with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of a workflow; None and empty where nobody has said.

    `times` cases in each `per`, `minutes` a case, done by `people`. `data_ready` and `undo` are DA and DT,
    `consequence` is EC as the owner sees it. `legal` has the flags that were answered by who may confirm them,
    `proposed` other answers of those who may not (`app.workflows.law`); `ground` says on which ground of
    the law, and with which safeguards, decisions may be left to a machine.

    What it was tested with: `offline` on old cases; a supervised pilot of so many weeks and cases; cases that people
    `checked`, with their errors; the same of the two last quarters at A4. `tests_shown` is where that is written down.
    """

    description: str = ""
    trigger: str = ""
    owner: str = ""
    systems: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    times: int | None = None
    per: str = "month"
    minutes: int | None = None
    people: int | None = None
    data_ready: int | None = None
    undo: int | None = None
    consequence: int | None = None
    affects_persons: bool | None = None
    external_effect: bool | None = None
    money_limit: int | None = None
    legal: Mapping[str, bool] = field(default_factory=dict)
    proposed: Mapping[str, bool] = field(default_factory=dict)
    ground: str = ""
    tests_shown: str = ""
    offline: bool | None = None
    pilot_weeks: int | None = None
    pilot_cases: int | None = None
    checked: int | None = None
    errors: int | None = None
    earlier_checked: int | None = None
    earlier_errors: int | None = None
    last_checked: int | None = None
    last_errors: int | None = None

    @property
    def grounds(self) -> frozenset[str]:
        """The flags of the law for which a ground and safeguards are recorded."""
        return frozenset({GROUNDED} if self.ground else ())

    @property
    def law(self) -> Mapping[str, bool]:
        """The answers that count: those that are confirmed. One that is no counts as open while somebody says yes."""
        doubted = {flag for flag, answer in self.proposed.items() if answer}
        return {flag: answer for flag, answer in self.legal.items() if answer or flag not in doubted}

    @property
    def cases(self) -> float | None:
        """Cases a month, from how often it happens a day, week, month or year; None where nobody said."""
        return None if self.times is None else self.times * A_MONTH[self.per]

    @property
    def hours(self) -> float | None:
        """Hours a month: cases times minutes."""
        if self.cases is None or self.minutes is None:
            return None
        return hours_per_month(volume=self.cases, minutes=self.minutes)

    @property
    def missing(self) -> tuple[Sentence, ...]:
        """What is not known and would be needed, in words."""
        there = {
            say("how often"): self.times,
            say("minutes a time"): self.minutes,
            say("whether the data are at hand"): self.data_ready,
            say("how easily an error is undone"): self.undo,
            say("how bad an error is"): self.consequence,
            say("questions of the law"): True if len({**self.legal, **self.proposed}) == len(FLAGS) else None,
        }
        return tuple(name for name, value in there.items() if value is None)


NOTHING: Final = Facts()
_TUPLES: Final = ("systems", "data")


def in_general(facts: Facts) -> Facts:
    """What is true of such work anywhere: no volumes, no people, no systems, nothing that somebody judged or wrote.

    Of the answers about the law only yes: a no lifts a cap, so it is confirmed for each client anew.
    """
    return Facts(
        data=facts.data,
        affects_persons=facts.affects_persons,
        external_effect=facts.external_effect,
        legal={flag: True for flag, answer in facts.legal.items() if answer},
    )


def as_json(facts: Facts) -> dict[str, Any]:  # Any: JSON
    """The facts that somebody gave, as they are stored."""
    given = {one.name: getattr(facts, one.name) for one in fields(Facts)}
    told = {name: value for name, value in given.items() if value != getattr(NOTHING, name)}
    return {name: list(value) if name in _TUPLES else value for name, value in told.items()}


def from_json(stored: Mapping[str, Any]) -> Facts:  # Any: JSON
    """The facts that `as_json` gave; a fact that is not known any more is left out."""
    names = {one.name for one in fields(Facts)}
    told: dict[str, Any] = {  # Any: JSON
        name: tuple(value) if name in _TUPLES else value for name, value in stored.items() if name in names
    }
    return Facts(**told)
