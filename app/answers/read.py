"""Reading the vault. Only `releases.make` may import this (held by import-linter)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, bindparam, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, SQLModel

from app.answers import model

DEPARTMENTS_AT_ONCE: Final = 20

_SHEET = SQLModel.metadata.tables[model.AnswerSheet.__tablename__]


def _by_department(*joined: Any) -> Select[Any]:  # Any: aggregates, whose types differ by database
    """One row for each department that has sheets: its id, their number, their codes, their flags, their languages."""
    return (
        select(_SHEET.c.department_id, func.count(), *joined)
        .where(_SHEET.c.organisation_id == bindparam("organisation"), _SHEET.c.wave_id == bindparam("wave"))
        .group_by(_SHEET.c.department_id)
        .order_by(_SHEET.c.department_id)
    )


# The database joins the sheets of a department: made into rows of Python one by one, they took ten times as long.
# SQLite joins no bytes. `group_concat` takes them as they are and gives a text, which is cast back; it meets the sheets
# in the order of their key, because the table has no other. Flags go as two hexadecimal digits each; most are 0, and
# those are not looked up. All constants are words of the statement: values beside it are copied once for each sheet.
_NO_TEXT: ColumnElement[str] = literal_column("''")
_SPACE: ColumnElement[str] = literal_column("' '")
_DIGITS: ColumnElement[str] = literal_column(
    f"CASE flags WHEN 0 THEN '00' ELSE substr('{bytes(range(256)).hex()}', 2 * flags + 1, 2) END"
)
_ON_SQLITE = _by_department(
    cast(func.group_concat(_SHEET.c.codes, _NO_TEXT), LargeBinary),
    func.group_concat(_DIGITS, _NO_TEXT),
    func.group_concat(_SHEET.c.language, _SPACE),
)
_BYTE = func.set_byte(literal(b"\0", LargeBinary), 0, _SHEET.c.flags)
_NO_BYTES = literal(b"", LargeBinary)
_ON_POSTGRESQL = _by_department(
    func.string_agg(_SHEET.c.codes, aggregate_order_by(_NO_BYTES, _SHEET.c.id), type_=LargeBinary),
    func.encode(func.string_agg(_BYTE, aggregate_order_by(_NO_BYTES, _SHEET.c.id), type_=LargeBinary), "hex"),
    func.string_agg(_SHEET.c.language, _SPACE),
)


@dataclass(frozen=True)
class DepartmentSheets:
    """The sheets of one department, one after the other: `count` x (items of the layout) bytes, and a byte of
    screening flags for each sheet. Their order is that of random ids and tells nothing."""

    count: int
    codes: bytes
    flags: bytes


@dataclass(frozen=True)
class Sheets:
    """All answer sheets of a wave, and how many of them were answered in each language, of the whole wave alone.

    `of` has no entry for a department without sheets.
    """

    of: Mapping[UUID, DepartmentSheets]
    languages: Mapping[str, int]


def sheets(session: Session, *, organisation_id: UUID, wave_id: UUID) -> Sheets:
    """The answer sheets of a wave, in one statement and one walk through them, whatever the size."""
    connection = session.connection()
    found = connection.execute(
        _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL,
        {"organisation": organisation_id, "wave": wave_id},
        execution_options={"yield_per": DEPARTMENTS_AT_ONCE},
    )
    of: dict[UUID, DepartmentSheets] = {}
    languages = Counter[str]()
    for department_id, count, codes, flags, tags in found:
        of[department_id] = DepartmentSheets(count, codes, bytes.fromhex(flags))
        languages.update(_counted(tags))
    return Sheets(of, languages)


def _counted(tags: str) -> dict[str, int]:
    """How often each word stands in a text; mostly it is one word, again and again."""
    one = tags.partition(" ")[0]
    times = (len(tags) + 1) // (len(one) + 1)
    return {one: times} if tags == " ".join([one] * times) else Counter(tags.split(" "))
