"""The library as it lies in files: read whole, checked, and read once a process."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from app.playbooks.action import BANDS, DIMENSIONS, Action, Library, State
from app.playbooks.fields import VERSION, fitting, one_of
from app.playbooks.reading import ID, TEXTS, Words, read_action, read_words
from surveys.languages import LANGUAGES
from surveys.reader import Problems, Record, compose, read_bytes
from surveys.sentences import tell

LIBRARY: Final = Path(__file__).parent / "library"
STATES: Final[tuple[State, ...]] = ("machine", "reviewed")


@cache
def library() -> Library:
    """The library that this service brings along."""
    return read_library(LIBRARY)


def read_library(folder: Path) -> Library:
    """A library of `library.yaml`, `actions/<id>.yaml` and `translations/<language>/<id>.yaml`.

    InstrumentError with everything that is wrong, each with file, line and what to do.
    """
    problems = Problems()
    files = {path: read_bytes(path) for path in sorted(folder.rglob("*.yaml"))}
    head = _composed(folder / "library.yaml", files)
    head.only("version")
    translated, states = _translations(folder, files, problems)
    found: list[Action] = []
    records: dict[str, Record] = {}
    for path in (one for one in files if one.parent == folder / "actions"):
        with problems:
            record = _composed(path, files)
            action = read_action(record, _words(path, record, translated, problems))
            _named_after(path, record, action.id)
            found.append(action)
            records[action.id] = record
    problems.raise_any()
    for action in found:
        with problems:
            _hold_together(action, records[action.id], {one.id: one for one in found})
    problems.raise_any()
    return Library(
        version=fitting(head, "version", VERSION, "1.0.0"),
        sha256=_digest(folder, files),
        actions=tuple(sorted(found, key=_place)),
        states=states,
    )


def _translations(
    folder: Path, files: Mapping[Path, bytes], problems: Problems
) -> tuple[dict[tuple[str, str], Record], dict[str, State]]:
    """The files of words by language and action, and how far each language was looked at."""
    found: dict[tuple[str, str], Record] = {}
    states: dict[str, State] = {}
    for path in (one for one in files if one.parent.parent == folder / "translations"):
        with problems:
            record, language = _composed(path, files), path.parent.name
            if language not in LANGUAGES:
                raise record.error(tell("{language} is no language that is known", language=language))
            if path.stem == "language":
                states[language] = "reviewed" if one_of(record, "state", STATES) == "reviewed" else "machine"
                continue
            record.only("action", "version", *TEXTS)
            _named_after(path, record, fitting(record, "action", ID, "R3-low-permitted-uses"))
            if not (folder / "actions" / path.name).exists():
                raise record.error(tell("there is no action {id} to translate; remove this file", id=path.stem))
            found[language, path.stem] = record
    return found, states


def _words(
    path: Path, record: Record, translated: Mapping[tuple[str, str], Record], problems: Problems
) -> dict[str, Words]:
    """The words of an action by language. A translation of another version is refused: it may say something else."""
    found: dict[str, Words] = {}
    version = fitting(record, "version", VERSION, "1.0.0")
    steps, pieces = record.texts("steps"), record.texts("evidence")
    for (language, id), there in translated.items():
        if id != path.stem:
            continue
        with problems:
            words = read_words(there, longer=3)
            if there.text("version") != version:
                raise there.error(
                    tell("these are the words of another version; the action has {version}", version=version),
                    field="version",
                )
            if (len(words.steps), len(words.evidence)) != (len(steps), len(pieces)):
                raise there.error(tell("steps and evidence need as many entries as in English"), field="steps")
            found[language] = words
    return found


def _composed(path: Path, files: Mapping[Path, bytes]) -> Record:
    return compose(f"{path.parent.name}/{path.name}", files[path] if path in files else read_bytes(path))


def _named_after(path: Path, record: Record, id: str) -> None:
    if path.stem != id:
        raise record.error(tell("the file has to be named {id}.yaml, after its action", id=id), field="action")


def _hold_together(action: Action, record: Record, every: Mapping[str, Action]) -> None:
    """That what an action names is there, and that nothing waits for itself."""
    for field, ids in (("needs", action.needs), ("instead_of", (action.instead_of,) if action.instead_of else ())):
        for id in ids:
            if id not in every:
                raise record.error(tell("there is no action {id}; correct the id or remove it", id=id), field=field)
    circle = next(_circles(action.id, every), None)
    if circle:
        raise record.error(
            tell("these wait for each other: {circle}; remove one of the needs", circle=" → ".join(circle)),
            field="needs",
        )
    if action.instead_of and not action.functions:
        raise record.error(
            tell("what stands in the place of another action has to say for which functions"), field="instead_of"
        )


def _circles(start: str, every: Mapping[str, Action]) -> Iterator[tuple[str, ...]]:
    """Ways along the needs that lead from an action back to itself."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for id in every[way[-1]].needs if way[-1] in every else ():
            if id == start:
                yield (*way, start)
            elif id not in seen:
                seen.add(id)
                waiting.append((*way, id))


def _place(action: Action) -> tuple[int, bool, int, str]:
    """By dimension; what unlocks a control in any band last; by band."""
    every = len(action.bands) == len(BANDS)
    return DIMENSIONS.index(action.dimension), every, BANDS.index(action.bands[0]), action.id


def _digest(folder: Path, files: Mapping[Path, bytes]) -> str:
    """The SHA-256 of the names and contents of all files."""
    whole = hashlib.sha256()
    for path, data in files.items():
        name = path.relative_to(folder).as_posix().encode()
        whole.update(b"%d %s %d " % (len(name), name, len(data)) + data)
    return whole.hexdigest()
