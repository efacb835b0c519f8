"""What was typed of countries and of what counsel said."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.guardrails.places import CLIENT, PLACES, Given
from app.guardrails.service import Said
from app.web.forms import FormData


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What counsel said, as typed."""

    kind: str = "confirmed"
    counsel: str = ""
    on: str = ""
    text: str = ""


def read_note(data: FormData) -> Typed:
    """The form of a note as it was sent."""
    return Typed(
        kind=data.text("kind"),
        counsel=" ".join(data.text("counsel").split()),
        on=data.text("on"),
        text=data.text("text"),
    )


def said(typed: Typed, *, seen: int | None) -> Said:
    """What it says, in its types."""
    return Said(kind=typed.kind, counsel=typed.counsel, on=_day(typed.on), text=typed.text, seen=seen or 0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_countries(data: FormData, places: Iterable[str]) -> Given:
    """The countries that are ticked, of the client and of its departments."""
    ticked = {place: tuple(key for key in PLACES if data.text(field_of(place, key))) for place in (CLIENT, *places)}
    return {place: keys for place, keys in ticked.items() if keys}


def field_of(place: str, key: str) -> str:
    """The name of the box of a country."""
    return f"in-{place}-{key}" if place else f"in-{key}"


def written(given: Given) -> str:
    """What a form has shown, as it sends it back."""
    return json.dumps(given, sort_keys=True)


def read_seen(text: str) -> Mapping[str, tuple[str, ...]]:
    """What a form had shown; nothing where that can't be read."""
    try:
        found = json.loads(text)
        return {str(place): tuple(map(str, keys)) for place, keys in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
