"""Planning an import: rows of a list against the tree that is there. Pure; `table.py` reads the rows from CSV text.

A department is known by its path, "Finance / Tax", in any spelling of upper and lower case. A parent is given by its
name where that is unique, else by its path; parents may come later in the list.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.clients.pools import import_problems
from app.clients.queries import DepartmentNode
from app.clients.rules import fold
from app.sentences import say

DEEPEST = 12
SEPARATOR: Final = " / "

Path = tuple[str, ...]


@dataclass(frozen=True)
class ImportRow:
    """One department of a list. `line` is where it stands; `parent` is a name, a path, or empty for the top level.

    `pool` is the name of a pool, empty for none, None where the list says nothing of pools; `site` likewise. `id` is
    that of a department that is there, which may have another name or place then.
    """

    line: int
    department: str
    parent: str
    function: str
    headcount: int
    pool: str | None = None
    site: str | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line and what to do, as a sentence."""

    line: int
    message: str


@dataclass(frozen=True)
class Placed:
    """A row with its place: its path, and the department that is there already (None for a new one)."""

    row: ImportRow
    path: Path
    known: DepartmentNode | None

    @property
    def is_change(self) -> bool:
        """True for a department that is there already and gets another function, headcount, pool or site."""
        if self.known is None:
            return False
        row, known = self.row, self.known
        there = known.function, known.headcount, known.pool, known.site
        return there != (row.function, row.headcount, self.pool, self.site)

    @property
    def pool(self) -> str | None:
        """The pool that the department will be in."""
        if self.row.pool is None:
            return None if self.known is None else self.known.pool
        return self.row.pool or None

    @property
    def site(self) -> str | None:
        """The site that the department will have of its own."""
        if self.row.site is None:
            return None if self.known is None else self.known.site
        return self.row.site or None


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do.

    `placed` has parents before children, without the rows that have problems; `left_out` are good rows below such
    rows, which have no place until those are mended.
    """

    placed: tuple[Placed, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[ImportRow, ...]

    @property
    def added(self) -> int:
        """How many departments are new."""
        return sum(place.known is None for place in self.placed)

    @property
    def changed(self) -> int:
        """How many departments get another headcount, function, pool or site."""
        return sum(place.is_change for place in self.placed)


def split_path(text: str) -> Path:
    """The folded names of a path: "Finance / Tax" gives ("finance", "tax"), an empty text gives ()."""
    return tuple(fold(name) for name in re.split(r"\s+/\s+", text.strip()) if name.strip())


def paths(tree: Iterable[DepartmentNode]) -> dict[UUID, Path]:
    """The folded path of every department of a depth-first list."""
    found: dict[UUID, Path] = {}
    for node in tree:
        above = found[node.parent_id] if node.parent_id is not None else ()
        found[node.id] = (*above, fold(node.name))
    return found


def plan_import(
    rows: Sequence[ImportRow], tree: Sequence[DepartmentNode], *, known_problems: Sequence[Problem] = ()
) -> ImportPlan:
    """Where each row goes, and every row that can't go anywhere.

    `known_problems` are those found already, by line; such rows may still be parents of others while they are placed.
    """
    places = _Places(rows, tree)
    places.settle()
    nodes = dict(zip(paths(tree).values(), tree, strict=True))
    named = {node.id: node for node in tree}
    claimed = {row.id for row in rows if row.id is not None}
    problems = sorted(
        (*known_problems, *places.problems, *_id_problems(rows, named), *_pool_problems(rows, places.found, nodes)),
        key=lambda problem: problem.line,
    )
    bad = {problem.line for problem in problems}
    there = set(nodes)
    placed, left_out = [], []
    for index, path in sorted(places.found.items(), key=lambda item: (len(item[1]), item[0])):
        if rows[index].line in bad:
            continue
        if path[:-1] and path[:-1] not in there:
            left_out.append(rows[index])
            continue
        there.add(path)
        placed.append(Placed(rows[index], path, _known(rows[index], nodes.get(path), named, claimed)))
    return ImportPlan(tuple(placed), tuple(problems), tuple(sorted(left_out, key=lambda row: row.line)))


def _known(
    row: ImportRow, here: DepartmentNode | None, named: Mapping[UUID, DepartmentNode], claimed: Collection[UUID]
) -> DepartmentNode | None:
    """The department that a row is about: the one that it names by its id, else the one in its place."""
    if row.id is not None:
        return named[row.id]
    return None if here is None or here.id in claimed else here


def _id_problems(rows: Sequence[ImportRow], named: Mapping[UUID, DepartmentNode]) -> Iterator[Problem]:
    """What is wrong with the ids of rows."""
    lines: dict[UUID, int] = {}
    for row in rows:
        if row.id is None:
            continue
        if row.id not in named:
            about = say(
                "There is no open department with the id of {department}. Leave the id empty for a new department.",
                department=row.department,
            )
            yield Problem(row.line, about)
        elif row.id in lines:
            about = say(
                "{department} has the id of line {line}. Remove one.", department=row.department, line=lines[row.id]
            )
            yield Problem(row.line, about)
        lines.setdefault(row.id, row.line)


def _pool_problems(
    rows: Sequence[ImportRow], found: Mapping[int, Path], nodes: Mapping[Path, DepartmentNode]
) -> Iterator[Problem]:
    """What is wrong with the pools of the rows that have a place."""
    given = {path: rows[index].pool or "" for index, path in found.items() if rows[index].pool is not None}
    after: dict[Path, str | None] = dict.fromkeys(found.values())
    after.update({path: node.pool for path, node in nodes.items()})
    after.update(given)
    lines = {path: rows[index].line for index, path in found.items()}
    for path, message in import_problems(after, given, lines):
        yield Problem(lines[path], message)


class _Places:
    """Finds the path of each row; a row whose parent is undecided waits for the parent's name."""

    def __init__(self, rows: Sequence[ImportRow], tree: Sequence[DepartmentNode]) -> None:
        self.rows = rows
        self.problems: list[Problem] = []
        self.found: dict[int, Path] = {}
        self._lines: dict[Path, int] = {}
        self._refused: dict[str, int] = {}
        self._here = _Endings()
        self._there = _Endings()
        for path in paths(tree).values():
            self._there.add(path)
        self._open = dict.fromkeys(range(len(rows)))
        self._open_names = Counter(fold(row.department) for row in rows)
        self._waiting: dict[str, list[int]] = {}
        for index, row in enumerate(rows):
            self._waiting.setdefault((split_path(row.parent) or ("",))[-1], []).append(index)

    def settle(self) -> None:
        """Places rows until nothing moves; what is left over is a circle."""
        looked_at: Iterable[int] = tuple(self._open)
        while looked_at:
            decided = [(index, found) for index in looked_at if (found := self._decide(self.rows[index])) is not None]
            for index, found in decided:
                self._close(index, found)
            names = dict.fromkeys(fold(self.rows[index].department) for index, _ in decided)
            looked_at = [index for name in names for index in self._waiting.get(name, ()) if index in self._open]
        for index in self._open:
            self._refuse(self.rows[index], self._circle(index))

    def _decide(self, row: ImportRow) -> Path | str | None:
        """The path of a row, a sentence when it can have none, None while its parent may still turn up."""
        parent = split_path(row.parent)
        if not parent:
            return (fold(row.department),)
        if parent in self._lines:
            return self._below(row, [parent])
        if self._open_names.get(parent[-1], 0):
            return None
        above = self._here.ending_with(parent) or self._there.exactly(parent) or self._there.ending_with(parent)
        return self._below(row, sorted(above))

    def _below(self, row: ImportRow, above: Sequence[Path]) -> Path | str:
        if not above and (line := self._refused.get(split_path(row.parent)[-1])):
            return say(
                "The parent “{parent}” of {department} is in line {line}, which has to be mended first.",
                parent=row.parent,
                department=row.department,
                line=line,
            )
        if not above:
            return say(
                "The parent “{parent}” of {department} is neither in this list nor among the departments. "
                "Add a line for it, or correct its name.",
                parent=row.parent,
                department=row.department,
            )
        if len(above) > 1:
            return say(
                "The parent “{parent}” of {department} could be {count} departments. Write its path, for "
                "example “{path}”.",
                parent=row.parent,
                department=row.department,
                count=len(above),
                path=self._spelled(row.parent, above[0]),
            )
        if len(above[0]) >= DEEPEST:
            return say(
                "{department} would be more than {deepest} levels deep. Put it higher up.",
                department=row.department,
                deepest=DEEPEST,
            )
        return (*above[0], fold(row.department))

    def _close(self, index: int, found: Path | str) -> None:
        row = self.rows[index]
        del self._open[index]
        self._open_names[fold(row.department)] -= 1
        if isinstance(found, str):
            self._refused.setdefault(fold(row.department), row.line)
            self._refuse(row, found)
        elif found in self._lines:
            self._refuse(
                row,
                say(
                    "{department} is in line {line} already, under the same parent. Remove one.",
                    department=row.department,
                    line=self._lines[found],
                ),
            )
        else:
            self.found[index] = found
            self._lines[found] = row.line
            self._here.add(found)

    def _circle(self, index: int) -> str:
        row = self.rows[index]
        if fold(row.department) == split_path(row.parent)[-1]:
            return say(
                "{department} is its own parent. Leave the parent empty for the top level, or name another.",
                department=row.department,
            )
        return say(
            "{department} and its parent “{parent}” lie below each other in a circle. Leave the parent "
            "of the topmost one empty.",
            department=row.department,
            parent=row.parent,
        )

    def _refuse(self, row: ImportRow, message: str) -> None:
        self.problems.append(Problem(row.line, message))

    @staticmethod
    def _spelled(parent: str, path: Path) -> str:
        """A path in words, with the parent's own spelling at its end."""
        return SEPARATOR.join((*(name.title() for name in path[:-1]), parent.strip()))


class _Endings:
    """Paths by how they end, so that "Tax" finds "Finance / Tax"."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._by_ending: dict[Path, set[Path]] = {}

    def add(self, path: Path) -> None:
        self._paths.add(path)
        for start in range(len(path)):
            self._by_ending.setdefault(path[start:], set()).add(path)

    def exactly(self, path: Path) -> set[Path]:
        return {path} & self._paths

    def ending_with(self, ending: Path) -> set[Path]:
        return self._by_ending.get(ending, set())
