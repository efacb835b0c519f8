"""Waves that open by themselves, pause, or are cancelled; and the month with which a client's financial year begins.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("year_starts", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("wave", sa.Column("opens_at", app.db.Utc(), nullable=True))
    op.add_column("wave", sa.Column("held_at", app.db.Utc(), nullable=True))
    op.add_column("wave", sa.Column("target", sa.Integer(), nullable=True))
    op.add_column("wave", sa.Column("paused_until", app.db.Utc(), nullable=True))
    op.add_column("wave", sa.Column("cancelled", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    # Before, an open wave took answers, and one that had ended had closed: there was nothing between.
    op.execute("UPDATE wave SET state = 'open' WHERE state = 'paused'")
    op.execute("UPDATE wave SET state = 'closed' WHERE state = 'cancelled'")
    # The version of a questionnaire was kept from the opening on.
    op.execute("UPDATE wave SET instrument_version = NULL WHERE instrument_sha256 IS NULL")
    for column in ("cancelled", "paused_until", "target", "held_at", "opens_at"):
        op.drop_column("wave", column)
    op.drop_column("organisation", "year_starts")
