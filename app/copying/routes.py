"""Copying a client's set-up to a new client. The one that is copied stays as it is, so that can be an archived one."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.copying import forms, pages, service
from app.copying.service import Maker
from app.errors import ConflictError, InvalidError
from app.questionnaires.exchange import UnreadableError
from app.sentences import Passage, say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import speech_of
from app.web.views import html, see_other

router = APIRouter()

COPY: Final = "/organisations/{organisation_id}/copy"
REASON: Final = say("Taken over from the set-up that this client was made with.")


@router.get(COPY, name="copying:copy")
@access("client")
def copy_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """What a new client would begin with, and what not."""
    return html(request, pages.copy_page(session, member.organisation_id, forms.fresh(), now=now))


@router.post(COPY, name="copying:copy")
@access("client")
@even_archived
@noted("client.copied")
def copy(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Makes the new client, and goes on to it."""
    wanted = forms.read(data)
    maker = Maker(user_id=member.user_id, name=member.user_name, reason=str(speech_of(request).say(REASON)))
    try:
        # Whatever cannot be copied, no half of a client stays.
        with session.begin_nested():
            made = service.make(session, member.organisation_id, wanted, maker=maker, now=now)
    except (InvalidError, ConflictError) as error:
        errors = {"name": Passage(_sentences(error))}
        page = pages.copy_page(session, member.organisation_id, wanted, now=now, errors=errors)
        return html(request, page, status=error.status)
    return see_other(request, "waves:organisation", organisation_id=made)


def _sentences(error: InvalidError | ConflictError) -> tuple[str, ...]:
    """All that stands in the way, whichever part of the set-up it is of: the form has the name alone."""
    fields = error.fields if isinstance(error, InvalidError) else {}
    problems = error.problems if isinstance(error, UnreadableError) else ()
    return (*(dict.fromkeys(fields.values()) or (error.message,)), *problems)
