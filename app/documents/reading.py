"""A template out of its file: checked whole, in sentences that name the file, the part and the field."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.documents.template import KINDS, SUBJECTS, Column, Fixed, Kind, Part, Template
from app.sentences import Sentence

LANGUAGES: Final = ("en", "de")
LONGEST: Final = 900
_PLACE: Final = re.compile(r"\{(\w+)\}")
_ID: Final = re.compile(r"[a-z][a-z0-9_]{1,30}")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    "heading": frozenset({"heading"}),
    "note": frozenset({"note"}),
    "text": frozenset({"text", "label", "fill", "hint"}),
    "points": frozenset({"points", "label", "fill", "hint"}),
    "table": frozenset({"table", "label", "columns", "rows", "lines", "hint", "rule"}),
    "flow": frozenset({"flow", "label", "of"}),
}
RULES: Final = ("raci",)


class LibraryError(ValueError):
    """A template that can't be used; the message names file, part and field."""


def read(name: str, written: Any) -> Template:  # Any: what a YAML file holds
    """The template of a file. LibraryError says what does not fit."""
    _only(name, written, {"document", "version", "subject", "title", "about", "parts"})
    if written.get("document") != name:
        raise LibraryError(f"{name}: the file has to be named after its document, {written.get('document')!r}")
    if not _VERSION.fullmatch(str(written.get("version", ""))):
        raise LibraryError(f"{name}: version is three numbers such as 1.0.0")
    if written.get("subject") not in SUBJECTS:
        raise LibraryError(f"{name}: subject is one of {', '.join(SUBJECTS)}")
    parts = tuple(_part(f"{name}, part {at}", one, at) for at, one in enumerate(_list(name, written, "parts"), start=1))
    ids = [one.id for one in parts]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise LibraryError(f"{name}: {twice[0]} stands there twice")
    for one in parts:
        if one.kind == "flow" and not any(each.id == one.of and each.kind == "table" for each in parts):
            raise LibraryError(f"{name}, {one.id}: there is no table {one.of!r} to draw")
    return Template(
        id=name,
        version=written["version"],
        subject=written["subject"],
        title=_words(f"{name}, title", written.get("title")),
        about=_words(f"{name}, about", written.get("about")),
        parts=parts,
    )


def places_of(part: Part) -> Iterator[str]:
    """The names that the words of a part ask the data for."""
    every = (*part.fill, *(one.fill for one in part.columns if one.fill is not None))
    cells = (words for line in part.lines for words in line.cells.values())
    for words in (*every, *cells):
        yield from _PLACE.findall(words.message)


def _part(where: str, written: Any, at: int) -> Part:  # Any: what a YAML file holds
    if not isinstance(written, dict) or (kind := next((one for one in KINDS if one in written), None)) is None:
        raise LibraryError(f"{where}: a part begins with one of {', '.join(KINDS)}")
    _only(where, written, _FIELDS[kind])
    if kind in ("heading", "note"):
        return Part(kind=kind, id=f"{kind}{at}", label=_words(where, written[kind]))
    id = _id(where, written[kind])
    where = f"{where}, {id}"
    hint = written.get("hint")
    made = Part(
        kind=kind,
        id=id,
        label=_words(f"{where}, label", written.get("label")),
        fill=tuple(_fill(where, written.get("fill"), kind)),
        columns=tuple(_column(where, one) for one in written.get("columns", ())),
        rows=str(written.get("rows", "")),
        of=str(written.get("of", "")),
        hint=None if hint is None else _words(f"{where}, hint", hint),
        rule=str(written.get("rule", "")),
        lines=tuple(_fixed(where, one) for one in written.get("lines", ())),
    )
    _require_whole(where, made)
    return made


def _require_whole(where: str, part: Part) -> None:
    if part.kind != "table":
        return
    known = {one.id for one in part.columns}
    if len(part.columns) < 2 or len(known) != len(part.columns):
        raise LibraryError(f"{where}: a table has two columns or more, each with an id of its own")
    if strange := sorted({id for line in part.lines for id in line.cells} - known):
        raise LibraryError(f"{where}: there is no column {strange[0]}")
    if part.rule and part.rule not in RULES:
        raise LibraryError(f"{where}: rule is one of {', '.join(RULES)}")


def _fill(where: str, written: Any, kind: str) -> Iterator[Sentence]:  # Any: what a YAML file holds
    if written is None:
        return
    every = written if kind == "points" else [written]
    if not isinstance(every, list):
        raise LibraryError(f"{where}: points are a list")
    for number, one in enumerate(every, start=1):
        yield _words(f"{where}, fill {number}", one)


def _column(where: str, written: Any) -> Column:  # Any: what a YAML file holds
    _only(where, written, {"id", "label", "fill", "choices", "narrow"})
    id = _id(where, written.get("id"))
    fill = written.get("fill")
    return Column(
        id=id,
        label=_words(f"{where}, {id}", written.get("label")),
        fill=None if fill is None else _words(f"{where}, {id}", fill),
        choices=tuple(_words(f"{where}, {id}, choices", one) for one in written.get("choices", ())),
        narrow=bool(written.get("narrow", False)),
    )


def _fixed(where: str, written: Any) -> Fixed:  # Any: what a YAML file holds
    if not isinstance(written, dict) or "id" not in written:
        raise LibraryError(f"{where}: a line has an id and cells")
    cells = {name: _words(f"{where}, {name}", words) for name, words in written.items() if name != "id"}
    return Fixed(_id(where, written["id"]), cells)


def _words(where: str, written: Any) -> Sentence:  # Any: what a YAML file holds
    """Words in English with those in other languages; a plain text is the same in all of them."""
    if isinstance(written, str):
        written = dict.fromkeys(LANGUAGES, written)
    if not isinstance(written, dict) or set(written) != set(LANGUAGES):
        raise LibraryError(f"{where}: words are needed in {' and '.join(LANGUAGES)}")
    for language in LANGUAGES:
        text = written[language]
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST or "<" in text:
            raise LibraryError(f"{where}, {language}: a text of 1 to {LONGEST} characters without markup is needed")
        if sorted(set(_PLACE.findall(text))) != sorted(set(_PLACE.findall(written["en"]))):
            raise LibraryError(f"{where}, {language}: its places are not those of the English words")
    return Sentence(written["en"], words={one: written[one] for one in LANGUAGES[1:]})


def _id(where: str, written: Any) -> str:  # Any: what a YAML file holds
    if not isinstance(written, str) or not _ID.fullmatch(written):
        raise LibraryError(f"{where}: {written!r} is no id; use small letters, digits and _")
    return written


def _list(where: str, written: Any, field: str) -> list[Any]:  # Any: what a YAML file holds
    found = written.get(field)
    if not isinstance(found, list) or not found:
        raise LibraryError(f"{where}: {field} is a list")
    return found


def _only(where: str, written: Any, known: set[str] | frozenset[str]) -> None:  # Any: what a YAML file holds
    if not isinstance(written, dict):
        raise LibraryError(f"{where}: fields with names are needed")
    if strange := sorted(set(written) - known):
        raise LibraryError(f"{where}: there is no field {strange[0]}; there are {', '.join(sorted(known))}")
