"""The addresses of plan records, for who runs a client, and the schema of their documents, for programs."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.errors import ConflictError, NotFoundError
from app.planned import issuing, pages, queries
from app.planned.document import schema
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, Number
from app.web.views import html, see_other

router = APIRouter()

PLACE = "/organisations/{organisation_id}/plan-records"
FIXED = say("The plan is fixed. Files of the result that are made from now on print it.")


@router.get(PLACE, name="planned:records")
@access("client")
def records_page(request: Request, session: ReadSession, member: ClientMember, now: Now, done: str = "") -> Response:
    """What would be fixed today, and all that was fixed."""
    request.state.notice = FIXED if done == "fixed" else None
    return html(request, pages.records_page(session, member.organisation_id, now=now))


@router.post(PLACE, name="planned:issue")
@access("client")
@noted("plan.fixed")
def issue(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Fixes the plan as of today."""
    place = {"organisation_id": member.organisation_id}
    try:
        issuing.issue(session, **place, seen=data.text("essence"), made_by=member.user_name, now=now)
    except ConflictError as error:
        page = pages.records_page(session, member.organisation_id, now=now, problem=error.message)
        return html(request, page, status=error.status)
    return see_other(request, "planned:records", **place, done="fixed")


@router.get(PLACE + "/{number}/plan.json", name="planned:json", dependencies=[downloaded("download.plan")])
@access("client")
def record_json(session: ReadSession, member: ClientMember, number: Number) -> Response:
    """A record's canonical bytes as they are stored, so that their SHA-256 can be checked."""
    one = queries.record(session, member.organisation_id, number)
    if one is None:
        raise NotFoundError
    headers = {"Content-Disposition": f'attachment; filename="plan-record-{number}.json"'}
    return Response(one.document, media_type="application/json", headers=headers)


@router.get("/schemas/plan-record-1.json", name="planned:schema")
@access("public")
def plan_schema() -> Response:
    """The JSON Schema of a plan record. It tells of no client."""
    content = json.dumps(schema(), indent=1, sort_keys=True)
    return Response(content, media_type="application/schema+json", headers={"Cache-Control": "public, max-age=3600"})
