"""A client's own actions beside those of the library, with each version as it came into use.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "own_action",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id")),
        sa.Column("code", TEXT(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("saves", "number")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("copied_from", "copied_version")),
        sa.Column("origin", sa.Uuid(), nullable=True),
        sa.Column("origin_sha256", TEXT(), nullable=False),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("changed_by", TEXT(), nullable=False),
        sa.Column("retired_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_own_action_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_own_action")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_own_action_organisation_id_code")),
    )
    op.create_table(
        "own_action_version",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "own_action_id")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", TEXT(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("used_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("made_by", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "own_action_id"],
            ["own_action.organisation_id", "own_action.id"],
            name=op.f("fk_own_action_version_organisation_id_own_action_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "own_action_id", "number", name=op.f("pk_own_action_version")),
    )


def downgrade() -> None:
    op.drop_table("own_action_version")
    op.drop_table("own_action")
