"""The web server: `create_app(settings)` builds everything, nothing exists at import."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import anyio
import anyio.to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.convertors import Convertor
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

import app.accounts.routes
import app.actions.routes
import app.actions.subscribing
import app.authoring.asking
import app.authoring.ending
import app.authoring.preview
import app.authoring.readers
import app.authoring.routes
import app.autonomy.routes
import app.clients.particulars
import app.clients.routes
import app.closing.routes
import app.comments.reviewers
import app.comments.routes
import app.copying.routes
import app.delivery.guests
import app.delivery.routes
import app.demo.routes
import app.departments.routes
import app.desk.routes
import app.documents.routes
import app.drafting.routes
import app.drafting.taking
import app.experts.routes
import app.explore.routes
import app.forecast.routes
import app.guardrails.routes
import app.invitations.routes
import app.journal.routes
import app.mail.routes
import app.members.routes
import app.opportunity.routes
import app.owners.routes
import app.papers.routes
import app.people.routes
import app.planned.routes
import app.planner.live
import app.planner.routes
import app.playbooks.routes
import app.posters.routes
import app.reports.published
import app.reports.routes
import app.respond.join
import app.respond.kiosk
import app.respond.mails
import app.respond.routes
import app.respond.statement
import app.retention.routes
import app.rooms.routes
import app.share.decided
import app.share.guests
import app.share.quarters
import app.share.routes
import app.share.staff
import app.waves.routes
import app.workflows.routes
import app.worklists.routes
import app.writing.routes
import app.writing.taking
from app.clock import utc_now
from app.db import POOL_SIZE, Database
from app.posters.press import Press
from app.rooms.guesses import Guesses
from app.settings import Settings, link_key
from app.share.queries import shared_releases
from app.web import failures
from app.web.access import access
from app.web.database import ReadSession
from app.web.entrance import Entrance
from app.web.security import Guard, SecurityMiddleware
from app.web.statics import PREFIX, StaticFiles
from app.web.straight import StraightRoute
from app.web.templating import Templates
from app.web.together import Baton, Readers, Writers

app_router = APIRouter()
PUT_INTO_PAGES = "css/respond.css"  # the sheet that the first page of a survey brings along
# Routes are tried in this order; most requests come from people who answer.
ROUTERS = (
    app.respond.routes.router,
    app.respond.join.router,
    app.respond.kiosk.router,
    app.respond.mails.router,
    app.respond.statement.router,
    app.accounts.routes.router,
    app.desk.routes.router,
    app.clients.routes.router,
    app.clients.particulars.router,
    app.copying.routes.router,
    app.waves.routes.router,
    app.departments.routes.router,
    app.workflows.routes.router,
    app.worklists.routes.router,
    app.experts.routes.router,
    app.owners.routes.router,
    app.opportunity.routes.router,
    app.closing.routes.router,
    app.planner.routes.router,
    app.planner.live.router,
    app.invitations.routes.router,
    app.people.routes.router,
    app.posters.routes.router,
    app.rooms.routes.router,
    app.mail.routes.router,
    app.explore.routes.router,
    app.autonomy.routes.router,
    app.comments.routes.router,
    app.comments.reviewers.router,
    app.forecast.routes.router,
    app.reports.routes.router,
    app.reports.published.router,
    app.playbooks.routes.router,
    app.share.quarters.router,
    app.actions.subscribing.router,
    app.actions.routes.router,
    app.guardrails.routes.router,
    app.planned.routes.router,
    app.documents.routes.router,
    app.drafting.routes.router,
    app.drafting.taking.router,
    app.journal.routes.router,
    app.members.routes.router,
    app.share.decided.router,
    app.share.routes.router,
    app.share.guests.router,
    app.delivery.routes.router,
    app.delivery.guests.router,
    app.share.staff.router,
    app.retention.routes.router,
    app.papers.routes.router,
    app.authoring.routes.router,
    app.authoring.ending.router,
    app.authoring.readers.router,
    app.authoring.preview.router,
    app.authoring.asking.router,
    app.writing.routes.router,
    app.writing.taking.router,
)


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncIterator[None]:
    # As many threads as connections: a thread that waits for a connection would only hold memory.
    anyio.to_thread.current_default_thread_limiter().total_tokens = POOL_SIZE
    state = application.state
    state.read_slots, state.write_slots = (anyio.Semaphore(POOL_SIZE, fast_acquire=True) for _ in range(2))
    state.write_lock = anyio.Lock(fast_acquire=True) if state.database.is_sqlite else None
    state.readers = Readers(state.database, state.read_slots)
    state.writers = Writers(state.database, state.write_lock or state.write_slots, state.baton)
    yield
    state.database.close()


class Service(FastAPI):
    """FastAPI with a short way in for requests to the survey."""

    entrance: Entrance | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        scope["app"] = self
        if self.entrance is None or not await self.entrance.answers(scope, receive, send):
            await super().__call__(scope, receive, send)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application on a database that has been migrated. `clock` gives aware UTC times."""
    application = Service(title="Plumbline", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan)
    statics = StaticFiles()
    state = application.state
    state.settings, state.clock = settings, clock
    state.database = Database(settings.web_database_url or settings.database)
    state.baton = Baton()
    state.link_key = link_key(settings)
    state.sheet = statics.digest(PUT_INTO_PAGES)
    state.press = Press()
    state.shared_releases = shared_releases
    state.guesses = Guesses()
    state.templates = Templates(statics, lambda route, /, **params: _path(application, route, params))
    routers = (app_router, *ROUTERS, *((app.demo.routes.router,) if settings.demo else ()))
    state.routers = routers
    state.addresses = {one.name: _Address(one.path_format, one.param_convertors) for one in routes_of(application)}
    for router in routers:
        application.include_router(router)
    app.accounts.routes.install(application)
    app.authoring.ending.install(application)
    application.mount(PREFIX, statics, name="static")
    failures.install(application)
    application.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    guard = Guard(base_url=settings.base_url, secure=settings.secure, sheet=state.sheet)
    application.add_middleware(SecurityMiddleware, guard=guard, refuse=failures.refuse_foreign)
    straight = [route for route in routes_of(application) if isinstance(route, StraightRoute)]
    application.entrance = Entrance(straight, guard=guard, refuse=failures.refuse_foreign)
    return application


@app_router.get("/health", name="health")
@access("public")
def health(session: ReadSession) -> PlainTextResponse:
    """Says that the web server and its database answer."""
    session.connection().exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok")


def routes_of(application: FastAPI) -> list[APIRoute]:
    """All routes of the application, static files aside; a GET and a POST of one address are two."""
    return [route for router in application.state.routers for route in router.routes if isinstance(route, APIRoute)]


@dataclass(frozen=True, slots=True)
class _Address:
    """The address of a route: its format, and what has to be filled in, each with what writes it."""

    format: str
    inside: Mapping[str, Convertor[Any]]  # Any: strings and ids

    def of(self, params: dict[str, object]) -> str:
        """The address; parameters that are not part of the path become the query. KeyError when one is missing."""
        path = self.format.format_map({name: one.to_string(params[name]) for name, one in self.inside.items()})
        query = {name: str(one) for name, one in params.items() if name not in self.inside and one is not None}
        return f"{path}?{urlencode(query)}" if query else path


def _path(application: FastAPI, route: str, params: dict[str, object]) -> str:
    """The address of a route by its name."""
    known: _Address | None = application.state.addresses.get(route)
    if known is None:
        raise KeyError(f"no route is named {route}")
    return known.of(params)
