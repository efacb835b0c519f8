"""Jinja set up once an application: strict names, the features' template folders, static and route addresses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request

from app.web.statics import StaticFiles

APP = Path(__file__).resolve().parent.parent
BASE_NAMES = frozenset({"request_path", "signed_in", "notice", "static", "path"})


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


class Templates:
    """Renders templates. `path(route, **params)` is set by the application once its routes are known."""

    def __init__(self, statics: StaticFiles, path: Callable[..., str]) -> None:
        self.path = path
        self.environment = make_environment()
        self.environment.globals.update(static=statics.address, path=path)

    def render(self, template: str, *, request: Request, values: Mapping[str, object]) -> str:
        """The page; the base names are who is signed in, the address, and a notice kept for one page."""
        return self.environment.get_template(template).render(
            request_path=request.url.path,
            signed_in=getattr(request.state, "signed_in", None),
            notice=getattr(request.state, "notice", None),
            **values,
        )


def make_environment() -> Environment:
    """The environment with the features' templates; the report and the tests use it too."""
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in sorted(APP.glob("*/templates"))])
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
    environment.filters.update(day=day, moment=moment, thousands=thousands)
    return environment


def day(value: date | str) -> str:
    """A date as people write it: 22 November 2026."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{when.day} {when:%B %Y}"


def moment(value: datetime, zone: str) -> str:
    """A time in the client's zone: 22 November 2026, 14:05."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def thousands(value: int) -> str:
    """A count with thin separators from ten thousand on: 12 000."""
    return f"{value:,}".replace(",", "\u202f") if value >= 10_000 else str(value)
