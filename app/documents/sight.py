"""What one person may see of a client's documents: who runs the client all, others what is shared with them."""

from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.documents import queries
from app.documents.known import Case, Known
from app.documents.queries import DocumentFacts
from app.errors import NotFoundError
from app.share import queries as share


def shared_with(session: Session, member: Member, known: Known) -> tuple[DocumentFacts, ...]:
    """The documents that a sponsor or a lead may read: shared ones whose result is shared too, of a lead those of their
    own department, or of the one that took it over, and of its workflows."""
    results = {one.release_id for one in share.shared(session, member.organisation_id)}
    every = queries.documents(session, member.organisation_id)
    return tuple(
        one
        for one in every
        if one.shared and one.release_id in {None, *results} and _is_theirs(member, one.subject_id, known)
    )


def require_theirs(member: Member, case: Case) -> None:
    """NotFoundError for a subject that somebody who does not run the client may know nothing of."""
    if not member.runs_it and not _is_theirs(member, case.id, case.known):
        raise NotFoundError


def _is_theirs(member: Member, subject_id: UUID, known: Known) -> bool:
    if member.role != LEAD:
        return True
    if member.department_id is None:
        return False
    own = known.places.now(member.department_id)
    of_works = {one.id for one in known.works if one.department_id == own}
    return subject_id in (own, member.department_id) or subject_id in of_works
