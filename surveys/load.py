"""Which questionnaires there are, and reading them. A published version never changes again."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from surveys.model import Instrument
from surveys.parse import parse
from surveys.reader import InstrumentError

__all__ = [
    "INSTRUMENTS",
    "InstrumentError",
    "Published",
    "canonical",
    "latest",
    "load",
    "load_file",
    "load_published",
    "published",
    "read_published",
]

INSTRUMENTS: Final = Path(__file__).parent / "instruments"
PUBLISHED_FILE: Final = "PUBLISHED"

_LINE = re.compile(r"(?P<key>[a-z][a-z0-9_]*) (?P<version>\d+\.\d+\.\d+) (?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the list of published questionnaires."""

    key: str
    version: str
    sha256: str


def load_file(folder: Path) -> Instrument:
    """The questionnaire of any folder, published or not. InstrumentError with every problem found."""
    instrument = parse(Path(folder))
    return replace(instrument, sha256=hashlib.sha256(canonical(instrument)).hexdigest())


@cache
def load(key: str, version: str) -> Instrument:
    """A published questionnaire. InstrumentError when there is none, or when its files are not what was published."""
    entry = next((e for e in _list() if (e.key, e.version) == (key.lower(), version)), None)
    if entry is None:
        known = ", ".join(f"{e.key} {e.version}" for e in _list())
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


def published() -> tuple[tuple[str, str], ...]:
    """(key, version) of every published questionnaire, in the order of publication."""
    return tuple((entry.key, entry.version) for entry in _list())


def latest(key: str) -> Instrument:
    """The highest published version of a questionnaire. InstrumentError when there is none."""
    versions = [version for known, version in published() if known == key.lower()]
    if not versions:
        raise InstrumentError(f"There is no published questionnaire {key}.")
    return load(key, max(versions, key=lambda version: tuple(map(int, version.split(".")))))


def read_published(instruments: Path) -> tuple[Published, ...]:
    """The list beside a folder of questionnaires. InstrumentError names the line that is not one."""
    path = instruments / PUBLISHED_FILE
    entries: list[Published] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise InstrumentError(f"{PUBLISHED_FILE}, line {number}: this is not 'key version sha256'")
        entries.append(Published(**match.groupdict()))
    return tuple(entries)


@cache
def _list() -> tuple[Published, ...]:
    return read_published(INSTRUMENTS)


def canonical(instrument: Instrument) -> bytes:
    """The questionnaire without its hash as JSON in one fixed form: sorted keys, no spaces, UTF-8.

    A field that has its default is left out, so that a field added to the model later does not change the hash of
    questionnaires that were published before it existed.
    """
    plain = _plain(replace(instrument, sha256=""))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: object) -> object:
    if is_dataclass(value):
        told = {f.name: (getattr(value, f.name), f.default) for f in fields(value) if f.init and f.name != "sha256"}
        return {name: _plain(v) for name, (v, default) in told.items() if default is MISSING or v != default}
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value
