"""The review of a wave's comments: the list, one comment at a time, and asking for the supplement."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.accounts.access import Reviewing
from app.acts.noting import noted
from app.comments import pages, service
from app.comments.forms import read_ruling
from app.comments.readers import CommentReader
from app.errors import InvalidError
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/waves/{wave_id}/comments")


@router.get("", name="comments:queue")
@access("reviewer")
def queue(request: Request, session: ReadSession, member: Reviewing, wave_id: UUID) -> Response:
    """All comments with what was decided, and what comes next."""
    return html(request, pages.queue(session, member, wave_id, language=language_of(request)))


@router.get("/next", name="comments:next")
@access("reviewer")
def following(
    request: Request, session: ReadSession, member: CommentReader, wave_id: UUID, after: UUID | None = None
) -> Response:
    """Leads to the next comment without a decision, or to the list when all are decided."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    found = pages.following(session, member, wave_id, after=after)
    if found is None:
        return see_other(request, "comments:queue", **place)
    return see_other(request, "comments:comment", **place, comment_id=found.comment_id)


@router.post("/supplement", name="comments:supplement")
@access("reviewer")
@noted("result.comments")
def ask(request: Request, member: CommentReader, session: WriteSession, now: Now, wave_id: UUID) -> Response:
    """Asks the worker to publish what was decided."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    service.ask(session, **place, now=now)
    return see_other(request, "comments:queue", **place)


@router.get("/{comment_id}", name="comments:comment")
@access("reviewer")
def comment(
    request: Request, session: ReadSession, member: CommentReader, wave_id: UUID, comment_id: UUID, replaced: str = ""
) -> Response:
    """One comment to decide on. `replaced`: the decision of somebody else that was there a moment ago."""
    return html(
        request, pages.comment(session, member, wave_id, comment_id, language=language_of(request), replaced=replaced)
    )


@router.post("/{comment_id}", name="comments:decide")
@access("reviewer")
def decide(
    request: Request,
    member: CommentReader,
    session: WriteSession,
    now: Now,
    data: FormDep,
    wave_id: UUID,
    comment_id: UUID,
) -> Response:
    """Notes a decision and leads on; somebody else's that it took the place of is shown first."""
    ruling = read_ruling(data)
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id, "comment_id": comment_id}
    try:
        done = service.decide(session, **place, ruling=ruling, user_id=member.user_id, now=now)
    except InvalidError as error:
        again = pages.comment(
            session, member, wave_id, comment_id, language=language_of(request), typed=ruling, errors=error.fields
        )
        return html(request, again, status=422)
    if done.replaced:
        return see_other(request, "comments:comment", **place, replaced=done.replaced)
    return see_other(
        request, "comments:next", organisation_id=member.organisation_id, wave_id=wave_id, after=comment_id
    )
