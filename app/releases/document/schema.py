"""The published JSON Schema (2020-12) of a release as a file, made of what a release is; and such a file itself.

A file names its schema in its first member, `$schema`; all else in it are the canonical bytes. The schema's number is
that of the document: what changes a published schema in a way that old files would not satisfy is another number.
"""

import json
from typing import Any, Final

from pydantic import TypeAdapter

from app.releases.document.release import Release

NUMBER: Final = 1
NAME: Final = f"release-{NUMBER}.schema.json"
"""What `$schema` says: a name relative to the file itself, beside which archives put the schema."""
MEDIA_TYPE: Final = "application/schema+json"
_HEAD: Final = f'{{"$schema":"{NAME}",'.encode()


def published() -> bytes:
    """The schema as it is published, the same bytes each time."""
    found = TypeAdapter(Release).json_schema()
    parts = {name: _closed(part) for name, part in sorted(found.pop("$defs").items())}
    whole = _closed(found)
    whole["properties"] = {
        "$schema": {"type": "string", "description": "The name of this schema. No part of what is hashed."},
        **whole["properties"],
        "schema": {"const": NUMBER, "description": "The number of this schema."},
    }
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:plumbline:{NAME.removesuffix('.schema.json')}",
        "title": "The published result of a wave",
        **whole,
        "$defs": parts,
    }
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def named(raw: bytes) -> bytes:
    """A file of the canonical bytes of a release: the same with its schema as the first member, sorted still."""
    return _HEAD + raw[1:]


def _closed(part: dict[str, Any]) -> dict[str, Any]:  # Any: plain JSON
    """A part without the titles that pydantic makes up, and with no members but those that it names."""
    told: dict[str, Any] = {  # Any: plain JSON
        key: {name: _untitled(one) for name, one in value.items()} if key == "properties" else value
        for key, value in part.items()
        if key != "title"
    }
    if "description" in told:
        told["description"] = " ".join(told["description"].replace("`", "").split())
    return {**told, "additionalProperties": False} if part.get("type") == "object" else told


def _untitled(part: dict[str, Any]) -> dict[str, Any]:  # Any: plain JSON
    return {key: value for key, value in part.items() if key != "title"}
