"""A comparison of two waves as a document: printed differences, frozen, laid over the rows of the later wave's release.

It is made of both waves' answer sheets where no release compared them (measurement design, P8, P17), and holds what a
release holds of a change: printed values, or why there is none.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Literal

from pydantic import TypeAdapter

from app.releases.document.canonical import canonical
from app.releases.document.release import Cell, Change, NoChange, Release, Row, Rows, Scored, WaveFacts

SCHEMA: Final = 1
NOT_THERE: Final = NoChange(reason="other_members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One of the two waves: what it was called, how and when it asked, and what of. Days are ISO days."""

    label: str
    form: Literal["full", "pulse"]
    opened_on: str
    closed_on: str
    instrument: str
    instrument_version: str
    instrument_sha256: str

    @classmethod
    def of(cls, facts: WaveFacts) -> "Wave":
        """What a release says of its wave, as far as a comparison repeats it."""
        return cls(**{one.name: getattr(facts, one.name) for one in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Comparison `number` of the later wave with an earlier one.

    `changes` has a change, or why there is none, by the id of a row of the later wave and by dimension; `departments`
    whose people each of these rows held. `items` are the questions on which a dimension is compared. The supports are
    the smallest numbers of people on whom any combination of what both waves' documents tell rests, as in the
    certificate of a release, of both waves; each was audited by its own policy, and `k_means` and `k_intervals` are the
    smaller ones.
    """

    schema: int
    number: int
    method: str
    organisation: str
    assessment: str
    earlier: Wave
    later: Wave
    k_means: int
    k_intervals: int
    changes: dict[str, dict[str, Change | NoChange]]
    departments: dict[str, tuple[str, ...]]
    items: dict[str, tuple[str, ...]]
    not_comparable: dict[str, str]
    smallest_support: int | None
    smallest_interval_support: int | None

    def over(self, release: Release) -> Release:
        """A release of the later wave with these changes in place of its own, so that it is drawn like any other.

        A row that holds other departments than the one of its id did, as in a release that was arranged anew, has none.
        """
        return replace(
            release,
            wave=replace(release.wave, previous_label=self.earlier.label),
            rows=Rows(self._row(one) for one in release.rows),
            comparable=tuple(self.items),
            not_comparable=self.not_comparable,
        )

    def _row(self, row: Row) -> Row:
        same = frozenset(self.departments.get(row.id, ())) == frozenset(row.departments)
        changes = self.changes.get(row.id, {}) if same else {}
        return replace(row, cells=_changed(row.cells, changes), anchors=_changed(row.anchors, changes))


def _changed(cells: Mapping[str, Cell], changes: Mapping[str, Change | NoChange]) -> dict[str, Cell]:
    return {
        name: replace(cell, change=changes.get(name, NOT_THERE)) if isinstance(cell, Scored) else cell
        for name, cell in cells.items()
    }


_ADAPTER = TypeAdapter(Comparison)


def dump(comparison: Comparison) -> bytes:
    """Its canonical bytes: JSON with sorted keys and no spaces."""
    return canonical(comparison).encode()


def load(document: bytes) -> Comparison:
    """The comparison that `dump` wrote; raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_json(document)


def digest(document: bytes) -> str:
    """The SHA-256 of a comparison's bytes."""
    return hashlib.sha256(document).hexdigest()
