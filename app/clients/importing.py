"""Taking a list of departments: what it would make of the tree, looked at before it is done."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlmodel import Session

from app.clients import changes, queries
from app.clients.imports import SEPARATOR, ImportPlan, ImportRow, Path, Placed, paths, plan_import
from app.clients.placing import spaced
from app.clients.queries import DepartmentNode
from app.clients.restructuring import Outcome, outcome, snapshot_of
from app.clients.rules import WOULD_BE_TOO_MANY, about_function, about_headcount, about_name, about_short_name, fold
from app.clients.service import MOST_DEPARTMENTS
from app.clients.table import Table, read_table
from app.errors import InvalidError
from app.lineage.snapshots import Snapshot
from app.sentences import say

CHANGED: Final = say("The departments have been changed since you looked. This is what the list would do now.")


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    closed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A list as somebody sent it. `columns` says what its columns hold where they said so, `skip` which lines they
    agreed to leave out, `complete` that departments which are not on it are closed; `form` gives new ones their ids."""

    text: str
    columns: Mapping[str, int]
    skip: str
    complete: bool
    form: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """A department and what a list makes of it, as two names or places, or two sets of its other facts."""

    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a list would do. `digest` stands for all of it: who takes the list takes what they saw, or nothing."""

    found: Outcome
    new: tuple[Told, ...]
    renamed: tuple[Told, ...]
    moved: tuple[Told, ...]
    changed: tuple[Told, ...]
    closed: tuple[Told, ...]
    digest: str

    @property
    def only_new(self) -> bool:
        """True where the list adds departments and leaves those there are alone."""
        return bool(self.new) and not (self.renamed or self.moved or self.changed or self.closed)

    @property
    def is_empty(self) -> bool:
        """True where the list says what is so already."""
        return not self.found.after


def look(session: Session, organisation_id: UUID, sent: Sent) -> tuple[Table, ImportPlan, Preview | None]:
    """What a list says and what it would do; no preview while lines are wrong that nobody agreed to leave out.

    InvalidError for a list that can't be used as a whole.
    """
    table = read_table(sent.text, sent.columns)
    tree = queries.departments(session, organisation_id)
    plan = plan_import(table.rows, tree, known_problems=table.problems)
    if plan.problems and sent.complete:
        return table, plan, None
    if plan.problems and re.sub(r"\s", "", sent.skip) != lines_to_skip(plan):
        return table, plan, None
    return table, plan, preview(tree, plan, complete=sent.complete, form=sent.form)


def lines_to_skip(plan: ImportPlan) -> str:
    """The lines that an import would leave out, as the button that skips them sends them."""
    lines = {problem.line for problem in plan.problems} | {row.line for row in plan.left_out}
    return ",".join(str(line) for line in sorted(lines))


def preview(tree: Sequence[DepartmentNode], plan: ImportPlan, *, complete: bool, form: UUID) -> Preview:
    """What the rows of a plan that have a place would do. Pure; new departments get ids that follow from `form`.

    `complete` closes the departments that are not among them. InvalidError where the tree would be none, where two
    departments would have one name in one place, or where there would be too many.
    """
    found = outcome(tree, _wanted(tree, plan, complete=complete, form=form))
    if len(tree) + len(found.made) - sum(not one.is_open for one in found.after) > MOST_DEPARTMENTS:
        raise InvalidError(WOULD_BE_TOO_MANY.filled({"most": MOST_DEPARTMENTS}))
    before = {one.id: one for one in found.before}
    pairs = [(before[one.id], one) for one in found.after if one.id in before]
    names = {node.id: node.name for node in tree} | {one.id: one.name for one in found.made}
    going, staying = ([pair for pair in pairs if pair[1].is_open == is_open] for is_open in (False, True))
    return Preview(
        found=found,
        new=tuple(Told(_path(one, names)) for one in found.made),
        renamed=tuple(Told(a.name, a.name, b.name) for a, b in staying if a.name != b.name),
        moved=tuple(Told(b.name, _place(a, names), _place(b, names)) for a, b in staying if a.parent_id != b.parent_id),
        changed=tuple(Told(b.name, _facts(a), _facts(b)) for a, b in staying if _facts(a) != _facts(b)),
        closed=tuple(Told(a.name) for a, _ in going),
        digest=_digest(found),
    )


def take(session: Session, organisation_id: UUID, seen: Preview, *, now: datetime) -> tuple[Imported, UUID | None]:
    """Does what a preview says, in one change whose id it gives too, None for no change. The tree has to be locked."""
    made = None
    if not seen.is_empty:
        changes.write(session, organisation_id, seen.found, now, at_place=False)
        made = changes.record(session, organisation_id, "import", seen.found, now=now)
    touched = len(seen.found.after) - len(seen.found.made) - len(seen.closed)
    return Imported(len(seen.found.made), touched, len(seen.closed)), made


def import_departments(
    session: Session, organisation_id: UUID, rows: Sequence[ImportRow], *, now: datetime
) -> Imported:
    """Adds the departments of a list and updates those there are; removes none.

    Raises InvalidError naming each line that can't be imported; then nothing has been changed.
    """
    queries.lock_tree(session, organisation_id)
    tree = queries.departments(session, organisation_id)
    plan = plan_import(rows, tree)
    problems = [f"Line {problem.line}: {problem.message}" for problem in plan.problems]
    problems += [f"Line {row.line}: {text}" for row in rows for text in _about_row(row)]
    if problems:
        raise InvalidError("\n".join(problems))
    done, _ = take(session, organisation_id, preview(tree, plan, complete=False, form=uuid4()), now=now)
    return done


def _wanted(tree: Sequence[DepartmentNode], plan: ImportPlan, *, complete: bool, form: UUID) -> Iterator[Snapshot]:
    there = dict(zip(paths(tree).values(), tree, strict=True))
    ids: dict[Path, UUID] = {path: node.id for path, node in there.items()}
    pools: dict[tuple[Path, str], str | None] = {
        (path[:-1], fold(node.pool)): node.pool for path, node in there.items() if node.pool
    }
    for place in sorted(plan.placed, key=lambda one: len(one.path)):
        ids[place.path] = place.known.id if place.known else uuid5(form, SEPARATOR.join(place.path))
        yield _made(place, ids, pools)
    if complete:
        listed = {place.known.id for place in plan.placed if place.known}
        yield from (replace(snapshot_of(one), is_open=False, pool=None) for one in tree if one.id not in listed)


def _made(place: Placed, ids: Mapping[Path, UUID], pools: dict[tuple[Path, str], str | None]) -> Snapshot:
    """What a row makes of its department; a pool is spelled as it was spelled first."""
    row, known = place.row, place.known
    is_named = known is None or row.id is not None
    parent = ids[place.path[:-1]] if place.path[:-1] else None
    pool = " ".join((place.pool or "").split()) or None
    if known is not None and is_named and known.parent_id != parent and row.pool is None:
        pool = None
    return Snapshot(
        id=ids[place.path],
        name=" ".join(row.department.split()) if known is None or is_named else known.name,
        parent_id=parent if known is None or is_named else known.parent_id,
        function=row.function,
        headcount=row.headcount,
        pool=pools.setdefault((place.path[:-1], fold(pool)), pool) if pool else None,
        site=spaced(place.site),
    )


def _about_row(row: ImportRow) -> list[str]:
    found = (
        about_name(" ".join(row.department.split())),
        about_function(row.function),
        about_headcount(row.headcount),
        about_short_name(say("site"), spaced(row.site) or ""),
    )
    return [text for text in found if text is not None]


def _path(one: Snapshot, names: Mapping[UUID, str]) -> str:
    return one.name if one.parent_id is None else f"{names[one.parent_id]}{SEPARATOR}{one.name}"


def _place(one: Snapshot, names: Mapping[UUID, str]) -> str:
    return say("top level") if one.parent_id is None else names[one.parent_id]


def _facts(one: Snapshot) -> str:
    """What a list can change of a department besides its name and its place."""
    told = [str(one.headcount), one.function, one.pool, one.site]
    return " · ".join(text for text in told if text)


def _digest(found: Outcome) -> str:
    told = [[one.stored for one in side] for side in (found.before, found.after)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
