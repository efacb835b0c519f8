"""Keeping a client's own templates: writing one, bringing it into use, retiring it, taking it from elsewhere."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.documents import queries
from app.documents.models import OwnTemplate
from app.documents.own import OWN, Tree, fault_of, faults, line_of, parsed, template_of, written
from app.documents.owned import Own, own_template, own_templates, shelf_of
from app.documents.reading import LibraryError
from app.documents.service import Author
from app.documents.shelf import ORDER, templates
from app.documents.template import Subject, Template
from app.errors import ConflictError, InvalidError
from app.sentences import Passage, say

MOST: Final = 60
"""So many own templates a client may have, retired ones too."""
FIRST: Final = "1.0.0"
TOO_MANY: Final = say("There are {most} templates of this client’s own, and that is the most.", most=MOST)
LATER: Final = say("Somebody saved this template meanwhile. Look at it once more, then do it.")


class SavedMeanwhileError(ConflictError):
    """Somebody else saved the template after its form was shown: `now` is what stands there."""

    def __init__(self, now: Own) -> None:
        super().__init__(LATER)
        self.now = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Where an own template came from: one of the service's by its id, or one of another client's."""

    copied_from: str = ""
    origin: UUID | None = None


def begin(session: Session, organisation_id: UUID, own_id: UUID, tree: Tree, *, came: Came, author: Author) -> str:
    """Keeps a new own template as a draft and gives its id. A form that is sent twice, with one `own_id`, makes one.

    InvalidError has a sentence for each place that is wrong.
    """
    clients.lock_tree(session, organisation_id)
    there = own_templates(session, organisation_id)
    if (twice := next((one for one in there if one.id == own_id), None)) is not None:
        return twice.code
    if len(there) >= MOST:
        raise InvalidError(TOO_MANY, fields={"title.en": TOO_MANY})
    code = code_of(came.copied_from or _title(tree), {one.code for one in there})
    text = sound(tree, code, FIRST)
    _add(session, organisation_id, own_id, code, text, came=came, author=author)
    return code


def change(session: Session, organisation_id: UUID, code: str, tree: Tree, *, seen: int | None, author: Author) -> None:
    """Keeps what was written as the draft; what is in use stays in use until the draft comes in its place.

    `seen` is how often it was saved when its form was shown: SavedMeanwhileError where it was saved since.
    """
    clients.lock_tree(session, organisation_id)
    now = own_template(session, organisation_id, code)
    text = sound(tree, code, next_version(now))
    if seen != now.saves:
        if text == now.newest:
            return
        raise SavedMeanwhileError(now)
    row = _row(session, organisation_id, code)
    row.draft = text
    _saved(session, row, author)


def bring_into_use(session: Session, organisation_id: UUID, code: str, *, seen: int | None, author: Author) -> None:
    """Makes the draft the template that counts, or brings a retired one back. ConflictError where it can't be read, or
    where another stands in the same place already."""
    now = _as_seen(session, organisation_id, code, seen)
    if fault := fault_of(now.newest):
        raise ConflictError(fault)
    _require_place(session, organisation_id, template_of(now.newest))
    row = _row(session, organisation_id, code)
    row.retired_at = None
    _use(row)
    _saved(session, row, author)


def retire(session: Session, organisation_id: UUID, code: str, *, seen: int | None, author: Author) -> None:
    """Takes a template out of use; documents that were saved stay and can be opened."""
    _as_seen(session, organisation_id, code, seen)
    row = _row(session, organisation_id, code)
    row.retired_at = author.now
    _saved(session, row, author)


def give_up(session: Session, organisation_id: UUID, code: str, *, seen: int | None, author: Author) -> bool:
    """Gives up a draft, and the template where it was never in use; says whether it is still there."""
    now = _as_seen(session, organisation_id, code, seen)
    row = _row(session, organisation_id, code)
    if not now.number:
        session.delete(row)
        session.flush()
        return False
    row.draft = ""
    _saved(session, row, author)
    return True


def take_file(session: Session, organisation_id: UUID, text: str, *, author: Author) -> str:
    """Takes the template of a file over as a draft and gives its id: one of its own id becomes the next draft of that.

    InvalidError, field `file`, says what is wrong by part and field.
    """
    clients.lock_tree(session, organisation_id)
    name = str(say("The file"))
    try:
        tree = parsed(name, text)
    except LibraryError as error:
        raise InvalidError(error.sentence, fields={"file": error.sentence}) from error
    there = {one.code: one for one in own_templates(session, organisation_id)}
    said = str(tree.get("document", ""))
    code = said if said in there else code_of(said or _title(tree), set(there))
    if code in there and there[code].draft:
        told = say(
            "{name} is being changed. Bring its draft into use, or give it up, before the file is taken.", name=code
        )
        raise InvalidError(told, fields={"file": told})
    version = next_version(there[code]) if code in there else FIRST
    if (fault := whole_fault(text, tree, code)) is not None:
        raise InvalidError(fault, fields={"file": fault})
    kept = sound(tree, code, version)
    if code in there:
        row = _row(session, organisation_id, code)
        row.draft = kept
        _saved(session, row, author)
        return code
    if len(there) >= MOST:
        raise InvalidError(TOO_MANY, fields={"file": TOO_MANY})
    came = Came(copied_from=said if said in ORDER else "")
    _add(session, organisation_id, uuid4(), code, kept, came=came, author=author)
    return code


def take_over(session: Session, organisation_id: UUID, wanted: Collection[UUID], *, of: UUID, author: Author) -> int:
    """Takes copies of another client's templates in use over as drafts, once each; says how many were new."""
    clients.lock_tree(session, organisation_id)
    there = own_templates(session, organisation_id)
    taken, origins = {one.code for one in there}, {one.origin for one in there}
    new = [one for one in own_templates(session, of) if one.id in set(wanted) - origins and one.state == "in_use"]
    if len(there) + len(new) > MOST:
        raise InvalidError(TOO_MANY, fields={"take": TOO_MANY})
    for one in new:
        code = one.code if one.code not in taken else code_of(one.code, taken)
        taken.add(code)
        text = written({**parsed(one.code, one.file), "document": code, "version": FIRST})
        came = Came(copied_from=one.copied_from, origin=one.id)
        _add(session, organisation_id, uuid4(), code, text, came=came, author=author)
    return len(new)


def take_along(session: Session, organisation_id: UUID, *, of: UUID, author: Author) -> None:
    """Gives a new client, which has none yet, the own templates of another one: those in use, and drafts."""
    for one in own_templates(session, of):
        if not one.retired:
            came = Came(copied_from=one.copied_from)
            _add(session, organisation_id, uuid4(), one.code, one.draft, came=came, author=author)
            row = _row(session, organisation_id, one.code)
            row.file, row.number = one.file, one.number
    session.flush()


def sound(tree: Tree, code: str, version: str) -> str:
    """The text of what was written. InvalidError has a sentence for each place that is wrong."""
    named = {"document": code, "version": version}
    whole: Tree = {**named, **{name: one for name, one in deepcopy(tree).items() if name not in named}}
    if wrong := faults(whole):
        raise InvalidError(Passage(wrong.values()), fields=dict(wrong))
    if (place := whole.get("instead_of")) is not None:
        same = [one.id for one in templates().values() if one.subject == whole["subject"]]
        if place not in same:
            told = say("instead_of is one of {names}", names=", ".join(same))
            raise InvalidError(told, fields={"title.en": told, "file": told})
    return written(whole)


def whole_fault(text: str, tree: Tree, code: str) -> str | None:
    """All that is wrong with what a file holds, each thing with its place; None where nothing is."""
    found = faults({**tree, "document": code, "version": FIRST})
    lines = [
        say("Line {line}, {place}: {problem}.", line=line_of(text, place), place=place, problem=told)
        for place, told in found.items()
    ]
    return Passage(lines) if lines else None


def code_of(said: str, taken: Collection[str]) -> str:
    """The id of a new own template, of what it is called or copied from, as none is called yet."""
    plain = unicodedata.normalize("NFKD", said.removeprefix(OWN)).encode("ascii", "ignore").decode().lower()
    stem = OWN + ("_".join(re.findall(r"[a-z0-9]+", plain))[:22].strip("_") or "template")
    return next(code for end in _ends() if (code := f"{stem}{end}") not in taken)


def next_version(now: Own) -> str:
    """The version that a draft becomes: the one after that which is in use."""
    if not now.file or fault_of(now.file):
        return FIRST if not now.number else f"1.{now.number}.0"
    first, second, _ = template_of(now.file).version.split(".")
    return f"{first}.{int(second) + 1}.0"


def blank(subject: Subject) -> Tree:
    """A template in which nothing stands yet."""
    return {"subject": subject, "title": {"en": ""}, "about": {"en": ""}, "parts": []}


def _ends() -> Iterator[str]:
    yield ""
    yield from (f"_{number}" for number in range(2, MOST + 3))


def _title(tree: Tree) -> str:
    found = tree.get("title")
    return str(found.get("en", "")) if isinstance(found, dict) else str(found or "")


def _require_place(session: Session, organisation_id: UUID, one: Template) -> None:
    """ConflictError where another own template in use stands in the place of the same one."""
    if not one.instead_of:
        return
    there = shelf_of(session, organisation_id)
    for id in there.offered - {one.id}:
        if there.every[id].instead_of == one.instead_of:
            told = say(
                "“{title}” stands in the same place already. Take that out of use first.", title=there.every[id].title
            )
            raise ConflictError(told)


def _as_seen(session: Session, organisation_id: UUID, code: str, seen: int | None) -> Own:
    clients.lock_tree(session, organisation_id)
    now = own_template(session, organisation_id, code)
    if seen != now.saves:
        raise SavedMeanwhileError(now)
    return now


def _row(session: Session, organisation_id: UUID, code: str) -> OwnTemplate:
    return next(one for one in queries.own_templates(session, organisation_id) if one.code == code)


def _add(
    session: Session, organisation_id: UUID, own_id: UUID, code: str, text: str, *, came: Came, author: Author
) -> None:
    session.add(
        OwnTemplate(
            organisation_id=organisation_id,
            id=own_id,
            code=code,
            draft=text,
            file="",
            saves=1,
            number=0,
            copied_from=came.copied_from,
            origin=came.origin,
            changed_at=author.now,
            changed_by=author.name,
        )
    )
    session.flush()


def _use(row: OwnTemplate) -> None:
    if row.draft:
        row.file, row.draft = row.draft, ""
        row.number += 1


def _saved(session: Session, row: OwnTemplate, author: Author) -> None:
    row.saves += 1
    row.changed_at, row.changed_by = author.now, author.name
    session.flush()
