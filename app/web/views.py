"""A page is a frozen dataclass with a template; these functions turn it into an answer."""

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.web.moulds import MadeOfSegments
from app.web.templating import Templates

NO_STORE: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class View:
    """A page: its template and what the template uses. A test holds the two together.

    A page that many people ask for may say which of its fields are one person's, `own_fields`, and which hold things
    that many pages show, `piece_fields`, each with the template and the macro that show one. All else of it is then
    made once (web/moulds.py), unless it is not `is_common`.
    """

    template: ClassVar[str]
    own_fields: ClassVar[tuple[str, ...]] = ()
    piece_fields: ClassVar[Mapping[str, tuple[str, str]]] = {}

    @property
    def is_common(self) -> bool:
        """True where nothing but `own_fields` and `piece_fields` is one person's."""
        return bool(self.own_fields)


def _fields(view: View) -> tuple[str, ...]:
    """The names of a view's fields, looked up once for each kind of view."""
    kind = type(view)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in dataclasses.fields(view))
    return _FIELDS[kind]


_FIELDS: Final[dict[type[View], tuple[str, ...]]] = {}


def html(request: Request, view: View, *, status: int = 200) -> Response:
    """The page of a view. Pages are never kept by caches: they show what one person may see."""
    templates: Templates = request.app.state.templates
    values = {name: getattr(view, name) for name in _fields(view)}
    if view.is_common and (segments := templates.cast(view, request=request, values=values)) is not None:
        return MadeOfSegments(segments, status_code=status, headers=NO_STORE)
    page = templates.render(view.template, request=request, values=values)
    return HTMLResponse(page, status_code=status, headers=NO_STORE)


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
