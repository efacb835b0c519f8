"""The templates of a client: those of the service, and its own beside or in the place of them. One statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from app.documents import queries
from app.documents.models import OwnTemplate
from app.documents.own import fault_of, template_of
from app.documents.shelf import templates
from app.documents.template import Subject, Template
from app.errors import NotFoundError

State = Literal["draft", "in_use", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An own template as it is now: `file` is in use, or was before it retired; `draft` is being written. Both are
    empty where there is nothing of the kind."""

    id: UUID
    code: str
    draft: str
    file: str
    saves: int
    number: int
    copied_from: str
    origin: UUID | None
    changed_at: datetime
    changed_by: str
    retired: bool

    @property
    def state(self) -> State:
        """How it stands."""
        if self.retired:
            return "retired"
        return "in_use" if self.number else "draft"

    @property
    def newest(self) -> str:
        """The text that says most: of the draft where there is one."""
        return self.draft or self.file


@dataclass(frozen=True, slots=True)
class Shelf:
    """The templates of a client: `every` can be opened, `offered` are begun with. One that is in use no more is opened
    where a document of it was saved."""

    every: dict[str, Template]
    offered: frozenset[str]

    def get(self, id: str) -> Template:
        """A template by its id; NotFoundError where there is none."""
        if id not in self.every:
            raise NotFoundError
        return self.every[id]

    def retired(self, id: str) -> bool:
        """Whether an own template is in use no more; those of the service can always be opened."""
        return id not in self.offered and id not in templates()

    def of_subject(self, subject: Subject, *, saved: Collection[str] = ()) -> tuple[Template, ...]:
        """Those for clients or for workflows: the ones that are offered, and those of which something is `saved`."""
        wanted = self.offered | frozenset(saved)
        return tuple(one for one in self.every.values() if one.subject == subject and one.id in wanted)


def own_templates(session: Session, organisation_id: UUID) -> tuple[Own, ...]:
    """All of a client's own, by their ids; in one statement."""
    return tuple(map(told, queries.own_templates(session, organisation_id)))


def own_template(session: Session, organisation_id: UUID, code: str) -> Own:
    """One of them by its id; NotFoundError where there is none."""
    found = next((one for one in own_templates(session, organisation_id) if one.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def shelf_of(session: Session, organisation_id: UUID) -> Shelf:
    """The templates of a client; one of its own that can't be read any more is left out."""
    return shelf(own_templates(session, organisation_id))


def shelf(own: Iterable[Own]) -> Shelf:
    """The service's templates with these beside them, each own one after that in whose place it stands."""
    found = [(template_of(one.file), one.state == "in_use") for one in own if one.file and not fault_of(one.file)]
    used = [one for one, in_use in found if in_use]
    replaced = {one.instead_of for one in used}
    every: dict[str, Template] = {}
    for id, one in templates().items():
        every[id] = one
        every |= {mine.id: mine for mine, _ in found if mine.instead_of == id}
    every |= {one.id: one for one, _ in found if one.id not in every}
    return Shelf(every, frozenset((*(id for id in templates() if id not in replaced), *(one.id for one in used))))


def told(row: OwnTemplate) -> Own:
    """A row as others may know it."""
    names = (name for name in Own.__dataclass_fields__ if name != "retired")
    return Own(**{name: getattr(row, name) for name in names}, retired=row.retired_at is not None)
