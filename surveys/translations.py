"""A questionnaire in another language: its texts by path, beside the source, which alone says what is asked.

A path says where a text stands: `name`, `stem`, `scales.true5.1`, `extra.dk`, `pages.context.title`,
`dimensions.T1.name`, `modules.legal`, `items.T1a`, `comments.needed`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from surveys.canonical import told
from surveys.comments import QUESTIONS, CommentQuestion
from surveys.languages import LANGUAGES
from surveys.model import Dimension, Instrument, Item, Module, PageText, Scale
from surveys.reader import InstrumentError, Record, compose, label_of
from surveys.sentences import inside, tell
from surveys.wording import names_in, short, wrong_attention, wrong_names, wrong_text

State = Literal["machine", "reviewed"]
STATES: Final[tuple[State, ...]] = ("machine", "reviewed")

TRANSLATIONS: Final = "translations"
"""The folder of the translations, beside the questionnaire's own files."""

FIELDS: Final = ("language", "instrument", "version", "state", "reviewed", "corrected")
GROUPS: Final = ("name", "stem", "scales", "extra", "pages", "dimensions", "modules", "items", "comments")


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts of a questionnaire in one language; texts that are missing are asked in the source's language.

    `reviewed` are the paths whose wording a person has read and found right; all others are `state`. `corrected` are
    those that differ from the version before without another meaning, on the translator's word. `sha256` is that of
    language and texts alone, so a review that changes no word leaves it as it was.
    """

    language: str
    state: State
    reviewed: frozenset[str]
    texts: Mapping[str, str]
    sha256: str
    corrected: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash(self.sha256)

    def state_of(self, path: str) -> State:
        """Whether a person has reviewed the text of that path."""
        return "reviewed" if path in self.reviewed else self.state

    def unreviewed(self) -> tuple[str, ...]:
        """The paths of the texts that no person has reviewed."""
        return tuple(path for path in self.texts if self.state_of(path) != "reviewed")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a questionnaire with its translations by language."""

    instrument: Instrument
    translations: Mapping[str, Translation]


@lru_cache(maxsize=64)
def source_texts(instrument: Instrument) -> Mapping[str, str]:
    """Every text a respondent may read, by path, in the language of the questionnaire, in its order."""
    return MappingProxyType(dict(_texts(instrument)))


def missing(instrument: Instrument, translation: Translation) -> tuple[str, ...]:
    """The paths that are not translated, in the order of the questionnaire."""
    return tuple(path for path in source_texts(instrument) if path not in translation.texts)


@lru_cache(maxsize=256)
def spoken(instrument: Instrument, translation: Translation | None) -> Instrument:
    """The questionnaire in the language of the translation, with the same ids and the same hash.

    A text that is missing stays in the source's language. None gives the questionnaire as it is.
    """
    return instrument if translation is None else _said(instrument, translation.language, translation.texts)


def _said(instrument: Instrument, language: str, say: Mapping[str, str]) -> Instrument:
    return replace(
        instrument,
        language=language,
        name=say.get("name", instrument.name),
        stem=say.get("stem", instrument.stem),
        scales=MappingProxyType({name: _scale(scale, say) for name, scale in instrument.scales.items()}),
        extra=MappingProxyType({code: say.get(f"extra.{code}", text) for code, text in instrument.extra.items()}),
        page_texts=MappingProxyType({name: _page(name, text, say) for name, text in instrument.page_texts.items()}),
        context=_items(instrument.context, say),
        dimensions=tuple(_dimension(dimension, say) for dimension in instrument.dimensions),
        calibration=_items(instrument.calibration, say),
        workflow=_items(instrument.workflow, say),
        attention=_items((instrument.attention,), say)[0],
        modules=MappingProxyType({name: _module(name, one, say) for name, one in instrument.modules.items()}),
    )


def spoken_questions(translation: Translation | None) -> tuple[CommentQuestion, ...]:
    """The questions for comments in the language of the translation, those that are missing in English."""
    say = translation.texts if translation else {}
    return tuple(replace(one, text=say.get(f"comments.{one.id}", one.text)) for one in QUESTIONS)


def translate(
    instrument: Instrument,
    *,
    language: str,
    texts: Mapping[str, str],
    state: State = "machine",
    reviewed: Iterable[str] = (),
    corrected: Iterable[str] = (),
) -> Translation:
    """A translation of those texts. InstrumentError names every text that can't be one, by its path."""
    found = [inside(label_of(path), message, between=": ") for path, message in faults(instrument, texts)]
    if language not in LANGUAGES or language == instrument.language:
        known = ", ".join(LANGUAGES)
        found.insert(
            0,
            tell("'{tag}' is not a language to translate into; known are {names}", tag=short(language), names=known),
        )
    if found:
        raise InstrumentError(*(inside(language, one) for one in found))
    return _translation(instrument, language, texts, state, reviewed, corrected)


def faults(instrument: Instrument, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(path, what is wrong with it) of every text that can't be a translation of the questionnaire's."""
    source = source_texts(instrument)
    for path, text in texts.items():
        if path not in source:
            yield path, tell("{key} {version} has no such text", key=instrument.key, version=instrument.version)
        elif (wrong := wrong_text(text) or wrong_placeholders(source[path], text)) is not None:
            yield path, wrong
    said = _said(instrument, instrument.language, texts)
    for scale in said.scales.values():
        for point in _repeated(scale):
            yield f"scales.{scale.id}.{point}", tell("another answer of this scale has the same label")
    yield from _wrong_attention(said, texts)


def _wrong_attention(said: Instrument, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    item, answer = said.attention, said.attention_answer
    wrong = wrong_attention(item.text, said.scales[item.scale].points[answer - 1].label)
    if wrong is not None and f"items.{item.id}" not in texts:
        yield (
            f"scales.{item.scale}.{answer}",
            tell("item {id} asks for this answer by its label and is not translated", id=item.id),
        )
    elif wrong is not None:
        yield f"items.{item.id}", wrong


def wrong_placeholders(source: str, text: str) -> str | None:
    """What is wrong with the names in braces of a translated text, None when they are those of the source."""
    needed, used = names_in(source), names_in(text)
    if needed != used:
        told, has = (", ".join(f"{{{name}}}" for name in sorted(names)) for names in (needed, used))
        return tell(
            "it takes {needed}, as the text in the source's language, and has {used}",
            needed=told or tell("no name in braces"),
            used=has or tell("none"),
        )
    return wrong_names(text, needed)


def read_translation(file: str, data: bytes, instrument: Instrument) -> Translation:
    """The translation of a file. InstrumentError with all problems that were found, by file, line and item."""
    tag, _, ending = file.partition(".")
    if tag not in LANGUAGES or tag == instrument.language or ending != "yaml":
        raise InstrumentError(
            tell(
                "{file}: a translation is called after its language: {names}",
                file=file,
                names=", ".join(_names(instrument)),
            )
        )
    record = compose(file, data)
    record.only(*FIELDS, *GROUPS)
    language = _stated(record, tag, instrument)
    leaves = [leaf for group in GROUPS if record.has(group) for leaf in record.leaves(group)]
    texts = {path: text for path, text, _ in leaves}
    lines = {path: line for path, _, line in leaves}
    found = [
        record.error(message, line=lines.get(path), label=label_of(path)) for path, message in faults(instrument, texts)
    ]
    reviewed, corrected = (record.texts(field) if record.has(field) else [] for field in ("reviewed", "corrected"))
    found += [
        record.error(tell("'{path}' is not a text of this file", path=short(path)), field=field)
        for field, paths in (("reviewed", reviewed), ("corrected", corrected))
        for path in paths
        if path not in texts
    ]
    if found:
        raise InstrumentError(*(problem for error in found for problem in error.problems))
    return _translation(instrument, language, texts, _state(record), reviewed, corrected)


def _names(instrument: Instrument) -> list[str]:
    return [f"{tag}.yaml" for tag in LANGUAGES if tag != instrument.language]


def _stated(record: Record, tag: str, instrument: Instrument) -> str:
    """The language of the file, after which it is called; it has to be of this questionnaire."""
    for field, expected in (("language", tag), ("instrument", instrument.key), ("version", instrument.version)):
        if record.text(field) != expected:
            raise record.error(
                tell("this translation lies at the place of {field} {expected}", field=field, expected=expected),
                field=field,
            )
    return tag


def _state(record: Record) -> State:
    value = record.text("state")
    for state in STATES:
        if state == value:
            return state
    raise record.error(
        tell("there is no state '{value}'; known are {names}", value=short(value), names=", ".join(STATES)),
        field="state",
    )


def _translation(
    instrument: Instrument,
    language: str,
    texts: Mapping[str, str],
    state: State,
    reviewed: Iterable[str],
    corrected: Iterable[str],
) -> Translation:
    in_order = {path: texts[path] for path in source_texts(instrument) if path in texts}
    digest = hashlib.sha256(told({"language": language, "texts": in_order})).hexdigest()
    return Translation(language, state, frozenset(reviewed), MappingProxyType(in_order), digest, frozenset(corrected))


def _repeated(scale: Scale) -> list[int]:
    labels = [point.label for point in scale.points]
    return [point.value for number, point in enumerate(scale.points) if point.label in labels[:number]]


def _texts(instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield "name", instrument.name
    yield "stem", instrument.stem
    for scale in instrument.scales.values():
        yield from ((f"scales.{scale.id}.{point.value}", point.label) for point in scale.points)
    yield from ((f"extra.{code}", text) for code, text in instrument.extra.items())
    for name, page in instrument.page_texts.items():
        yield f"pages.{name}.title", page.title
        if page.stem is not None:
            yield f"pages.{name}.stem", page.stem
    for one in instrument.dimensions:
        yield f"dimensions.{one.id}.name", one.name
        yield f"dimensions.{one.id}.short", one.short
        yield f"dimensions.{one.id}.definition", one.definition
    yield from ((f"modules.{name}", module.name) for name, module in instrument.modules.items())
    yield from ((f"items.{item.id}", item.text) for item in (*instrument.items(), *instrument.workflow))
    yield from ((f"comments.{one.id}", one.text) for one in QUESTIONS)


def _scale(scale: Scale, say: Mapping[str, str]) -> Scale:
    points = (replace(p, label=say.get(f"scales.{scale.id}.{p.value}", p.label)) for p in scale.points)
    return replace(scale, points=tuple(points))


def _page(name: str, text: PageText, say: Mapping[str, str]) -> PageText:
    stem = None if text.stem is None else say.get(f"pages.{name}.stem", text.stem)
    return PageText(say.get(f"pages.{name}.title", text.title), stem)


def _dimension(dimension: Dimension, say: Mapping[str, str]) -> Dimension:
    path = f"dimensions.{dimension.id}"
    return replace(
        dimension,
        name=say.get(f"{path}.name", dimension.name),
        short=say.get(f"{path}.short", dimension.short),
        definition=say.get(f"{path}.definition", dimension.definition),
        items=_items(dimension.items, say),
    )


def _module(name: str, module: Module, say: Mapping[str, str]) -> Module:
    return replace(module, name=say.get(f"modules.{name}", module.name), items=_items(module.items, say))


def _items(items: tuple[Item, ...], say: Mapping[str, str]) -> tuple[Item, ...]:
    return tuple(replace(item, text=say.get(f"items.{item.id}", item.text)) for item in items)
