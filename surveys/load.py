"""Which questionnaires there are, and reading them. A published version never changes again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from surveys.canonical import hashed
from surveys.languages import LANGUAGES
from surveys.model import Instrument
from surveys.parse import parse
from surveys.reader import InstrumentError, Problems, read_bytes
from surveys.sentences import tell
from surveys.translations import TRANSLATIONS, Edition, Translation, read_translation

__all__ = [
    "INSTRUMENTS",
    "InstrumentError",
    "Published",
    "latest",
    "load",
    "load_edition",
    "load_file",
    "load_published",
    "published",
    "read_published",
    "read_translations",
    "translations",
]

INSTRUMENTS: Final = Path(__file__).parent / "instruments"
PUBLISHED_FILE: Final = "PUBLISHED"

_LINE = re.compile(
    r"(?P<key>[a-z][a-z0-9_]*) (?P<version>\d+\.\d+\.\d+) ((?P<language>[a-z]{2}) )?(?P<sha256>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the list of what was published: a questionnaire, or its translation into a language."""

    key: str
    version: str
    sha256: str
    language: str | None = None

    def line(self) -> str:
        """The line, as it stands in the list."""
        return " ".join(word for word in (self.key, self.version, self.language, self.sha256) if word)


def load_file(folder: Path) -> Instrument:
    """The questionnaire of any folder, published or not. InstrumentError with every problem found."""
    return hashed(parse({path.name: read_bytes(path) for path in sorted(Path(folder).glob("*.yaml"))}))


@cache
def load(key: str, version: str) -> Instrument:
    """A published questionnaire. InstrumentError when there is none, or when its files are not what was published."""
    entry = next((e for e in _questionnaires() if (e.key, e.version) == (key.lower(), version)), None)
    if entry is None:
        known = ", ".join(f"{e.key} {e.version}" for e in _questionnaires())
        raise InstrumentError(f"There is no published questionnaire {key} {version}. Published are: {known}.")
    return load_published(INSTRUMENTS, entry)


def load_published(instruments: Path, entry: Published) -> Instrument:
    """The questionnaire of one line of the list. InstrumentError when its files are not what was published."""
    instrument = load_file(instruments / entry.key / entry.version)
    if (instrument.key, instrument.version, instrument.sha256) != (entry.key, entry.version, entry.sha256):
        raise InstrumentError(
            f"The files of {entry.key} {entry.version} have changed since it was published. "
            "Restore them, and make a new version for the change."
        )
    return instrument


def read_translations(folder: Path, instrument: Instrument) -> Mapping[str, Translation]:
    """All translations beside a questionnaire, published or not, by language. InstrumentError with every problem."""
    found: dict[str, Translation] = {}
    problems = Problems()
    for path in sorted((folder / TRANSLATIONS).glob("*.yaml")):
        with problems:
            found[path.stem] = read_translation(path.name, read_bytes(path), instrument)
    problems.raise_any()
    return MappingProxyType({tag: found[tag] for tag in LANGUAGES if tag in found})


def load_edition(folder: Path) -> Edition:
    """Questionnaire and translations of any folder, published or not. InstrumentError with every problem found."""
    instrument = load_file(folder)
    return Edition(instrument, read_translations(folder, instrument))


@cache
def translations(key: str, version: str) -> Mapping[str, Translation]:
    """The published translations of a published questionnaire, by language; its own language is not among them.

    InstrumentError when the questionnaire is not published, or when a file is not what was published.
    """
    instrument = load(key, version)
    of_this = [e for e in _list() if (e.key, e.version) == (instrument.key, version) and e.language]
    found = {entry.language or "": _published_translation(INSTRUMENTS, entry, instrument) for entry in of_this}
    return MappingProxyType({tag: found[tag] for tag in LANGUAGES if tag in found})


def _published_translation(instruments: Path, entry: Published, instrument: Instrument) -> Translation:
    folder = instruments / entry.key / entry.version / TRANSLATIONS
    path = folder / f"{entry.language}.yaml"
    translation = read_translation(path.name, read_bytes(path), instrument)
    if translation.sha256 != entry.sha256:
        raise InstrumentError(
            f"{entry.language}.yaml of {entry.key} {entry.version}: a text has changed since it was published. Restore "
            "it, and make a new version for the change."
        )
    return translation


def published() -> tuple[tuple[str, str], ...]:
    """(key, version) of every published questionnaire, in the order of publication."""
    return tuple((entry.key, entry.version) for entry in _questionnaires())


def latest(key: str) -> Instrument:
    """The highest published version of a questionnaire. InstrumentError when there is none."""
    versions = [version for known, version in published() if known == key.lower()]
    if not versions:
        raise InstrumentError(tell("There is no published questionnaire {key}.", key=key))
    return load(key, max(versions, key=lambda version: tuple(map(int, version.split(".")))))


def read_published(instruments: Path) -> tuple[Published, ...]:
    """The list beside a folder of questionnaires. InstrumentError names the line that is not one."""
    path = instruments / PUBLISHED_FILE
    entries: list[Published] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise InstrumentError(f"{PUBLISHED_FILE}, line {number}: this is not 'key version [language] sha256'")
        entries.append(Published(**match.groupdict()))
    return tuple(entries)


@cache
def _list() -> tuple[Published, ...]:
    return read_published(INSTRUMENTS)


def _questionnaires() -> Iterator[Published]:
    return (entry for entry in _list() if entry.language is None)
