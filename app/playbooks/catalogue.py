"""The catalogue of guardrails as it lies in files beside the actions: read whole, checked, once a process."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from app.playbooks.action import CONTROLS, KNOWN_FUNCTIONS, State
from app.playbooks.fields import VERSION, day_of, fitting, one_of, some_of, text
from app.playbooks.guardrail import BASES, FLAGS, REGIMES, Catalogue, Day, Guardrail, Law, Reference
from app.playbooks.shelf import LIBRARY, library
from app.sentences import Sentence
from scoring.levels import Level
from surveys.reader import Problems, Record, compose, read_bytes
from surveys.sentences import tell
from surveys.wording import short

ID: Final = re.compile(r"G-\d\d")
TITLE, RULE, SHOWN = 120, 320, 200
LEVELS: Final = {level.name: level for level in Level}


@cache
def catalogue() -> Catalogue:
    """The guardrails that this service brings along."""
    return read_catalogue(LIBRARY, library().states)


def read_catalogue(folder: Path, states: Mapping[str, State]) -> Catalogue:
    """A catalogue of `law.yaml`, `guardrails/<id>.yaml` and their words in `translations/<language>/guardrails/`.

    InstrumentError with everything that is wrong, each with file, line and what to do.
    """
    problems = Problems()
    head = _composed(folder / "law.yaml")
    laws = {one.name: one for one in (_law(row) for row in head.records("laws", kind="row"))}
    translated = {language: _composed(_words(folder, language, "law")) for language in states}
    days = tuple(_days(head, laws, {language: one.texts("dates") for language, one in translated.items()}))
    found: list[Guardrail] = []
    for path in sorted((folder / "guardrails").glob("*.yaml")):
        with problems:
            words = {
                language: _composed(there)
                for language in states
                if (there := _words(folder, language, path.stem)).exists()
            }
            found.append(_guardrail(path, _composed(path), words, laws))
    problems.raise_any()
    return Catalogue(guardrails=tuple(found), laws=laws, days=days, states=states)


def _guardrail(path: Path, record: Record, words: Mapping[str, Record], laws: Mapping[str, Law]) -> Guardrail:
    record.only(
        *("guardrail", "version", "from", "functions", "flags", "controls", "title", "rule", "shown"),
        *("references", "to_confirm"),
    )
    id, version = fitting(record, "guardrail", ID, "G-07"), fitting(record, "version", VERSION, "1.0.0")
    if path.stem != id:
        raise record.error(tell("the file has to be named {id}.yaml, after its guardrail", id=id), field="guardrail")
    for there in words.values():
        if there.text("version") != version:
            raise there.error(
                tell("these are the words of another version; the guardrail has {version}", version=version),
                field="version",
            )
    unsure = _references(record, "to_confirm", laws, confirmed=False) if record.has("to_confirm") else ()
    return Guardrail(
        id=id,
        version=version,
        title=_said(record, words, "title", TITLE),
        rule=_said(record, words, "rule", RULE),
        shown=_said(record, words, "shown", SHOWN),
        start=LEVELS[one_of(record, "from", LEVELS)],
        functions=some_of(record, "functions", KNOWN_FUNCTIONS),
        flags=some_of(record, "flags", FLAGS),
        controls=some_of(record, "controls", CONTROLS),
        references=(*_references(record, "references", laws, confirmed=True), *unsure),
    )


def _references(record: Record, field: str, laws: Mapping[str, Law], *, confirmed: bool) -> tuple[Reference, ...]:
    found = []
    for cited in record.texts(field):
        law, _, part = cited.partition(": ")
        if law not in laws or not part:
            raise record.error(
                tell("'{cited}' names no law of law.yaml; write it like EU AI Act: Art. 4", cited=short(cited)),
                field=field,
            )
        if confirmed and laws[law].basis == "not_checked":
            raise record.error(
                tell("{law} was not looked up; name it under to_confirm, or look it up first", law=law), field=field
            )
        found.append(Reference(law, part, confirmed))
    return tuple(found)


def _law(row: Record) -> Law:
    row.only("law", "regime", "basis", "checked_on")
    regime, basis = one_of(row, "regime", REGIMES), one_of(row, "basis", BASES)
    return Law(
        name=text(row, "law", most=60),
        regime=next(one for one in REGIMES if one == regime),
        basis=next(one for one in BASES if one == basis),
        checked_on=day_of(row, "checked_on", "2026-11-22"),
    )


def _days(head: Record, laws: Mapping[str, Law], translated: Mapping[str, list[str]]) -> Iterable[Day]:
    rows = head.records("dates", kind="row")
    for place, row in enumerate(rows):
        row.only("day", "until", "law", "confirmed", "what")
        words = {tag: texts[place] for tag, texts in translated.items() if len(texts) == len(rows)}
        what = Sentence(text(row, "what", most=240), words=words)
        day = day_of(row, "day", "2026-11-22")
        until = day_of(row, "until", "2027-11-22") if row.has("until") else ""
        if until and until < day:
            raise row.error(tell("'until' is {until}, before the day {day}", until=until, day=day), field="until")
        yield Day(day, until, one_of(row, "law", laws), row.flag("confirmed", default=False), what)


def _said(record: Record, words: Mapping[str, Record], field: str, most: int) -> Sentence:
    said = {language: text(there, field, most=most * 3 // 2) for language, there in words.items()}
    return Sentence(text(record, field, most=most), words=said)


def _words(folder: Path, language: str, name: str) -> Path:
    return folder / "translations" / language / "guardrails" / f"{name}.yaml"


def _composed(path: Path) -> Record:
    return compose(f"{path.parent.name}/{path.name}", read_bytes(path))
