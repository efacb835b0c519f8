"""A client's own actions as files that `./run playbook check` reads: a ZIP file out; that, or one YAML file, in."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import InvalidError
from app.playbooks.action import Action
from app.playbooks.beside import library_of
from app.playbooks.fields import fitting
from app.playbooks.queries import Own
from app.playbooks.reading import ID, TEXTS
from app.playbooks.shelf import ACTIONS, HEAD, Files, read_files
from app.sentences import adopted, say
from surveys.reader import InstrumentError, compose
from surveys.sentences import tell
from surveys.zipped import unzipped, zipped

ZIP: Final = b"PK"
THE_FILE: Final = tell("The file")
HEADING: Final = b"version: 1.0.0\nextends: true\n"
"""What `library.yaml` says of a folder of own actions."""
UNREADABLE: Final = say("Nothing was taken over: something in the file has to be mended first.")
JUNK: Final = re.compile(r"(__MACOSX/.{0,300}|(.{0,300}/)?\.DS_Store)", re.DOTALL)
_TAG: Final = r"[a-z]{2,3}(-[A-Za-z]{2,8})?"
NAMES: Final = re.compile(
    rf"{JUNK.pattern}|((?!\.)[^/\\\x00-\x1f]{{1,80}}/)?"
    rf"(library\.yaml|actions/|actions/({ID.pattern})\.yaml|translations/|translations/{_TAG}/"
    rf"|translations/{_TAG}/(({ID.pattern})|language)\.yaml)?"
)
"""What may lie in a ZIP file: a folder of actions, also inside one folder, with what other machines put there."""


class UnreadableError(InvalidError):
    """Files that hold no actions, or wrong ones. `problems` has a sentence for each thing, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(UNREADABLE, fields={"file": UNREADABLE})
        self.problems = tuple(map(adopted, problems))


def exported(own: Sequence[Own]) -> bytes:
    """The files of own actions that are not retired: those in use as they are, and drafts of what was never in use."""
    files = {HEAD.as_posix(): HEADING}
    for one in own:
        if not one.retired:
            files |= {path: text.encode() for path, text in (one.files or one.draft).items()}
    return zipped(dict(sorted(files.items())))


def read(session: Session, organisation_id: UUID, data: bytes) -> tuple[Action, ...]:
    """The actions of a file that somebody sent, which hold together with each other and with what the client has.

    UnreadableError with everything that is wrong; InvalidError, field `file`, where there is none.
    """
    if not data:
        sentence = say("Choose a file.")
        raise InvalidError(sentence, fields={"file": sentence})
    try:
        files = _of_zip(data) if data.startswith(ZIP) else _of_one(data)
        found = read_files(files, beside=library_of(session, organisation_id).by_id).actions
    except InstrumentError as error:
        raise UnreadableError(error.problems) from None
    if not found:
        raise UnreadableError([say("There is no action in it: they lie in the folder “actions”.")])
    return found


def _of_zip(data: bytes) -> Files:
    """The files of a ZIP file, without the folder in which all of them may lie."""
    found = {path: text for path, text in unzipped(THE_FILE, data, allowed=NAMES).items() if not JUNK.fullmatch(path)}
    paths = {path: PurePosixPath(path) for path in found}
    outer = {path.parts[0] for path in paths.values()}
    known = {HEAD.as_posix(), ACTIONS.as_posix(), "translations"}
    inside = 1 if len(outer) == 1 and not outer & known else 0
    files = {PurePosixPath(*paths[path].parts[inside:]): text for path, text in found.items()}
    return dict(sorted({HEAD: HEADING, **files}.items()))


def _of_one(data: bytes) -> Files:
    """One file as a folder with nothing else in it. It may be called as it likes; its action says what it is."""
    record = compose("the file", data)
    if record.has("action") and not record.has("dimension") and all(record.has(name) for name in TEXTS):
        raise record.error(tell("these are the words of an action in another language; send both in a ZIP file"))
    return {HEAD: HEADING, ACTIONS / f"{fitting(record, 'action', ID, 'OWN-R3-our-rules')}.yaml": data}
