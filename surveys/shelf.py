"""The folder of questionnaires: finding a version, publishing it, and taking an archive in, all of it or nothing."""

import os
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from surveys.archive import Archive, Shelved, shelve, unpack, wrong_successor
from surveys.languages import LANGUAGES
from surveys.load import PUBLISHED_FILE, Published, read_published
from surveys.model import OWN
from surveys.parse import CORE_FILE
from surveys.reader import InstrumentError, read_bytes
from surveys.translations import TRANSLATIONS, Edition
from surveys.versions import numbers
from surveys.zipped import MAX_ARCHIVE

MAX_FILES: Final = 100


NO_CORE: Final = f"There is no {CORE_FILE} in the folder {{name}}, so it is not a questionnaire."


class UnknownError(LookupError):
    """There is no questionnaire where somebody named one."""


def folders(root: Path) -> list[Path]:
    """The folders of all versions, those of one questionnaire from the oldest to the newest."""
    found = (path.parent for path in root.glob(f"*/*/{CORE_FILE}") if not path.parts[-3].startswith("."))
    return sorted(found, key=lambda folder: (folder.parent.name, numbers(folder.name)))


def gone(root: Path) -> list[str]:
    """What was published and is not there any more, a sentence each: waves that asked it can't be read."""
    listed = (root / entry.key / entry.version for entry in read_published(root) if entry.language is None)
    missing = (folder for folder in listed if not (folder / CORE_FILE).is_file())
    return [
        f"{folder.parent.name}/{folder.name}: this version was published, and its files are gone" for folder in missing
    ]


def find(root: Path, name: str) -> Archive:
    """What somebody names: `atr` (its newest version), `atr/1.0.0`, any folder, or an archive.

    The named version is the last one; before it come the earlier published ones. UnknownError where there is nothing,
    InstrumentError with every problem of what there is.
    """
    path = Path(name)
    if path.suffix == ".zip" and path.is_file():
        return unpack(path.name, read_bytes(path, most=MAX_ARCHIVE))
    for folder in (path, root / name):
        if (folder / CORE_FILE).is_file():
            return with_history(root, read(root, folder))
    versions = [folder for folder in folders(root) if folder.parent == root / name]
    if versions:
        return with_history(root, read(root, versions[-1]))
    if path.is_dir() or (root / name).is_dir():
        raise UnknownError(NO_CORE.format(name=name))
    if path.is_file():
        raise UnknownError(f"{name} is a file and no archive (.zip). Name the folder in which {CORE_FILE} lies.")
    known = ", ".join(f"{folder.parent.name}/{folder.name}" for folder in folders(root))
    raise UnknownError(f"There is no questionnaire {name}. Name a folder, an archive (.zip), or one of: {known}.")


def read(root: Path, folder: Path) -> Shelved:
    """The version in a folder, with what of it is published. InstrumentError with every problem found."""
    paths = [*sorted(folder.glob("*.yaml")), *sorted((folder / TRANSLATIONS).glob("*.yaml"))]
    if len(paths) > MAX_FILES:
        raise InstrumentError(f"{folder.name}: there are {len(paths)} files in this folder; {MAX_FILES} is the most")
    files = {path.relative_to(folder).as_posix(): read_bytes(path) for path in paths}
    one = shelve(files)
    if folder.resolve() != _place(root, one.edition):
        return one
    return replace(one, published=_published(root, one.edition))


def with_history(root: Path, one: Shelved) -> Archive:
    """A version with all earlier published versions of the same questionnaire."""
    instrument = one.edition.instrument
    earlier = [
        root / entry.key / entry.version
        for entry in read_published(root)
        if entry.key == instrument.key
        and entry.language is None
        and numbers(entry.version) < numbers(instrument.version)
    ]
    return Archive((*(read(root, folder) for folder in sorted(earlier, key=lambda one: numbers(one.name))), one))


def wrong_history(archive: Archive) -> tuple[str, ...]:
    """Why the last version may not follow the one before it, by file, line and item; none when it may."""
    return wrong_successor(*archive.shelved[-2:]) if len(archive.shelved) > 1 else ()


def publish(root: Path, folder: Path) -> list[str]:
    """Freezes a version and its translations; what was done, a sentence each. InstrumentError when it may not be."""
    archive = with_history(root, read(root, folder))
    edition = archive.newest
    _refuse_clients_own(edition)
    name = f"{edition.instrument.key} {edition.instrument.version}"
    if folder.resolve() != _place(root, edition):
        place = f"{root.name}/{edition.instrument.key}/{edition.instrument.version}"
        raise InstrumentError(f"{name} must lie in {place} to be published.")
    problems = wrong_history(archive)
    if problems:
        raise InstrumentError(*(f"{name}, {problem}" for problem in problems))
    lines = list(_new_lines(root, edition, edition.translations))
    _write_published(root, lines)
    if not lines:
        return [f"{name} is published already, and so are its translations."]
    told = (f"{name}{f' in {line.language}' if line.language else ''}" for line in lines)
    return [f"{one} is published. It never changes from now on." for one in told]


def take_in(root: Path, archive: Archive) -> list[str]:
    """Puts the versions of an archive into their places; what was done, a sentence each.

    InstrumentError, before anything is written, where a version is there with other contents or may not follow the ones
    that are there. When writing fails, what was written is taken away again.
    """
    for one in archive.shelved:
        _refuse_clients_own(one.edition)
        _refuse_clash(root, one)
    _refuse_wrong_history(root, archive)
    lines = [
        line
        for one in archive.shelved
        if one.published is not None
        for line in _new_lines(root, one.edition, one.published)
    ]
    return _write(root, archive, lines)


def _write(root: Path, archive: Archive, lines: Iterable[Published]) -> list[str]:
    told: list[str] = []
    made: list[Path] = []
    with tempfile.TemporaryDirectory(prefix=".import-", dir=root) as scratch:
        try:
            for one in archive.shelved:
                told += _write_one(root, Path(scratch), one, made)
            _write_published(root, lines)
        except BaseException:
            for path in made:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                _remove_when_empty(path.parent)
            raise
    return told


def _write_one(root: Path, scratch: Path, one: Shelved, made: list[Path]) -> Iterator[str]:
    """Writes beside the place first, so that a version is there as a whole or not at all."""
    instrument = one.edition.instrument
    place = _place(root, one.edition)
    for name, data in one.files.items():
        path = scratch / instrument.version / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        (scratch / instrument.version).rename(place)
        made.append(place)
        yield f"{instrument.key} {instrument.version} is there now."
        return
    new = [name for name in one.files if name.startswith(TRANSLATIONS) and not (place / name).exists()]
    for name in new:
        (place / TRANSLATIONS).mkdir(exist_ok=True)
        (scratch / instrument.version / name).rename(place / name)
        made.append(place / name)
    more = f"; new are {', '.join(new)}" if new else ""
    yield f"{instrument.key} {instrument.version} was there already{more}."


def _remove_when_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _refuse_clients_own(edition: Edition) -> None:
    if edition.instrument.key.startswith(OWN):
        raise InstrumentError(
            f"{edition.instrument.key} is the key of a client's own questionnaire. Here it needs one that does not "
            f"begin with {OWN}."
        )


def _refuse_wrong_history(root: Path, archive: Archive) -> None:
    """Every version that is new here may follow what is before it, in the archive or here."""
    known = {one.edition.instrument.version: one for one in with_history(root, archive.shelved[-1]).shelved}
    known |= {one.edition.instrument.version: one for one in archive.shelved}
    line = [known[version] for version in sorted(known, key=numbers)]
    for before, now in pairwise(line):
        if not _is_there(root, now.edition):
            problems = wrong_successor(before, now)
            if problems:
                raise InstrumentError(*(f"{now.edition.instrument.version}, {problem}" for problem in problems))


def _refuse_clash(root: Path, one: Shelved) -> None:
    instrument = one.edition.instrument
    name = f"{instrument.key} {instrument.version}"
    for entry in read_published(root):
        mine = one.edition.translations.get(entry.language) if entry.language else instrument
        same = (entry.key, entry.version) == (instrument.key, instrument.version)
        if same and mine is not None and mine.sha256 != entry.sha256:
            raise changed(name, entry.language)
    if not _is_there(root, one.edition):
        return
    there = read(root, _place(root, one.edition)).edition
    if there.instrument.sha256 != instrument.sha256:
        raise InstrumentError(f"{name} is there with other contents. Give one of them another version.")
    for language, translation in one.edition.translations.items():
        mine = there.translations.get(language)
        if mine is not None and mine.sha256 != translation.sha256:
            raise InstrumentError(f"{name} is there in {language} with other words. Settle which ones are right first.")


def changed(name: str, language: str | None = None) -> InstrumentError:
    """The refusal of a version that was published with other contents."""
    what = f"The translation of {name} into {language}" if language else name
    return InstrumentError(
        f"{what} has been published with other contents. A published version never changes: restore it, and make a new "
        "version."
    )


def _published(root: Path, edition: Edition) -> frozenset[str] | None:
    """The languages in which this version is published, None when it is not. InstrumentError when it has changed."""
    name = f"{edition.instrument.key} {edition.instrument.version}"
    listed = {entry.language: entry.sha256 for entry in _entries(root, edition)}
    if None not in listed:
        return None
    for language, sha256 in listed.items():
        mine = edition.translations.get(language) if language else edition.instrument
        if mine is None or mine.sha256 != sha256:
            raise changed(name, language)
    return frozenset(language for language in listed if language)


def _new_lines(root: Path, edition: Edition, languages: Container[str]) -> Iterator[Published]:
    """The lines of the list that are not in it yet."""
    key, version = edition.instrument.key, edition.instrument.version
    listed = {entry.language for entry in _entries(root, edition)}
    if None not in listed:
        yield Published(key, version, edition.instrument.sha256)
    for language in LANGUAGES:
        if language in languages and language not in listed:
            yield Published(key, version, edition.translations[language].sha256, language)


def _entries(root: Path, edition: Edition) -> list[Published]:
    mine = (edition.instrument.key, edition.instrument.version)
    return [entry for entry in read_published(root) if (entry.key, entry.version) == mine]


def _write_published(root: Path, lines: Iterable[Published]) -> None:
    """Adds lines to the list in one step: it is never there by half."""
    text = "".join(f"{line.line()}\n" for line in (*read_published(root), *lines))
    path = root / PUBLISHED_FILE
    if not text or (path.exists() and path.read_text(encoding="utf-8") == text):
        return
    beside = root / f".{PUBLISHED_FILE}.new"
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _place(root: Path, edition: Edition) -> Path:
    return root.resolve() / edition.instrument.key / edition.instrument.version


def _is_there(root: Path, edition: Edition) -> bool:
    return _place(root, edition).exists()
