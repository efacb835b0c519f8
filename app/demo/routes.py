"""The demo's own pages; they exist only where `./run demo` serves."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import queries as accounts
from app.approval import queries as approval
from app.approval.service import token_of
from app.demo import story
from app.demo.views import ComponentsPage, DemoPage, SurveyLink
from app.errors import NotFoundError
from app.invitations.queries import links
from app.waves.queries import wave_departments, waves
from app.web.access import access
from app.web.database import ReadSession
from app.web.views import html

router = APIRouter()


@router.get("/demo", name="demo:start")
@access("public")
def start(request: Request, session: ReadSession) -> Response:
    """What to try first, with everything one needs for it."""
    user = accounts.user_by_email(session, story.EMAIL)
    memberships = accounts.memberships(session, user.id) if user else ()
    if not memberships:
        raise NotFoundError("The demo's data are not here. Stop the service, delete its data directory, start again.")
    organisation_id = memberships[0].organisation_id
    wave = max(waves(session, organisation_id), key=lambda one: one.number)
    departments = wave_departments(session, organisation_id, wave.id)
    state = request.app.state
    made = links(
        session,
        link_key=state.link_key,
        organisation_id=organisation_id,
        wave_id=wave.id,
        base_url=state.settings.base_url,
    )
    shared = {one.department_id: one.url for one in made if one.kind == "shared"}
    open_links = tuple(
        SurveyLink(one.name, shared[one.department_id]) for one in departments if one.department_id in shared
    )
    # A demo that an earlier version made has no review link.
    review = next(iter(approval.links(session, organisation_id, wave.id)), None)
    page = DemoPage(
        client=story.CLIENT,
        wave=wave.label,
        email=story.EMAIL,
        password=story.PASSWORD,
        links=open_links,
        reader=review.reader if review else "",
        review=f"{state.settings.base_url}/review/{token_of(review, state.link_key)}" if review else "",
    )
    return html(request, page)


@router.get("/demo/components", name="demo:components")
@access("public")
def components(request: Request) -> Response:
    """What pages are built of, on one page. It shows nobody's data."""
    return html(request, ComponentsPage())
