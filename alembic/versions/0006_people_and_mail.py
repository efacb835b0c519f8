"""Lists of people with names, addresses and languages, which can be imported before a wave opens; mails to them.

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
    _make_mail()


def downgrade() -> None:
    for table in ("link_request", "mail_out", "mail_round", "mail_plan", "roster_upload", "person"):
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


def _make_mail() -> None:
    op.create_table(
        "mail_plan",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("sender", TEXT(), nullable=False),
        sa.Column("reply_to", TEXT(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("from_hour", sa.Integer(), nullable=False),
        sa.Column("to_hour", sa.Integer(), nullable=False),
        sa.Column("weekends", sa.Boolean(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("thanks", sa.Boolean(), nullable=False),
        sa.Column("tested", sa.Boolean(), nullable=False),
        sa.Column("trouble", TEXT(), nullable=False),
        sa.Column("trial", sa.JSON(), nullable=True),
        sa.Column("next_at", app.db.Utc(timezone=True), nullable=False),
        _of_a_wave("mail_plan"),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", name=op.f("pk_mail_plan")),
    )
    op.create_index(op.f("ix_mail_plan_next_at"), "mail_plan", ["next_at"])
    op.create_table(
        "mail_round",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _of_a_wave("mail_round"),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", "kind", "number", name=op.f("pk_mail_round")),
    )
    op.create_table(
        "mail_out",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("worker", TEXT(), nullable=True),
        sa.Column("lease_until", app.db.Utc(timezone=True), nullable=True),
        _of_a_wave("mail_out"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_mail_out")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            "kind",
            "number",
            name=op.f("uq_mail_out_organisation_id_person_id_kind_number"),
        ),
    )
    op.create_index(
        op.f("ix_mail_out_organisation_id_wave_id_state_due_at"),
        "mail_out",
        ["organisation_id", "wave_id", "state", "due_at"],
    )
    op.create_table(
        "link_request",
        sa.Column("mark", TEXT(), nullable=False),
        sa.Column("mail", TEXT(), nullable=False),
        sa.Column("asked_at", app.db.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_link_request")),
    )
    op.create_index(op.f("ix_link_request_asked_at"), "link_request", ["asked_at"])


def _of_a_wave(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "wave_id"],
        ["wave.organisation_id", "wave.id"],
        name=op.f(f"fk_{table}_organisation_id_wave_id"),
    )
