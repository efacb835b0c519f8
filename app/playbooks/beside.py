"""The library as one client has it: that of the service, with the client's own actions beside and in place of some."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from app.playbooks import queries
from app.playbooks.action import Action, Library
from app.playbooks.holding import misfits
from app.playbooks.own import action_of
from app.playbooks.queries import Own
from app.playbooks.shelf import in_order, library
from app.sentences import adopted
from surveys.reader import InstrumentError


def library_of(session: Session, organisation_id: UUID) -> Library:
    """The library of a client; in one statement."""
    return together(library(), queries.own_actions(session, organisation_id))[0]


def together(base: Library, own: Sequence[Own]) -> tuple[Library, Mapping[str, str]]:
    """The library with own actions, and by id what keeps one of those in use out of it: a newer library may have lost
    what it needs. Pure."""
    if not any(one.number for one in own):
        return base, {}
    read: dict[str, Action] = {}
    faults: dict[str, str] = {}
    for one in (one for one in own if one.number):
        try:
            read[one.code] = action_of(one.files)
        except InstrumentError as error:
            faults[one.code] = adopted(error.problems[0])
    there = {one.code: read[one.code] for one in own if one.code in read and not one.retired}
    while True:
        every = {**base.by_id, **there}
        unfit = {id: adopted(told) for id in there for _, told in list(misfits(there[id], every))[:1]}
        if not unfit:
            break
        faults |= unfit
        there = {id: action for id, action in there.items() if id not in unfit}
    whole = hashlib.sha256("\n".join((base.sha256, *(one.sha256 for one in own if one.code in there))).encode())
    return replace(
        base,
        sha256=whole.hexdigest() if there else base.sha256,
        actions=in_order([*base.actions, *there.values()]),
        retired=tuple(read[one.code] for one in own if one.code in read and one.code not in there),
    ), faults
