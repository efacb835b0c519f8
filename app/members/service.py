"""Giving somebody a role at a client, changing it, taking it away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.accounts.queries import MemberFacts
from app.accounts.roles import LEAD, LESS, NAMES, OWNER, REVIEWER, Role
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.jobs import service as jobs
from app.members import queries
from app.members.models import AccessMail
from app.sentences import Passage, say

LAST_OWNER = say("{name} is the only owner. Make somebody else an owner first, so that the client is in safe hands.")
ONLY_LESS = say(
    "This client is archived, so access can be taken away or made less, and not more. Bring the client back first."
)
CHANGED_MEANWHILE = say("Somebody else has changed this meanwhile: {name} is {role} now. Nothing was changed here.")


@dataclass(frozen=True, slots=True)
class Given:
    """A role, with the department of a lead."""

    role: Role
    department_id: UUID | None


def read_role(session: Session, organisation_id: UUID, *, role: str, department: str) -> Given:
    """A role as it was chosen. InvalidError, fields `role` and `department`, for what there is not."""
    known = next((one for one in NAMES if one == role), None)
    if known is None:
        raise _at("role", say("Choose what this person may do."))
    if known != LEAD:
        return Given(known, None)
    there = {str(node.id): node.id for node in clients.departments(session, organisation_id)}
    if department not in there:
        raise _at("department", say("Choose the department that this person leads."))
    return Given(known, there[department])


def invite(
    session: Session, organisation_id: UUID, *, email: str, name: str, role: str, department: str, now: datetime
) -> UUID:
    """Gives somebody a role; an account is made for whoever has none. The role begins at once.

    InvalidError with a sentence for each field, ConflictError for somebody who has a role there already, or whose
    account can't be used.
    """
    clients.lock_tree(session, organisation_id)
    there = accounts.user_by_email(session, email)
    wrong = naming.complaints(email=email, name=name)  # asked of everybody: it tells not who has an account
    try:
        given = read_role(session, organisation_id, role=role, department=department)
    except InvalidError as error:
        given, wrong = Given("reviewer", None), {**wrong, **error.fields}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if there and accounts.role(session, user_id=there.id, organisation_id=organisation_id):
        raise ConflictError(say("{name} has a role at this client already. Change it in the list.", name=there.name))
    user_id = naming.account_for(session, organisation_id=organisation_id, email=email, name=name, now=now)
    naming.add_member(
        session,
        organisation_id=organisation_id,
        user_id=user_id,
        now=now,
        role=given.role,
        department_id=given.department_id,
    )
    return user_id


def change(
    session: Session,
    organisation_id: UUID,
    user_id: UUID,
    *,
    role: str,
    department: str,
    now: datetime,
    seen: str = "",
    only_less: bool = False,
) -> None:
    """Gives a member another role. `seen` is the role that was on the page: of two who change it the second is told.
    `only_less`: the client is archived, so that nobody is to see more than before.

    A reviewer's link that was not used yet ends: consultants hold those, and it would open what the new role may see.
    ConflictError for the last owner, and for more than before; NotFoundError for somebody who is no member.
    """
    member = _locked(session, organisation_id, user_id)
    given = read_role(session, organisation_id, role=role, department=department)
    if seen and seen != member.role:
        raise ConflictError(CHANGED_MEANWHILE.filled({"name": member.user.name, "role": name_of(member.role)}))
    same = (given.role, given.department_id) == (member.role, member.department_id)
    if only_less and not same and given.role not in LESS.get(member.role, ()):
        raise ConflictError(ONLY_LESS)
    if given.role != OWNER:
        _require_another_owner(session, organisation_id, member)
    if member.role == REVIEWER and given.role != REVIEWER:
        accounts.end_links(session, user_id=user_id, now=now)
    accounts.change_role(
        session, organisation_id=organisation_id, user_id=user_id, role=given.role, department_id=given.department_id
    )


def remove(session: Session, organisation_id: UUID, user_id: UUID) -> None:
    """Takes a member's role; what they did stays. ConflictError for the last owner."""
    member = _locked(session, organisation_id, user_id)
    _require_another_owner(session, organisation_id, member)
    queries.forget_mails(session, organisation_id=organisation_id, user_id=user_id)
    accounts.remove_member(session, organisation_id=organisation_id, user_id=user_id, role=member.role)


def require_member(session: Session, organisation_id: UUID, user_id: UUID) -> None:
    """Raises NotFoundError for somebody without a role at this client."""
    if accounts.role(session, user_id=user_id, organisation_id=organisation_id) is None:
        raise NotFoundError


def ask_mail(session: Session, organisation_id: UUID, user_id: UUID, *, now: datetime) -> None:
    """Has the worker tell a member by mail of their access. NotFoundError for somebody who is no member."""
    _locked(session, organisation_id, user_id)
    mail = AccessMail(organisation_id=organisation_id, id=uuid4(), user_id=user_id, asked_at=now)
    session.add(mail)
    session.flush()
    jobs.enqueue(session, organisation_id=organisation_id, kind=queries.ACCESS, subject_id=mail.id, now=now)


def _locked(session: Session, organisation_id: UUID, user_id: UUID) -> MemberFacts:
    """A member, while nobody else changes roles at this client."""
    clients.lock_tree(session, organisation_id)
    everybody = accounts.everybody(session, organisation_id)
    found = next((one for one in everybody if one.user.id == user_id), None)
    if found is None:
        raise NotFoundError
    return found


def _require_another_owner(session: Session, organisation_id: UUID, member: MemberFacts) -> None:
    others = [
        one
        for one in accounts.everybody(session, organisation_id)
        if one.role == OWNER and one.user.disabled_at is None and one.user.id != member.user.id
    ]
    if member.role == OWNER and not others:
        raise ConflictError(LAST_OWNER.filled({"name": member.user.name}))


def name_of(role: str) -> str:
    """What a role is called, by its key."""
    return next((name for key, name in NAMES.items() if key == role), say("without a role"))


def _at(field: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={field: sentence})
