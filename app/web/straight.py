"""A route whose function is run in one go: one thread, one transaction.

FastAPI asks for each thing that a function needs one after the other, and hands each part that may block to a thread:
three changes of thread for a page that takes less than a millisecond. Routes that need nothing but the form, a session
and the time say so by their signature, as all others do; it is read once, and what it names is made here.
"""

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, get_type_hints

from anyio.to_thread import run_sync
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlmodel import Session

from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep, read_form
from app.web.together import Together

Endpoint = Callable[..., Response]


@dataclass(frozen=True)
class Needs:
    """What a function takes, by the names of its parameters; None or nothing where it does not take it.

    `path` are parts of the address; `query` are optional and have what stands in the signature when they are missing.
    """

    request: str | None
    form: str | None
    session: str | None
    now: str | None
    writes: bool
    path: tuple[str, ...]
    query: dict[str, str]

    @property
    def reads_form(self) -> bool:
        """True where the form is read, also one that is not looked at: a body that trickles in holds up nobody."""
        return self.form is not None or self.writes


def needs(function: Endpoint, *, path: set[str]) -> Needs:
    """What a function's signature asks for. TypeError for what such a route cannot give."""
    told = get_type_hints(function, include_extras=True)
    by_kind: dict[object, str] = {}
    inside: list[str] = []
    query: dict[str, str] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if told[name] in (Request, FormDep, ReadSession, WriteSession, Now):
            by_kind[told[name]] = name
        elif told[name] is str and name in path:
            inside.append(name)
        elif told[name] is str and isinstance(parameter.default, str):
            query[name] = parameter.default
        else:
            raise TypeError(f"{function.__qualname__}: a route of this kind can't give the parameter {name}")
    writing = by_kind.get(WriteSession)
    return Needs(
        request=by_kind.get(Request),
        form=by_kind.get(FormDep),
        session=writing or by_kind.get(ReadSession),
        now=by_kind.get(Now),
        writes=writing is not None,
        path=tuple(inside),
        query=query,
    )


class StraightRoute(APIRoute):
    """A route that is run in one go; see above. The entrance (web/entrance.py) asks it directly."""

    wanted: Needs

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: as FastAPI has it
        """What answers a request; FastAPI asks for it once."""
        function: Endpoint = self.endpoint
        if self.dependencies:  # nobody would ask for them
            raise TypeError(f"{function.__qualname__}: a route of this kind has no other dependencies")
        self.wanted = needs(function, path=set(self.param_convertors))
        return self.answered

    async def answered(self, request: Request) -> Response:
        """The answer to a request, once what it changed is committed."""
        wanted, function = self.wanted, self.endpoint
        form = await read_form(request) if wanted.reads_form else None
        given = _given(request, wanted, form)
        name = wanted.session
        if name is None:
            answer: Response = await run_sync(lambda: function(**given))
            return answer

        def work(session: Session) -> Response:
            made: Response = function(**given, **{name: session})
            return made

        state = request.app.state
        together: Together = state.writers if wanted.writes else state.readers
        return await together.run(work)


def _given(request: Request, wanted: Needs, form: FormData | None) -> dict[str, object]:
    """Everything but the session."""
    given: dict[str, object] = {name: request.path_params[name] for name in wanted.path}
    if wanted.query:
        asked = request.query_params
        given |= {name: asked.get(name, default) for name, default in wanted.query.items()}
    if wanted.request is not None:
        given[wanted.request] = request
    if wanted.form is not None:
        given[wanted.form] = form
    if wanted.now is not None:
        given[wanted.now] = request.app.state.clock()
    return given
