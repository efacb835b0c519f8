"""Ceilings of departments, attested controls and decision records: for who runs a client, and for leads their own."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader
from app.accounts.roles import LEAD, SPONSOR
from app.acts.noting import downloaded, noted, say_about
from app.autonomy import adopting, attesting, drafting, forms, listing, pages, queries, service, thresholds, working
from app.autonomy.gathering import current_policy
from app.errors import ConflictError, InvalidError, NotFoundError
from app.evidence.files import download_headers
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, Number, takes_lists
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/autonomy")
NOTICES = {
    "attested": say("The attestation is kept. What it changes is shown under “How far agents may go”."),
    "withdrawn": say("The attestation is withdrawn. It counts no more and stays in the history."),
}


@router.get("", name="autonomy:ladder")
@access("client")
def ladder_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """All departments on the ladder, as of today."""
    return html(request, pages.ladder_page(session, member.organisation_id, now=now))


@router.get("/departments/{department_id}", name="autonomy:department")
@access("client")
def department_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, department_id: UUID
) -> Response:
    """What one department may do, what blocks the next level, and who can do something about it."""
    return html(request, pages.department_page(session, member.organisation_id, department_id, now=now))


@router.get("/workflows/{workflow_id}", name="autonomy:workflow")
@access("client")
def workflow_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, workflow_id: UUID
) -> Response:
    """How far agents may go in one workflow, which caps bind, and what its tests show."""
    return html(request, working.workflow_page(session, member.organisation_id, workflow_id, now=now))


@router.get("/controls", name="autonomy:controls")
@access("reader")
def controls_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    now: Now,
    control: str = "",
    department: str = "",
    done: str = "",
) -> Response:
    """What is attested, with the form; `?control=` and `?department=` fill it in, to renew one."""
    own = _own(member)
    request.state.notice = NOTICES.get(done)
    page = listing.controls_page(session, member.organisation_id, now=now, own=own)
    return html(request, listing.begun(page, control=control, department=department))


@router.post("/controls", name="autonomy:attest")
@access("reader")
@noted("decision.attested")
@takes_lists
def attest(request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Attests a control, with its evidence."""
    own, typed = _own(member), forms.read_attestation(data)
    place = {"organisation_id": member.organisation_id}
    try:
        wanted = forms.wanted(typed, data)
        listing.require_own(session, member.organisation_id, wanted.department, own=own)
        policy = current_policy(session, member.organisation_id)
        attesting.attest(session, wanted, **place, user_id=member.user_id, policy=policy, now=now)
    except InvalidError as error:
        page = listing.controls_page(
            session, member.organisation_id, now=now, own=own, typed=typed, errors=error.fields
        )
        return html(request, page, status=error.status)
    say_about(request, subject_id=wanted.department, detail=wanted.control)
    return see_other(request, "autonomy:controls", **place, done="attested")


@router.post("/controls/{attestation_id}/withdraw", name="autonomy:withdraw")
@access("reader")
@noted("decision.withdrawn")
def withdraw(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, attestation_id: UUID
) -> Response:
    """Takes an attestation back, with the reason."""
    own, place = _own(member), {"organisation_id": member.organisation_id}
    one = attesting.found(session, member.organisation_id, attestation_id)
    listing.require_own(session, member.organisation_id, one.department_id, own=own)
    try:
        attesting.withdraw(
            session,
            **place,
            attestation_id=attestation_id,
            user_id=member.user_id,
            because=data.text("because"),
            now=now,
        )
    except InvalidError as error:
        page = listing.controls_page(session, member.organisation_id, now=now, own=own)
        typed = listing.withdrawing(page, attestation_id, data.text("because"), about=error.message)
        return html(request, typed, status=error.status)
    say_about(request, subject_id=one.department_id, detail=one.control)
    return see_other(request, "autonomy:controls", **place, done="withdrawn")


@router.get(
    "/controls/{attestation_id}/evidence",
    name="autonomy:evidence",
    dependencies=[downloaded("download.evidence")],
)
@access("reader")
def evidence_file(session: ReadSession, member: ResultReader, attestation_id: UUID) -> Response:
    """A file that shows a control, as a download that no browser opens by itself."""
    one = attesting.found(session, member.organisation_id, attestation_id)
    listing.require_seen(session, member.organisation_id, one.department_id, own=_own(member))
    content = queries.evidence(session, member.organisation_id, attestation_id)
    if content is None:
        raise NotFoundError
    return Response(content, media_type="application/octet-stream", headers=download_headers(one.file_name))


@router.post("/records", name="autonomy:issue")
@access("client")
@noted("decision.issued")
def issue(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Issues what follows today as a decision record."""
    reason, place = data.text("reason"), {"organisation_id": member.organisation_id}
    try:
        number = service.issue(session, **place, seen=data.text("seen"), reason=reason, user_id=member.user_id, now=now)
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"reason": error.message}
        drafting.make(session, member.organisation_id, now=now)
        page = pages.ladder_page(session, member.organisation_id, now=now, reason=reason, errors=errors)
        return html(request, page, status=error.status)
    return see_other(request, "autonomy:record", **place, number=number)


@router.get("/records", name="autonomy:records")
@access("client")
def records_page(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """All decision records."""
    return html(request, pages.records_page(session, member.organisation_id))


@router.get("/records/{number}", name="autonomy:record")
@access("client")
def record_page(
    request: Request, session: ReadSession, member: ClientMember, number: Number, other: Number = 0
) -> Response:
    """One decision record; `?other=` is the number of the one that it is compared with."""
    return html(request, pages.record_page(session, member.organisation_id, number, compared=other))


@router.get("/records/{number}/record.json", name="autonomy:json", dependencies=[downloaded("download.decision")])
@access("client")
def record_json(session: ReadSession, member: ClientMember, number: Number) -> Response:
    """A record's canonical bytes as they are stored, so that their SHA-256 can be checked."""
    one = queries.record(session, member.organisation_id, number)
    if one is None:
        raise NotFoundError
    return Response(one.document, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/policy", name="autonomy:policy")
@access("client")
def policy_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """The thresholds that count, and the form to change them."""
    return html(request, adopting.policy_page(session, member.organisation_id, now=now))


@router.post("/policy", name="autonomy:adopt")
@access("client")
@noted("decision.policy", look="decision.policy_looked")
def adopt(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Shows what a change would do to all departments, or adopts it."""
    typed = thresholds.read(data, current_policy(session, member.organisation_id))
    reason, adopts = data.text("reason"), data.text("do") == "adopt"
    place = {"organisation_id": member.organisation_id}
    try:
        policy = adopting.wanted(session, member.organisation_id, typed)
        if adopts:
            service.adopt(
                session, policy, **place, after=data.number("after"), reason=reason, user_id=member.user_id, now=now
            )
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"reason": error.message}
        page = adopting.policy_page(session, member.organisation_id, now=now, typed=typed, reason=reason, errors=errors)
        return html(request, page, status=error.status)
    if adopts:
        return see_other(request, "autonomy:policy", **place)
    return html(
        request,
        adopting.policy_page(session, member.organisation_id, now=now, typed=typed, reason=reason, policy=policy),
    )


def _own(member: Member) -> UUID | None:
    """The department of a lead, None for who runs the client; anybody else learns nothing."""
    if member.role == SPONSOR or (member.role == LEAD and member.department_id is None):
        raise NotFoundError
    return member.department_id if member.role == LEAD else None
