"""The library as it lies in files: read whole, checked, and read once a process."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from app.playbooks.action import BANDS, DIMENSIONS, Action, Library, State, is_own
from app.playbooks.fields import VERSION, fitting, one_of
from app.playbooks.holding import misfits
from app.playbooks.reading import ID, TEXTS, Words, read_action, read_words
from surveys.languages import LANGUAGES
from surveys.reader import Problems, Record, compose, read_bytes
from surveys.sentences import tell

LIBRARY: Final = Path(__file__).parent / "library"
HEAD: Final = PurePosixPath("library.yaml")
ACTIONS, TRANSLATIONS = PurePosixPath("actions"), PurePosixPath("translations")
Files = Mapping[PurePosixPath, bytes]
"""The files of a library by their places in its folder."""
STATES: Final[tuple[State, ...]] = ("machine", "reviewed")


@cache
def library() -> Library:
    """The library that this service brings along."""
    return read_library(LIBRARY)


def read_library(folder: Path) -> Library:
    """A library of `library.yaml`, `actions/<id>.yaml` and `translations/<language>/<id>.yaml`.

    InstrumentError with everything that is wrong, each with file, line and what to do.
    """
    there = sorted({*folder.rglob("*.yaml"), folder / HEAD})
    return read_files({PurePosixPath(path.relative_to(folder).as_posix()): read_bytes(path) for path in there})


def read_files(files: Files, *, beside: Mapping[str, Action] | None = None) -> Library:
    """The same of files that were read already. `beside` are the actions beside which these are to stand: at first
    those of this service, where `library.yaml` says that the library `extends` them.
    """
    problems = Problems()
    head = _composed(HEAD, files)
    head.only("version", "extends")
    extends = head.flag("extends", default=False)
    found, records, states = _actions(files, problems)
    problems.raise_any()
    extends = extends or beside is not None
    others = beside if beside is not None else library().by_id if extends else {}
    every = {**others, **{one.id: one for one in found}}
    for action in found:
        record = records[action.id]
        with problems:
            if extends and not is_own(action.id):
                raise record.error(tell("the id of an action of your own begins with OWN-"), field="action")
            for field, told in misfits(action, every):
                raise record.error(told, field=field)
    problems.raise_any()
    return Library(
        version=fitting(head, "version", VERSION, "1.0.0"),
        sha256=digest(files),
        actions=in_order(found),
        states=states,
    )


def read_alone(files: Files) -> Action:
    """One action with its words, whatever it needs. InstrumentError with everything that is wrong."""
    problems = Problems()
    found, _, _ = _actions(files, problems)
    problems.raise_any()
    return found[0]


def in_order(actions: list[Action]) -> tuple[Action, ...]:
    """Actions as a library has them: by dimension, band and id."""
    return tuple(sorted(actions, key=_place))


def digest(files: Files) -> str:
    """The SHA-256 of the names and contents of all files."""
    whole = hashlib.sha256()
    for path, data in files.items():
        name = path.as_posix().encode()
        whole.update(b"%d %s %d " % (len(name), name, len(data)) + data)
    return whole.hexdigest()


def _actions(files: Files, problems: Problems) -> tuple[list[Action], dict[str, Record], dict[str, State]]:
    """The actions, the files that they come from, and how far each language was looked at."""
    translated, states = _translations(files, problems)
    found: list[Action] = []
    records: dict[str, Record] = {}
    for path in (one for one in files if one.parent == ACTIONS):
        with problems:
            record = _composed(path, files)
            action = read_action(record, _words(path, record, translated, problems))
            _named_after(path, record, action.id)
            found.append(action)
            records[action.id] = record
    return found, records, states


def _translations(files: Files, problems: Problems) -> tuple[dict[tuple[str, str], Record], dict[str, State]]:
    """The files of words by language and action, and how far each language was looked at."""
    found: dict[tuple[str, str], Record] = {}
    states: dict[str, State] = {}
    for path in (one for one in files if one.parent.parent == TRANSLATIONS):
        with problems:
            record, language = _composed(path, files), path.parent.name
            if language not in LANGUAGES:
                raise record.error(tell("{language} is no language that is known", language=language))
            if path.stem == "language":
                states[language] = "reviewed" if one_of(record, "state", STATES) == "reviewed" else "machine"
                continue
            record.only("action", "version", *TEXTS)
            _named_after(path, record, fitting(record, "action", ID, "R3-low-permitted-uses"))
            if ACTIONS / path.name not in files:
                raise record.error(tell("there is no action {id} to translate; remove this file", id=path.stem))
            found[language, path.stem] = record
    return found, states


def _words(
    path: PurePosixPath, record: Record, translated: Mapping[tuple[str, str], Record], problems: Problems
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


def _composed(path: PurePosixPath, files: Files) -> Record:
    return compose(f"{path.parent.name}/{path.name}" if path.parent.name else path.name, files[path])


def _named_after(path: PurePosixPath, record: Record, id: str) -> None:
    if path.stem != id:
        raise record.error(tell("the file has to be named {id}.yaml, after its action", id=id), field="action")


def _place(action: Action) -> tuple[int, bool, int, str]:
    """By dimension; what unlocks a control in any band last; by band."""
    every = len(action.bands) == len(BANDS)
    return DIMENSIONS.index(action.dimension), every, BANDS.index(action.bands[0]), action.id
