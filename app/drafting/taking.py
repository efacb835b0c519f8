"""Taking own templates over from another client of whoever looks: which there are, and the copies that are made."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import queries as accounts
from app.accounts.access import ClientMember, Member
from app.accounts.roles import RUNNING
from app.acts.noting import noted
from app.clients import queries as clients
from app.documents import keeping, owned, queries
from app.documents.own import fault_of, template_of
from app.documents.service import Author
from app.drafting.forms import read_id
from app.drafting.views import Offer, Options, TakingPage
from app.errors import InvalidError, NotFoundError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/own-templates-of-others")

NOTHING: Final = say("Nothing is ticked. Tick the templates that this client takes over.")


@router.get("", name="drafting:taking")
@access("client")
def taking_page(request: Request, session: ReadSession, member: ClientMember, client: str = "") -> Response:
    """The own templates of another client that the same person runs."""
    return html(request, _page(session, member, client))


@router.post("", name="drafting:take")
@access("client")
@noted("document.template_taken")
def take(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes copies of what is ticked over, as drafts."""
    chosen, others = data.text("client"), _others(session, member)
    source = read_id(chosen)
    if source is None or chosen not in dict(others):
        raise NotFoundError
    named = (read_id(name.removeprefix("take-")) for name in data.fields if name.startswith("take-"))
    ticked = tuple(one for one in named if one is not None)
    try:
        if not ticked:
            raise InvalidError(NOTHING, fields={"take": NOTHING})
        author = Author(member.user_name, now)
        keeping.take_over(session, member.organisation_id, ticked, of=source, author=author)
    except InvalidError as error:
        page = _page(session, member, chosen, ticked=ticked, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "drafting:list", organisation_id=member.organisation_id, done="taken")


def _page(
    session: Session,
    member: Member,
    client: str,
    *,
    ticked: tuple[UUID, ...] = (),
    errors: Mapping[str, str] | None = None,
) -> TakingPage:
    others = _others(session, member)
    chosen = client if client in dict(others) else str(others[0][0]) if len(others) == 1 else ""
    here = {one.origin for one in owned.own_templates(session, member.organisation_id)}
    theirs = owned.own_templates(session, UUID(chosen)) if chosen else ()
    in_use = [(one, template_of(one.file)) for one in theirs if one.state == "in_use" and not fault_of(one.file)]
    return TakingPage(
        organisation=clients.organisation(session, member.organisation_id),
        others=others,
        chosen=chosen,
        offers=tuple(Offer(one.id, it.title, it.about, one.id in here, one.id in ticked) for one, it in in_use),
        errors=errors or {},
    )


def _others(session: Session, member: Member) -> Options:
    """The other clients that somebody runs and that have own templates in use, by name."""
    memberships = accounts.memberships(session, member.user_id)
    run = frozenset(one.organisation_id for one in memberships if one.role in RUNNING) - {member.organisation_id}
    found = queries.with_templates(session, run)
    named = ((str(id), clients.organisation(session, id).name) for id in found)
    return tuple(sorted(named, key=lambda one: (one[1].casefold(), one[0])))
