"""Questionnaires of the clients' own with their translations, remarks of leads, trial runs, workflows to be rated.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
WRITTEN_ONCE = ("instrument_version", "instrument_translation")


def upgrade() -> None:
    _make_instruments()
    _make_remarks()
    _make_trials()
    _make_workflows()
    op.add_column("wave", sa.Column("alert", TEXT(), nullable=True))
    op.add_column("wave", sa.Column("instrument", TEXT(), nullable=True))
    op.add_column("wave", sa.Column("languages", sa.JSON(), nullable=True))
    op.add_column("wave", sa.Column("papers_sha256", TEXT(), nullable=True))
    op.add_column("wave", sa.Column("promise", TEXT(), nullable=True))
    op.add_column("wave_department", sa.Column("workflows", sa.JSON(), nullable=True))
    _refuse_changes_of_what_is_published()


def downgrade() -> None:
    op.drop_column("wave_department", "workflows")
    op.drop_column("wave", "promise")
    op.drop_column("wave", "papers_sha256")
    op.drop_column("wave", "languages")
    op.drop_column("wave", "instrument")
    op.drop_column("wave", "alert")
    for table in (
        "workflow",
        "trial_sheet",
        "trial_link",
        "instrument_remark",
        "instrument_link",
        "instrument_translation",
        "instrument_version",
        "instrument",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_instrument_change()")


def _make_instruments() -> None:
    op.create_table(
        "instrument",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("derived_from", TEXT(), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.Column("translations", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_instrument_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_instrument_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_instrument_organisation_id_key")),
    )
    op.create_table(
        "instrument_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("version", TEXT(), nullable=False),
        sa.Column("derived_from", TEXT(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "instrument_id"],
            ["instrument.organisation_id", "instrument.id"],
            name=op.f("fk_instrument_version_organisation_id_instrument_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_instrument_version_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "sha256", name=op.f("pk_instrument_version")),
        sa.UniqueConstraint(
            "organisation_id",
            "instrument_id",
            "version",
            name=op.f("uq_instrument_version_organisation_id_instrument_id_version"),
        ),
    )
    op.create_table(
        "instrument_translation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_sha256", TEXT(), nullable=False),
        sa.Column("language", TEXT(), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "instrument_sha256"],
            ["instrument_version.organisation_id", "instrument_version.sha256"],
            name=op.f("fk_instrument_translation_organisation_id_instrument_sha256"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "instrument_sha256", "language", name=op.f("pk_instrument_translation")
        ),
    )


def _make_remarks() -> None:
    op.create_table(
        "instrument_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("reader", TEXT(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_sha256", TEXT(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "instrument_id"],
            ["instrument.organisation_id", "instrument.id"],
            name=op.f("fk_instrument_link_organisation_id_instrument_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_instrument_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_instrument_link_token_sha256")),
    )
    op.create_table(
        "instrument_remark",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("item", TEXT(), nullable=False),
        sa.Column("about", TEXT(), nullable=False),
        sa.Column("body", TEXT(), nullable=False),
        sa.Column("written_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("resolved_at", app.db.Utc(timezone=True), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "instrument_id"],
            ["instrument.organisation_id", "instrument.id"],
            name=op.f("fk_instrument_remark_organisation_id_instrument_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["instrument_link.organisation_id", "instrument_link.id"],
            name=op.f("fk_instrument_remark_organisation_id_link_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_instrument_remark_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_instrument_remark")),
    )


def _make_trials() -> None:
    op.create_table(
        "trial_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("reader", TEXT(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_sha256", TEXT(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_trial_link_organisation_id_wave_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "department_id"],
            ["department.organisation_id", "department.id"],
            name=op.f("fk_trial_link_organisation_id_department_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_trial_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_trial_link_token_sha256")),
    )
    op.create_table(
        "trial_sheet",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["trial_link.organisation_id", "trial_link.id"],
            name=op.f("fk_trial_sheet_organisation_id_link_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "link_id", name=op.f("pk_trial_sheet")),
        sqlite_with_rowid=False,
    )


def _make_workflows() -> None:
    op.create_table(
        "workflow",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("code", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("retired_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "department_id"],
            ["department.organisation_id", "department.id"],
            name=op.f("fk_workflow_organisation_id_department_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_workflow")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_workflow_organisation_id_code")),
    )


def _refuse_changes_of_what_is_published() -> None:
    """A published version is written once, as a release is; deleting a client still deletes its versions."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION refuse_instrument_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a published questionnaire is never changed'; END $$"
        )
    for table in WRITTEN_ONCE:
        does = (
            "BEGIN SELECT RAISE(ABORT, 'a published questionnaire is never changed'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_instrument_change()"
        )
        op.execute(f"CREATE TRIGGER {table}_is_immutable BEFORE UPDATE ON {table} {does}")
