"""`python -m surveys check [FOLDER]` and `python -m surveys publish FOLDER`, for authors of questionnaires."""

import argparse
import sys
from pathlib import Path

from surveys.arrange import layout, minutes, pages
from surveys.load import INSTRUMENTS, PUBLISHED_FILE, InstrumentError, load_file, read_published
from surveys.model import FORMS, FUNCTIONS, Instrument


def main(arguments: list[str] | None = None, *, instruments: Path = INSTRUMENTS) -> int:
    """Run the command; 0 when all is well, 1 after an InstrumentError, whose sentences go to standard error."""
    parser = argparse.ArgumentParser(prog="python -m surveys", description="Check and publish questionnaires.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say what is wrong with a questionnaire, or what it asks")
    check.add_argument("folder", type=Path, nargs="?", help="folder of one version; without it, all there are")
    publish = commands.add_parser("publish", help="freeze a version: it can be used by waves and never changes again")
    publish.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "publish":
            sys.stdout.write(_publish(chosen.folder.resolve(), instruments.resolve()) + "\n")
            return 0
        folders = [chosen.folder.resolve()] if chosen.folder else _folders(instruments.resolve())
        return 0 if all([_check(folder, instruments.resolve()) for folder in folders]) else 1
    except InstrumentError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _folders(instruments: Path) -> list[Path]:
    return sorted(path.parent for path in instruments.glob("*/*/core.yaml"))


def _check(folder: Path, instruments: Path) -> bool:
    try:
        instrument = load_file(folder)
        status = _status(instrument, folder, instruments)
    except InstrumentError as error:
        sys.stderr.write(f"{folder.parent.name}/{folder.name}:\n{error}\n")
        return False
    sys.stdout.write(
        "\n".join([f"{instrument.key} {instrument.version}: {instrument.name}", *_summary(instrument), status]) + "\n"
    )
    return True


def _summary(instrument: Instrument) -> list[str]:
    """One line for each form and each number of items, since functions differ by their module only."""
    lines: list[str] = []
    for form in FORMS:
        asked: dict[tuple[int, int, int], list[str]] = {}
        for function in FUNCTIONS:
            shown = pages(instrument, form=form, function=function, seed=b"")
            items = len(layout(instrument, form=form, function=function).item_ids)
            asked.setdefault((items, len(shown), minutes(shown)), []).append(function)
        for (items, count, time), functions in asked.items():
            lines.append(f"  {form}: {items} items on {count} pages, about {time} minutes ({', '.join(functions)})")
    return lines


def _status(instrument: Instrument, folder: Path, instruments: Path) -> str:
    if folder != instruments / instrument.key / instrument.version:
        return f"  not published, sha256 {instrument.sha256}"
    hashes = {(one.key, one.version): one.sha256 for one in read_published(instruments) if one.language is None}
    known = hashes.get((instrument.key, instrument.version))
    if known is None:
        return f"  not published, sha256 {instrument.sha256}"
    if known != instrument.sha256:
        raise _changed(instrument)
    return f"  published, sha256 {instrument.sha256}"


def _publish(folder: Path, instruments: Path) -> str:
    instrument = load_file(folder)
    name = f"{instrument.key} {instrument.version}"
    if folder != instruments / instrument.key / instrument.version:
        raise InstrumentError(
            f"{name} must lie in {instruments.name}/{instrument.key}/{instrument.version} to be published."
        )
    for entry in read_published(instruments):
        if (entry.key, entry.version, entry.language) == (instrument.key, instrument.version, None):
            if entry.sha256 != instrument.sha256:
                raise _changed(instrument)
            return f"{name} is published already."
    with (instruments / PUBLISHED_FILE).open("a", encoding="utf-8") as file:
        file.write(f"{name} {instrument.sha256}\n")
    return f"{name} is published. It never changes from now on."


def _changed(instrument: Instrument) -> InstrumentError:
    return InstrumentError(
        f"{instrument.key} {instrument.version} has been published with other contents. A "
        "published version never changes: restore it, and make a new version."
    )


if __name__ == "__main__":
    sys.exit(main())
