"""Lists of people with names, addresses and languages, which can be imported before a wave opens.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _make_people()


def downgrade() -> None:
    for table in ("roster_upload", "person"):
        op.drop_table(table)


def _make_people() -> None:
    op.create_table(
        "person",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("reference", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("mail", TEXT(), nullable=True),
        sa.Column("language", TEXT(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("bounced", sa.Boolean(), nullable=False),
        sa.Column("mails_stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "department_id"],
            ["department.organisation_id", "department.id"],
            name=op.f("fk_person_organisation_id_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_person_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("organisation_id", "wave_id", "mail", name=op.f("uq_person_organisation_id_wave_id_mail")),
        sa.UniqueConstraint(
            "organisation_id", "wave_id", "reference", name=op.f("uq_person_organisation_id_wave_id_reference")
        ),
    )
    op.create_index(op.f("ix_person_mail"), "person", ["mail"])
    op.create_table(
        "roster_upload",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("columns", TEXT(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("sent_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_roster_upload_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", name=op.f("pk_roster_upload")),
    )
    # Whoever has a link with a reference stands on the list of its wave.
    op.execute(
        "INSERT INTO person (organisation_id, id, wave_id, department_id, reference, name, listed, bounced, mails_stopped) "
        "SELECT organisation_id, id, wave_id, department_id, reference, '', revoked_at IS NULL, false, false "
        "FROM invitation WHERE reference IS NOT NULL AND kind = 'personal'"
    )
