"""Own actions that come from elsewhere: from files, from another client of whoever takes them, with a copied set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import InvalidError, NotFoundError
from app.playbooks import queries, service
from app.playbooks.action import Action, is_own
from app.playbooks.exchange import UnreadableError
from app.playbooks.own import Written, action_of, fault_of, texts_of, written_of
from app.playbooks.queries import Own
from app.playbooks.service import Author, Came, add, add_version, code_of, next_version
from app.sentences import say

DRAFTED: Final = say("{id} is being changed. Bring its draft into use, or give it up, before the file is taken.")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many were new, changed one that was there, or were there as they are."""

    new: int
    changed: int
    same: int


def take_files(
    session: Session, organisation_id: UUID, actions: Sequence[Action], *, used: bool, author: Author
) -> Taken:
    """Takes actions of files over, all or none: as drafts, or into use at once. They were read beside what the client
    has. UnreadableError where one of them is being changed just now."""
    clients.lock_tree(session, organisation_id)
    there = {one.code: one for one in queries.own_actions(session, organisation_id)}
    drafted = [one.id for one in actions if one.id in there and there[one.id].draft]
    if drafted:
        raise UnreadableError([DRAFTED.filled({"id": id}) for id in drafted])
    new = [one for one in actions if one.id not in there]
    if len(there) + len(new) > service.MOST:
        raise InvalidError(service.TOO_MANY, fields={"file": service.TOO_MANY})
    for action in new:
        texts = texts_of(written_of(action), action.id, action.version)
        row = add(session, organisation_id, uuid4(), action.id, texts, came=Came(), author=author)
        if used:
            add_version(session, row, texts, author)
    old = [one for one in actions if one.id in there]
    changed = sum(_change(session, organisation_id, there[one.id], one, used, author) for one in old)
    return Taken(len(new), changed, len(actions) - len(new) - changed)


def take_over(
    session: Session, organisation_id: UUID, wanted: Sequence[UUID], *, of: UUID, author: Author
) -> tuple[Own, ...]:
    """Takes copies of another client's own actions as drafts, once each; what they name of its own goes along.

    They remember of which action and of which words they are a copy, and nothing that tells of the client.
    NotFoundError where it has one of them no more.
    """
    clients.lock_tree(session, organisation_id)
    in_use = [one for one in queries.own_actions(session, of) if one.state == "in_use"]
    theirs = {one.code: one for one in in_use if not fault_of(one.files)}
    by_id = {one.id: one for one in theirs.values()}
    if not set(wanted) <= set(by_id):
        raise NotFoundError
    there = queries.own_actions(session, organisation_id)
    names = {by_origin.code: one.code for one in there for by_origin in [_of(one, by_id)] if by_origin}
    new = [one for one in _with_named(theirs, [by_id[id] for id in wanted]) if one.code not in names]
    if len(there) + len(new) > service.MOST:
        raise InvalidError(service.TOO_MANY, fields={"take": service.TOO_MANY})
    taken = {one.code for one in there}
    for one in new:
        free = code_of(one.code, written_of(action_of(one.files)), taken)
        names[one.code] = one.code if one.code not in taken else free
        taken.add(names[one.code])
    made = [_copied(session, organisation_id, one, names, author) for one in new]
    every = queries.own_actions(session, organisation_id)
    return tuple(one for one in every if one.id in made)


def take_along(session: Session, organisation_id: UUID, *, of: UUID, author: Author) -> None:
    """Gives a new client, which has none yet, the own actions of another one: those in use as they are, and drafts."""
    for one in queries.own_actions(session, of):
        if one.retired:
            continue
        came = Came(copied_from=one.copied_from, copied_version=one.copied_version)
        row = add(session, organisation_id, uuid4(), one.code, one.newest, came=came, author=author)
        if one.files:
            add_version(session, row, one.files, author)
            row.draft = dict(one.draft)
    session.flush()


def _change(session: Session, organisation_id: UUID, now: Own, action: Action, used: bool, author: Author) -> bool:
    """Makes a file the draft of the next version, or that version; says whether it says anything new."""
    written = written_of(action)
    is_sound = now.files and not fault_of(now.files)
    if is_sound and written == written_of(action_of(now.files)) and not now.retired:
        return False
    row = queries.row(session, organisation_id, now.id)
    row.draft = texts_of(written, now.code, next_version(now))
    row.saves += 1
    row.changed_at, row.changed_by = author.now, author.name
    if used:
        row.retired_at = None
        add_version(session, row, row.draft, author)
    session.flush()
    return True


def _of(one: Own, theirs: Mapping[UUID, Own]) -> Own | None:
    return theirs.get(one.origin) if one.origin is not None else None


def _with_named(theirs: Mapping[str, Own], wanted: Sequence[Own]) -> tuple[Own, ...]:
    """What is wanted, and those of the same client that it names, each once, the named ones first."""
    found: dict[str, Own] = {}

    def go(one: Own) -> None:
        action = action_of(one.files)
        for id in (*action.needs, *((action.instead_of,) if action.instead_of else ())):
            if is_own(id) and id in theirs and id not in found:
                go(theirs[id])
        found.setdefault(one.code, one)

    for one in wanted:
        go(one)
    return tuple(found.values())


def _copied(session: Session, organisation_id: UUID, one: Own, names: Mapping[str, str], author: Author) -> UUID:
    """A copy of another client's action as a draft, in which what it names is called as it is here."""
    written = written_of(action_of(one.files))
    action = action_of(one.files)
    fields = {
        **written.fields,
        "needs": [names.get(id, id) for id in action.needs],
        "instead_of": names.get(action.instead_of or "", action.instead_of),
    }
    came = Came(copied_from=one.copied_from, copied_version=one.copied_version, origin=one.id, origin_sha256=one.sha256)
    texts = texts_of(Written(fields, written.words), names[one.code], service.FIRST)
    return add(session, organisation_id, uuid4(), names[one.code], texts, came=came, author=author).id
