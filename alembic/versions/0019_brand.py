"""What a client looks like, and the languages that its people are asked in.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("colour", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("organisation", sa.Column("languages", sa.JSON(), nullable=True))
    op.create_table(
        "client_logo",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("large_width", sa.Integer(), nullable=False),
        sa.Column("large_height", sa.Integer(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("small_width", sa.Integer(), nullable=False),
        sa.Column("small_height", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["app_user.id"], name=op.f("fk_client_logo_changed_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_client_logo_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_client_logo")),
    )


def downgrade() -> None:
    op.drop_table("client_logo")
    op.drop_column("organisation", "languages")
    op.drop_column("organisation", "colour")
