"""The library in words: lists that are filtered, and what is told of one action."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from app.autonomy.library import LEVELS
from app.clients.functions import FUNCTIONS
from app.clients.queries import OrganisationFacts
from app.playbooks.action import BANDS, COST_WORDS, DIMENSIONS, NAMES, Action, Library, is_own
from app.playbooks.roles import ROLES
from app.playbooks.views import ActionPage, Fact, LibraryPage, Line, Options, Shelf
from app.releases.document.words import BAND_WORDS
from app.sentences import Listing, Passage, Sentence, Value, say, say_count
from scoring.levels import Level


def library_page(
    library: Library, organisation: OrganisationFacts, asked: Mapping[str, str], *, language: str
) -> LibraryPage:
    """The library as it is asked for; what can't be meant in an address is no filter."""
    dimension = _known(asked.get("dimension", ""), DIMENSIONS)
    band = _known(asked.get("band", ""), BANDS)
    function = _known(asked.get("function", ""), tuple(FUNCTIONS))
    found = [
        one
        for one in (library.meant_for(function) if function else library.actions)
        if dimension in {"", one.dimension} and (not band or band in one.bands)
    ]
    return LibraryPage(
        organisation=organisation,
        dimension=dimension,
        band=band,
        function=function,
        dimensions=tuple((id, _coded(id)) for id in DIMENSIONS),
        bands=tuple((id, BAND_WORDS[id]) for id in BANDS),
        functions=_functions(),
        shelves=tuple(
            Shelf(id, _coded(id), tuple(line(one) for one in some))
            for id, some in groupby(found, key=lambda one: one.dimension)
        ),
        count=sum(not is_own(one.id) for one in found),
        own=sum(is_own(one.id) for one in found),
        version=library.version,
        machine=library.states.get(language) == "machine",
    )


def action_page(library: Library, organisation: OrganisationFacts, action: Action, *, language: str) -> ActionPage:
    """Everything about one action."""
    replaced = library.known(action.instead_of) if action.instead_of else None
    before = (library.known(id) for id in action.needs)
    return ActionPage(
        organisation=organisation,
        action_id=action.id,
        title=action.title,
        why=action.why,
        steps=action.steps,
        evidence=action.evidence,
        risk=action.risk,
        facts=tuple(_facts(action)),
        before=tuple(line(one) for one in before if one),
        replaced=line(replaced) if replaced else None,
        stand_ins=tuple(line(one) for one in library.actions if one.instead_of == action.id and is_own(one.id)),
        is_own=is_own(action.id),
        in_use=action.id in library.by_id,
        machine=not library.is_read(action, language),
    )


def line(action: Action) -> Line:
    """An action as an entry of a list."""
    return Line(action.id, action.title, Passage(_about(action), " · "))


def effort(action: Action) -> Sentence:
    """What an action takes, of all people together."""
    return say(
        "{hours} in {weeks}",
        hours=say_count("{n} hour", "{n} hours", action.hours),
        weeks=say_count("{n} week", "{n} weeks", action.weeks),
    )


def level(one: Level) -> Sentence:
    """A level of autonomy with its name."""
    return say("{level} {name}", level=one.name, name=LEVELS[one])


def unlocked(action: Action) -> Sentence | None:
    """Which controls may be attested when it is done, and for which level the first is asked."""
    if action.level is None:
        return None
    return say(
        "{controls}, asked for from {level} ({name}) on",
        controls=Listing(action.unlocks),
        level=action.level.name,
        name=LEVELS[action.level],
    )


def _about(action: Action) -> Iterator[Value]:
    if is_own(action.id):
        yield say("this client’s own")
    if action.functions:
        yield _listed(action.functions)
    yield _bands(action)
    yield ROLES[action.owner]
    yield effort(action)
    if action.unlocks:
        yield say("control {controls}", controls=Listing(action.unlocks))


def _bands(action: Action) -> Value:
    if len(action.bands) == len(BANDS):
        return say("any score")
    return Listing(BAND_WORDS[one] for one in BANDS if one in action.bands)


def _facts(action: Action) -> Iterator[Fact]:
    yield Fact(say("Dimension"), _coded(action.dimension))
    yield Fact(say("Meant for scores"), _bands(action))
    yield Fact(
        say("Departments"), Listing(FUNCTIONS[one] for one in action.functions) if action.functions else say("all")
    )
    yield Fact(say("Who answers for it"), ROLES[action.owner])
    if action.support:
        yield Fact(say("Who helps"), Listing(ROLES[one] for one in action.support))
    yield Fact(say("Effort, all people together"), effort(action))
    yield Fact(say("Cost"), COST_WORDS[action.cost])
    yield Fact(
        say("What the next wave should show"),
        say("another score in {cells}", cells=Listing(_coded(one) for one in action.moves)),
    )
    if action.questions:
        yield Fact(say("Questions to look at"), Listing(one.partition("@")[0] for one in action.questions))
    if told := unlocked(action):
        yield Fact(say("Control that may be attested afterwards"), told)
    if action.guardrails:
        yield Fact(say("Guardrails"), Listing(action.guardrails))
    if action.recurring:
        yield Fact(say("Again"), say("may be done in two quarters one after the other"))
    if action.sources:
        yield Fact(say("Read on"), Passage(action.sources, "; "))
    yield Fact(say("To be looked at again by"), say("{day}", day=date.fromisoformat(action.review_by)))


def _listed(functions: tuple[str, ...]) -> Listing:
    return Listing(FUNCTIONS[one] for one in functions)


def _coded(dimension: str) -> Sentence:
    return say("{code} {name}", code=dimension, name=NAMES[dimension])


def _functions() -> Options:
    return tuple(FUNCTIONS.items())


def _known(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""
