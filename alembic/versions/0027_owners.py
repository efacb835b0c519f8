"""Links with which owners of workflows say their facts without an account.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "owner_link",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id", "workflow_id", "user_id")),
        sa.Column("reader", TEXT(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_sha256", TEXT(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Utc(timezone=True), nullable=True),
        sa.Column("mail", TEXT(), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.Column("language", TEXT(), nullable=False),
        sa.Column("expires_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("saved_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "workflow_id"],
            ["workflow.organisation_id", "workflow.id"],
            name=op.f("fk_owner_link_organisation_id_workflow_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_owner_link_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_owner_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_owner_link_token_sha256")),
    )


def downgrade() -> None:
    op.drop_table("owner_link")
