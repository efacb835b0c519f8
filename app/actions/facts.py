"""What is said of an action of the plan: who does it by when, and how it stands. It is stored as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args
from uuid import UUID

from app.sentences import Sentence, say

Status = Literal["open", "doing", "done", "dropped"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDED: Final[tuple[Status, ...]] = ("done", "dropped")
STATUS_WORDS: Final[Mapping[Status, Sentence]] = {
    "open": say("To do"),
    "doing": say("Under way"),
    "done": say("Done"),
    "dropped": say("Dropped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a form says of an action.

    `owner` and `mail` are of the person who does it, `language` that of mails to them. `moves` are the dimensions whose
    cells it should move. `needs` are actions of the plan that come first. `ended` is the day on which it was done or
    dropped, None before that.
    """

    department_id: UUID
    title: str
    due: date
    moves: tuple[str, ...] = ()
    hours: int = 8
    owner: str = ""
    mail: str = ""
    language: str = "en"
    status: Status = "open"
    reason: str = ""
    evidence: str = ""
    link: str = ""
    needs: tuple[UUID, ...] = ()
    ended: date | None = None


def as_json(facts: Facts) -> dict[str, object]:
    """The facts as they are stored."""
    return {
        "department": str(facts.department_id),
        "title": facts.title,
        "due": facts.due.isoformat(),
        "moves": list(facts.moves),
        "hours": facts.hours,
        "owner": facts.owner,
        "mail": facts.mail,
        "language": facts.language,
        "status": facts.status,
        "reason": facts.reason,
        "evidence": facts.evidence,
        "link": facts.link,
        "needs": [str(one) for one in facts.needs],
        "ended": None if facts.ended is None else facts.ended.isoformat(),
    }


def from_json(stored: Mapping[str, Any]) -> Facts:  # Any: JSON
    """Facts as they were stored."""
    ended = stored.get("ended")
    return Facts(
        department_id=UUID(stored["department"]),
        title=stored["title"],
        due=date.fromisoformat(stored["due"]),
        moves=tuple(stored["moves"]),
        hours=stored["hours"],
        owner=stored["owner"],
        mail=stored["mail"],
        language=stored["language"],
        status=stored["status"],
        reason=stored["reason"],
        evidence=stored["evidence"],
        link=stored["link"],
        needs=tuple(UUID(one) for one in stored["needs"]),
        ended=None if ended is None else date.fromisoformat(ended),
    )
