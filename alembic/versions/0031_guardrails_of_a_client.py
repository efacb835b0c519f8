"""In which countries a client works, and what counsel said of a guardrail.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "work_country",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("place", TEXT(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_work_country_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "place", name=op.f("pk_work_country")),
    )
    op.create_table(
        "counsel_note",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id")),
        sa.Column("guardrail", TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("edition", "kind", "counsel")),
        sa.Column("said_on", sa.Date(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("text", "made_by")),
        sa.Column("saved_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_counsel_note_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_counsel_note")),
        sa.UniqueConstraint(
            "organisation_id", "guardrail", "number", name=op.f("uq_counsel_note_organisation_id_guardrail_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("counsel_note")
    op.drop_table("work_country")
