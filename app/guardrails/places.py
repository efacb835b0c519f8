"""In which countries a department works: its own, else what was told of those before and above it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from babel.core import get_global

from app.autonomy.decision import Place
from app.playbooks.guardrail import EU
from app.sentences import Sentence, say

Given = Mapping[str, tuple[str, ...]]
"""Countries by the id of a department, and by the empty text those of the client."""

CLIENT: Final = ""
PLACES: Final[Mapping[str, Sentence]] = {
    "DE": say("Germany"),
    "FR": say("France"),
    "EU": say("another country of the European Union"),
    "US": say("United States"),
    "XX": say("elsewhere"),
}


def place_of(time_zone: str) -> str:
    """Where a client is by its time zone, as far as its laws are known here."""
    country = str(get_global("zone_territories").get(time_zone, "XX"))
    return country if country in PLACES else "EU" if country in EU else "XX"


def countries(place: str, given: Given, there: Mapping[str, Place], *, usual: str) -> tuple[str, ...]:
    """Where a department works.

    What is told of it itself counts first; then, where others were merged into it or it was split off, all that was
    told of those; then what is told of the department above, of the client, and by its time zone (`usual`).
    """
    for one in _upwards(place, there):
        found = _told(one.id, given, there, ())
        if found:
            return tuple(key for key in PLACES if key in found)
    return given.get(CLIENT) or (usual,)


def _upwards(place: str, there: Mapping[str, Place]) -> Iterator[Place]:
    one, seen = there.get(place), set[str]()
    while one is not None and one.id not in seen:
        seen.add(one.id)
        yield one
        one = there.get(one.parent or "")


def _told(place: str, given: Given, there: Mapping[str, Place], before: Sequence[str]) -> frozenset[str]:
    if given.get(place):
        return frozenset(given[place])
    one = there.get(place)
    sources = () if one is None or place in before else one.sources
    return frozenset(key for source in sources for key in _told(source, given, there, (*before, place)))
