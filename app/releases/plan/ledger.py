"""The ledger: of which people a wave's first release told, so that a later one can only merge them (P11).

A release tells, in each column, of sums over its strata. All sums that a later release tells are sums over unions of
the first one's strata, so together they tell nothing that the first did not. What is kept is the strata and their
numbers of valid answers; the web never reads it, and it is deleted together with the answer sheets.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Literal, NamedTuple

from app.errors import ConflictError
from app.releases import refusals

Kind = Literal["responses", "means", "spreads", "tallies"]


class Entry(NamedTuple):
    """A stratum of a column: its departments, sorted, and how many of their people count."""

    column: str
    kind: Kind
    departments: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class Ledger:
    """All strata of a release."""

    entries: tuple[Entry, ...]

    def told(self, column: str, kind: Kind) -> tuple[frozenset[str], ...]:
        """The strata of a column, none where it was not published."""
        return self._sets.get((column, kind), ())

    @cached_property
    def _sets(self) -> Mapping[tuple[str, Kind], tuple[frozenset[str], ...]]:
        found: dict[tuple[str, Kind], list[frozenset[str]]] = {}
        for one in self.entries:
            found.setdefault((one.column, one.kind), []).append(frozenset(one.departments))
        return {key: tuple(sets) for key, sets in found.items()}


def entry(column: str, kind: Kind, departments: Collection[str], n: int) -> Entry:
    """An entry with its departments in order."""
    return Entry(column, kind, tuple(departments if len(departments) == 1 else sorted(departments)), n)


def dump(ledger: Ledger) -> bytes:
    """The ledger as it is kept: JSON."""
    written = cache(partial(json.dumps, separators=(",", ":")))  # most sets are those of many columns
    lines = [
        f"[{written(one.column)},{written(one.kind)},{written(one.departments)},{one.n}]" for one in ledger.entries
    ]
    return f"[{','.join(lines)}]".encode()


def load(kept: bytes) -> Ledger:
    """The ledger that `dump` wrote."""
    return Ledger(tuple(Entry(column, kind, tuple(names), n) for column, kind, names, n in json.loads(kept)))


def require_safe(
    before: Ledger, after: Ledger, *, valid: Mapping[str, Mapping[str, int]], k_means: int, k_intervals: int
) -> None:
    """Refuses a later release of a wave that would tell of a few people by its difference to an earlier one (P11).

    Its strata have to be unions of the earlier ones, and each earlier stratum may have gained no answer or at least k
    of the column's kind; none may have lost one. `valid` has the later numbers of valid answers by column and
    department. ConflictError names the columns.
    """
    least = {"responses": k_means, "means": k_means, "spreads": k_intervals, "tallies": k_intervals}
    faults = {fault for old in before.entries for fault in _faults(old, after, valid.get(old.column, {}), least)}
    if faults:
        raise ConflictError(refusals.DIFFERS.filled({"faults": ", ".join(sorted(faults))}))


def _faults(old: Entry, after: Ledger, valid: Mapping[str, int], least: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with an earlier stratum in the later release; nothing where that does not publish its column."""
    told = after.told(old.column, old.kind)
    held = frozenset(old.departments)
    if any(held & one and not held <= one for one in told):
        yield f"{old.column} divides a group that was shown as one"
    gained = sum(valid.get(name, 0) for name in held) - old.n
    if told and (gained < 0 or 0 < gained < least[old.kind]):
        yield f"{old.column} counts a few people more or fewer"
