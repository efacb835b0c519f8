"""The action plan: actions that departments have taken on, each version of them, and the hours of ninety days.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_action",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("planned_action", "department"),
        _of("planned_action", "wave"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_planned_action")),
    )
    op.create_table(
        "planned_action_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("planned_action_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _of("planned_action_version", "planned_action"),
        sa.PrimaryKeyConstraint(
            "organisation_id", "planned_action_id", "number", name=op.f("pk_planned_action_version")
        ),
    )
    op.create_table(
        "plan_frame",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        _of("plan_frame", "department"),
        sa.PrimaryKeyConstraint("organisation_id", "department_id", "begins", name=op.f("pk_plan_frame")),
    )


def downgrade() -> None:
    op.drop_table("plan_frame")
    op.drop_table("planned_action_version")
    op.drop_table("planned_action")


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", f"{other}_id"],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{other}_id"),
    )
