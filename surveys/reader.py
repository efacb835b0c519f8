"""YAML read with its line numbers, so that an author is told where to look."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import yaml

from surveys.sentences import Told, at_line, tell
from surveys.wording import short, unprintable, wrong_names, wrong_text

# The C parser is ten times faster and gives the same nodes; not every wheel of PyYAML has it.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES: Final = 512 * 1024
"""The largest file there can be; the longest translation of a questionnaire of ours takes a tenth of it."""

UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a file of UTF-16 begins that says so."""

_KINDS = {
    "tag:yaml.org,2002:bool": tell("true or false"),
    "tag:yaml.org,2002:int": tell("a whole number"),
    "tag:yaml.org,2002:float": tell("a number"),
    "tag:yaml.org,2002:timestamp": tell("a date"),
    "tag:yaml.org,2002:null": tell("nothing"),
    "tag:yaml.org,2002:str": tell("text"),
    "tag:yaml.org,2002:seq": tell("a list"),
    "tag:yaml.org,2002:map": tell("a group of fields"),
}
# What a list holds.
_ENTRIES = {
    "scale": tell("scale"),
    "point": tell("point"),
    "item": tell("item"),
    "dimension": tell("dimension"),
    "row": tell("row"),
}


MAX_DEPTH: Final = 10
MAX_PROBLEMS: Final = 100
MAX_ENTRIES: Final = 500
MAX_VALUES: Final = 20_000

_ID = re.compile(r"(\bid:\s*|^\s+)['\"]?(?P<id>[A-Z][A-Za-z0-9]{0,15}(@\d{1,3})?)\b['\"]?\s*([,}:]|$)")
_ENTRY = re.compile(r"\s*- |\S")
_WHOLE = re.compile(r"-?\d{1,9}")
_TEXT = "tag:yaml.org,2002:str"
_DAY = "tag:yaml.org,2002:timestamp"


class InstrumentError(ValueError):
    """A questionnaire that cannot be used. `problems` has one sentence each, with file, line and item."""

    def __init__(self, *problems: str) -> None:
        more = len(problems) - MAX_PROBLEMS
        told = (*problems[:MAX_PROBLEMS], tell("and {more} more problems", more=more)) if more > 0 else problems
        super().__init__("\n".join(told))
        self.problems = told


class Problems:
    """Collects what is wrong, so that an author sees all of it at once.

    An InstrumentError inside `with problems:` ends the block, is kept for `raise_any`, and the code after it goes on.
    """

    def __init__(self) -> None:
        self._found: list[str] = []

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, InstrumentError):
            return False
        self._found.extend(error.problems)
        return True

    def raise_any(self) -> None:
        """InstrumentError with everything collected so far, if there is anything."""
        if self._found:
            raise InstrumentError(*self._found)


class Record:
    """A group of named fields in a YAML file. Every reading method raises InstrumentError naming the place."""

    def __init__(self, node: yaml.Node, *, file: str, kind: str = "") -> None:
        self._file = file
        self._line = node.start_mark.line + 1
        self._kind = kind
        self._label = ""
        self._fields: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            raise self.error(tell("a group of fields is needed here"))
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(tell("the name of a field is one word"), line=line)
            name = str(key.value)
            if name in self._fields:
                raise self.error(tell("the field '{name}' is given twice", name=short(name)), line=line)
            self._fields[name] = value
        own_id = self._fields.get("id")
        if kind and isinstance(own_id, yaml.ScalarNode) and own_id.value.strip():
            self._label = Told("{kind} {id}", {"kind": _ENTRIES[kind], "id": short(own_id.value)})

    def error(
        self, message: str, *, field: str | None = None, line: int | None = None, label: str = ""
    ) -> InstrumentError:
        """The error for this record, or for the line of one of its fields."""
        node = self._fields.get(field) if field is not None else None
        where = line or (node.start_mark.line + 1 if node is not None else self._line)
        return InstrumentError(at_line(message, file=self._file, line=where, label=label or self._label))

    def only(self, *known: str) -> None:
        """Refuse fields that mean nothing, which are mostly misspelt ones."""
        for name in self._fields:
            if name not in known:
                raise self.error(
                    tell(
                        "there is no field '{name}' here; known are {names}", name=short(name), names=", ".join(known)
                    ),
                    field=name,
                )

    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the file."""
        return tuple(self._fields)

    def has(self, field: str) -> bool:
        """Whether the field is given."""
        return field in self._fields

    def text(self, field: str, *, names: tuple[str, ...] | None = (), label: str = "") -> str:
        """A field of text that is not empty, one line of plain words, in Unicode's composed form (NFC).

        `names` may stand in it in braces, for what the service puts there; with None braces are not looked at.
        `label` is what an error calls it, where the record has no id.
        """
        value = unicodedata.normalize("NFC", self._scalar(field, _TEXT, label=label)).strip()
        wrong = wrong_text(value) if value else tell("'{field}' is empty", field=field)
        if wrong is None and names is not None:
            wrong = wrong_names(value, names)
        if wrong is not None:
            raise self.error(wrong, field=field, label=label)
        return value

    def day(self, field: str) -> str:
        """A field with a day as it is written, in quotes or not: YAML reads the same characters as another type."""
        node = self._fields.get(field)
        bare = isinstance(node, yaml.ScalarNode) and node.tag == _DAY
        return self._scalar(field, _DAY).strip() if bare else self.text(field)

    def number(self, field: str) -> int:
        """A field with a whole number."""
        value = self._scalar(field, "tag:yaml.org,2002:int")
        if not _WHOLE.fullmatch(value):
            raise self.error(
                tell("'{field}' must be a whole number in digits, not {value}", field=field, value=short(value)),
                field=field,
            )
        return int(value)

    def flag(self, field: str, *, default: bool) -> bool:
        """A field that is true or false."""
        if field not in self._fields:
            return default
        return self._scalar(field, "tag:yaml.org,2002:bool").lower() in {"true", "yes", "on"}

    def record(self, field: str, *, kind: str = "") -> "Record":
        """A field that is itself a group of fields."""
        return Record(self._node(field), file=self._file, kind=kind)

    def records(self, field: str, *, kind: str) -> list["Record"]:
        """A field that is a list of groups; at least one."""
        node = self._node(field)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(
                tell("'{field}' must be a list with at least one {kind}", field=field, kind=_ENTRIES[kind]), field=field
            )
        if len(node.value) > MAX_ENTRIES:
            raise self.error(
                tell("this list has {count} entries; {most} is the most", count=len(node.value), most=MAX_ENTRIES),
                field=field,
            )
        return [Record(entry, file=self._file, kind=kind) for entry in node.value]

    def texts(self, field: str) -> list[str]:
        """A field that is a list of texts, which may be empty."""
        node = self._node(field)
        if not isinstance(node, yaml.SequenceNode) or any(one.tag != _TEXT for one in node.value):
            raise self.error(tell("'{field}' must be a list of texts", field=field), field=field)
        return [str(one.value) for one in node.value]

    def leaves(self, field: str, path: str = "") -> Iterator[tuple[str, str, int]]:
        """Path, text and line of every text in a field, which is one or a group of such fields: `scales.use.1`."""
        path = path or field
        node = self._node(field)
        if not isinstance(node, yaml.MappingNode):
            yield path, self.text(field, names=None, label=label_of(path)), node.start_mark.line + 1
            return
        group = Record(node, file=self._file)
        for name in group.names():
            yield from group.leaves(name, f"{path}.{name}")

    def _node(self, field: str) -> yaml.Node:
        if field not in self._fields:
            raise self.error(tell("the field '{field}' is missing", field=field))
        return self._fields[field]

    def _scalar(self, field: str, tag: str, *, label: str = "") -> str:
        node = self._node(field)
        if not isinstance(node, yaml.ScalarNode) or node.tag != tag:
            kinds = {"field": field, "kind": _KINDS[tag], "given": _KINDS.get(node.tag, tell("this"))}
            if tag == _TEXT and isinstance(node, yaml.ScalarNode):
                message = tell("'{field}' must be {kind}, not {given}; put it in quotes", **kinds)
                raise self.error(message, field=field, label=label)
            raise self.error(tell("'{field}' must be {kind}, not {given}", **kinds), field=field, label=label)
        return str(node.value)


def label_of(path: str) -> Told:
    """What a text is called in an error, by its path: `item T1a`, `text pages.context.title`."""
    if path.startswith("items."):
        return tell("item {id}", id=short(path.removeprefix("items.")))
    return tell("text {path}", path=short(path))


def read_bytes(path: Path, *, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file, one more than `most` when it has more. InstrumentError when it is missing or no file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise InstrumentError(tell("{name}: this is not a file", name=path.name))
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise InstrumentError(
            tell("{name}: this file is missing in the folder {folder}", name=path.name, folder=path.parent.name)
        ) from None
    return data


def compose(file: str, data: bytes) -> Record:
    """The YAML of a file as a record.

    InstrumentError with file and line when it is too large, no UTF-8, no YAML, or more of YAML than a questionnaire
    needs: anchors, aliases, tags, several documents and deep nesting are refused before anything is built of them.
    """
    return Record(nodes(file, data), file=file)


def nodes(file: str, data: bytes) -> yaml.Node:
    """The same as PyYAML's nodes, which know their lines."""
    text = _text(file, data)
    try:
        _plain_only(file, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _at(file, text, line, _told(text, error)) from None
    except yaml.YAMLError as error:
        raise InstrumentError(
            tell("{file}: this is not YAML: {problem}", file=file, problem=short(str(error)))
        ) from None
    if node is None:
        raise InstrumentError(tell("{file}: this file is empty", file=file))
    return node


def _text(file: str, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise InstrumentError(
            tell(
                "{file}: this file has more than {most} KB, and that is the most",
                file=file,
                most=MAX_BYTES // 1024,
            )
        )
    if data.startswith(UTF_16) or data[:64].count(0) > len(data[:64]) // 3:
        raise InstrumentError(tell("{file}, line 1: this is UTF-16 text. Save the file as UTF-8", file=file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = data[error.start : error.start + 1]
        there = data[: error.start].decode("utf-8", "replace") + "\n"
        seen = wrong.decode("cp1252", "replace")
        raise _at(
            file,
            there,
            line,
            tell(
                "the byte 0x{byte} is not UTF-8 text; read as Windows-1252 it would be '{seen}'. Save the file as "
                "UTF-8",
                byte=wrong.hex().upper(),
                seen=seen,
            ),
        ) from None
    found = unprintable(text)
    if found is not None:
        line = text[: found.start()].count("\n") + 1
        raise _at(
            file, text, line, tell("the character U+{code} can't stand in such a file", code=f"{ord(found[0]):04X}")
        )
    return text


def _plain_only(file: str, text: str) -> None:
    """Refuse what a questionnaire has no use for, from the events alone, which take no memory."""
    depth = documents = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise _at(file, text, line, tell("anchors and aliases (& and *) are not taken; write the text out"))
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _at(file, text, line, tell("the tag {tag} is not taken; a value needs none", tag=short(tag)))
        if number > MAX_VALUES:
            raise _at(file, text, line, tell("there are more than {most} values up to here", most=MAX_VALUES))
        if depth > MAX_DEPTH:
            raise _at(file, text, line, tell("this is nested more than {most} deep", most=MAX_DEPTH))
        if documents > 1:
            raise _at(file, text, line, tell("a second document begins here (---); a file has one"))


def _told(text: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    lines = text.split("\n")
    if mark is not None and mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t":
        return tell("a tab stands here; YAML takes spaces only")
    return tell("this is not YAML: {problem}", problem=str(error.problem))


def _at(file: str, text: str, line: int, message: str) -> InstrumentError:
    """The error of a line; the item is that of the line itself, or of the entry of a list in which it stands."""
    label = ""
    for above in reversed(text.split("\n")[:line]):
        found = _ID.search(above)
        label = tell("near {id}", id=found["id"]) if found else ""
        if found or not above.strip() or _ENTRY.match(above):
            break
    return InstrumentError(at_line(message, file=file, line=line, label=label))
