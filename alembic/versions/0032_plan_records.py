"""Plan records: what is planned and how guardrails stand as of a day, fixed for files of a result.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "plan_record",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id")),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("wave_id", "release_id")),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_by", TEXT(), nullable=False),
        sa.Column("issued_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_plan_record_organisation_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_plan_record")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_plan_record_organisation_id_number")),
    )


def downgrade() -> None:
    op.drop_table("plan_record")
