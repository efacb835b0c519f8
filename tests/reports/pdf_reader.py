"""Reads a tagged PDF back: its structure tree, its bookmarks, the text of its pages."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject


@dataclass(frozen=True)
class Element:
    """An element of the structure tree: its type, its alternative text, its id, the head cells it is tied to."""

    kind: str
    alt: str
    id: str
    headers: int


@dataclass(frozen=True)
class Bookmark:
    """A bookmark with its depth and the page it leads to, from 0."""

    title: str
    level: int
    page: int


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def inside(node: PdfObject, *keys: str) -> PdfObject:
    """What lies in a dictionary under these keys, one after the other."""
    for key in keys:
        assert isinstance(node, DictionaryObject)
        found = node[key].get_object()
        assert found is not None
        node = found
    return node


def fonts(reader: PdfReader) -> set[str]:
    """The names of all fonts that pages use."""
    resources = [inside(page, "/Resources") for page in reader.pages]
    used = [inside(found, "/Font") for found in resources if "/Font" in _names(found)]
    return {str(inside(found, name, "/BaseFont")) for found in used for name in _names(found)}


def links(reader: PdfReader, page: int) -> int:
    """How many links a page has."""
    found = inside(reader.pages[page], "/Annots")
    assert isinstance(found, ArrayObject)
    return sum(str(inside(one.get_object(), "/Subtype")) == "/Link" for one in found)


def _names(node: PdfObject) -> list[str]:
    assert isinstance(node, DictionaryObject)
    return list(node)


def elements(reader: PdfReader) -> list[Element]:
    """All elements of the structure tree in reading order."""
    return list(_walk(reader.root_object["/StructTreeRoot"]))


def _walk(node: PdfObject | None) -> Iterator[Element]:
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _walk(child)
    if not isinstance(node, DictionaryObject):
        return
    if "/S" in node:
        yield Element(str(node["/S"]).lstrip("/"), str(node.get("/Alt", "")), str(node.get("/ID", "")), _headers(node))
    if "/K" in node:
        yield from _walk(node["/K"])


def _headers(node: DictionaryObject) -> int:
    """How many head cells a cell of a table is tied to."""
    attributes = node.get("/A")
    said = attributes.get_object() if attributes is not None else None
    found = said["/Headers"] if isinstance(said, DictionaryObject) and "/Headers" in said else None
    return len(found) if isinstance(found, ArrayObject) else 0


def bookmarks(reader: PdfReader) -> list[Bookmark]:
    return list(_bookmarks(reader, reader.outline, 1))


def _bookmarks(reader: PdfReader, nodes: object, level: int) -> Iterator[Bookmark]:
    assert isinstance(nodes, list)
    for node in nodes:
        if isinstance(node, list):
            yield from _bookmarks(reader, node, level + 1)
        else:
            page = reader.get_destination_page_number(node)
            assert page is not None
            yield Bookmark(str(node.title), level, page)


def squeezed(text: str) -> str:
    """The text without white space and control characters: where lines break is a matter of the page."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] not in "ZC")


def page_text(reader: PdfReader, page: int) -> str:
    return squeezed(reader.pages[page].extract_text())
