"""What a list would make of the inventory, and every line that can't be so. Pure.

A workflow is known by its id, or by its department and its name in any spelling of upper and lower case.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from app.clients.imports import Path, paths, split_path
from app.clients.queries import DepartmentNode
from app.clients.rules import fold
from app.errors import InvalidError
from app.sentences import Passage, Sentence, say
from app.workflows.bulk import Change
from app.workflows.facts import NOTHING
from app.workflows.queries import WorkflowFacts
from app.workflows.rules import MOST, MOST_KEPT, require_possible
from app.workflows.service import Wanted
from app.worklists.cells import ACTIVE, RETIRED, CellError, facts_of, yes_no
from app.worklists.table import Line

MOST_SUGGESTED: Final = 20
"""Names for which a like one is looked up: among many departments each takes long."""

_STATUS: Final = {"": False, ACTIVE: False, "aktiv": False, "pilot": False, RETIRED: True, "ausgemustert": True}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line and what to do, as a sentence."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a line does: the workflow as it was, None for a new one, and as it is to be."""

    line: int
    before: WorkflowFacts | None
    change: Change

    @property
    def is_empty(self) -> bool:
        """True where the line says what is so already."""
        one, wanted = self.before, self.change.wanted
        if one is None:
            return False
        now = (one.department_id, one.name, one.rated, one.facts, one.retired)
        return now == (wanted.department_id, wanted.name, wanted.rated, wanted.facts, self.change.retired)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do, line by line, and what is wrong with it."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]


class Departments:
    """The departments that lines name: by path, by the end of a path where that is unique, closed ones by their own
    workflows alone."""

    def __init__(self, tree: Sequence[DepartmentNode], labels: Mapping[UUID, str]) -> None:
        self._labels = labels
        self._by_ending: dict[Path, set[UUID]] = defaultdict(set)
        self._exact = {path: id for id, path in paths(tree).items()}
        for path, id in self._exact.items():
            for start in range(len(path)):
                self._by_ending[path[start:]].add(id)
        self._names = {fold(node.name): node.name for node in tree}
        self._near: dict[str, str | None] = {}

    def find(self, text: str, before: WorkflowFacts | None) -> UUID:
        """The department that a cell names. CellError for none, and for one of several."""
        path = split_path(text)
        if not path:
            raise CellError(say("It names no department. Write the department whose people do this work."))
        if path in self._exact:
            return self._exact[path]
        found = self._by_ending.get(path, set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise CellError(
                say("“{text}” could be {count} departments. Write its path, for example Finance / Tax.",
                    text=text[:80], count=len(found))
            )  # fmt: skip
        # Also by what it was called before it was merged, as a list has it that was written before.
        if before is not None and fold(self._labels.get(before.chosen_id, "")) == fold(text):
            return before.department_id
        raise CellError(self._unknown(text))

    def _unknown(self, text: str) -> Sentence:
        near = self._like(fold(text))
        if near is not None:
            return say("There is no open department “{text}”. Did you mean “{near}”?", text=text[:80], near=near)
        return say("There is no open department “{text}”. Add it first, or correct its name.", text=text[:80])

    def _like(self, text: str) -> str | None:
        """The department of a like name, for the first few names that are unknown; looked up once for each."""
        if text not in self._near and len(self._near) < MOST_SUGGESTED:
            found = difflib.get_close_matches(text, self._names, n=1)
            self._near[text] = self._names[found[0]] if found else None
        return self._near.get(text)


def plan(lines: Sequence[Line], inventory: Sequence[WorkflowFacts], departments: Departments, *, form: UUID) -> Plan:
    """What each line does. New workflows get ids that follow from `form`, so that a list taken twice is taken once."""
    by_id = {str(one.id): one for one in inventory}
    by_name = {(one.department_id, fold(one.name)): one for one in sorted(inventory, key=lambda one: not one.retired)}
    steps: list[Step] = []
    problems: list[Problem] = []
    for line in lines:
        found, wrong = _step(line, by_id, by_name, departments, form)
        if wrong:
            problems.append(Problem(line.number, Passage(wrong)))
        elif found is not None:
            steps.append(found)
    problems += _together(steps, inventory, departments)
    return Plan(tuple(steps), tuple(sorted(problems, key=lambda one: one.line)))


def _step(
    line: Line,
    by_id: Mapping[str, WorkflowFacts],
    by_name: Mapping[tuple[UUID, str], WorkflowFacts],
    departments: Departments,
    form: UUID,
) -> tuple[Step | None, list[str]]:
    if line.problem is not None:
        return None, [line.problem]
    cells = line.cells
    id, name = cells.get("id", "").lower(), " ".join(cells["workflow"].split())
    before = by_id.get(id)
    if id and before is None:
        return None, [say("There is no workflow with the id “{id}”. Leave the id empty for a new one.", id=id[:40])]
    try:
        department = departments.find(cells["department"], before)
    except CellError as error:
        return None, [error.told]
    before = before or by_name.get((department, fold(name)))
    return _judged(line, name, department, before, form)


def _judged(
    line: Line, name: str, department: UUID, before: WorkflowFacts | None, form: UUID
) -> tuple[Step | None, list[str]]:
    facts, wrong = facts_of(NOTHING if before is None else before.facts, line.cells)
    told: list[str] = [*wrong]
    try:
        require_possible(name, facts)
    except InvalidError as error:
        told += error.fields.values()
    retired, rated = before is not None and before.retired, before is not None and before.rated
    try:
        retired = _status(line.cells["status"]) if "status" in line.cells else retired
        rated = bool(yes_no("rated", line.cells["rated"])) if "rated" in line.cells else rated
    except CellError as error:
        told.append(error.told)
    wanted = Wanted(department_id=department, name=name, facts=facts, rated=rated and not retired)
    id = before.id if before is not None else uuid5(form, f"{department}/{fold(name)}")
    return Step(line.number, before, Change(id=id, wanted=wanted, retired=retired, is_new=before is None)), told


def _status(text: str) -> bool:
    if text.casefold() not in _STATUS:
        raise CellError(say("“{text}” in status: write active or retired.", text=text[:40]))
    return _STATUS[text.casefold()]


def _together(steps: Sequence[Step], inventory: Sequence[WorkflowFacts], departments: Departments) -> Iterator[Problem]:
    """What is wrong only beside other lines, or beside workflows that the list does not name."""
    lines: dict[UUID, int] = {}
    taken = [step for step in steps if step.line == lines.setdefault(step.change.id, step.line)]
    for step in steps:
        if lines[step.change.id] != step.line:
            yield Problem(
                step.line, say("This is the workflow of line {line}. Remove one.", line=lines[step.change.id])
            )
    named = {(one.department_id, fold(one.name)): 0 for one in inventory if not one.retired and one.id not in lines}
    kept, rated = defaultdict[UUID, int](int), defaultdict[UUID, int](int)
    for one in inventory:
        if one.id not in lines and not one.retired:
            kept[one.department_id] += 1
            rated[one.department_id] += one.rated
    for step in taken:
        if not step.change.retired:
            yield from _one_more(step, named, kept, rated)


def _one_more(
    step: Step, named: dict[tuple[UUID, str], int], kept: dict[UUID, int], rated: dict[UUID, int]
) -> Iterator[Problem]:
    wanted = step.change.wanted
    place, key = wanted.department_id, (wanted.department_id, fold(wanted.name))
    if key in named:
        yield Problem(
            step.line,
            say("Line {line} has a workflow of this name in this department.", line=named[key])
            if named[key]
            else say("The department has a workflow of this name already. Change that one, or choose another name."),
        )
    named.setdefault(key, step.line)
    kept[place] += 1
    rated[place] += wanted.rated
    if kept[place] == MOST_KEPT + 1:
        yield Problem(step.line, say("With this line the department has more than {most} workflows.", most=MOST_KEPT))
    if wanted.rated and rated[place] == MOST + 1:
        yield Problem(
            step.line,
            say("With this line staff of the department would rate more than {most} workflows. Write no under rated.",
                most=MOST),
        )  # fmt: skip
