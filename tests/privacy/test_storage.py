"""What the database itself tells beside its rows: indexes, lengths, and the rows of jobs."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Table, UniqueConstraint, inspect
from sqlmodel import SQLModel

import app.metadata  # noqa: F401  # all tables are known
from app.db import Database
from tests.places import Scene
from tests.privacy.forks import tables
from tests.respond.stage import Stage, open_stage
from tests.robot import Robot, always

if TYPE_CHECKING:
    from starlette.testclient import TestClient

# All that somebody wrote or chose, and what was worked out from it.
HOLD_ANSWERS = {
    "answer_sheet": {"codes", "flags", "day", "language"},
    "comment": {"body", "question", "themes_only"},
    "comment_review": {"masked", "body", "question", "themes_only"},
    "draft": {"ciphertext"},
}


@pytest.fixture
def scene() -> Scene:
    return open_stage


@pytest.mark.parametrize("table", HOLD_ANSWERS)
def test_no_index_lies_on_a_column_that_holds_answers(database: Database, table: str) -> None:
    with database.reading() as session:
        found = inspect(session.connection())
        columns: set[str | None] = set(found.get_pk_constraint(table)["constrained_columns"])
        for index in found.get_indexes(table):
            columns |= set(index["column_names"])
        for unique in found.get_unique_constraints(table):
            columns |= set(unique["column_names"])
        assert HOLD_ANSWERS[table] <= {one["name"] for one in found.get_columns(table)}
    assert "organisation_id" in columns
    assert not columns & HOLD_ANSWERS[table]


@pytest.mark.parametrize("table", HOLD_ANSWERS)
def test_no_index_is_declared_on_a_column_that_holds_answers(table: str) -> None:
    declared = SQLModel.metadata.tables[table]
    assert not _indexed(declared) & HOLD_ANSWERS[table]
    assert "organisation_id" in _indexed(declared)


def test_no_column_of_the_vault_holds_a_time(database: Database) -> None:
    with database.reading() as session:
        found = inspect(session.connection())
        kinds = {
            (table, one["name"]): one["type"].python_type for table in HOLD_ANSWERS for one in found.get_columns(table)
        }
    assert [key for key, kind in kinds.items() if kind is datetime] == [("comment_review", "decided_at")]


def test_sheets_take_the_same_room_whatever_was_answered(stage: Stage, client: "TestClient") -> None:
    chosen = (always("1"), always("5"), always("dk"), _only_the_first)
    for choose, token in zip(chosen, stage.personal("Operations", len(chosen)), strict=True):
        assert Robot(client, choose).answer(f"/r/{token}").thanked
    assert len(set(stage.values("SELECT length(codes) FROM answer_sheet"))) == 1


def test_drafts_take_the_same_room_however_much_was_answered(stage: Stage, client: "TestClient") -> None:
    tokens = stage.personal("Operations", 3)
    Robot(client, always("dk")).answer(f"/r/{tokens[0]}", send=False)
    Robot(client, always("4")).answer(f"/r/{tokens[1]}", send=False)
    client.post(f"/r/{tokens[2]}/t1", data={"T1a": "1"})
    assert len(stage.values("SELECT length(ciphertext) FROM draft")) == 3
    assert len(set(stage.values("SELECT length(ciphertext) FROM draft"))) == 1


def test_saving_and_sending_touch_no_table_but_those_of_the_vault_the_invitation_and_the_turnout(
    stage: Stage, client: "TestClient"
) -> None:
    [token] = stage.personal()
    before = tables(stage.database)
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    saved = tables(stage.database)
    assert {name for name in before if before[name] != saved[name]} == {"draft"}
    client.post(f"/r/{token}/send")
    sent = tables(stage.database)
    assert {name for name in before if before[name] != sent[name]} == {"answer_sheet", "invitation", "turnout"}
    assert sent["draft"] == before["draft"] == []


def _indexed(table: Table) -> set[str]:
    """The columns in any index, key or unique constraint of a table as it is declared."""
    named = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    named += [one.columns for one in table.indexes]
    return {column.name for columns in (*named, table.primary_key.columns) for column in columns}


def _only_the_first(name: str, values: object) -> str | None:
    return "3" if name == "T1a" else None
