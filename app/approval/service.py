"""Making review links, finding and taking them back, and recording what their readers decide."""

import unicodedata
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.approval import queries
from app.approval.models import ReviewDecision, ReviewLink
from app.approval.queries import LinkFacts
from app.errors import ConflictError, InvalidError, NotFoundError
from app.readers import service as readers
from app.sentences import Passage, Sentence, say

DECISIONS: Final = ("approved", "objected")
MOST_DECISIONS = 20
MAX_NAME = 80
MAX_REMARK = 2000
FULL: Final = say("There are {most} review links already. Take back those that nobody needs.")
TAKEN_BACK: Final = say(
    "This link was taken back. What was decided with it stays recorded. Ask for a new link if you need one."
)


def make_link(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, reader: str, now: datetime
) -> UUID:
    """Makes the review link of one reader and gives its id; asked again for the same reader, it is the same link.

    InvalidError without a reader; ConflictError when a wave has more links than anybody can oversee.
    """
    name = _text("reader", reader, most=MAX_NAME, missing=say("Say whom the link is for, for example “Works council”."))
    there = queries.links(session, organisation_id, wave_id)
    wanted = readers.Wanted(
        organisation_id=organisation_id, about=wave_id, reader=name, columns={"wave_id": wave_id}, full=FULL
    )
    return readers.make(session, ReviewLink, wanted, there, link_key=link_key, now=now)


def token_of(link: LinkFacts, link_key: bytes) -> str:
    """The token of a link, made again from the key: it is stored nowhere."""
    return readers.token_of(link, link_key, about=link.wave_id)


def enter(session: Session, token: str) -> LinkFacts:
    """The review link that a token belongs to. NotFoundError for an unknown one, GoneError for one taken back."""
    return readers.enter(token, partial(queries.find, session), taken_back=TAKEN_BACK)


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID, now: datetime) -> None:
    """Takes a review link back; what was decided with it stays. NotFoundError when the wave has no such link."""
    if not queries.revoke(session, organisation_id=organisation_id, wave_id=wave_id, link_id=link_id, now=now):
        raise NotFoundError(say("There is no such link for this wave."))


def decide(
    session: Session, *, link: LinkFacts, name: str, decision: str, remark: str, papers_sha256: str, now: datetime
) -> None:
    """Records an approval or an objection to the papers of that hash. The same sent twice is recorded once.

    InvalidError has a sentence for each field that is wrong; ConflictError when one link has decided often enough.
    """
    _check(name, decision, remark)
    row = ReviewDecision(
        organisation_id=link.organisation_id,
        wave_id=link.wave_id,
        link_id=link.id,
        name=" ".join(name.split()),
        decision=decision,
        remark=remark.strip(),
        papers_sha256=papers_sha256,
        decided_at=now,
    )
    mine = [one for one in queries.decisions(session, link.organisation_id, link.wave_id) if one.link_id == link.id]
    told = (row.name, row.decision, row.remark, row.papers_sha256)
    if mine and (mine[0].name, mine[0].decision, mine[0].remark, mine[0].papers_sha256) == told:
        return
    if len(mine) >= MOST_DECISIONS:
        raise ConflictError(
            say(
                "{most} decisions were recorded with this link, and the newest of them counts. Ask for a new link to "
                "decide once more.",
                most=MOST_DECISIONS,
            )
        )
    session.add(row)
    session.flush()


def _check(name: str, decision: str, remark: str) -> None:
    wrong: dict[str, str] = {}
    try:
        _text("name", name, most=MAX_NAME, missing=say("Give your name: it is recorded with the decision."))
    except InvalidError as error:
        wrong |= error.fields
    if decision not in DECISIONS:
        wrong["decision"] = say("Choose whether you approve or object.")
    if len(remark) > MAX_REMARK:
        wrong["remark"] = say(
            "The remark has {length} characters. Use at most {most}.", length=len(remark), most=MAX_REMARK
        )
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)


def _text(field: str, typed: str, *, most: int, missing: Sentence) -> str:
    tidied = " ".join(typed.split())
    sentence = missing
    if tidied:
        sentence = say("This has {length} characters. Use at most {most}.", length=len(tidied), most=most)
    if any(unicodedata.category(sign)[0] == "C" for sign in tidied):
        sentence = say("This has signs in it that cannot be seen. Type it once more.")
    elif 0 < len(tidied) <= most:
        return tidied
    raise InvalidError(sentence, fields={field: sentence})
