"""The guardrails of a client in words: which apply, why, from which level, and what they refer to."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from babel.core import get_global

from app.clients.functions import FUNCTIONS
from app.clients.queries import OrganisationFacts
from app.playbooks import pages
from app.playbooks.action import Library
from app.playbooks.guardrail import (
    BASES,
    EU,
    FLAGS,
    Applied,
    Case,
    Catalogue,
    Guardrail,
    Reference,
    Standing,
    applying,
)
from app.playbooks.views import Choice, DayLine, Group, GuardrailsPage, LawLine, Rule
from app.sentences import Listing, Passage, Sentence, Value, say
from scoring.levels import Level

PLACES: Final = {
    "DE": say("Germany"),
    "FR": say("France"),
    "EU": say("another country of the European Union"),
    "US": say("United States"),
    "XX": say("elsewhere"),
}
STANDINGS: Final[dict[Standing, tuple[Sentence, Sentence]]] = {
    "now": (say("Apply now"), say("At the level chosen above, to the departments of this client.")),
    "later": (say("Apply from a higher level on"), say("To be in place before an agent is given more to do alone.")),
    "where": (
        say("Apply where a workflow is of a certain kind"),
        say("Look at each workflow before an agent takes part in it."),
    ),
    "not_here": (say("Not here"), say("This client has no department of the kind that they are for.")),
}


def guardrails_page(
    catalogue: Catalogue,
    library: Library,
    organisation: OrganisationFacts,
    functions: Collection[str],
    *,
    countries: Collection[str],
    level: str,
    language: str,
) -> GuardrailsPage:
    """What applies to departments of these functions. What can't be meant in an address is left out."""
    chosen = [one for one in PLACES if one in countries] or [place_of(organisation.time_zone)]
    highest = Level[level] if level in Level.__members__ else Level.A1
    case = Case(functions=frozenset(functions), countries=frozenset(chosen), level=highest)
    found = applying(catalogue, case)
    return GuardrailsPage(
        organisation=organisation,
        places=tuple(Choice(key, name, key in chosen) for key, name in PLACES.items()),
        level=highest.name,
        levels=tuple((one.name, pages.level(one)) for one in Level),
        groups=tuple(
            Group(
                standing, *STANDINGS[standing], tuple(_rule(one, library) for one in found if one.standing == standing)
            )
            for standing in STANDINGS
            if any(one.standing == standing for one in found)
        ),
        days=tuple(_days(catalogue, found)),
        laws=tuple(_laws(catalogue, found)),
        machine=catalogue.states.get(language) == "machine",
    )


def place_of(time_zone: str) -> str:
    """Where a client is by its time zone, as far as its laws are known here."""
    country = str(get_global("zone_territories").get(time_zone, "XX"))
    return country if country in PLACES else "EU" if country in EU else "XX"


def _rule(one: Applied, library: Library) -> Rule:
    guardrail = one.guardrail
    serving = [action for action in library.actions if guardrail.id in action.guardrails]
    return Rule(
        id=guardrail.id,
        title=guardrail.title,
        about=_ground(one),
        rule=guardrail.rule,
        shown=guardrail.shown,
        start=pages.level(guardrail.start),
        controls=Listing(guardrail.controls) if guardrail.controls else None,
        references=tuple(_cited(part) for part in one.references if part.confirmed),
        to_confirm=tuple(_cited(part) for part in one.references if not part.confirmed),
        actions=tuple(pages.line(action) for action in serving[:6]),
    )


def _ground(one: Applied) -> Value:
    return Passage((say("from {level}", level=one.guardrail.start.name), *_grounds(one, one.guardrail)), " · ")


def _grounds(one: Applied, guardrail: Guardrail) -> Iterator[Value]:
    if not guardrail.functions and not guardrail.flags:
        yield say("all departments")
    if one.functions:
        yield Listing(FUNCTIONS[name] for name in one.functions)
    elif one.standing == "not_here":
        yield Listing(FUNCTIONS[name] for name in guardrail.functions)
    if one.flags:
        kinds = Passage((FLAGS[name] for name in one.flags), ", ")
        yield say("also where {kinds}", kinds=kinds) if one.functions else say("where {kinds}", kinds=kinds)


def _cited(part: Reference) -> str:
    return f"{part.law}: {part.part}"


def _named(found: Collection[Applied]) -> frozenset[str]:
    return frozenset(part.law for one in found for part in one.references)


def _days(catalogue: Catalogue, found: Collection[Applied]) -> Iterator[DayLine]:
    for one in catalogue.days:
        if one.law in _named(found):
            law = catalogue.laws[one.law]
            yield DayLine(_day(one.day), one.law, one.what, one.confirmed, _day(law.checked_on))


def _laws(catalogue: Catalogue, found: Collection[Applied]) -> Iterator[LawLine]:
    for law in catalogue.laws.values():
        if law.name in _named(found):
            yield LawLine(law.name, BASES[law.basis], _day(law.checked_on), law.basis != "not_checked")


def _day(iso: str) -> Sentence:
    return say("{day}", day=date.fromisoformat(iso))
