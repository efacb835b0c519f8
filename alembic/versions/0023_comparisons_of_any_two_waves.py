"""Comparisons of any two waves: those that were asked for, and the documents that the worker made.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEYS = (("organisation_id", "id"), ("organisation_id", "wave_id", "number"))
CHANGED = "a comparison is never changed"


def upgrade() -> None:
    op.create_table(
        "asked_comparison",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("refused", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        *(_of_wave("asked_comparison", column) for column in ("wave_id", "earlier_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_asked_comparison")),
        sa.UniqueConstraint(
            "organisation_id",
            "wave_id",
            "earlier_id",
            name=op.f("uq_asked_comparison_organisation_id_wave_id_earlier_id"),
        ),
    )
    op.create_table(
        "comparison",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "id"],
            ["asked_comparison.organisation_id", "asked_comparison.id"],
            name=op.f("fk_comparison_organisation_id_id"),
        ),
        _of_wave("comparison", "wave_id"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_comparison")),
        sa.UniqueConstraint(
            "organisation_id", "wave_id", "number", name=op.f("uq_comparison_organisation_id_wave_id_number")
        ),
    )
    _write_once()


def downgrade() -> None:
    # What comparisons told stays in the ledgers of their waves: whoever read it remembers, and the earlier version counts
    # it too. `pairs.add` keeps it when the comparison is made again.
    op.drop_table("comparison")
    op.drop_table("asked_comparison")


def _of_wave(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        ["wave.organisation_id", "wave.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
    )


def _write_once() -> None:
    """A comparison is written once, as a release is; SQLite replaces none either."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER comparison_is_immutable BEFORE UPDATE ON comparison "
            "FOR EACH ROW EXECUTE FUNCTION refuse_release_change()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
    op.execute(f"CREATE TRIGGER comparison_is_immutable BEFORE UPDATE ON comparison {refuse}")
    for key in KEYS:
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        there = f"EXISTS (SELECT 1 FROM comparison WHERE {same})"  # noqa: S608  # names of this file
        op.execute(
            f"CREATE TRIGGER comparison_is_not_replaced_by_{key[-1]} BEFORE INSERT ON comparison WHEN {there} {refuse}"
        )
