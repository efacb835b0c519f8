"""Taking a list of workflows: what it would make of the inventory, looked at before it is done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.sentences import say
from app.workflows import bulk
from app.workflows import queries as workflows
from app.workflows.differing import differences
from app.workflows.facts import as_json
from app.workflows.queries import WorkflowFacts
from app.workflows.service import Author, Wanted
from app.worklists.files import paths_of
from app.worklists.planning import Departments, Plan, Step, plan
from app.worklists.table import Table

CHANGED: Final = say("The workflows have been changed since you looked. This is what the list would do now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A list as somebody sent it. `columns` says what its columns hold where they said so; `form` gives new workflows
    their ids."""

    text: str
    columns: Mapping[str, int]
    form: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """A workflow and what a list does to it, in sentences."""

    name: str
    department: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a list would do. `digest` stands for all of it: who takes the list takes what they saw, or nothing."""

    steps: tuple[Step, ...]
    new: tuple[Told, ...]
    changed: tuple[Told, ...]
    same: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Version:
    """A workflow as `differing` compares it."""

    name: str
    department_id: UUID
    rated: bool
    retired: bool
    facts: dict[str, Any]  # Any: facts.as_json


def look(session: Session, organisation_id: UUID, table: Table, *, form: UUID) -> tuple[Plan, Preview | None]:
    """What a list would do; no preview while lines are wrong."""
    tree = clients.departments(session, organisation_id)
    labels = paths_of(tree, clients.department_names(session, organisation_id))
    inventory = workflows.inventory(session, organisation_id)
    found = plan(table.lines, inventory, Departments(tree, labels), form=form)
    return found, None if found.problems else _preview(found, labels)


def take(session: Session, organisation_id: UUID, seen: Preview, *, author: Author) -> None:
    """Does what a preview says, all of it. The client's departments have to be locked."""
    bulk.write(session, organisation_id, [step.change for step in seen.steps], author=author)


def _preview(found: Plan, labels: Mapping[UUID, str]) -> Preview:
    steps = tuple(step for step in found.steps if not step.is_empty)
    return Preview(
        steps=steps,
        new=tuple(_told(step, labels) for step in steps if step.before is None),
        changed=tuple(_told(step, labels) for step in steps if step.before is not None),
        same=len(found.steps) - len(steps),
        digest=_digest(steps),
    )


def _told(step: Step, labels: Mapping[UUID, str]) -> Told:
    wanted = step.change.wanted
    before = None if step.before is None else _was(step.before)
    changes = differences(before, _will(wanted, retired=step.change.retired))
    name = wanted.name if step.before is None else step.before.name
    return Told(name, labels.get(wanted.department_id, ""), changes)


def _was(one: WorkflowFacts) -> _Version:
    return _Version(one.name, one.department_id, one.rated, one.retired, as_json(one.facts))


def _will(wanted: Wanted, *, retired: bool) -> _Version:
    return _Version(wanted.name, wanted.department_id, wanted.rated, retired, as_json(wanted.facts))


def _digest(steps: tuple[Step, ...]) -> str:
    told = [
        [
            str(step.change.id),
            0 if step.before is None else step.before.version,
            str(step.change.wanted.department_id),
            step.change.wanted.name,
            step.change.wanted.rated,
            step.change.retired,
            as_json(step.change.wanted.facts),
        ]
        for step in steps
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
