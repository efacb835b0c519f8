"""Setting what is made and mailed by itself, seeing who opened what, and taking links back."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.delivery import forms, pages, service
from app.errors import ConflictError, InvalidError
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/assessments/{assessment_id}/deliveries")


@router.get("", name="delivery:schedule")
@access("client")
def schedule_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, assessment_id: UUID
) -> Response:
    """What happens by itself when a wave closes, and what became of it."""
    mails = bool(request.app.state.settings.smtp_host)
    page = pages.schedule_page(session, member.organisation_id, assessment_id, mails=mails, now=now)
    return html(request, page)


@router.post("", name="delivery:save")
@access("client")
@noted("result.schedule")
def save(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, assessment_id: UUID
) -> Response:
    """Sets which files are mailed to whom when a wave closes; what was typed stays where it is refused."""
    place = {"organisation_id": member.organisation_id, "assessment_id": assessment_id}
    typed, wanted = forms.read(data)
    try:
        service.save(session, wanted, **place, user_id=member.user_id, now=now)
    except (InvalidError, ConflictError) as error:
        mails = bool(request.app.state.settings.smtp_host)
        meanwhile = isinstance(error, ConflictError)
        page = pages.schedule_page(session, **place, mails=mails, now=now, typed=None if meanwhile else typed)
        errors = dict(error.fields) if isinstance(error, InvalidError) else {"active": error.message}
        if wanted.password:  # it is not sent back: without a word the next save would take it for none
            errors.setdefault("password", service.AGAIN)
            page = replace(page, typed=replace(page.typed, keeps_password=page.protected))
        return html(request, replace(page, errors=errors), status=error.status)
    return see_other(request, "delivery:schedule", **place)


@router.post("/take-back", name="delivery:take_back")
@access("client")
@even_archived
@noted("result.delivery_taken_back")
def take_back(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, assessment_id: UUID
) -> Response:
    """Takes a link back at once."""
    place = {"organisation_id": member.organisation_id, "assessment_id": assessment_id}
    service.take_back(session, **place, id=forms.read_id(data.text("link")), now=now)
    return see_other(request, "delivery:schedule", **place)


@router.post("/again", name="delivery:again")
@access("client")
@noted("result.delivery_again")
def send_again(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, assessment_id: UUID
) -> Response:
    """Has a mail sent that failed, or a new link in the place of one that ended."""
    place = {"organisation_id": member.organisation_id, "assessment_id": assessment_id}
    service.send_again(session, **place, id=forms.read_id(data.text("link")), now=now)
    return see_other(request, "delivery:schedule", **place)
