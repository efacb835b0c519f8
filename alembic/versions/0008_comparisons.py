"""What a comparison told of the wave before enters that wave's ledger; SQLite replaces nothing that is written once.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The table, what makes a row of it one and the same, and what is said to whoever writes a second one over it.
WRITTEN_ONCE = (
    ("release", ("organisation_id", "id"), "a release is never changed"),
    ("release", ("organisation_id", "wave_id", "number"), "a release is never changed"),
    ("supplement", ("organisation_id", "id"), "a supplement is never changed"),
    ("supplement", ("organisation_id", "release_id", "number"), "a supplement is never changed"),
)


def upgrade() -> None:
    op.create_table(
        "comparison_ledger",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_comparison_ledger_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_comparison_ledger_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "release_id", "wave_id", name=op.f("pk_comparison_ledger")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, key, why in WRITTEN_ONCE:
            _refuse_replacing(table, key, why)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, key, _ in WRITTEN_ONCE:
            op.execute(f"DROP TRIGGER {_name(table, key)}")
    op.drop_table("comparison_ledger")


def _refuse_replacing(table: str, key: tuple[str, ...], why: str) -> None:
    """INSERT OR REPLACE deletes the row that is in its way, which no trigger on changes sees."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # names of this file, from nobody else
    refuse = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    op.execute(f"CREATE TRIGGER {_name(table, key)} BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _name(table: str, key: tuple[str, ...]) -> str:
    return f"{table}_is_not_replaced_by_{key[-1]}"
