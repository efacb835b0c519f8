"""A questionnaire as the YAML files that an author writes; reading them gives the same questionnaire, hash and all."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from surveys.model import Dimension, Instrument, Item, Module, Scale
from surveys.parse import CORE_FILE, CORE_ONLY
from surveys.translations import GROUPS, TRANSLATIONS, Edition, Translation

# Plain data as it stands in a file; "fields" and "list" nest.
Plain = str | int | bool | Mapping[str, "Plain"] | list["Plain"]


_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_@.]*|[0-9]{1,9}")
# What YAML 1.1 takes for something else than text.
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null"})


class Text(str):
    """What people read: always in quotes. What stands without them is a name or an id."""


def files_of(edition: Edition) -> dict[str, bytes]:
    """The files of a version by name: `core.yaml`, one a module, and `translations/de.yaml`."""
    instrument = edition.instrument
    files = {CORE_FILE: _core(instrument)}
    files |= {f"{name}.yaml": _module(module, _usual_scale(instrument)) for name, module in instrument.modules.items()}
    told = {language: _translation(instrument, one) for language, one in edition.translations.items()}
    files |= {f"{TRANSLATIONS}/{language}.yaml": data for language, data in told.items()}
    return {name: "".join(f"{line}\n" for line in _lines(data)).encode() for name, data in files.items()}


def _core(instrument: Instrument) -> dict[str, Plain]:
    usual = _usual_scale(instrument)
    attention = {**_item(instrument.attention, usual), "answer": instrument.attention_answer}
    core: dict[str, Plain] = {"instrument": instrument.key, "version": instrument.version}
    if instrument.language != "en":
        core["language"] = instrument.language
    if instrument.corrected:
        core["corrected"] = list(instrument.corrected)
    core |= {"name": Text(instrument.name), "stem": Text(instrument.stem), "scale": usual}
    core |= {"scales": [_scale(one) for one in instrument.scales.values()], "extra": _texts(instrument.extra)}
    core["pages"] = {
        name: _texts({"title": one.title} | ({} if one.stem is None else {"stem": one.stem}))
        for name, one in instrument.page_texts.items()
    }
    core |= {"context": _items(instrument.context, usual), "attention": attention}
    core["dimensions"] = [_dimension(one, usual) for one in instrument.dimensions]
    core["calibration"] = _items(instrument.calibration, usual)
    if instrument.workflow:
        core["workflow"] = _items(instrument.workflow, usual)
    core["functions"] = {name: module or CORE_ONLY for name, module in instrument.functions.items()}
    return core


def _module(module: Module, usual: str) -> dict[str, Plain]:
    return {"module": module.function, "name": Text(module.name), "items": _items(module.items, usual)}


def _translation(instrument: Instrument, translation: Translation) -> dict[str, Plain]:
    head: dict[str, Plain] = {
        "language": translation.language,
        "instrument": instrument.key,
        "version": instrument.version,
        "state": translation.state,
        "reviewed": list(_in_order(translation, translation.reviewed)),
    }
    if translation.corrected:
        head["corrected"] = list(_in_order(translation, translation.corrected))
    texts: dict[str, Plain] = {}
    for path, text in translation.texts.items():
        _put(texts, path.split("."), text)
    return head | {group: texts[group] for group in GROUPS if group in texts}


def _in_order(translation: Translation, paths: frozenset[str]) -> Iterator[str]:
    return (path for path in translation.texts if path in paths)


def _put(group: dict[str, Plain], path: list[str], text: str) -> None:
    for name in path[:-1]:
        inner = group.setdefault(name, {})
        assert isinstance(inner, dict)
        group = inner
    group[path[-1]] = Text(text)


def _texts(texts: Mapping[str, str]) -> dict[str, Plain]:
    return {name: Text(text) for name, text in texts.items()}


def _usual_scale(instrument: Instrument) -> str:
    items = (*instrument.items(), *instrument.workflow)
    return Counter(item.scale for item in items).most_common(1)[0][0]


def _scale(scale: Scale) -> dict[str, Plain]:
    return {"id": scale.id, "points": [{"value": one.value, "label": Text(one.label)} for one in scale.points]}


def _dimension(one: Dimension, usual: str) -> dict[str, Plain]:
    return {
        "id": one.id,
        **_texts({"name": one.name, "short": one.short, "definition": one.definition}),
        "block": one.block,
        "items": _items(one.items, usual),
    }


def _items(items: Iterable[Item], usual: str) -> list[Plain]:
    return [_item(item, usual) for item in items]


def _item(item: Item, usual: str) -> dict[str, Plain]:
    told: dict[str, Plain] = {"id": item.id}
    if item.relates_to is not None:
        told["relates_to"] = item.relates_to
    if item.scale != usual:
        told["scale"] = item.scale
    flags = {"anchor": item.anchor, "reverse": item.reverse, "dk": item.allow_dk, "nx": item.allow_nx}
    return told | {name: True for name, given in flags.items() if given} | {"text": Text(item.text)}


def _lines(data: Mapping[str, Plain], indent: str = "") -> Iterator[str]:
    """A group of fields, one a line; what holds no groups itself stands in one line."""
    for name, value in data.items():
        if isinstance(value, Mapping) and not _fits(value):
            yield f"{indent}{_word(name)}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            yield f"{indent}{_word(name)}:"
            for one in value:
                yield from _entry(one, indent + "  ")
        else:
            yield f"{indent}{_word(name)}: {_flow(value)}"


def _entry(one: Plain, indent: str) -> Iterator[str]:
    if not isinstance(one, Mapping) or _fits(one):
        yield f"{indent}- {_flow(one)}"
        return
    first, *others = _lines(one, indent + "  ")
    yield f"{indent}- {first.strip()}"
    yield from others


def _fits(value: Mapping[str, Plain]) -> bool:
    return "text" in value or "value" in value or not value


def _flow(value: Plain) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_word(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _word(value)


def _word(text: str) -> str:
    if not isinstance(text, Text) and _BARE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
