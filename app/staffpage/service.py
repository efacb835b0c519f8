"""Writing what is done next, publishing the page for all staff and taking it back, and the link to it.

Whoever calls holds the wave (`waves.queries.hold`), so that two people do not write at the same moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app import tokens
from app.errors import ConflictError, InvalidError
from app.sentences import Passage, say
from app.staffpage import queries
from app.staffpage.models import StaffPage
from app.staffpage.queries import Action, PageFacts

MOST_ACTIONS: Final = 5
LONGEST_WORDS: Final = 400
LONGEST_OWNER: Final = 80
CHANGED: Final = say(
    "Somebody else changed this page while you were writing. What you typed is still here, and what they wrote stands "
    "beside it. Sending it again replaces theirs."
)
CHANGED_SINCE: Final = say("Somebody changed this page since you looked at it. Look at it again, then publish it.")
NOTHING_TO_PUBLISH: Final = say("Nothing of this wave is shared with the client yet, so there is nothing to publish.")


@dataclass(frozen=True, slots=True)
class TypedAction:
    """One of the places for an action, as it was typed in one language. `drop`: take it off in all of them."""

    words: str = ""
    owner: str = ""
    due: date | None = None
    drop: bool = False
    unread_due: str = ""


def write(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    language: str,
    typed: Sequence[TypedAction],
    choices: Mapping[str, bool] | None = None,
    seen: int,
    user_id: UUID,
    now: datetime,
) -> None:
    """Keeps what was typed in a language; in the others the words stay as they are. `choices` is what staff are told of
    the plan, by key; None where the form did not ask.

    `seen` is the edition that was on the page, 0 for a first one: ConflictError when there is another by now.
    InvalidError has a sentence for each field that is wrong.
    """
    wrong = _wrong(typed)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    there = queries.page(session, organisation_id, wave_id)
    if (there.edition if there else 0) != seen:
        raise ConflictError(CHANGED)
    kept = queries.as_json(merged(there.actions if there else (), typed, language))
    row = queries.row(session, organisation_id, wave_id) or _new(link_key, organisation_id, wave_id, user_id, now)
    row.edition, row.actions, row.changed_by, row.changed_at = seen + 1, kept, user_id, now
    row.choices = row.choices if choices is None else dict(choices)
    session.add(row)
    session.flush()


def publish(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    release_id: UUID | None,
    planned: tuple[int, Sequence[str]] = (0, ()),
    seen: int,
    user_id: UUID,
    now: datetime,
) -> None:
    """Shows staff a release with what was written of what is done next, as it was on the preview. `planned` is the
    number of the plan record that stands beside it, 0 for none, and the keys of what is told of it.

    ConflictError without a release that is shared, and when somebody has changed the page since the preview.
    """
    row = queries.row(session, organisation_id, wave_id)
    if release_id is None:
        raise ConflictError(NOTHING_TO_PUBLISH)
    if (row.edition if row else 0) != seen:
        raise ConflictError(CHANGED_SINCE)
    if row is None:
        row = _new(link_key, organisation_id, wave_id, user_id, now)
        session.add(row)
    row.published, row.release_id, row.published_by, row.published_at = row.actions, release_id, user_id, now
    row.plan, row.planned = planned[0] or None, list(planned[1])
    session.flush()


def take_back(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Shows staff nothing any more; what was written stays, and the link is the same when it is published again."""
    row = queries.row(session, organisation_id, wave_id)
    if row is not None:
        row.published = row.release_id = row.published_by = row.published_at = row.plan = row.planned = None
        session.flush()


def merged(there: Sequence[Action], typed: Sequence[TypedAction], language: str) -> tuple[Action, ...]:
    """The actions after what was typed in a language; one without words in any language is gone."""
    made = []
    for place, one in enumerate(typed):
        before: Mapping[str, str] = there[place].words if place < len(there) else {}
        words = {tag: text for tag, text in before.items() if tag != language}
        words |= {language: one.words} if one.words else {}
        if words and not one.drop:
            made.append(Action(words, one.owner, one.due))
    return tuple(made)


def token_of(page: PageFacts, link_key: bytes) -> str:
    """The token of a page, made again from the key: it is stored nowhere."""
    return tokens.make(link_key, wave_id=page.wave_id, id=page.id, generation=1)


def address(page: PageFacts, link_key: bytes, base_url: str) -> str:
    """Where staff read a page."""
    return f"{base_url}/told/{token_of(page, link_key)}"


def published_address(session: Session, *, link_key: bytes, base_url: str, organisation_id: UUID, wave_id: UUID) -> str:
    """Where staff read the result of a wave; "" while nothing is published. One statement."""
    page = queries.page(session, organisation_id, wave_id)
    return address(page, link_key, base_url) if page is not None and page.is_published else ""


def enter(session: Session, token: str) -> PageFacts | None:
    """The published page that a token belongs to; None for an unknown one, and for one that was taken back."""
    return tokens.found(token, lambda fingerprint: queries.find(session, fingerprint))


def words_in(action: Action, language: str) -> tuple[str, str]:
    """What an action says in a language, and in which: where it has no words in it, in the first that it has."""
    if language in action.words:
        return action.words[language], language
    first = next(iter(action.words))
    return action.words[first], first


def as_typed(actions: Sequence[Action], language: str) -> tuple[TypedAction, ...]:
    """The places of a form for a language: one for each action, and empty ones up to the most there may be."""
    there = tuple(TypedAction(one.words.get(language, ""), one.owner, one.due) for one in actions)
    return (*there, *(TypedAction() for _ in range(MOST_ACTIONS - len(there))))


def _new(link_key: bytes, organisation_id: UUID, wave_id: UUID, user_id: UUID, now: datetime) -> StaffPage:
    id = uuid4()
    return StaffPage(
        organisation_id=organisation_id,
        wave_id=wave_id,
        id=id,
        token_sha256=tokens.fingerprint(tokens.make(link_key, wave_id=wave_id, id=id, generation=1)),
        actions=[],
        changed_by=user_id,
        changed_at=now,
    )


def _wrong(typed: Sequence[TypedAction]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for place, one in enumerate(typed, start=1):
        if len(one.words) > LONGEST_WORDS:
            wrong[f"words-{place}"] = say(
                "This has {length} characters, and {longest} fit.", length=len(one.words), longest=LONGEST_WORDS
            )
        if len(one.owner) > LONGEST_OWNER:
            wrong[f"owner-{place}"] = say("Use at most {most} characters.", most=LONGEST_OWNER)
        if one.unread_due:
            wrong[f"due-{place}"] = say("This is no day. Write it as 2026-11-22.")
    return wrong
