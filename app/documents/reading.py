"""A template out of its file: checked whole, in sentences that name the file, the part and the field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from app.documents.fields import PLACE, ROWS, VALUES, has_loose_braces, named
from app.documents.template import KINDS, SUBJECTS, Column, Fixed, Kind, Part, Subject, Template
from app.sentences import Sentence, say

LANGUAGES: Final = ("en", "de")
LONGEST: Final = 900
MOST_PARTS, MOST_COLUMNS, MOST_LINES = 60, 12, 60
_ID: Final = re.compile(r"[a-z][a-z0-9_]{1,30}")
_VERSION: Final = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    "heading": frozenset({"heading"}),
    "note": frozenset({"note"}),
    "text": frozenset({"text", "label", "fill", "hint"}),
    "points": frozenset({"points", "label", "fill", "hint"}),
    "table": frozenset({"table", "label", "columns", "rows", "lines", "hint", "rule"}),
    "flow": frozenset({"flow", "label", "of"}),
}
RULES: Final = ("raci",)
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a template: as a sentence names it, and its path, which a form has too."""

    told: str
    path: str = ""

    def inside(self, told: str, path: str) -> "Where":
        """A place within this one; without a path, one that a form shows with this one."""
        return Where(f"{self.told}, {told}", ".".join(filter(None, (self.path, path))))


class LibraryError(ValueError):
    """A template that can't be used; the message names file, part and field. `path` is where, `problem` what."""

    def __init__(self, where: Where, problem: Sentence) -> None:
        self.sentence = say("{place}: {problem}", place=where.told, problem=problem)
        super().__init__(self.sentence)
        self.path, self.problem = where.path, problem


@dataclass(frozen=True, slots=True)
class _About:
    """What a template is about, and so what it may name."""

    subject: Subject

    @property
    def values(self) -> frozenset[str]:
        return VALUES[self.subject]


def read(name: str, written: Any) -> Template:  # Any: what a YAML file holds
    """The template of a file. LibraryError says what does not fit."""
    top = Where(name)
    _only(top, written, frozenset({"document", "version", "subject", "title", "about", "parts", "instead_of"}))
    if written.get("document") != name:
        told = say("the file has to be named after its document, {name}", name=repr(written.get("document")))
        raise LibraryError(top, told)
    version, subject = written.get("version"), written.get("subject")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise LibraryError(top, say("version is three numbers such as 1.0.0"))
    if subject not in SUBJECTS:
        raise LibraryError(top, say("subject is one of {names}", names=", ".join(SUBJECTS)))
    return Template(
        id=name,
        version=version,
        subject=subject,
        title=_words(top.inside("title", "title"), written.get("title")),
        about=_words(top.inside("about", "about"), written.get("about")),
        parts=_parts(top, written, _About(subject)),
        instead_of=_id(top, written["instead_of"]) if "instead_of" in written else "",
    )


def _parts(top: Where, written: Mapping[str, Any], about: _About) -> tuple[Part, ...]:  # Any: what a YAML file holds
    every = _list(top, written, "parts", most=MOST_PARTS)
    if not every:
        raise LibraryError(top, say("parts is a list with one or more"))
    parts = tuple(_part(top.inside(f"part {at}", f"p{at}"), one, at, about) for at, one in enumerate(every, start=1))
    ids = [one.id for one in parts]
    for at, one in enumerate(parts, start=1):
        if one.id in ids[: at - 1]:
            raise LibraryError(top.inside(f"part {at}", f"p{at}"), say("{id} stands there twice", id=one.id))
        if one.kind == "flow" and not any(each.id == one.of and each.kind == "table" for each in parts):
            raise LibraryError(top.inside(one.id, f"p{at}"), say("there is no table {name} to draw", name=repr(one.of)))
    return parts


def places_of(part: Part) -> Iterator[str]:
    """The names that the words of a part ask the data for."""
    every = (*part.fill, *(one.fill for one in part.columns if one.fill is not None))
    cells = (words for line in part.lines for words in line.cells.values())
    for words in (*every, *cells):
        yield from named(words.message)


def _part(where: Where, written: Any, at: int, about: _About) -> Part:  # Any: what a YAML file holds
    if not isinstance(written, dict) or (kind := next((one for one in KINDS if one in written), None)) is None:
        raise LibraryError(where, say("a part begins with one of {names}", names=", ".join(KINDS)))
    _only(where, written, _FIELDS[kind])
    if kind in ("heading", "note"):
        return Part(kind=kind, id=f"{kind}{at}", label=_words(where.inside(kind, "label"), written[kind]))
    id = _id(where, written[kind])
    where = Where(f"{where.told}, {id}", where.path)
    hint, rows = written.get("hint"), written.get("rows", "")
    if rows and (not isinstance(rows, str) or rows not in ROWS[about.subject]):
        known = ", ".join(sorted(ROWS[about.subject]))
        raise LibraryError(where, say("there are no rows {name}; there are {known}", name=str(rows)[:40], known=known))
    inside = about.values | (ROWS[about.subject][rows] if rows else NOTHING)
    columns = _list(where, written, "columns", most=MOST_COLUMNS)
    lines = _list(where, written, "lines", most=MOST_LINES)
    made = Part(
        kind=kind,
        id=id,
        label=_words(where.inside("label", "label"), written.get("label")),
        fill=tuple(_fill(where, written.get("fill"), kind, about.values)),
        columns=tuple(_column(where, one, f"c{number}", inside) for number, one in enumerate(columns, start=1)),
        rows=rows,
        of=str(written.get("of", "")),
        hint=None if hint is None else _words(where.inside("hint", "hint"), hint),
        rule=str(written.get("rule", "")),
        lines=tuple(_fixed(where, one, f"l{number}", about.values) for number, one in enumerate(lines, start=1)),
    )
    _require_whole(where, made, about)
    return made


def _require_whole(where: Where, part: Part, about: _About) -> None:
    if part.kind != "table":
        return
    known = {one.id for one in part.columns}
    if len(part.columns) < 2 or len(known) != len(part.columns):
        raise LibraryError(where, say("a table has two columns or more, each with an id of its own"))
    if strange := sorted({id for line in part.lines for id in line.cells} - known):
        raise LibraryError(where, say("there is no column {name}", name=strange[0]))
    if part.rule and part.rule not in RULES:
        raise LibraryError(where, say("rule is one of {names}", names=", ".join(RULES)))
    for at, column in enumerate(part.columns, start=1):
        if column.fill is not None and any(column.id not in line.cells for line in part.lines):
            _require_known(where.inside(column.id, f"c{at}.fill"), column.fill.message, about.values)


def _fill(where: Where, written: Any, kind: str, known: frozenset[str]) -> Iterator[Sentence]:  # Any: of a YAML file
    if written is None:
        return
    every = written if kind == "points" else [written]
    if not isinstance(every, list):
        raise LibraryError(where.inside("fill", "fill"), say("points are a list"))
    for number, one in enumerate(every, start=1):
        yield _words(Where(f"{where.told}, fill {number}", f"{where.path}.fill"), one, known)


def _column(where: Where, written: Any, path: str, known: frozenset[str]) -> Column:  # Any: what a YAML file holds
    here = where.inside("columns", path)
    _only(here, written, frozenset({"id", "label", "fill", "choices", "narrow"}))
    id = _id(here, written.get("id"))
    here = Where(f"{where.told}, {id}", here.path)
    fill = written.get("fill")
    return Column(
        id=id,
        label=_words(here.inside("label", "label"), written.get("label")),
        fill=None if fill is None else _words(here.inside("fill", "fill"), fill, known),
        choices=tuple(
            _words(here.inside("choices", "choices"), one) for one in _list(here, written, "choices", most=MOST_COLUMNS)
        ),
        narrow=bool(written.get("narrow", False)),
    )


def _fixed(where: Where, written: Any, path: str, known: frozenset[str]) -> Fixed:  # Any: what a YAML file holds
    here = where.inside("lines", path)
    if not isinstance(written, dict) or "id" not in written:
        raise LibraryError(here, say("a line has an id and cells"))
    cells = {
        str(name): _words(Where(f"{where.told}, {name}", f"{here.path}.{name}"), words, known)
        for name, words in written.items()
        if name != "id"
    }
    return Fixed(_id(here, written["id"]), cells)


def _words(where: Where, written: Any, known: frozenset[str] | None = None) -> Sentence:  # Any: what a YAML file holds
    """Words in English with those in other languages; a plain text is the same in all of them.

    `known` are the names that data fill in it; without any it has no places.
    """
    if isinstance(written, str):
        written = dict.fromkeys(LANGUAGES, written)
    if not isinstance(written, dict) or set(written) != set(LANGUAGES):
        raise LibraryError(where, say("words are needed in {names}", names=" and ".join(LANGUAGES)))
    for language in LANGUAGES:
        text, here = written[language], where.inside(language, language)
        if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST or "<" in text:
            told = say("a text of 1 to {most} characters without markup is needed", most=LONGEST)
            raise LibraryError(here, told)
        _require_known(here, text, known or NOTHING)
        if set(named(text)) != set(named(written["en"])):
            raise LibraryError(here, say("its places in braces are not those of the English words"))
    return Sentence(written["en"], words={one: written[one] for one in LANGUAGES[1:]})


def _require_known(where: Where, text: str, known: frozenset[str]) -> None:
    """LibraryError for a name in braces that no data have here, and for braces around anything else."""
    if has_loose_braces(text):
        raise LibraryError(where, say("braces stand around a name alone, such as {name}", name="{client}"))
    for name in PLACE.findall(text):
        if name not in known and not known:
            raise LibraryError(where, say("{name} can’t be filled in here: these words are the same in every document",
                                          name=f"{{{name}}}"))  # fmt: skip
        if name not in known:
            raise LibraryError(where, _nothing_called(name, known))


def _nothing_called(name: str, known: frozenset[str]) -> Sentence:
    """That no data have a name, with those that are written nearly alike."""
    asked, near = f"{{{name}}}", get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    if not near:
        return say("there is nothing called {name}; the page to change a template lists all names", name=asked)
    return say("there is nothing called {name}; nearly alike is {known}. The page to change a template lists all names",
               name=asked, known=", ".join(near))  # fmt: skip


def _id(where: Where, written: Any) -> str:  # Any: what a YAML file holds
    if not isinstance(written, str) or not _ID.fullmatch(written):
        told = say("{name} is no id; use small letters, digits and _", name=repr(written)[:60])
        raise LibraryError(where, told)
    return written


def _list(where: Where, written: Mapping[str, Any], field: str, *, most: int) -> list[Any]:  # Any: of a YAML file
    found = written.get(field, [])
    if not isinstance(found, list) or len(found) > most:
        raise LibraryError(where, say("{field} is a list of at most {most}", field=field, most=most))
    return found


def _only(where: Where, written: Any, known: frozenset[str]) -> None:  # Any: what a YAML file holds
    if not isinstance(written, dict):
        raise LibraryError(where, say("fields with names are needed"))
    if strange := sorted(map(str, set(written) - known)):
        told = say("there is no field {name}; there are {known}", name=strange[0][:40], known=", ".join(sorted(known)))
        raise LibraryError(where, told)
