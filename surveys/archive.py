"""A questionnaire in one ZIP file, with its translations and all earlier published versions: out, and in again.

Nothing of an archive counts before all of it has been read, and every hash in it is the one that is stated.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from surveys.canonical import hashed
from surveys.parse import parse
from surveys.places import told
from surveys.reader import InstrumentError, Problems
from surveys.sentences import inside, tell
from surveys.translations import TRANSLATIONS, Edition, read_translation
from surveys.versions import refusals
from surveys.zipped import unzipped, zipped

FORMAT: Final = "plumbline-questionnaire"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"

_NAME = re.compile(r"manifest\.json|\d{1,6}\.\d{1,6}\.\d{1,6}/(translations/)?[a-z][a-z0-9_]{0,60}\.yaml")
_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")


@dataclass(frozen=True, slots=True)
class Shelved:
    """One version as it lies in a folder or an archive: what it is, its files by name, and what of it was published.

    `published` are the languages of published translations; None as long as the version itself is a draft.
    """

    edition: Edition
    files: Mapping[str, bytes]
    published: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """The versions of one questionnaire, the oldest first; the last is the one that was exported."""

    shelved: tuple[Shelved, ...]

    @property
    def newest(self) -> Edition:
        """The version that was exported."""
        return self.shelved[-1].edition


def shelve(files: Mapping[str, bytes], *, published: frozenset[str] | None = None) -> Shelved:
    """One version of its files, `core.yaml` and `translations/de.yaml`. InstrumentError with every problem found."""
    instrument = hashed(parse({name: data for name, data in files.items() if "/" not in name}))
    translations = {}
    problems = Problems()
    for name in sorted(files):
        folder, _, file = name.rpartition("/")
        with problems:
            if folder == TRANSLATIONS:
                translation = read_translation(file, files[name], instrument)
                translations[translation.language] = translation
    problems.raise_any()
    return Shelved(Edition(instrument, translations), dict(files), published)


def wrong_successor(before: Shelved, now: Shelved) -> tuple[str, ...]:
    """Why a version may not follow another one, by file, line and item; none when it may."""
    return tuple(told(now.files, one) for one in refusals(before.edition, now.edition))


def pack(archive: Archive) -> bytes:
    """The archive as the bytes of a ZIP file; the same versions give the same bytes."""
    entries = {MANIFEST: _manifest(archive)}
    for one in archive.shelved:
        version = one.edition.instrument.version
        entries |= {f"{version}/{name}": data for name, data in sorted(one.files.items())}
    return zipped(entries)


def unpack(name: str, data: bytes) -> Archive:
    """The archive of a ZIP file. InstrumentError, naming file, line and item, when there is anything wrong with it."""
    entries = unzipped(name, data, allowed=_NAME)
    if MANIFEST not in entries:
        raise InstrumentError(tell("{name}: there is no {manifest} in it", name=name, manifest=MANIFEST))
    try:
        stated = _stated(json.loads(entries.pop(MANIFEST), object_pairs_hook=_once))
    except (ValueError, RecursionError) as error:
        raise InstrumentError(inside(inside(name, MANIFEST), _why(error), between=": ")) from None
    problems = Problems()
    shelved = []
    _refuse_other_files(name, entries, stated)
    for version in stated:
        with problems:
            shelved.append(_read(name, version, entries))
    problems.raise_any()
    archive = Archive(tuple(shelved))
    _refuse_broken_history(name, archive)
    return archive


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the manifest says of one version: hashes of the questionnaire, its translations and its files."""

    key: str
    version: str
    sha256: str
    published: bool
    translations: Mapping[str, tuple[str, bool]]
    files: Mapping[str, str]


def _manifest(archive: Archive) -> bytes:
    newest = archive.newest.instrument
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "instrument": newest.key,
        "version": newest.version,
        "versions": [_told(one) for one in archive.shelved],
    }
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def _told(one: Shelved) -> dict[str, object]:
    return {
        "version": one.edition.instrument.version,
        "sha256": one.edition.instrument.sha256,
        "published": one.published is not None,
        "translations": {
            language: {"sha256": translation.sha256, "published": language in (one.published or ())}
            for language, translation in sorted(one.edition.translations.items())
        },
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(one.files.items())},
    }


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    told = dict[str, object]()
    for name, value in pairs:
        if name in told:
            raise ValueError(tell("the field '{name}' is given twice", name=name[:60]))
        told[name] = value
    return told


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return tell("line {line}: this is not JSON: {problem}", line=error.lineno, problem=error.msg)
    if isinstance(error, UnicodeDecodeError):
        return tell("it is not UTF-8 text")
    if isinstance(error, RecursionError):
        return tell("it is nested too deep")
    if isinstance(error, ValueError) and error.args and isinstance(error.args[0], str):
        return error.args[0]
    return tell("it is not the list of an archive")


def _stated(told: object) -> list[_Stated]:
    """The versions of a manifest. ValueError where it is none; its JSON Schema says what one is."""
    manifest = _fields(told, "format", "format_version", "instrument", "version", "versions")
    if (manifest["format"], manifest["format_version"]) != (FORMAT, FORMAT_VERSION):
        raise ValueError(tell("it is not of the format {format} {version}", format=FORMAT, version=FORMAT_VERSION))
    versions = manifest["versions"]
    if not isinstance(versions, list) or not versions:
        raise ValueError(tell("it names no version"))
    stated = [_stated_version(_text(manifest["instrument"]), one) for one in versions]
    if not all(_VERSION.fullmatch(one.version) for one in stated):
        raise ValueError(tell("a version is three numbers, such as 1.0.0"))
    numbers = [tuple(map(int, one.version.split("."))) for one in stated]
    if numbers != sorted(set(numbers)) or stated[-1].version != manifest["version"]:
        raise ValueError(tell("the versions are not in order, with the exported one at the end"))
    return stated


def _stated_version(key: str, told: object) -> _Stated:
    one = _fields(told, "version", "sha256", "published", "translations", "files")
    translations = _mapping(one["translations"])
    stated = {name: _fields(value, "sha256", "published") for name, value in translations.items()}
    return _Stated(
        key=key,
        version=_text(one["version"]),
        sha256=_text(one["sha256"]),
        published=_flag(one["published"]),
        translations={name: (_text(value["sha256"]), _flag(value["published"])) for name, value in stated.items()},
        files={name: _text(value) for name, value in _mapping(one["files"]).items()},
    )


def _fields(told: object, *names: str) -> Mapping[str, object]:
    fields = _mapping(told)
    if fields.keys() != set(names):
        raise ValueError(tell("the fields {names} are needed, and no others", names=", ".join(names)))
    return fields


def _mapping(told: object) -> Mapping[str, object]:
    if not isinstance(told, dict):
        raise ValueError(tell("a group of fields is needed"))
    return told


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise ValueError(tell("a text is needed"))
    return told


def _flag(told: object) -> bool:
    if not isinstance(told, bool):
        raise ValueError(tell("true or false is needed"))
    return told


def _refuse_other_files(name: str, entries: Mapping[str, bytes], stated: Iterable[_Stated]) -> None:
    listed = {f"{one.version}/{file}": digest for one in stated for file, digest in one.files.items()}
    problems = [
        tell("{name}, {path}: {list} does not name this file", name=name, path=repr(path[:80]), list=MANIFEST)
        for path in entries.keys() - listed.keys()
    ]
    problems += [
        tell("{name}, {path}: this file is missing", name=name, path=repr(path[:80]))
        for path in listed.keys() - entries.keys()
    ]
    problems += [
        tell("{name}, {path}: its SHA-256 is not the one in {list}", name=name, path=repr(path[:80]), list=MANIFEST)
        for path, data in entries.items()
        if path in listed and hashlib.sha256(data).hexdigest() != listed[path]
    ]
    if problems:
        raise InstrumentError(*sorted(problems))


def _read(name: str, stated: _Stated, entries: Mapping[str, bytes]) -> Shelved:
    files = {file: entries[f"{stated.version}/{file}"] for file in stated.files}
    languages = frozenset(one for one, (_, published) in stated.translations.items() if published)
    try:
        one = shelve(files, published=languages if stated.published else None)
    except InstrumentError as error:
        raise InstrumentError(
            *(inside(inside(name, stated.version), problem, between="/") for problem in error.problems)
        ) from None
    instrument, translations = one.edition.instrument, one.edition.translations
    if (instrument.key, instrument.version) != (stated.key, stated.version):
        raise InstrumentError(
            tell(
                "{name}, {version}/core.yaml: this is {key} {found}",
                name=name,
                version=stated.version,
                key=instrument.key,
                found=instrument.version,
            )
        )
    found = {language: translation.sha256 for language, translation in translations.items()}
    if instrument.sha256 != stated.sha256 or found != {n: digest for n, (digest, _) in stated.translations.items()}:
        raise InstrumentError(
            tell(
                "{name}, {version}: its SHA-256 or that of a translation is not the one stated",
                name=name,
                version=stated.version,
            )
        )
    if languages and not stated.published:
        raise InstrumentError(
            tell(
                "{name}, {version}: translations are published and the version is not",
                name=name,
                version=stated.version,
            )
        )
    return one


def _refuse_broken_history(name: str, archive: Archive) -> None:
    """Versions follow one another as they have to, and only the last may be a draft."""
    for before, now in pairwise(archive.shelved):
        version = now.edition.instrument.version
        if before.published is None:
            raise InstrumentError(
                tell("{name}, {version}: it follows a version that was never published", name=name, version=version)
            )
        problems = wrong_successor(before, now)
        if problems:
            raise InstrumentError(*(inside(inside(name, version), problem, between="/") for problem in problems))
