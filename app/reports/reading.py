"""A PDF as it is: what it says of itself, its words, how its pages are drawn and with what, and what lies on top."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject


@dataclass(frozen=True, slots=True)
class Read:
    """A PDF: what it says of itself, each page as its words and as drawing instructions.

    `used` are the digests of typefaces and pictures that pages draw with, `attached` those of attached files by their
    names, `stamped` the pages (from 1) with something on top that is no link, such as a note or a stamp.
    """

    about: dict[str, str]
    pages: tuple[tuple[str, ...], ...]
    drawn: tuple[bytes, ...]
    used: frozenset[str]
    attached: dict[str, str]
    stamped: tuple[int, ...]


def read(content: bytes) -> Read | None:
    """The file as it was read; None where it cannot be read as a PDF."""
    try:
        return _read(PdfReader(io.BytesIO(content)))
    except Exception:  # in a broken or forged file pypdf meets anything: keys, types, zlib, recursion
        return None


def _read(reader: PdfReader) -> Read:
    drawings = [page.get_contents() for page in reader.pages]
    return Read(
        about={str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()},
        pages=tuple(tuple(page.extract_text().split()) for page in reader.pages),
        drawn=tuple(b"" if one is None else one.get_data() for one in drawings),
        used=frozenset(_used(reader)),
        attached={name: _digest(b"".join(parts)) for name, parts in reader.attachments.items()},
        stamped=tuple(number for number, page in enumerate(reader.pages, 1) if _is_stamped(page)),
    )


def _is_stamped(page: DictionaryObject) -> bool:
    found = (_within(one, "/Subtype") for one in _listed(page.get("/Annots")))
    return any(kind != "/Link" for kind in found)


def _used(reader: PdfReader) -> Iterator[str]:
    """Digests of what the pages' instructions refer to; what pages share is read once."""
    seen: set[tuple[int, int]] = set()
    for page in reader.pages:
        resources = page.get("/Resources")
        yield from _streams(resources, seen, "")


def _streams(node: object, seen: set[tuple[int, int]], name: str) -> Iterator[str]:
    """All streams below a node, but for where they lead back to pages; those of typefaces with the typeface's name."""
    if isinstance(node, IndirectObject):
        place = (node.idnum, node.generation)
        if place in seen:
            return
        seen.add(place)
        node = node.get_object()
    if isinstance(node, StreamObject):
        yield f"{name} {_digest(node.get_data())}"
    if isinstance(node, DictionaryObject) and node.get("/Type") not in ("/Page", "/Pages"):
        for one in node.values():
            yield from _streams(one, seen, str(node.get("/FontName", name)))
    elif isinstance(node, list):
        for one in node:
            yield from _streams(one, seen, name)


def _within(node: PdfObject, key: str) -> object:
    found = node.get_object()
    return found.get(key) if isinstance(found, DictionaryObject) else None


def _listed(node: PdfObject | None) -> list[PdfObject]:
    found = None if node is None else node.get_object()
    return list(found) if isinstance(found, ArrayObject) else []


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
