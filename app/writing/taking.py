"""Taking own actions over from another client of whoever looks: which there are, and the copies that are made."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member
from app.acts.noting import noted
from app.clients import queries as clients
from app.errors import InvalidError, NotFoundError
from app.playbooks import queries, takeover
from app.playbooks.own import action_of, fault_of
from app.playbooks.pages import line
from app.playbooks.service import Author
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.views import html, see_other
from app.writing.forms import read_id
from app.writing.routes import run_by
from app.writing.views import Offer, Options, TakingPage

router = APIRouter(prefix="/organisations/{organisation_id}/own-actions-of-others")

NOTHING: Final = say("Nothing is ticked. Tick the actions that this client takes over.")


@router.get("", name="writing:taking")
@access("client")
def taking_page(request: Request, session: ReadSession, member: ClientMember, client: str = "") -> Response:
    """The own actions of another client that the same person runs."""
    return html(request, _page(session, member, client))


@router.post("", name="writing:take")
@access("client")
@noted("playbook.taken")
def take(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes copies of what is ticked over, as drafts."""
    chosen, others = data.text("client"), _others(session, member)
    source = read_id(chosen)
    if source is None or chosen not in dict(others):
        raise NotFoundError
    ticked = _ticked(data)
    try:
        if not ticked:
            raise InvalidError(NOTHING, fields={"take": NOTHING})
        author = Author(member.user_name, now)
        takeover.take_over(session, member.organisation_id, ticked, of=source, author=author)
    except InvalidError as error:
        page = _page(session, member, chosen, ticked=ticked, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "writing:list", organisation_id=member.organisation_id, done="taken")


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
    here = {one.origin for one in queries.own_actions(session, member.organisation_id)}
    theirs = queries.own_actions(session, UUID(chosen)) if chosen else ()
    in_use = [(one, action_of(one.files)) for one in theirs if one.state == "in_use" and not fault_of(one.files)]
    return TakingPage(
        organisation=clients.organisation(session, member.organisation_id),
        others=others,
        chosen=chosen,
        offers=tuple(
            Offer(one.id, action.title, line(action).about, one.id in here, one.id in ticked) for one, action in in_use
        ),
        errors=errors or {},
    )


def _others(session: Session, member: Member) -> Options:
    """The other clients that somebody runs and that have own actions in use, by name."""
    found = queries.with_actions(session, run_by(session, member))
    named = ((str(id), clients.organisation(session, id).name) for id in found)
    return tuple(sorted(named, key=lambda one: (one[1].casefold(), one[0])))


def _ticked(data: FormData) -> tuple[UUID, ...]:
    named = (read_id(name.removeprefix("take-")) for name in data.fields if name.startswith("take-"))
    return tuple(one for one in named if one is not None)
