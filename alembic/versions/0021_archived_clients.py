"""Clients that are archived.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archived_client",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("archived_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_archived_client_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_archived_client_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_archived_client")),
    )


def downgrade() -> None:
    op.drop_table("archived_client")
