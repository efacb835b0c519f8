"""Rooms: people of a workshop join with a short code.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("code_mark", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("closes_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_room_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", name=op.f("pk_room")),
        sa.UniqueConstraint("code_mark", name=op.f("uq_room_code_mark")),
    )


def downgrade() -> None:
    op.drop_table("room")
