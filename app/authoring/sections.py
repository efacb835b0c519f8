"""The texts of a questionnaire in the parts in which somebody translates and reviews them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.questionnaires import editing
from app.sentences import Sentence, say
from surveys.model import Instrument
from surveys.translations import source_texts


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a questionnaire: its key in addresses, its title, and the paths of its texts in their order."""

    key: str
    title: str
    paths: tuple[str, ...]


ANSWERS = say("The answers")
PAGES = say("Name, pages and comments")
PERSON = say("About the person and their practice")
WORKFLOWS = say("Ratings of workflows")


def sections(instrument: Instrument) -> tuple[Section, ...]:
    """Every text of a questionnaire in exactly one part, as they are met: pages, answers, dimensions, modules."""
    titles = dict(_titles(instrument))
    places = _places(instrument)
    found: dict[str, list[str]] = {key: [] for key in titles}
    for path in source_texts(instrument):
        found[_key(path, places)].append(path)
    return tuple(Section(key, titles[key], tuple(paths)) for key, paths in found.items() if paths)


def _titles(instrument: Instrument) -> Iterator[tuple[str, Sentence | str]]:
    yield "pages", PAGES
    yield "answers", ANSWERS
    yield "person", PERSON
    yield from ((f"d-{one.id}", f"{one.id} {one.name}") for one in instrument.dimensions)
    yield from ((f"m-{key}", module.name) for key, module in instrument.modules.items())
    yield "workflow", WORKFLOWS


def _places(instrument: Instrument) -> Mapping[str, str]:
    """The part in which each item stands, by its id; those in none describe the person."""
    of_dimensions = {item.id: f"d-{one.id}" for one in instrument.dimensions for item in one.items}
    of_modules = {item.id: f"m-{key}" for key, module in instrument.modules.items() for item in module.items}
    return of_dimensions | of_modules | {item.id: "workflow" for item in instrument.workflow}


def _key(path: str, places: Mapping[str, str]) -> str:
    group, _, rest = path.partition(".")
    if group == "items":
        return places.get(rest, "person")
    if group in ("scales", "extra"):
        return "answers"
    if group == "dimensions":
        return f"d-{rest.partition('.')[0]}"
    return f"m-{rest}" if group == "modules" else "pages"


def label_of(instrument: Instrument, path: str) -> str:
    """What a text is, in words, where it is to be translated."""
    group, _, rest = path.partition(".")
    words = {
        "name": say("Name of the questionnaire"),
        "stem": say("What stands above the statements"),
        "scales": say("Answer"),
        "extra": say("Answer besides"),
        "pages": say("Heading of a page"),
        "dimensions": say("Dimension"),
        "modules": say("Name of a module"),
        "comments": say("Question for comments"),
    }
    if group == "items":
        found = editing.module_of(instrument, rest)
        return rest if found is None else f"{rest}, {found[1].name}"
    return say("{what} ({which})", what=words[group], which=rest) if rest else words[group]
