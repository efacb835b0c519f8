"""What the law allows an agent to do in a workflow: caps by flags (measurement design, 2.7 and P14).

The caps are a policy for lawyers to review, not advice. A flag is a question that is answered with yes, no, or not
yet; the strictest cap counts, and a question that is open is never better than its answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scoring.errors import ScoringError
from scoring.levels import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRule:
    """The cap of work that a flag describes, with the condition under which even that holds.

    A `grounded` rule is lifted where a legal ground and safeguards are recorded. A cap of A0 is a prohibition.
    """

    flag: str
    cap: Level
    condition: str
    source: str
    grounded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPolicy:
    """The rules, and which flags are everyday work of which function of a department.

    ScoringError for a flag that has two rules, or a function with a flag that has none.
    """

    version: str
    rules: tuple[LegalRule, ...]
    functions: tuple[tuple[str, tuple[str, ...]], ...]

    def __post_init__(self) -> None:
        flags = self.flags
        if len(set(flags)) < len(flags):
            raise ScoringError(f"{self.version}: a flag has two rules")
        for function, names in self.functions:
            _refuse_unknown(f"{self.version}, {function}", names, flags)

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags, in the policy's order."""
        return tuple(rule.flag for rule in self.rules)

    def strictest(self, function: str) -> Level:
        """The strictest cap of a function's flags; of all flags, prohibitions aside, for a function without any.

        ScoringError for a function that the policy does not know.
        """
        functions = dict(self.functions)
        if function not in functions:
            raise ScoringError(f"{self.version}: there is no function {function}")
        names = functions[function] or tuple(rule.flag for rule in self.rules if rule.cap > Level.A0)
        return min((rule.cap for rule in self.rules if rule.flag in names), default=Level.A5)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalCap:
    """The strictest cap, the flags that set it, those that are open, and the conditions under which it holds."""

    level: Level
    flags: tuple[str, ...]
    unanswered: tuple[str, ...]
    conditions: tuple[str, ...]


def legal_cap(
    answers: Mapping[str, bool | None],
    *,
    function: str,
    policy: LegalPolicy,
    grounds: frozenset[str] = frozenset(),
) -> LegalCap:
    """The cap of a workflow of a department with this function.

    `answers` says of each flag whether it applies; one that is left out or None is open, and counts as its own cap or
    the strictest of the function, whichever is stricter. `grounds` are the flags for which a legal ground and
    safeguards are recorded. ScoringError for a flag or function that the policy does not know.
    """
    _refuse_unknown("answers", answers, policy.flags)
    _refuse_unknown("grounds", grounds, policy.flags)
    strictest = policy.strictest(function)
    caps: dict[str, Level] = {}
    conditions: list[str] = []
    for rule in policy.rules:
        answer = answers.get(rule.flag)
        if answer is None:
            caps[rule.flag] = min(rule.cap, strictest)
        elif answer and not (rule.grounded and rule.flag in grounds):
            caps[rule.flag] = rule.cap
            conditions.append(rule.condition)
    level = min(caps.values(), default=Level.A5)
    return LegalCap(
        level=level,
        flags=tuple(flag for flag, cap in caps.items() if cap == level),
        unanswered=tuple(flag for flag in policy.flags if answers.get(flag) is None),
        conditions=tuple(dict.fromkeys(conditions)),
    )


def _refuse_unknown(where: str, names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in sorted(names):
        if name not in known:
            raise ScoringError(f"{where}: there is no flag {name}")


_SECOND_PERSON: Final = "a second person confirms each case"
_EMPLOYMENT: Final = "AI Act, Annex III(4)"
_SEPARATION: Final = "segregation of duties"

LEGAL: Final = LegalPolicy(
    version="legal caps 1",
    rules=(
        LegalRule(flag="employment_decision", cap=Level.A3, condition="a person decides each case", source=_EMPLOYMENT),
        LegalRule(
            flag="automated_decision",
            cap=Level.A3,
            condition="no decision with legal or similar effect is left to the agent",
            source="GDPR, Art. 22",
            grounded=True,
        ),
        LegalRule(flag="payment_release", cap=Level.A3, condition=_SECOND_PERSON, source=_SEPARATION),
        LegalRule(flag="supplier_creation", cap=Level.A3, condition=_SECOND_PERSON, source=_SEPARATION),
        LegalRule(flag="bank_detail_change", cap=Level.A3, condition=_SECOND_PERSON, source=_SEPARATION),
        LegalRule(flag="legal_work_leaves", cap=Level.A2, condition="a lawyer signs", source="professional duties"),
        LegalRule(
            flag="safety_relevant", cap=Level.A2, condition="a person takes each step", source="safety of people"
        ),
        LegalRule(
            flag="emotion_inference", cap=Level.A0, condition="agents are not used", source="AI Act, Art. 5(1)(f)"
        ),
    ),
    functions=(
        ("legal", ("legal_work_leaves",)),
        ("hr", ("employment_decision", "automated_decision")),
        ("finance", ("payment_release", "supplier_creation", "bank_detail_change", "automated_decision")),
        ("operations", ("safety_relevant",)),
        ("it", ()),
        ("customer_service", ("automated_decision",)),
        ("sales", ()),
        ("procurement", ("supplier_creation", "bank_detail_change", "payment_release")),
        ("other", ()),
    ),
)
