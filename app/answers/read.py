"""Reading the vault. Only `releases.make` may import this (held by import-linter)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from app.answers import model

ROWS_AT_ONCE = 10_000

_SHEET = SQLModel.metadata.tables[model.AnswerSheet.__tablename__]
_SHEETS = (
    select(_SHEET.c.department_id, _SHEET.c.codes, _SHEET.c.flags)
    .where(_SHEET.c.organisation_id == bindparam("organisation"), _SHEET.c.wave_id == bindparam("wave"))
    .order_by(_SHEET.c.department_id, _SHEET.c.id)
)


@dataclass(frozen=True)
class DepartmentSheets:
    """The sheets of one department, one after the other: `count` x (items of the layout) bytes, and a byte of
    screening flags for each sheet. Their order is that of random ids and tells nothing."""

    count: int
    codes: bytes
    flags: bytes


def sheets(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[UUID, DepartmentSheets]:
    """All answer sheets of a wave by department, in one statement whatever the size; no entry for no sheets."""
    found = session.connection().execute(
        _SHEETS, {"organisation": organisation_id, "wave": wave_id}, execution_options={"yield_per": ROWS_AT_ONCE}
    )
    codes: dict[UUID, bytearray] = {}
    flags: dict[UUID, bytearray] = {}
    for department_id, sheet, flag in found:
        if department_id not in codes:
            codes[department_id], flags[department_id] = bytearray(), bytearray()
        codes[department_id] += sheet
        flags[department_id].append(flag)
    return {
        department_id: DepartmentSheets(len(flags[department_id]), bytes(joined), bytes(flags[department_id]))
        for department_id, joined in codes.items()
    }
