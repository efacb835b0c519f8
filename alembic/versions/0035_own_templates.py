"""A client's own templates of documents beside those of the service.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "own_template",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("code", "draft", "file")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("saves", "number")),
        sa.Column("copied_from", TEXT(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=True),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("changed_by", TEXT(), nullable=False),
        sa.Column("retired_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_own_template_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_own_template")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_own_template_organisation_id_code")),
    )


def downgrade() -> None:
    op.drop_table("own_template")
