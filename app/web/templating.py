"""Jinja set up once a language: strict names, the features' template folders, static and route addresses, the words."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from markupsafe import Markup
from starlette.requests import Request

from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.lettering import fitting
from app.web.moulds import Hole, Moulds, Page, Segment
from app.web.speech import Speech, speech, speech_of
from app.web.statics import StaticFiles
from surveys.languages import LANGUAGES

APP = Path(__file__).resolve().parent.parent
BASE_NAMES = frozenset(
    {"request_path", "whole_address", "signed_in", "archived", "notice", "sitting", "arriving", "static", "path"}
)

OURS = "same-origin"

MOST_MADE = 5000  # a question takes about a kilobyte
DRAWN_ROWS = 2000  # a row of a heatmap takes about five
OF_THE_CONSOLE = tuple(one for tag, one in LANGUAGES.items() if tag in SPOKEN_IN_THE_CONSOLE)


class CompiledTemplates(BytecodeCache):
    """Compiled templates by their source: one process compiles each once, however many applications it makes."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives back what was compiled from the same source."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


class Once:
    """For templates: `once(macro, one, another)` is what the macro makes of these things, made when they first come.

    For macros that need nothing but their arguments and the language, with arguments that compare by what they hold.
    Each environment has one of its own. What names a person, such as an address with their link, is no such argument.
    """

    def __init__(self, most: int = MOST_MADE) -> None:
        self._made: dict[tuple[object, ...], Markup] = {}
        self._most = most

    def __call__(self, macro: Macro, *arguments: object) -> Markup:
        """The same each time; forgotten when there is too much of it. A hole (web/moulds.py) is left open."""
        if arguments and type(arguments[0]) is Hole:
            return Markup(arguments[0].mark)  # noqa: S704 - letters and digits
        key = (macro.name, *arguments)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= self._most:
                self._made.clear()
            made = self._made[key] = Markup(macro(*arguments))  # noqa: S704 - what the macro has made
        return made


class Templates:
    """Renders templates. `path(route, **params)` is set by the application once its routes are known.

    There is an environment for each language that was asked for: what a template says follows from the environment it
    is in, so nothing that belongs to one request is kept where another could read it.
    """

    def __init__(self, statics: StaticFiles, path: Callable[..., str]) -> None:
        self.path = path
        self._statics = statics
        self._environments: dict[str, Environment] = {}
        self._moulds = Moulds()

    def render(self, template: str, *, request: Request, values: Mapping[str, object]) -> str:
        """The page; the base names are who is signed in, the address, and a notice kept for one page.

        `whole_address` has the query too, and is empty on the answer to a form: going there anew would lose what was
        typed. `archived` is the client of the page, where that is archived. `sitting` is the token of the person in
        front of a shared device. `arriving`: the browser says that it does not come from one of our pages, so it may
        have nothing of ours yet.
        """
        scope = request.scope  # the address itself: `request.url` takes it apart and puts it together again each time
        query = f"?{scope['query_string'].decode('latin-1')}" if scope.get("query_string") else ""
        return (
            self.environment(speech_of(request))
            .get_template(template)
            .render(
                request_path=scope["path"],
                whole_address=scope["path"] + query if request.method == "GET" else "",
                signed_in=getattr(request.state, "signed_in", None),
                archived=getattr(request.state, "archived", None),
                notice=getattr(request.state, "notice", None),
                sitting=getattr(request.state, "sitting", None),
                arriving=request.headers.get("sec-fetch-site", OURS) != OURS,
                **values,
            )
        )

    # Any: the fields of views have no common type.
    def cast(self, page: Page, *, request: Request, values: Mapping[str, Any]) -> list[Segment] | None:
        """A page of which most is made once; None in front of a shared device, where it says whose turn it is.

        Its template is told neither an address nor who is signed in, which are one person's.
        """
        state = request.state
        if getattr(state, "sitting", None) is not None:
            return None
        arriving = request.headers.get("sec-fetch-site", OURS) != OURS
        told = {**values, "sitting": None, "notice": getattr(state, "notice", None), "arriving": arriving}
        spoken = speech_of(request)
        return self._moulds.cast(page, told, self.environment(spoken), spoken.language.tag)

    def environment(self, spoken: Speech) -> Environment:
        """The environment of a language, made when it is first needed."""
        tag = spoken.language.tag
        if tag not in self._environments:
            made = make_environment(spoken)
            made.globals.update(static=self._statics.address, inline=self._inline, path=self.path)
            made.globals.update(once=Once(), drawn=Once(DRAWN_ROWS))
            self._environments[tag] = made
        return self._environments[tag]

    def prepare(self, spoken: Speech, folders: Collection[str]) -> None:
        """Compiles what these features show in a language, so that nobody waits for it at their first visit."""
        environment = self.environment(spoken)
        for name in environment.list_templates():
            if name.partition("/")[0] in folders:
                environment.get_template(name)

    def _inline(self, name: str) -> Markup:
        """A file to stand in a page itself; the policy names style sheets for that by their hash (web/security.py)."""
        return Markup(self._statics.text(name))  # noqa: S704 - a file of ours


def make_environment(spoken: Speech | None = None) -> Environment:
    """The environment with the features' templates, in English unless told; the report and the tests use it too.

    Whatever a template prints is said in its language when it is a `Sentence` (app/sentences.py). The functions of
    Jinja's own extension for gettext are ours, so that the sentences among a message's values are said too.
    """
    spoken = spoken or speech(SOURCE)
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in sorted(APP.glob("*/templates"))])
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
        finalize=spoken.say,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension made it
    environment.globals.update(
        gettext=spoken.gettext, ngettext=spoken.ngettext, language=spoken.language, languages_here=OF_THE_CONSOLE
    )
    environment.filters.update(day=spoken.day, moment=spoken.moment, thousands=spoken.number, fitting=fitting)
    return environment


day, thousands = speech(SOURCE).day, speech(SOURCE).number  # for sentences that are made in English
