"""Changing a draft: pure functions from one questionnaire to the next. What was published keeps its meaning.

Module questions can be added, reworded, moved and removed. Of the core, questions can only be left out and put back:
their wording carries the trend (MEASUREMENT.md 3.14). An id never changes its meaning, so a published question with a
new wording gets a new id, such as `LEG1@2`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from app.errors import ConflictError, InvalidError
from app.sentences import Passage, Sentence, adopted, say
from surveys.model import Dimension, Instrument, Item, Module
from surveys.translations import faults, source_texts
from surveys.versions import root
from surveys.wording import wrong_names, wrong_text

MIN_ANCHORS: Final = 2
MOST_ITEMS: Final = 12
MAX_QUESTION: Final = 200
MAX_NAME: Final = 80
GONE: Final = say("This question is not in the draft any more. Somebody removed it meanwhile.")
TWICE: Final = say("The module has this question already.")

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Known:
    """Every question that was ever published under an id, in the versions that a draft descends from, newest first."""

    items: Mapping[str, Item]

    @classmethod
    def of(cls, family: Iterable[Instrument]) -> "Known":
        """What these versions asked; where two have the same id, it is the same question."""
        found: dict[str, Item] = {}
        for one in family:
            for item in one.items():
                found.setdefault(item.id, item)
        return cls(MappingProxyType(found))

    def id_for(self, item_id: str, text: str, taken: Iterable[str]) -> str:
        """The id under which a question with that text stands in place of `item_id`.

        Its own while it was never published, the old one when the old wording comes back, otherwise the next free one.
        """
        first = root(item_id)
        for known_id, known in self.items.items():
            if root(known_id) == first and known.text == text:
                return known_id
        if item_id not in self.items:
            return item_id
        used = {*self.items, *taken}
        number = 2
        while f"{first}@{number}" in used:
            number += 1
        return f"{first}@{number}"


def module_of(instrument: Instrument, item_id: str) -> tuple[str, Module] | None:
    """The module that a question belongs to, with its key; None for one of the core, or none at all."""
    for key, module in instrument.modules.items():
        if any(item.id == item_id for item in module.items):
            return key, module
    return None


def may_leave_out(dimension: Dimension, item: Item) -> bool:
    """True where a question of the core can be left out: enough that carry the trend have to stay."""
    if dimension.block == "criterion":
        return False
    anchors = sum(one.anchor for one in dimension.items)
    return not item.anchor or anchors > MIN_ANCHORS


def add(
    instrument: Instrument, known: Known, *, module: str, text: str, relates_to: str, name: str = ""
) -> tuple[Instrument, str]:
    """Adds a question at the end of a module and gives its id; a function without a module gets one called `name`.

    InvalidError has a sentence for each field that is wrong.
    """
    there = instrument.modules.get(module)
    wrong = _wrong_item(instrument, text, relates_to)
    if there is None:
        wrong |= _wrong(name, "name", most=MAX_NAME, missing=say("Give the module a name, for example “Legal work”."))
    if there is not None and any(item.text == _line(text) for item in there.items):
        wrong["text"] = TWICE
    if there is not None and len(there.items) >= MOST_ITEMS:
        wrong["text"] = say(
            "A module has at most {most} questions, and this one has them. Remove one first.", most=MOST_ITEMS
        )
    if module not in instrument.functions:
        wrong["module"] = say("There is no department with this kind of work.")
    _refuse(wrong)
    item = _new_item(instrument, known, module, there, _line(text), relates_to)
    items = (*there.items, item) if there else (item,)
    made = _with_module(
        instrument, module, replace(there, items=items) if there else Module(module, _line(name), items)
    )
    return made, item.id


def reword(instrument: Instrument, known: Known, *, item_id: str, text: str, relates_to: str) -> tuple[Instrument, str]:
    """Gives a module's question another text and gives the id that it then has.

    InvalidError has a sentence for each field that is wrong; ConflictError for a question of the core, or none.
    """
    found = module_of(instrument, item_id)
    if found is None:
        raise ConflictError(not_here(instrument, item_id))
    key, module = found
    wrong = _wrong_item(instrument, text, relates_to)
    if any(item.text == _line(text) and item.id != item_id for item in module.items):
        wrong["text"] = TWICE
    _refuse(wrong)
    old = instrument.item(item_id)
    new_id = item_id
    if (old.text, old.relates_to) != (_line(text), relates_to):
        taken = {item.id for item in instrument.items()} - {item_id}
        new_id = known.id_for(item_id, _line(text), taken)
    item = replace(old, id=new_id, text=_line(text), relates_to=relates_to)
    items = tuple(item if one.id == item_id else one for one in module.items)
    return _with_module(instrument, key, replace(module, items=items)), new_id


def remove(instrument: Instrument, item_id: str) -> Instrument:
    """Takes a question out: a module's, with its module when it was the last, or one of the core that is left out."""
    found = module_of(instrument, item_id)
    if found is None:
        return _leave_out(instrument, item_id)
    key, module = found
    items = _without(module.items, item_id)
    return _with_module(instrument, key, replace(module, items=items) if items else None)


def put_back(instrument: Instrument, family: Iterable[Instrument], item_id: str) -> Instrument:
    """Puts a question of the core back where it was. ConflictError when no version that came before had it."""
    for version in family:
        for dimension in version.dimensions:
            if any(item.id == item_id for item in dimension.items):
                return _changed(instrument, _again(instrument.dimension(dimension.id), dimension, item_id))
    raise ConflictError(GONE)


def move(instrument: Instrument, item_id: str, direction: Direction) -> Instrument:
    """Moves a module's question one place up or down; at the end it stays where it is."""
    found = module_of(instrument, item_id)
    if found is None:
        raise ConflictError(not_here(instrument, item_id))
    key, module = found
    items = list(module.items)
    at = next(index for index, item in enumerate(items) if item.id == item_id)
    to = at - 1 if direction == "up" else at + 1
    if 0 <= to < len(items):
        items[at], items[to] = items[to], items[at]
    return _with_module(instrument, key, replace(module, items=tuple(items)))


def rename(instrument: Instrument, name: str) -> Instrument:
    """Gives the questionnaire another name, which respondents read too. InvalidError, field `name`."""
    _refuse(wrong_name(name))
    return replace(instrument, name=_line(name))


def wrong_name(name: str) -> dict[str, str]:
    """What is wrong with a questionnaire's name, at the field `name`; nothing when nothing is."""
    return _wrong(name, "name", most=MAX_NAME, missing=say("Give the questionnaire a name."))


def wrong_translation(source: str, text: str) -> Sentence | None:
    """What is wrong with the translation of a text, as a sentence; None when nothing is, or when it is empty."""
    if not text:
        return None
    wrong: str | None = wrong_text(text) or wrong_names(text, re.findall(r"\{([a-z]+)\}", source))
    if wrong is None and set(re.findall(r"\{[a-z]+\}", source)) - set(re.findall(r"\{[a-z]+\}", text)):
        wrong = say("a name in braces of the English text is missing")
    return None if wrong is None else _not_asked(wrong)


def wrong_together(instrument: Instrument, texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the texts of a language beside one another, by path: answers that are the same, or an answer
    that the attention item asks for by another label."""
    source = source_texts(instrument)
    here = {path: text for path, text in texts.items() if path in source}
    return {path: _not_asked(wrong) for path, wrong in faults(instrument, here)}


def _again(there: Dimension, full: Dimension, item_id: str) -> Dimension:
    """The dimension with a question of the version before, in that version's order."""
    kept = {item.id: item for item in there.items} | {item.id: item for item in full.items if item.id == item_id}
    ordered = [kept[item.id] for item in full.items if item.id in kept]
    return replace(there, items=(*ordered, *(item for item in there.items if item not in ordered)))


def _leave_out(instrument: Instrument, item_id: str) -> Instrument:
    for dimension in instrument.dimensions:
        for item in dimension.items:
            if item.id == item_id and may_leave_out(dimension, item):
                return _changed(instrument, replace(dimension, items=_without(dimension.items, item_id)))
    raise ConflictError(not_here(instrument, item_id))


def not_here(instrument: Instrument, item_id: str) -> Sentence:
    """Why a question is not one of a module: it belongs to the core, or the draft does not have it."""
    if any(item.id == item_id for item in instrument.items()):
        return say(
            "This question belongs to the core and carries the trend: its wording stays as it was published. "
            "Questions of the core that the pulse does not ask can be left out."
        )
    return GONE


def _changed(instrument: Instrument, dimension: Dimension) -> Instrument:
    """The questionnaire with that dimension in place of the one of its id."""
    return replace(
        instrument, dimensions=tuple(dimension if one.id == dimension.id else one for one in instrument.dimensions)
    )


def _without(items: tuple[Item, ...], item_id: str) -> tuple[Item, ...]:
    return tuple(one for one in items if one.id != item_id)


def _with_module(instrument: Instrument, key: str, module: Module | None) -> Instrument:
    """The questionnaire with that module in place of the one of this key, or without it.

    Modules stand in the order of the functions that are asked them, as they do in a file.
    """
    modules = {**instrument.modules}
    functions = dict(instrument.functions)
    if module is None:
        del modules[key]
        functions = {name: None if used == key else used for name, used in functions.items()}
    else:
        modules[key] = module
        if key not in functions.values():
            functions[key] = key
    order = dict.fromkeys(used for used in functions.values() if used is not None)
    return replace(
        instrument,
        functions=MappingProxyType(functions),
        modules=MappingProxyType({name: modules[name] for name in order}),
    )


def _new_item(
    instrument: Instrument, known: Known, module: str, there: Module | None, text: str, relates_to: str
) -> Item:
    like = there.items[0] if there else next(item for one in instrument.dimensions for item in one.items)
    prefix = re.sub(r"[^A-Z].*", "", there.items[0].id) if there else module.replace("_", "")[:3].upper()
    used = {root(item.id) for item in (*known.items.values(), *instrument.items())}
    number = 1
    while f"{prefix}{number}" in used:
        number += 1
    return Item(f"{prefix}{number}", text, like.scale, allow_dk=like.allow_dk or there is None, relates_to=relates_to)


def _wrong_item(instrument: Instrument, text: str, relates_to: str) -> dict[str, str]:
    wrong = _wrong(text, "text", most=MAX_QUESTION, missing=say("Write the question as a statement that can be true."))
    if relates_to not in {one.id for one in instrument.dimensions if one.block != "criterion"}:
        wrong["relates_to"] = say("Choose what the question informs.")
    return wrong


def _wrong(typed: str, field: str, *, most: int, missing: Sentence) -> dict[str, str]:
    text = _line(typed)
    if not text:
        return {field: missing}
    if len(text) > most:
        told = say(
            "This has {length} characters. Use at most {most}, so that it fits on a telephone.",
            length=len(text),
            most=most,
        )
        return {field: told}
    wrong = wrong_text(text) or wrong_names(text, ())
    return {} if wrong is None else {field: _not_asked(wrong)}


def _not_asked(wrong: str) -> Sentence:
    return say("This cannot be asked: {wrong}.", wrong=adopted(wrong))


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)


def _line(typed: str) -> str:
    return " ".join(typed.split())
