"""Departments as they were at one moment, and what a change asks for: as values, and as what is stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

Kind = Literal["open", "rename", "move", "merge", "split", "close", "import"]
State = Literal["planned", "done", "held", "cancelled", "undone"]
WAITING: Final[tuple[State, ...]] = ("planned", "held")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A department at one moment; `is_open` is False from the moment on that it is closed."""

    id: UUID
    name: str
    parent_id: UUID | None
    function: str
    headcount: int
    pool: str | None = None
    site: str | None = None
    is_open: bool = True

    @property
    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {
            "id": str(self.id),
            "name": self.name,
            "parent": None if self.parent_id is None else str(self.parent_id),
            "function": self.function,
            "headcount": self.headcount,
            "pool": self.pool,
            "site": self.site,
            "open": self.is_open,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A department that a split makes."""

    name: str
    function: str
    headcount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a change asks for: of which departments, and what they become; what a kind has no use for stays empty.

    Of a merge, no headcount means the sum of the departments merged, and no function that of the largest.
    """

    departments: tuple[UUID, ...] = ()
    name: str = ""
    parent_id: UUID | None = None
    function: str = ""
    headcount: int | None = None
    parts: tuple[Part, ...] = ()

    @property
    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {
            "departments": [str(one) for one in self.departments],
            "name": self.name,
            "parent": None if self.parent_id is None else str(self.parent_id),
            "function": self.function,
            "headcount": self.headcount,
            "parts": [[one.name, one.function, one.headcount] for one in self.parts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the tree; see `models.DepartmentChange`. `before` and `after` are empty until it is done."""

    id: UUID
    kind: Kind
    day: date
    state: State
    number: int | None
    wanted: Wanted
    before: tuple[Snapshot, ...]
    after: tuple[Snapshot, ...]
    user_id: UUID | None
    asked_at: datetime
    done_at: datetime | None

    @property
    def order(self) -> tuple[date, int]:
        """Where a change that is done stands among the others."""
        return self.day, self.number or 0


# Any: JSON, as the two functions above write it.
def snapshot(stored: Mapping[str, Any]) -> Snapshot:
    """A department out of JSON."""
    return Snapshot(
        id=UUID(stored["id"]),
        name=stored["name"],
        parent_id=None if stored["parent"] is None else UUID(stored["parent"]),
        function=stored["function"],
        headcount=stored["headcount"],
        pool=stored["pool"],
        site=stored["site"],
        is_open=stored["open"],
    )


def wanted(stored: Mapping[str, Any]) -> Wanted:  # Any: JSON
    """What was asked for, out of JSON."""
    return Wanted(
        departments=tuple(UUID(one) for one in stored["departments"]),
        name=stored["name"],
        parent_id=None if stored["parent"] is None else UUID(stored["parent"]),
        function=stored["function"],
        headcount=stored["headcount"],
        parts=tuple(Part(*one) for one in stored["parts"]),
    )
