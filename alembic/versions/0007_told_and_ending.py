"""Whom people can ask, when and where they see the results, and the moment at which a wave closes by itself."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("wave", sa.Column("results", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("wave", sa.Column("ends_at", app.db.Utc(), nullable=True))


def downgrade() -> None:
    op.drop_column("wave", "ends_at")
    op.drop_column("wave", "results")
    op.drop_column("wave", "contact")
