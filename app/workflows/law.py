"""Questions of the law: who answers for a workflow, or leads its department, proposes; who runs the client confirms.

An answer may lift a cap, and those who want the work handed over are not those who should lift it. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

from app.sentences import Sentence, say
from app.workflows.facts import FLAGS, Facts

OPEN: Final = say("not answered yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer to a question of the law: who gave it, how they came, and when."""

    answer: bool
    made_by: str
    way: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the law of a workflow: what is confirmed, and what is proposed and not confirmed."""

    flag: str
    label: Sentence
    confirmed: Said | None
    proposed: Said | None


class Version(Protocol):
    """A version of a workflow as it is stored."""

    @property
    def facts(self) -> dict[str, Any]:  # Any: its facts as JSON
        """Its facts as stored."""

    @property
    def made_by(self) -> str:
        """Who saved it."""

    @property
    def way(self) -> str:
        """How they came."""

    @property
    def saved_at(self) -> datetime:
        """When they did."""


def proposed(before: Facts, said: Facts) -> Facts:
    """What somebody said who can only propose: what is confirmed stays, and so does the ground of the law.

    So does each yes that was proposed: it may be another person's doubt, and ends with whoever confirms.
    """
    own = {flag: answer for flag, answer in said.legal.items() if before.legal.get(flag) != answer}
    doubts = {flag: answer for flag, answer in before.proposed.items() if answer}
    return replace(said, legal=dict(before.legal), proposed=own | doubts, ground=before.ground)


def confirmed(before: Facts, said: Facts) -> Facts:
    """What somebody said who confirms by saying it: proposals that say the same are settled, others wait on."""
    waiting = {flag: answer for flag, answer in before.proposed.items() if said.legal.get(flag) != answer}
    return replace(said, proposed=waiting)


def settled(facts: Facts, flag: str, *, take: bool) -> Facts:
    """The facts with a proposal confirmed, or set aside."""
    rest = {one: answer for one, answer in facts.proposed.items() if one != flag}
    legal = {**facts.legal, flag: facts.proposed[flag]} if take else dict(facts.legal)
    return replace(facts, legal=legal, proposed=rest)


def questions(facts: Facts, versions: Sequence[Version]) -> Iterator[Question]:
    """Every question with who answered it, from the versions of the workflow, the newest first."""
    for flag, label in FLAGS.items():
        yield Question(
            flag=flag,
            label=label,
            confirmed=_said(facts.legal.get(flag), "legal", flag, versions),
            proposed=_said(facts.proposed.get(flag), "proposed", flag, versions),
        )


def _said(answer: bool | None, field: str, flag: str, versions: Sequence[Version]) -> Said | None:
    """Who gave the answer that stands: whoever saved the first version of those that have had it since."""
    first = None
    for version in versions:
        if answer is None or version.facts.get(field, {}).get(flag) != answer:
            break
        first = version
    if answer is None or first is None:
        return None
    return Said(answer=answer, made_by=first.made_by, way=first.way, at=first.saved_at)
