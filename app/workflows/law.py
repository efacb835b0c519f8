"""Questions of the law: who answers for a workflow, or leads its department, proposes; who runs the client confirms.

An answer may lift a cap, and those who want the work handed over are not those who should lift it. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Protocol

from app.sentences import Sentence, say
from app.workflows.facts import FLAGS, YES_NO, Facts

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
    """A question of the law of a workflow: what is confirmed, who last kept it against a proposal, and what is proposed
    and not confirmed."""

    flag: str
    label: Sentence
    confirmed: Said | None
    proposed: Said | None
    kept: Said | None


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
            kept=_kept(facts.legal.get(flag), flag, versions),
        )


def changes(was: Facts, now: Facts) -> Iterator[Sentence]:
    """What became of each question of the law from one version to the next, also of one that was only proposed."""
    for flag, label in FLAGS.items():
        before, after, doubt = was.legal.get(flag), now.legal.get(flag), now.proposed.get(flag)
        if before != after and after is None:
            yield say("“{question}” is open again.", question=label)
        elif before != after:
            yield say("“{question}” Answered: {answer}.", question=label, answer=_word(after))
        elif flag in was.proposed and doubt is None:
            said = _word(was.proposed[flag])
            yield say(
                "“{question}” Stays: {answer}. Proposed was: {said}.", question=label, answer=_word(after), said=said
            )
        if doubt is not None and doubt != was.proposed.get(flag):
            yield say("“{question}” Proposed, and not confirmed: {answer}.", question=label, answer=_word(doubt))


def _word(answer: bool | None) -> Sentence:
    return OPEN if answer is None else YES_NO[answer]


def _kept(answer: bool | None, flag: str, versions: Sequence[Version]) -> Said | None:
    """Who saved the newest version in which a proposal is gone and the answer is as it was."""
    if answer is None:
        return None
    for version, before in pairwise(versions):
        if not version.facts.get("legal", {}).get(flag) == answer == before.facts.get("legal", {}).get(flag):
            return None
        if flag in before.facts.get("proposed", {}) and flag not in version.facts.get("proposed", {}):
            return Said(answer=answer, made_by=version.made_by, way=version.way, at=version.saved_at)
    return None


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
