"""Documents with which work is reorganised, and each version of them.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "client_document",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template", TEXT(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("language", TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_client_document_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_client_document")),
        sa.UniqueConstraint(
            *("organisation_id", "template", "subject_id", "language"),
            name=op.f("uq_client_document_organisation_id_template_subject_id_language"),
        ),
    )
    op.create_table(
        "client_document_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("made_by", TEXT(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "client_document_id"],
            ["client_document.organisation_id", "client_document.id"],
            name=op.f("fk_client_document_version_organisation_id_client_document_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "client_document_id", "number", name=op.f("pk_client_document_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("client_document_version")
    op.drop_table("client_document")
