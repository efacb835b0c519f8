"""The addresses of what experts say: all workflows, one to rate, and the files on which ratings rest."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted, say_about
from app.errors import InvalidError, NotFoundError
from app.evidence.files import download_headers
from app.experts import forms, pages, queries, service
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_lists
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}")
NOTICES = {
    "rated": say("Your rating is kept. Below stands what others said."),
    "withdrawn": say("Your rating is withdrawn. It counts no more and stays in the history."),
}


@router.get("/experts", name="experts:list")
@access("client")
def list_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """All workflows, and how many experts rated each."""
    return html(request, pages.list_page(session, member.organisation_id, user_id=member.user_id, now=now))


@router.get("/workflows/{workflow_id}/experts", name="experts:workflow")
@access("client")
def rating_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, workflow_id: UUID, done: str = ""
) -> Response:
    """A workflow with what experts say of it, and the form to rate it."""
    request.state.notice = NOTICES.get(done)
    return html(
        request, pages.rating_page(session, member.organisation_id, workflow_id, user_id=member.user_id, now=now)
    )


@router.post("/workflows/{workflow_id}/experts", name="experts:rate")
@access("client")
@noted("workflow.rated")
@takes_lists
def rate(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Keeps what the reader says of a workflow."""
    typed, place = forms.read(data), {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    try:
        service.rate(session, forms.wanted(typed, data), **place, user_id=member.user_id, now=now)
    except InvalidError as error:
        page = pages.rating_page(session, **place, user_id=member.user_id, now=now, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=workflow_id)
    return see_other(request, "experts:workflow", **place, done="rated")


@router.post("/workflows/{workflow_id}/experts/{rating_id}/withdraw", name="experts:withdraw")
@access("client")
@noted("workflow.rating_withdrawn")
def withdraw(
    request: Request,
    member: ClientMember,
    session: WriteSession,
    now: Now,
    data: FormDep,
    workflow_id: UUID,
    rating_id: UUID,
) -> Response:
    """Takes the reader's own rating back, with the reason."""
    place = {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    try:
        because = data.text("because")
        service.withdraw(session, **place, rating_id=rating_id, user_id=member.user_id, because=because, now=now)
    except InvalidError as error:
        page = pages.rating_page(
            session, member.organisation_id, workflow_id, user_id=member.user_id, now=now, errors=error.fields
        )
        return html(request, page, status=error.status)
    say_about(request, subject_id=workflow_id)
    return see_other(request, "experts:workflow", **place, done="withdrawn")


@router.get(
    "/workflows/{workflow_id}/experts/{rating_id}/evidence",
    name="experts:evidence",
    dependencies=[downloaded("download.rating")],
)
@access("client")
def evidence_file(session: ReadSession, member: ClientMember, workflow_id: UUID, rating_id: UUID) -> Response:
    """A file on which a rating rests, as a download that no browser opens by itself; for who rated the workflow."""
    one = service.found(session, member.organisation_id, workflow_id, rating_id)
    every = queries.of_workflow(session, member.organisation_id, workflow_id)
    content = queries.evidence(session, member.organisation_id, rating_id)
    if content is None or not service.may_see(every, member.user_id):
        raise NotFoundError
    return Response(content, media_type="application/octet-stream", headers=download_headers(one.file_name))
