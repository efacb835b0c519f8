"""Where in the files of a questionnaire something stands that differs from the version before."""

from collections.abc import Iterator, Mapping

import yaml

from surveys.parse import CORE_FILE
from surveys.reader import nodes
from surveys.sentences import at_line, tell
from surveys.translations import TRANSLATIONS
from surveys.versions import Difference


def told(files: Mapping[str, bytes], one: Difference) -> str:
    """A difference as an author is told of it: file, line and item, then what it is."""
    language, _, path = one.where.rpartition(": ")
    group, _, rest = path.partition(".")
    label = tell("item {id}", id=rest) if group == "items" else path
    file, line = _found(files, language, group, rest)
    return at_line(one.sentence, file=file, line=line, label=label)


def _found(files: Mapping[str, bytes], language: str, group: str, rest: str) -> tuple[str, int]:
    if language:
        name = f"{TRANSLATIONS}/{language}.yaml"
        return name, _deepest(nodes(name, files[name]), [group, *rest.split(".")])
    own_id = rest if group == "items" else rest.partition(".")[0]
    if group in {"items", "scales", "dimensions"}:
        for name in (name for name in files if "/" not in name):
            for line in _with_id(nodes(name, files[name]), own_id):
                return name, line
    name = f"{rest}.yaml" if group == "modules" else CORE_FILE
    path = ["name"] if group == "modules" else ["extra" if group == "extra" else group, *rest.split(".")]
    return name, _deepest(nodes(name, files[name]), path)


def _with_id(node: yaml.Node, own_id: str) -> Iterator[int]:
    """The lines of the groups of fields that have this id."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if (key.value, value.value) == ("id", own_id):
                yield key.start_mark.line + 1
            yield from _with_id(value, own_id)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _with_id(value, own_id)


def _deepest(node: yaml.Node, path: list[str]) -> int:
    """The line of the field at a path, or of the last field on the way to it that there is."""
    line = 1
    for name in path:
        fields = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in fields if key.value == name), None)
        if found is None:
            return line
        line, node = found[0].start_mark.line + 1, found[1]
    return line
