"""Handing a client to a colleague: they become an owner, and who hands it over leaves or stays as a consultant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.accounts.queries import UserFacts
from app.accounts.roles import CONSULTANT, OWNER, RUNNING
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.members import queries
from app.members.service import CHANGED_MEANWHILE, name_of
from app.sentences import Passage, say

Left = Literal["left", "consultant", "owner"]
"""What who handed it over is afterwards."""

YOURSELF: Final = say("You own this client already. Choose a colleague.")
NOT_LISTED: Final = say("Choose a colleague from the list, or somebody else with an e-mail address.")
NO_CONSULTANT: Final = say(
    "{name} is only shown results of this client, or reviews its comments. A client is handed to somebody who runs "
    "clients."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """To whom a client goes: a `colleague` by id, or somebody else by e-mail address and name. `stay`: as a consultant,
    else who hands it over leaves."""

    colleague: str = ""
    email: str = ""
    name: str = ""
    stay: bool = True


@dataclass(frozen=True, slots=True)
class Handed:
    """To whom a client went, and what who handed it over is now."""

    user_id: UUID
    left: Left


def colleagues(session: Session, organisation_id: UUID, *, me: UUID) -> tuple[UserFacts, ...]:
    """Who runs a client together with somebody, this one or another, by name; accounts that were shut are left out."""
    owners = {one.user.id for one in accounts.everybody(session, organisation_id) if one.role == OWNER}
    found = accounts.running_together(session, me, roles=RUNNING)
    return tuple(sorted(found, key=lambda one: (one.id in owners, one.name)))


def hand(session: Session, organisation_id: UUID, wanted: Wanted, *, me: UUID, now: datetime) -> Handed:
    """Makes somebody an owner, and who hands the client over what they chose. Other owners stay.

    Who has not signed in yet gets it too, but then who hands it over stays an owner until they have, unless there is
    another one: else nobody could send them another link. InvalidError, fields `colleague`, `to_email`, `to_name`;
    ConflictError for somebody who is no consultant, or where who hands it over is no owner any more.
    """
    clients.lock_tree(session, organisation_id)
    _require_owner(session, organisation_id, me)
    user = _receiver(session, organisation_id, wanted, me=me, now=now)
    place = {"organisation_id": organisation_id, "user_id": user.id}
    if accounts.role(session, **place) is None:
        naming.add_member(session, **place, now=now, role=OWNER)
    else:
        accounts.change_role(session, **place, role=OWNER, department_id=None)
    return Handed(user.id, _step_back(session, organisation_id, me, stay=wanted.stay))


def _require_owner(session: Session, organisation_id: UUID, me: UUID) -> None:
    """Of two owners who hand a client over at once, the second may have been made something else by the first."""
    role = accounts.role(session, user_id=me, organisation_id=organisation_id)
    if role is None:
        raise NotFoundError
    if role != OWNER:
        raise ConflictError(CHANGED_MEANWHILE.filled({"name": accounts.names(session)[me], "role": name_of(role)}))


def _receiver(session: Session, organisation_id: UUID, wanted: Wanted, *, me: UUID, now: datetime) -> UserFacts:
    """Who gets the client; an account is made for whoever has none. What is asked and refused here says nothing of
    accounts that this client does not know of."""
    if wanted.colleague:
        offered = {str(one.id): one for one in colleagues(session, organisation_id, me=me)}
        if wanted.colleague not in offered:
            raise InvalidError(NOT_LISTED, fields={"colleague": NOT_LISTED})
        return offered[wanted.colleague]
    there = accounts.user_by_email(session, wanted.email)
    wrong = naming.complaints(email=wanted.email, name=wanted.name)
    if there is not None and there.id == me:
        wrong = {"email": YOURSELF}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields={f"to_{name}": text for name, text in wrong.items()})
    if there is not None:
        _require_no_other_role(session, organisation_id, there)
    told = {"email": wanted.email, "name": wanted.name}
    found = accounts.user(session, naming.account_for(session, organisation_id=organisation_id, **told, now=now))
    assert found is not None  # it was there, or has just been made
    return found


def _require_no_other_role(session: Session, organisation_id: UUID, user: UserFacts) -> None:
    """Whoever is shown the results of this client, or reviews its comments, is of this client. What somebody is
    elsewhere is not looked at: nobody here is told of it."""
    role = accounts.role(session, user_id=user.id, organisation_id=organisation_id)
    if role is not None and role not in RUNNING:
        raise ConflictError(NO_CONSULTANT.filled({"name": user.name}))


def _step_back(session: Session, organisation_id: UUID, me: UUID, *, stay: bool) -> Left:
    everybody = accounts.everybody(session, organisation_id)
    if not _in_safe_hands([one.user for one in everybody if one.role == OWNER and one.user.id != me]):
        return "owner"
    place = {"organisation_id": organisation_id, "user_id": me}
    if stay:
        accounts.change_role(session, **place, role=CONSULTANT, department_id=None)
        return "consultant"
    queries.forget_mails(session, **place)
    accounts.remove_member(session, **place, role=OWNER)
    return "left"


def _in_safe_hands(owners: Sequence[UserFacts]) -> bool:
    return any(one.disabled_at is None and one.has_password for one in owners)
