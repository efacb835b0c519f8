"""Keeping a client's own actions: writing one, bringing it into use, retiring it. Each version is written once."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.playbooks import queries
from app.playbooks.action import OWN, Action, Library
from app.playbooks.beside import library_of, together
from app.playbooks.holding import misfits
from app.playbooks.models import OwnAction, OwnActionVersion
from app.playbooks.own import Written, action_of, fault_of, faults, texts_of
from app.playbooks.queries import Own
from app.playbooks.shelf import digest, library
from app.sentences import Passage, adopted, say

MOST: Final = 200
"""So many own actions a client may have, retired ones too."""
FIRST: Final = "1.0.0"
TOO_MANY: Final = say("There are {most} actions of this client’s own, and that is the most.", most=MOST)
SAVED_MEANWHILE: Final = say("Somebody saved this action meanwhile. Look at it once more, then do it.")


class ChangedMeanwhileError(ConflictError):
    """Somebody else saved the action after its form was shown: `now` is what stands there."""

    def __init__(self, now: Own) -> None:
        super().__init__(SAVED_MEANWHILE)
        self.now = now


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves, by name, and when."""

    name: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Where an own action came from: the library's of an id and version, or another client's with its files' hash."""

    copied_from: str = ""
    copied_version: str = ""
    origin: UUID | None = None
    origin_sha256: str = ""


def begin(
    session: Session, organisation_id: UUID, own_id: UUID, written: Written, *, came: Came, author: Author
) -> UUID:
    """Keeps a new own action as a draft. A form that is sent twice, with one `own_id`, makes one.

    InvalidError has a sentence for each field that is wrong.
    """
    clients.lock_tree(session, organisation_id)
    there = queries.own_actions(session, organisation_id)
    if any(one.id == own_id for one in there):
        return own_id
    if len(there) >= MOST:
        raise InvalidError(TOO_MANY, fields={"title": TOO_MANY})
    code = code_of(str(came.copied_from or written.fields.get("title", "")), written, {one.code for one in there})
    texts = sound(written, code, FIRST, library_of(session, organisation_id))
    add(session, organisation_id, own_id, code, texts, came=came, author=author)
    return own_id


def change(
    session: Session,
    organisation_id: UUID,
    own_id: UUID,
    written: Written,
    *,
    seen: int | None,
    author: Author,
    caught_up: str = "",
) -> None:
    """Keeps what was written as the draft of the next version; that which is in use stays in use. `caught_up` is the
    version of the library's words that were looked at.

    `seen` is how often it was saved when its form was shown: ChangedMeanwhileError where it was saved since.
    InvalidError has a sentence for each field that is wrong.
    """
    clients.lock_tree(session, organisation_id)
    now = queries.own_action(session, organisation_id, own_id)
    if seen != now.saves:
        raise ChangedMeanwhileError(now)
    texts = sound(written, now.code, next_version(now), library_of(session, organisation_id))
    row = queries.row(session, organisation_id, own_id)
    row.copied_version = caught_up or row.copied_version
    row.draft = {} if now.number and texts == _with_version(now) else texts
    _saved(session, row, author)


def bring_into_use(session: Session, organisation_id: UUID, own_id: UUID, *, seen: int | None, author: Author) -> None:
    """Makes the draft the version that counts, or brings a retired action back.

    ConflictError where it was saved since it was seen, or where it does not hold together with what there is now.
    """
    clients.lock_tree(session, organisation_id)
    now = queries.own_action(session, organisation_id, own_id)
    if seen != now.saves:
        raise ChangedMeanwhileError(now)
    if fault := fault_of(now.newest):
        raise ConflictError(fault)
    _require_holding(action_of(now.newest), library_of(session, organisation_id))
    row = queries.row(session, organisation_id, own_id)
    row.retired_at = None
    if now.draft:
        add_version(session, row, now.draft, author)
    _saved(session, row, author)


def retire(session: Session, organisation_id: UUID, own_id: UUID, *, seen: int | None, author: Author) -> None:
    """Takes an action out of use; it stays in plans. ConflictError where others in use wait for it."""
    clients.lock_tree(session, organisation_id)
    every = queries.own_actions(session, organisation_id)
    now = queries.own_action(session, organisation_id, own_id)
    if seen != now.saves:
        raise ChangedMeanwhileError(now)
    before, known = together(library(), every)
    _, without = together(library(), [one for one in every if one.id != own_id])
    left = [before.by_id[id].title for id in without if id not in known and id in before.by_id]
    if left:
        raise ConflictError(say("“{title}” names this action. Change that one first.", title=left[0]))
    row = queries.row(session, organisation_id, own_id)
    row.retired_at = author.now
    _saved(session, row, author)


def give_up(session: Session, organisation_id: UUID, own_id: UUID, *, seen: int | None, author: Author) -> bool:
    """Gives up a draft, and the action where it was never in use; says whether the action is still there."""
    clients.lock_tree(session, organisation_id)
    now = queries.own_action(session, organisation_id, own_id)
    if seen != now.saves:
        raise ChangedMeanwhileError(now)
    if not now.number:
        queries.remove(session, organisation_id, own_id)
        return False
    row = queries.row(session, organisation_id, own_id)
    row.draft = {}
    _saved(session, row, author)
    return True


def sound(written: Written, code: str, version: str, there: Library) -> dict[str, str]:
    """The files of what was written. InvalidError has a sentence for each field that is wrong, or does not hold
    together with what is `there`."""
    wrong = faults(written)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    texts = texts_of(written, code, version)
    action = action_of(texts)
    loose = {field: adopted(told) for field, told in misfits(action, {**there.by_id, code: action})}
    if loose:
        raise InvalidError(Passage(loose.values()), fields=loose)
    return texts


def code_of(said: str, written: Written, taken: Collection[str]) -> str:
    """The id of a new own action: of its dimension and of what it is called, as none is called yet."""
    plain = unicodedata.normalize("NFKD", said.removeprefix(OWN)).encode("ascii", "ignore").decode().lower()
    dimension = str(written.fields.get("dimension", "T1"))
    words = re.findall(r"[a-z0-9]+", re.sub(r"^([a-z]{2,3}-)?[tr]\d-", "", plain))
    stem = "-".join([one[:20] for one in words[:5]] or ["action"])
    stem = stem if "-" in stem else f"{stem}-own"
    numbers = ("", *(f"-{number}" for number in range(2, MOST + 2)))
    return next(code for end in numbers if (code := f"{OWN}{dimension}-{stem}{end}") not in taken)


def next_version(now: Own) -> str:
    """The version that a draft becomes: the one after that which is in use."""
    if not now.version:
        return next(iter(_versions(now.draft)), FIRST)
    first, second, _ = now.version.split(".")
    return f"{first}.{int(second) + 1}.0"


def add(
    session: Session,
    organisation_id: UUID,
    own_id: UUID,
    code: str,
    texts: Mapping[str, str],
    *,
    came: Came,
    author: Author,
) -> OwnAction:
    """A new row with a draft."""
    row = OwnAction(
        organisation_id=organisation_id,
        id=own_id,
        code=code,
        draft=dict(texts),
        saves=1,
        number=0,
        copied_from=came.copied_from,
        copied_version=came.copied_version,
        origin=came.origin,
        origin_sha256=came.origin_sha256,
        changed_at=author.now,
        changed_by=author.name,
    )
    session.add(row)
    session.flush()
    return row


def add_version(session: Session, row: OwnAction, texts: Mapping[str, str], author: Author) -> None:
    """Writes files down as the newest version of a row."""
    row.number += 1
    row.draft = {}
    session.add(
        OwnActionVersion(
            organisation_id=row.organisation_id,
            own_action_id=row.id,
            number=row.number,
            version=action_of(texts).version,
            files=dict(texts),
            sha256=sha256_of(texts),
            used_at=author.now,
            made_by=author.name,
        )
    )
    session.flush()


def sha256_of(texts: Mapping[str, str]) -> str:
    """By what the files of an action are known."""
    return digest({PurePosixPath(path): text.encode() for path, text in sorted(texts.items())})


def _versions(texts: Mapping[str, str]) -> tuple[str, ...]:
    return (action_of(texts).version,) if texts and not fault_of(texts) else ()


def _with_version(now: Own) -> dict[str, str]:
    """The files in use as they would be of the next version: who saves them unchanged has changed nothing."""
    head, then = f"version: {now.version}\n", f"version: {next_version(now)}\n"
    return {path: text.replace(head, then, 1) for path, text in now.files.items()}


def _require_holding(action: Action, there: Library) -> None:
    for _, told in misfits(action, {**there.by_id, action.id: action}):
        raise ConflictError(adopted(told))


def _saved(session: Session, row: OwnAction, author: Author) -> None:
    row.saves += 1
    row.changed_at, row.changed_by = author.now, author.name
    session.flush()
