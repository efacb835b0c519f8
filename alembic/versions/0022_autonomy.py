"""Attested controls with their evidence, versions of thresholds, and decision records, which never change.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
FROZEN = ("decision_record", "autonomy_policy")


def upgrade() -> None:
    _attestations()
    _files()
    _policies()
    _decisions()
    for table in FROZEN:
        _refuse_changes(table)


def downgrade() -> None:
    for table in ("decision_draft", "decision_record", "autonomy_policy", "evidence_file", "control_attestation"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in FROZEN:
            op.execute(f"DROP FUNCTION refuse_{table}_change()")


def _attestations() -> None:
    op.create_table(
        "control_attestation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("control", TEXT(), nullable=False),
        sa.Column("attested_on", sa.Date(), nullable=False),
        sa.Column("owner", TEXT(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("link", TEXT(), nullable=False),
        sa.Column("file_name", TEXT(), nullable=False),
        sa.Column("file_sha256", TEXT(), nullable=False),
        sa.Column("remark", TEXT(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("withdrawn_at", app.db.Utc(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "department_id"],
            ["department.organisation_id", "department.id"],
            name=op.f("fk_control_attestation_organisation_id_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_control_attestation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_control_attestation_user_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["app_user.id"], name=op.f("fk_control_attestation_withdrawn_by")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_control_attestation")),
    )


def _files() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("attestation_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "attestation_id"],
            ["control_attestation.organisation_id", "control_attestation.id"],
            name=op.f("fk_evidence_file_organisation_id_attestation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "attestation_id", name=op.f("pk_evidence_file")),
    )


def _policies() -> None:
    op.create_table(
        "autonomy_policy",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("adopted_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_autonomy_policy_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_autonomy_policy_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "number", name=op.f("pk_autonomy_policy")),
    )


def _decisions() -> None:
    shared = ("organisation_id", "wave_id", "release_id")
    op.create_table(
        "decision_record",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in (*shared, "id", "user_id")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("reason", TEXT(), nullable=False),
        sa.Column("issued_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_decision_record_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_decision_record_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_decision_record")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_decision_record_organisation_id_number")),
    )
    op.create_table(
        "decision_draft",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in shared),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_decision_draft_organisation_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_decision_draft")),
    )


def _refuse_changes(table: str) -> None:
    """What was decided stays as it was; it goes only with its client."""
    told = f"a row of {table} is never changed"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_is_immutable BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{told}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_is_immutable BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()"
    )
