"""Deciding on comments, and asking for the supplement that tells what was decided."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.queries import UserFacts
from app.accounts.roles import REVIEWER
from app.answers import masking
from app.comments import queries
from app.comments.queries import Review
from app.comments.ruling import Ruling
from app.errors import ConflictError, InvalidError
from app.jobs import service as jobs
from app.releases import store, supplement
from app.releases.supplement import StoredSupplement
from app.sentences import Passage, Sentence, say, say_count
from app.waves import queries as waves
from surveys.comments import QUESTIONS

KIND: Final = "supplement"
LONGEST_THEME: Final = 60
# What is shown of a comment, from nothing to its words. After a supplement a decision may only go down.
DECISIONS: Final[Mapping[str, Sentence]] = {
    "withhold": say("Withhold"),
    "themes": say("Theme only"),
    "publish": say("Show"),
}
NO_RESULT: Final = say("Comments are published beside a result, and there is none yet.")
UNDECIDED: Final = say("Comments are published when all of them are decided.")
FAULTS: Final = say(
    "The audit of the comments found {faults} of the things that must not be told. Nothing was published."
)
_RANK: Final = {decision: rank for rank, decision in enumerate(DECISIONS)}
_OWN_MARKS: Final = re.compile(r"\[\s*(?:\.{2,}|…|x+|\*+)?\s*\]|\*{3,}")


@dataclass(frozen=True)
class Outcome:
    """What became of a decision: `replaced` is the decision of somebody else that it took the place of, if any."""

    replaced: str | None


def decide(
    session: Session,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    comment_id: UUID,
    ruling: Ruling,
    user_id: UUID,
    now: datetime,
) -> Outcome:
    """Notes what is to become of a comment. Of two who decide at once the last counts, and is told of the other.

    The words may come with more of them taken out, and `seen` is `stamp` of the review as the person saw it.
    InvalidError for what can't be used, NotFoundError for a comment that is not there.
    """
    found = queries.review(session, organisation_id=organisation_id, wave_id=wave_id, comment_id=comment_id, lock=True)
    told = supplement.latest_of_wave(session, organisation_id, wave_id)
    theme = " ".join(ruling.theme.split())
    body = found.body if ruling.text is None else marked(ruling.text)
    if wrong := _wrong(found, ruling.decision, body, theme, told=told):
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    queries.decide(
        session,
        organisation_id=organisation_id,
        wave_id=wave_id,
        comment_id=comment_id,
        decision=ruling.decision,
        body=body,
        theme=theme,
        user_id=user_id,
        now=now,
    )
    unseen = found.decision and found.user_id != user_id and stamp(found) != ruling.seen
    return Outcome(found.decision if unseen else None)


def reviewers(session: Session, organisation_id: UUID) -> tuple[UserFacts, ...]:
    """The people of the client who review its comments, by name."""
    return accounts.members(session, organisation_id=organisation_id, role=REVIEWER)


def may_read(session: Session, *, organisation_id: UUID, role: str) -> bool:
    """Whether a member reads what people wrote: the client's reviewers, and its consultants while there are none."""
    return role == REVIEWER or not reviewers(session, organisation_id)


def ask(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Asks the worker for the supplement. ConflictError while a decision is missing, or when nothing is new."""
    waves.wave(session, organisation_id, wave_id)
    found = queries.reviews(session, organisation_id=organisation_id, wave_id=wave_id)
    if not found:
        raise ConflictError(say("There are no comments."))
    if missing := sum(not one.decision for one in found):
        left = say_count(
            "{n} of {count} comments is not decided yet.",
            "{n} of {count} comments are not decided yet.",
            missing,
            count=len(found),
        )
        raise ConflictError(left)
    release = store.latest(session, organisation_id, wave_id)
    if release is None:
        raise ConflictError(NO_RESULT)
    if not is_news(supplement.latest_of_wave(session, organisation_id, wave_id), found, release.id):
        raise ConflictError(say("No decision has changed since the comments were published last."))
    jobs.enqueue(session, organisation_id=organisation_id, kind=KIND, subject_id=wave_id, now=now)
    jobs.retry(session, kind=KIND, subject_id=wave_id, now=now)


def is_news(told: StoredSupplement | None, found: Sequence[Review], release_id: UUID) -> bool:
    """True when there is no supplement of the release yet, or something was decided after it was made."""
    if told is None or told.release_id != release_id:
        return True
    return any(one.decided_at is not None and one.decided_at > told.made_at for one in found)


def in_order(found: Sequence[Review], user_id: UUID) -> tuple[Review, ...]:
    """The comments as one person works through them: question by question, each in an order of their own.

    Both comments of somebody are never neighbours by more than chance, and two reviewers begin at different ends.
    """
    questions = [one.id for one in QUESTIONS]

    def place(one: Review) -> tuple[int, bytes]:
        return questions.index(one.question), hashlib.sha256(user_id.bytes + one.comment_id.bytes).digest()

    return tuple(sorted(found, key=place))


def following(found: Sequence[Review], user_id: UUID, *, after: UUID | None = None) -> Review | None:
    """The next comment without a decision, the first again after the last; None when all are decided."""
    ordered = in_order(found, user_id)
    ids = [one.comment_id for one in ordered]
    start = ids.index(after) + 1 if after in ids else 0
    return next((one for one in (*ordered[start:], *ordered[:start]) if not one.decision), None)


def stamp(found: Review) -> str:
    """When the decision on a comment was made, for a form; empty for none."""
    return "" if found.decided_at is None else found.decided_at.isoformat()


def offered(found: Review, *, told: StoredSupplement | None) -> tuple[str, ...]:
    """What may be decided on a comment, the most first."""
    highest = _RANK["themes" if found.themes_only else "publish"]
    if told is not None:
        highest = min(highest, _RANK[found.decision])
    return tuple(one for one in reversed(tuple(DECISIONS)) if _RANK[one] <= highest)


def marked(text: str) -> str:
    """The text with what people write for words taken out ("[...]", "[ ]", "***") as the one mark for it."""
    return _OWN_MARKS.sub(masking.TAKEN_OUT, text).strip()


def only_takes_out(text: str, whole: str) -> bool:
    """True when `text` is `whole` with some stretches of it replaced by the mark for words taken out."""
    parts = [" ".join(part.split()) for part in text.split(masking.TAKEN_OUT)]
    rest = " ".join(whole.replace(masking.TAKEN_OUT, " ").split())
    if len(parts) == 1:
        return masking.TAKEN_OUT not in whole and parts[0] == rest
    first, *middle, last = parts
    if not rest.startswith(first) or not rest.endswith(last) or len(first) + len(last) > len(rest):
        return False
    rest = rest[len(first) : len(rest) - len(last)]
    for part in middle:
        _, found, rest = rest.partition(part)
        if part and not found:
            return False
    return True


def _wrong(found: Review, decision: str, body: str, theme: str, *, told: StoredSupplement | None) -> dict[str, str]:
    """A sentence for each field that can't be used."""
    wrong = {}
    if decision not in DECISIONS:
        wrong["decision"] = say("Choose what is to become of this comment.")
    elif decision not in offered(found, told=told):
        wrong["decision"] = (
            say("The writer asked that these words are never shown.")
            if told is None
            else say("This was published with less. What was published can only be taken back, not added to.")
        )
    if not only_takes_out(body, found.body if told else found.masked):
        wrong["text"] = say(
            "Words can be taken out and not changed. Write {mark} in place of what goes.", mark=masking.TAKEN_OUT
        )
    elif decision == "publish" and not any(piece.strip() and not mask for piece, mask in masking.pieces(body)):
        wrong["text"] = say("Nothing would be left to show. Count its theme, or withhold it.")
    return wrong | _wrong_theme(found, decision, theme, told=told)


def _wrong_theme(found: Review, decision: str, theme: str, *, told: StoredSupplement | None) -> dict[str, str]:
    if len(theme) > LONGEST_THEME:
        return {"theme": say("A theme is a few words: {most} characters at most.", most=LONGEST_THEME)}
    if masking.find(theme):
        return {"theme": say("A theme names nobody.")}
    if decision == "themes" and not theme:
        return {"theme": say("Say what the comment is about, so that it counts for something.")}
    if told is not None and theme != found.theme:
        return {"theme": say("Themes stay as they were published: a count that changes by one tells of one comment.")}
    return {}
