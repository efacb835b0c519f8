"""The JSON Schemas (2020-12) of our files, made of what the reader itself knows: for editors and other programs.

A file that fits its schema can still be refused for what a schema can't say: an id used twice, a label not quoted.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from surveys import parse
from surveys.archive import FORMAT, FORMAT_VERSION
from surveys.comments import QUESTIONS
from surveys.languages import LANGUAGES
from surveys.model import BLOCKS, FUNCTIONS, PAGE_TEXTS
from surveys.reader import MAX_ENTRIES
from surveys.translations import STATES
from surveys.wording import MAX_CHARACTERS

# A part of a schema: plain JSON.
Schema = Mapping[str, object]

_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}
_FLAG: Final[Schema] = {"type": "boolean"}
_SHA256: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PATHS: Final[Schema] = {"type": "array", "items": {"type": "string"}}


def files() -> dict[str, str]:
    """The schemas by the names of their files."""
    made = {
        "core.schema.json": _core(),
        "module.schema.json": _module(),
        "translation.schema.json": _translation(),
        "archive.schema.json": _archive(),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {name: json.dumps({**head, **one}, indent=2, ensure_ascii=False) + "\n" for name, one in made.items()}


def _core() -> Schema:
    heading = _fields({"title": _TEXT, "stem": _TEXT}, needed=["title"])
    attention = _item({"answer": {"type": "integer", "minimum": 1, "maximum": parse.MAX_POINTS}}, needed=["answer"])
    told: dict[str, Schema] = {
        "instrument": _fitting(parse.KEY),
        "version": _fitting(parse.VERSION),
        "language": {"enum": list(LANGUAGES)},
        "corrected": _PATHS,
        "name": _TEXT,
        "stem": _TEXT,
        "scale": _fitting(parse.KEY),
        "scales": _list(_scale()),
        "extra": _fields({"dk": _TEXT, "nx": _TEXT}),
        "pages": _fields(dict.fromkeys(PAGE_TEXTS, heading), needed=PAGE_TEXTS[:-1]),
        "context": _list(_item()),
        "attention": attention,
        "dimensions": _list(_dimension()),
        "calibration": _list(_item()),
        "workflow": _list(_item()),
        "functions": _fields(dict.fromkeys(FUNCTIONS, _fitting(parse.KEY))),
    }
    optional = {"language", "corrected", "workflow"}
    title = "Core of a questionnaire (core.yaml)"
    return {"title": title, **_fields(told, needed=[name for name in told if name not in optional])}


def _module() -> Schema:
    told = {"module": _fitting(parse.KEY), "name": _TEXT, "allow_dk": _FLAG}
    related = _item({"relates_to": _fitting(parse.DIMENSION_ID)}, needed=["relates_to"])
    title = "Module of a questionnaire, asked of departments of one function"
    return {"title": title, **_fields(told | {"items": _list(related)}, needed=["module", "name", "items"])}


def _translation() -> Schema:
    heading = _fields({"title": _TEXT, "stem": _TEXT}, needed=())
    names = _fields({"name": _TEXT, "short": _TEXT, "definition": _TEXT}, needed=())
    told = {
        "language": {"enum": list(LANGUAGES)},
        "instrument": _fitting(parse.KEY),
        "version": _fitting(parse.VERSION),
        "state": {"enum": list(STATES)},
        "reviewed": _PATHS,
        "corrected": _PATHS,
        "name": _TEXT,
        "stem": _TEXT,
        "scales": _named(parse.KEY, _named(re.compile("[1-9]"), _TEXT)),
        "extra": _fields({"dk": _TEXT, "nx": _TEXT}, needed=()),
        "pages": _fields(dict.fromkeys(PAGE_TEXTS, heading), needed=()),
        "dimensions": _named(parse.DIMENSION_ID, names),
        "modules": _named(parse.KEY, _TEXT),
        "items": _named(parse.ITEM_ID, _TEXT),
        "comments": _fields({one.id: _TEXT for one in QUESTIONS}, needed=()),
    }
    title = "Translation of a questionnaire; texts stand at the paths they have in it"
    return {"title": title, **_fields(told, needed=["language", "instrument", "version", "state"])}


def _archive() -> Schema:
    translation = _fields({"sha256": _SHA256, "published": _FLAG})
    version = _fields(
        {
            "version": _fitting(parse.VERSION),
            "sha256": _SHA256,
            "published": _FLAG,
            "translations": _named(re.compile("|".join(LANGUAGES)), translation),
            "files": _named(re.compile(r"(translations/)?[a-z][a-z0-9_]{0,60}\.yaml"), _SHA256),
        }
    )
    told: dict[str, Schema] = {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "instrument": _fitting(parse.KEY),
        "version": _fitting(parse.VERSION),
        "versions": {"type": "array", "minItems": 1, "items": version},
    }
    title = "List of contents (manifest.json) of an archive of a questionnaire, from the oldest version to the newest"
    return {"title": title, **_fields(told)}


def _scale() -> Schema:
    point = _fields({"value": {"type": "integer", "minimum": 1, "maximum": parse.MAX_POINTS}, "label": _TEXT})
    points = {"type": "array", "minItems": parse.MIN_POINTS, "maxItems": parse.MAX_POINTS, "items": point}
    return _fields({"id": _fitting(parse.KEY), "points": points})


def _dimension() -> Schema:
    told = {
        "id": _fitting(parse.DIMENSION_ID),
        "name": _TEXT,
        "short": _TEXT,
        "definition": _TEXT,
        "block": {"enum": list(BLOCKS)},
        "allow_dk": _FLAG,
        "allow_nx": _FLAG,
        "items": _list(_item()),
    }
    return _fields(told, needed=[name for name in told if name not in {"allow_dk", "allow_nx"}])


def _item(more: Mapping[str, Schema] | None = None, *, needed: Iterable[str] = ()) -> Schema:
    flags = dict.fromkeys(("anchor", "reverse", "dk", "nx"), _FLAG)
    told = {"id": _fitting(parse.ITEM_ID), "text": _TEXT, "scale": _fitting(parse.KEY), **flags, **(more or {})}
    return _fields(told, needed=["id", "text", *needed])


def _fields(told: Mapping[str, Schema], *, needed: Iterable[str] | None = None) -> Schema:
    required = list(told if needed is None else needed)
    least = {"required": required} if required else {}
    return {"type": "object", "properties": dict(told), **least, "additionalProperties": False}


def _named(name: re.Pattern[str], one: Schema) -> Schema:
    return {"type": "object", "patternProperties": {_whole(name): one}, "additionalProperties": False}


def _list(one: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "maxItems": MAX_ENTRIES, "items": one}


def _fitting(pattern: re.Pattern[str]) -> Schema:
    return {"type": "string", "pattern": _whole(pattern)}


def _whole(pattern: re.Pattern[str]) -> str:
    return f"^({pattern.pattern})$"
