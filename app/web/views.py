"""A page is a frozen dataclass with a template; these functions turn it into an answer."""

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.web.templating import Templates


@dataclass(frozen=True)
class View:
    """A page: its template and what the template uses. A test holds the two together."""

    template: ClassVar[str]


def html(request: Request, view: View, *, status: int = 200) -> Response:
    """The page of a view. Pages are never kept by caches: they show what one person may see."""
    templates: Templates = request.app.state.templates
    values = {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}
    page = templates.render(view.template, request=request, values=values)
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def html_unless_seen(request: Request, view: View) -> Response:
    """A page that is fetched again and again: 304 while it says the same, so that only what changed is sent.

    A browser may keep it and has to ask each time. The tag is that of the page itself, so it tells no more than that.
    """
    page = html(request, view)
    tag = f'W/"{hashlib.sha256(page.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    page.headers.update(headers)
    return page


def see_other(request: Request, route: str, /, **params: object) -> Response:
    """Sends the browser on to another page after a change (303)."""
    return RedirectResponse(request.app.state.templates.path(route, **params), status_code=303)


def is_htmx(request: Request) -> bool:
    """True when htmx sent this; used by POST routes only."""
    return request.headers.get("HX-Request") == "true"
