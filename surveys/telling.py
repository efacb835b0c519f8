"""What the commands about questionnaires do and say; each answers with its exit code."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import typer

from surveys import schema, shelf
from surveys.archive import Archive, pack, wrong_successor
from surveys.arrange import layout, minutes, pages
from surveys.compare import Asking, comparisons
from surveys.languages import LANGUAGES
from surveys.model import FORMS, FUNCTIONS, Form, Instrument
from surveys.parse import CORE_FILE
from surveys.reader import InstrumentError
from surveys.reading import reading_age
from surveys.translations import Translation, missing, source_texts
from surveys.versions import PLACE_OF, Difference, differences, needed

FINE, PROBLEMS, WRONG_USE = 0, 1, 2

TRENDS: Final[tuple[tuple[Form, Form], ...]] = (("full", "full"), ("pulse", "pulse"), ("full", "pulse"))


@dataclass(frozen=True, slots=True)
class PageWords:
    """How many sentences of a part of the pages have words in a language, and whether a person reviewed them."""

    part: str
    language: str
    done: int
    sentences: int
    state: str


def answered(do: Callable[[], int]) -> int:
    """The exit code of a command; problems go to standard error, one a line."""
    try:
        return do()
    except InstrumentError as error:
        typer.echo(str(error), err=True)
        return PROBLEMS
    except shelf.UnknownError as error:
        typer.echo(str(error), err=True)
        return WRONG_USE
    except OSError as error:
        typer.echo(f"{error.filename or 'The file'} cannot be read or written: {error.strerror}.", err=True)
        return WRONG_USE


def check(root: Path, names: Sequence[str], words: Iterable[PageWords]) -> int:
    """Says what is wrong with questionnaires, or what they ask and in which languages; without names, of all."""
    fine = [_checked(root, name) for name in names or map(str, shelf.folders(root))]
    gone = [] if names else shelf.gone(root)
    for problem in gone:
        typer.echo(problem, err=True)
    _tell_pages(words)
    return FINE if all(fine) and not gone else PROBLEMS


def take_in(root: Path, name: str) -> int:
    """Takes an archive or a folder in."""
    for line in shelf.take_in(root, shelf.find(root, name)):
        typer.echo(line)
    return FINE


def export(root: Path, name: str, to: Path | None) -> int:
    """Writes an archive, or the YAML files of the named version."""
    archive = shelf.find(root, name)
    newest = archive.newest.instrument
    place = to or Path(f"{newest.key}-{newest.version}.zip")
    if place.exists():
        raise shelf.UnknownError(f"{place} is there already. Name another place with --to.")
    files = {place: pack(archive)}
    if place.suffix != ".zip":
        files = {place / file: data for file, data in archive.shelved[-1].files.items()}
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    typer.echo(f"Written: {place}")
    return FINE


def diff(root: Path, before: str, now: str) -> int:
    """Tells what differs, which number of the version that needs, and what can be compared on what."""
    one, other = (shelf.find(root, name).shelved[-1] for name in (before, now))
    then, today = one.edition.instrument, other.edition.instrument
    typer.echo(f"From {then.key} {then.version} to {today.key} {today.version}")
    _tell_differences(differences(one.edition, other.edition))
    for form_before, form_now in TRENDS:
        typer.echo(f"A trend from {form_before} to {form_now}")
        for found in comparisons(before=Asking(then, form_before), now=Asking(today, form_now)):
            typer.echo(f"  {found.dimension:<3} {found.name:<34}  {found.sentence}")
    problems = wrong_successor(one, other)
    for problem in problems:
        typer.echo(problem, err=True)
    return PROBLEMS if problems else FINE


def translate_status(root: Path, names: Sequence[str], words: Sequence[PageWords]) -> int:
    """Tells how much is translated and reviewed; without names, of the newest version of each questionnaire."""
    newest = dict.fromkeys(folder.parent.name for folder in shelf.folders(root))
    whole = [_tell_translations(shelf.find(root, name)) for name in names or newest]
    _tell_pages(words)
    return FINE if all(whole) and all(one.done == one.sentences for one in words) else PROBLEMS


def publish(root: Path, name: str) -> int:
    """Freezes a version and its translations."""
    folder = next((one for one in (Path(name), root / name) if one.is_dir()), None)
    if folder is None:
        raise shelf.UnknownError(f"There is no folder {name}.")
    if not (folder / CORE_FILE).is_file():
        raise shelf.UnknownError(shelf.NO_CORE.format(name=name))
    for line in shelf.publish(root, folder):
        typer.echo(line)
    return FINE


def write_schemas(to: Path | None) -> int:
    """Writes the JSON Schemas to a folder, or to standard output."""
    for name, text in schema.files().items():
        if to is None:
            typer.echo(text, nl=False)
            continue
        to.mkdir(parents=True, exist_ok=True)
        (to / name).write_text(text, encoding="utf-8")
        typer.echo(f"Written: {to / name}")
    return FINE


def _checked(root: Path, name: str) -> bool:
    try:
        archive = shelf.find(root, name)
        problems = shelf.wrong_history(archive)
    except InstrumentError as error:
        problems = error.problems
    else:
        if not problems:
            _tell_questionnaire(archive)
            return True
    folder = Path(name)
    typer.echo("\n".join([f"{folder.parent.name}/{folder.name}:", *problems]), err=True)
    return False


def _tell_questionnaire(archive: Archive) -> None:
    newest = archive.shelved[-1]
    instrument = newest.edition.instrument
    typer.echo(f"{instrument.key} {instrument.version}: {instrument.name}")
    for line in (*_asked(instrument), *_plain(instrument), *_spoken(instrument, newest.edition.translations.values())):
        typer.echo(f"  {line}")
    if newest.published is None:
        typer.echo(f"  not published, sha256 {instrument.sha256}")
        return
    drafts = sorted(newest.edition.translations.keys() - newest.published)
    aside = f"; translations not published: {', '.join(drafts)}" if drafts else ""
    typer.echo(f"  published, sha256 {instrument.sha256}{aside}")


def _asked(instrument: Instrument) -> Iterator[str]:
    """One line for each form and each number of items, since functions differ by their module only."""
    for form in FORMS:
        asked: dict[tuple[int, int, int], list[str]] = {}
        for function in FUNCTIONS:
            shown = pages(instrument, form=form, function=function, seed=b"")
            items = len(layout(instrument, form=form, function=function).item_ids)
            asked.setdefault((items, len(shown), minutes(shown)), []).append(function)
        for (items, count, time), functions in asked.items():
            yield f"{form}: {items} items on {count} pages, about {time} minutes ({', '.join(functions)})"
    if instrument.workflow:
        yield f"and {len(instrument.workflow)} ratings on a page for each workflow that somebody rates"


def _plain(instrument: Instrument) -> Iterator[str]:
    """How easy the items are to read, where the formula is made for their language."""
    if instrument.language != "en":
        return
    parts = {"core": instrument.core("full")} | {name: one.items for name, one in instrument.modules.items()}
    ages = {name: reading_age(item.text for item in items) for name, items in parts.items()}
    yield f"to be read from the age of about: {', '.join(f'{name} {age:.0f}' for name, age in ages.items())}"


def _spoken(instrument: Instrument, translations: Iterable[Translation]) -> Iterator[str]:
    there = {one.language: one for one in translations}
    for tag, language in LANGUAGES.items():
        if tag in there:
            yield f"{tag} {language.name}: {_how_much(instrument, there[tag])}"
            yield from (f"  missing: {path}" for path in missing(instrument, there[tag]))
    without = [tag for tag in LANGUAGES if tag not in there and tag != instrument.language]
    if without:
        yield f"not translated into {', '.join(without)}"


def _how_much(instrument: Instrument, translation: Translation) -> str:
    unread = len(translation.unreviewed())
    reviewed = "all reviewed" if not unread else f"{unread} not reviewed by a person"
    return f"{len(translation.texts)} of {len(source_texts(instrument))} texts, {reviewed}"


def _tell_translations(archive: Archive) -> bool:
    instrument = archive.newest.instrument
    typer.echo(f"{instrument.key} {instrument.version}, written in {LANGUAGES[instrument.language].name}")
    for line in _spoken(instrument, archive.newest.translations.values()):
        typer.echo(f"  {line}")
    there = archive.newest.translations
    others = [tag for tag in LANGUAGES if tag != instrument.language]
    return all(tag in there and not missing(instrument, there[tag]) for tag in others)


def _tell_pages(words: Iterable[PageWords]) -> None:
    for one in words:
        reviewed = "reviewed" if one.state == "reviewed" else "not reviewed by a person"
        typer.echo(f"pages, {one.part} {one.language}: {one.done} of {one.sentences} sentences, {reviewed}")


def _tell_differences(found: Sequence[Difference]) -> None:
    """One line for neighbours that need the same for the same reason."""
    for (level, sentence), alike in groupby(found, key=lambda one: (one.level, one.sentence)):
        typer.echo(f"  {level:<7}  {', '.join(one.where for one in alike)}: {sentence}")
    level = needed(found)
    if level is None:
        typer.echo("Nothing differs.")
    elif level == "refused":
        typer.echo("No number of the version allows what is refused.")
    else:
        typer.echo(f"The {PLACE_OF[level]} number of the version has to change.")
