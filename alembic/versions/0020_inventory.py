"""Versions of workflows, and which of them are rated.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workflow", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rated", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "workflow_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("way", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "workflow_id"],
            ["workflow.organisation_id", "workflow.id"],
            name=op.f("fk_workflow_version_organisation_id_workflow_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "workflow_id", "number", name=op.f("pk_workflow_version")),
    )


def downgrade() -> None:
    op.drop_table("workflow_version")
    # The older program knows a workflow that is not rated as one that is retired.
    op.execute("UPDATE workflow SET retired_at = created_at WHERE NOT rated AND retired_at IS NULL")
    with op.batch_alter_table("workflow", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("rated")
