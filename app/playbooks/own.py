"""An action of a client's own as files hold it: written as YAML, read back, and checked field by field as a file is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

import yaml

from app.playbooks.action import Action
from app.playbooks.reading import OPTIONAL, TEXTS
from app.playbooks.shelf import read_alone
from app.sentences import Sentence, adopted
from surveys.reader import InstrumentError
from surveys.sentences import Told

Fields = Mapping[str, object]
"""Values of a file by field: texts, whole numbers, True, or lists of texts."""
Texts = Mapping[str, str]
"""The text of each file of an action by its place: `actions/<id>.yaml`, `translations/de/<id>.yaml`."""

ORDER: Final = (
    *("dimension", "bands", "functions", "unlocks", "instead_of", "recurring", "owner", "support"),
    *("hours", "weeks", "cost", *TEXTS, "moves", "questions", "guardrails", "needs", "sources", "review_by"),
)
SOUND: Final[Fields] = {
    **{"dimension": "T1", "bands": ["low"], "moves": ["T1"], "owner": "lead", "cost": "low", "hours": 1, "weeks": 1},
    **{"title": "x", "why": "x", "risk": "x", "steps": ["x"] * 3, "evidence": ["x"], "review_by": "2027-06-30"},
    **{name: False if name == "recurring" else "" if name == "instead_of" else [] for name in OPTIONAL},
}
"""What stands for a field that is wrong while the others are looked at."""
A_FILE: Final = "OWN-T1-a-file"
MOST_FAULTS: Final = 60
_KEY: Final = re.compile(r"^(\w+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """An action as somebody wrote it, and its words by language; nothing in it need be right."""

    fields: Fields
    words: Mapping[str, Fields] = field(default_factory=dict)


def written_of(action: Action) -> Written:
    """An action as it could have been written, with its words."""
    plain = {name: getattr(action, name) for name in ORDER if name not in TEXTS}
    lists = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
    said = {name: getattr(action, name) for name in TEXTS}
    return Written(
        fields={**lists, **{name: _english(text) for name, text in said.items()}},
        words={language: {name: _in(text, language) for name, text in said.items()} for language in action.title.words},
    )


def texts_of(written: Written, id: str, version: str) -> dict[str, str]:
    """The files of an action. What is empty and may be absent is left out."""
    head = {"action": id, "version": version}
    said = {name: written.fields.get(name, "") for name in ORDER}
    kept = {name: value for name, value in said.items() if value or name not in OPTIONAL}
    return {
        f"actions/{id}.yaml": _yaml({**head, **kept}),
        **{
            f"translations/{language}/{id}.yaml": _yaml({**head, **{name: one.get(name, "") for name in TEXTS}})
            for language, one in written.words.items()
        },
    }


def action_of(texts: Texts) -> Action:
    """The action of these files. InstrumentError with everything that is wrong."""
    return _read(tuple(sorted(texts.items())))


def as_it_stands(texts: Texts) -> Written:
    """What files say, right or not: of what this program does not know any more everything is kept."""
    said = {path: yaml.safe_load(text) for path, text in texts.items()}
    english: Fields = next((one for path, one in said.items() if path.startswith("actions/")), {})
    fields = {name: english.get(name, SOUND[name] if name in OPTIONAL else "") for name in ORDER}
    others = {path.split("/")[1]: one for path, one in said.items() if path.startswith("translations/")}
    return Written(fields, {tag: {name: one.get(name, "") for name in TEXTS} for tag, one in others.items()})


def fault_of(texts: Texts) -> str:
    """What keeps these files from being read, as this program knows what may stand there; empty where they are sound.

    What was sound when it was kept need not be any more: a source, a control or a function can have gone.
    """
    try:
        action_of(texts)
    except InstrumentError as error:
        return adopted(error.problems[0])
    return ""


def faults(written: Written) -> dict[str, str]:
    """What is wrong with an action, a sentence for each field; those of other languages are named like `de-steps`.

    The sentences are those that a file would get. A field that is wrong is taken for sound while the rest is read.
    """
    found: dict[str, str] = {}
    while len(found) < MOST_FAULTS:
        texts = texts_of(written, A_FILE, "1.0.0")
        try:
            action_of(texts)
        except InstrumentError as error:
            new = {place: told for place, told in _placed(error.problems, texts) if place not in found}
            if not new:
                break
            found |= new
            written = _mended(written, new)
        else:
            break
    return found


def _placed(problems: Sequence[str], texts: Texts) -> Iterator[tuple[str, str]]:
    """Each problem with the field in whose lines it is."""
    for one in problems:
        values = one.values if isinstance(one, Told) else {}
        path = next((path for path in texts if path.endswith(str(values.get("file")))), f"actions/{A_FILE}.yaml")
        above = texts[path].split("\n")[: int(values.get("line", "1"))]
        name = ([found[1] for line in above if (found := _KEY.match(line))] or ["title"])[-1]
        language = f"{path.split('/')[1]}-" if path.startswith("translations/") else ""
        yield language + (name if name in SOUND else "title"), adopted(values.get("problem", one))


def _mended(written: Written, places: Mapping[str, str]) -> Written:
    """The same with something sound in these places. Lists in other languages follow those in English."""
    fields = {**written.fields, **{name: SOUND[name] for name in places if name in SOUND}}
    words = {language: dict(one) for language, one in written.words.items()}
    for language, one in words.items():
        for name in TEXTS:
            if name in places or f"{language}-{name}" in places:
                sound = fields.get(name, "")
                one[name] = ["x"] * len(sound) if isinstance(sound, list) else "x"
    return Written(fields, words)


@lru_cache(maxsize=2000)
def _read(texts: tuple[tuple[str, str], ...]) -> Action:
    return read_alone({PurePosixPath(path): text.encode() for path, text in texts})


def _yaml(fields: Fields) -> str:
    plain = {name: list(value) if isinstance(value, (list, tuple)) else value for name, value in fields.items()}
    return str(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100_000))


def _english(text: Sentence | tuple[Sentence, ...]) -> object:
    return [one.message for one in text] if isinstance(text, tuple) else text.message


def _in(text: Sentence | tuple[Sentence, ...], language: str) -> object:
    return [one.words[language] for one in text] if isinstance(text, tuple) else text.words[language]
