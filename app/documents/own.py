"""A template of a client's own as text: YAML as a file holds it, and the places in it where somebody writes words."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import yaml

from app.documents.reading import LANGUAGES, LibraryError, Where, read
from app.documents.template import KINDS, Kind, Template
from app.sentences import Sentence, say

OWN: Final = "own_"
"""With what the id of a client's own template begins; none of the service's does."""
LONGEST_FILE: Final = 200_000
MOST_FAULTS: Final = 60
SOURCE: Final = LANGUAGES[0]
_LOADER: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Tree = dict[str, Any]  # Any: what a YAML file holds
SlotKind = Literal["line", "text", "points"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for words: its path, what kind of field it needs, and where they lie. `needed`: it can't be empty."""

    path: str
    kind: SlotKind
    holder: Tree
    key: str
    needed: bool = True

    @property
    def words(self) -> Mapping[str, str]:
        """What stands there by language; of points a line each."""
        found = self.holder.get(self.key)
        if self.kind == "points":
            lines = [_by_language(one) for one in found] if isinstance(found, list) else []
            return {tag: "\n".join(one.get(tag, "") for one in lines).strip() for tag in LANGUAGES}
        return _by_language(found)

    def put(self, words: Mapping[str, str]) -> None:
        """Puts words there; none where nothing has to stand takes the place away."""
        said = {tag: text for tag, text in words.items() if text}
        if not said and not self.needed:
            self.holder.pop(self.key, None)
        elif self.kind == "points":
            lines = {tag: words.get(tag, "").split("\n") for tag in said}
            most = max(map(len, lines.values()), default=0)
            self.holder[self.key] = [
                {tag: one[at] if at < len(one) else "" for tag, one in lines.items()} for at in range(most)
            ]
        else:
            self.holder[self.key] = {SOURCE: "", **said}


def parsed(name: str, text: str) -> Tree:
    """What a text says that somebody sent. LibraryError, with the line where there is one, for what is no YAML of plain
    fields: names for parts of it, and types, are refused, so that a small text can't stand for a large one."""
    top = Where(name)
    if len(text) > LONGEST_FILE:
        raise LibraryError(
            top, say("it has {count} characters; {most} is the most", count=len(text), most=LONGEST_FILE)
        )
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                raise LibraryError(top, say("line {line} has a name or a type of YAML; write plain fields",
                                            line=token.start_mark.line + 1))  # fmt: skip
        found = yaml.load(text, _LOADER)  # noqa: S506 - one of the two safe ones
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LibraryError(top, say("line {line} can’t be read as YAML", line=line)) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, LibraryError):
            raise
        raise LibraryError(top, say("this can’t be read as YAML")) from error
    if not isinstance(found, dict):
        raise LibraryError(top, say("fields with names are needed"))
    return found


def written(tree: Tree) -> str:
    """A template as the text of a file."""
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=100_000))


def line_of(text: str, path: str) -> int:
    """The line of a sound text in which a place lies, or the part around it, counted from 1."""
    node: yaml.Node = yaml.compose(text, _LOADER) or yaml.ScalarNode("", "")
    for step in path.split("."):
        below = {one.value: each for one, each in node.value} if isinstance(node, yaml.MappingNode) else {}
        for name, each in list(below.items()):
            if name in ("parts", "columns", "lines") and isinstance(each, yaml.SequenceNode):
                below |= {f"{name[0]}{at}": one for at, one in enumerate(each.value, start=1)}
        found = below.get(step) or next((below[one] for one in KINDS[:2] if step == "label" and one in below), None)
        if found is None:
            break
        node = found
    return int(node.start_mark.line) + 1 if node.start_mark else 1


def template_of(text: str) -> Template:
    """The template of a text; words that are missing in another language are the English ones. LibraryError."""
    return _read(text)


def fault_of(text: str) -> str:
    """What keeps a text from being read, as this program knows what may stand there; empty where it is sound."""
    try:
        template_of(text)
    except LibraryError as error:
        return error.sentence
    return ""


def read_tree(tree: Tree) -> Template:
    """The template of what a file holds."""
    whole = _completed(tree)
    return read(str(whole.get("document", ""))[:60], whole)


def slots(tree: Tree) -> Iterator[tuple[int, Slot]]:
    """The places for words, each with the number of its part; title and purpose are in none, 0."""
    yield 0, Slot("title", "line", tree, "title")
    yield 0, Slot("about", "text", tree, "about")
    for at, part in enumerate(parts_of(tree), start=1):
        yield from ((at, one) for one in _of_part(part, f"p{at}"))


def parts_of(tree: Tree) -> Sequence[Tree]:
    """The parts that are what a part has to be."""
    return _dicts(tree.get("parts"))


def kind_of(part: Tree) -> Kind:
    """Of which kind a part is."""
    return next((one for one in KINDS if one in part), "note")


def faults(tree: Tree) -> dict[str, Sentence]:
    """What is wrong with a template, a sentence for each place by its path and language, `p3.fill.de`."""
    found: dict[str, Sentence] = {}
    tried = deepcopy(tree)
    while len(found) < MOST_FAULTS:
        try:
            read_tree(tried)
        except LibraryError as error:
            place = next((one for _, one in slots(tried) if _is_of(error.path, one.path)), None)
            name = error.path if place and error.path != place.path else f"{place.path if place else 'title'}.{SOURCE}"
            if name in found:
                break
            found[name] = error.problem if place else error.sentence
            if place is None:
                break
            place.put(dict.fromkeys(LANGUAGES, "x"))
        else:
            break
    return found


def _is_of(path: str, place: str) -> bool:
    return path == place or path.rpartition(".")[0] == place


def _of_part(part: Tree, path: str) -> Iterator[Slot]:
    kind = kind_of(part)
    if kind in ("heading", "note"):
        yield Slot(f"{path}.label", "line" if kind == "heading" else "text", part, kind)
        return
    yield Slot(f"{path}.label", "line", part, "label")
    if kind in ("text", "points"):
        yield Slot(f"{path}.fill", "points" if kind == "points" else "text", part, "fill", needed=False)
    if kind != "flow":
        yield Slot(f"{path}.hint", "text", part, "hint", needed=False)
    columns = _dicts(part.get("columns"))
    for at, column in enumerate(columns, start=1):
        yield Slot(f"{path}.c{at}.label", "line", column, "label")
        yield Slot(f"{path}.c{at}.fill", "line", column, "fill", needed=False)
    for at, line in enumerate(_dicts(part.get("lines")), start=1):
        for column in columns:
            name = str(column.get("id", ""))
            yield Slot(f"{path}.l{at}.{name}", "text", line, name, needed=False)


def _dicts(found: object) -> list[Tree]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _by_language(found: object) -> dict[str, str]:
    if isinstance(found, str):
        return dict.fromkeys(LANGUAGES, found)
    given = found if isinstance(found, dict) else {}
    return {tag: text for tag in LANGUAGES if isinstance(text := given.get(tag), str)}


def _completed(tree: Any) -> Any:  # Any: what a YAML file holds
    """The same with English words where those of another language are missing."""
    if isinstance(tree, list):
        return [_completed(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if set(tree) <= set(LANGUAGES) and SOURCE in tree and not any(isinstance(one, dict) for one in tree.values()):
        return {tag: tree.get(tag) or tree[SOURCE] for tag in LANGUAGES}
    return {key: _completed(one) for key, one in tree.items()}


@lru_cache(maxsize=2000)
def _read(text: str) -> Template:
    return read_tree(parsed(text[10:40].split("\n")[0], text))
