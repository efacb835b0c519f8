"""Links with which calendar programmes read the action plan, and what was said of mails to those who do something.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("planned_action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refused", sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False))
    op.create_table(
        "plan_calendar",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_plan_calendar_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "department_id"],
            ["department.organisation_id", "department.id"],
            name=op.f("fk_plan_calendar_organisation_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_plan_calendar_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_plan_calendar")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_plan_calendar_token_sha256")),
    )


def downgrade() -> None:
    op.drop_table("plan_calendar")
    with op.batch_alter_table("planned_action", schema=None) as batch_op:
        batch_op.drop_column("refused")
