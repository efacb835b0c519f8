"""Privacy: pools chosen before launch, comments and their review, approval, deletion, and the ledger of releases.

An invitation no longer says on which day its answers were sent, only that they were.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletion_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wave_label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", app.db.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_record")),
    )
    with op.batch_alter_table("deletion_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deletion_record_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "comment_review",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("themes_only", sa.Boolean(), nullable=False),
        sa.Column("masked", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_comment_review_organisation_id_wave_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_comment_review_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", "comment_id", name=op.f("pk_comment_review")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_review_link_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_review_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_review_link_token_sha256")),
    )
    op.create_table(
        "comment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("themes_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
            name=op.f("fk_comment_organisation_id_wave_id_department_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", "id", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release_ledger",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_release_ledger_organisation_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "release_id", name=op.f("pk_release_ledger")),
    )
    op.create_table(
        "review_decision",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("remark", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("papers_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["review_link.organisation_id", "review_link.id"],
            name=op.f("fk_review_decision_organisation_id_link_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_review_decision_organisation_id_wave_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_review_decision")),
    )
    op.create_table(
        "supplement",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_supplement_organisation_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_supplement")),
        sa.UniqueConstraint(
            "organisation_id", "release_id", "number", name=op.f("uq_supplement_organisation_id_release_id_number")
        ),
    )
    op.add_column("department", sa.Column("pool", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("wave", sa.Column("deleted_at", app.db.Utc(timezone=True), nullable=True))
    # Column by column and not as a new table: other tables refer to the invitations that are there.
    op.add_column("invitation", sa.Column("spent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE invitation SET spent = (spent_on IS NOT NULL)")
    op.drop_index(op.f("ix_invitation_organisation_id_wave_id_department_id_kind_spent_on"), table_name="invitation")
    op.drop_column("invitation", "spent_on")
    op.create_index(
        op.f("ix_invitation_organisation_id_wave_id_department_id_kind_spent"),
        "invitation",
        ["organisation_id", "wave_id", "department_id", "kind", "spent"],
    )
    # The last job of a client wipes what its deletion left on the disk, when there is no client any more.
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_job_organisation_id"), type_="foreignkey")
    _refuse_changes_of_supplements()


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE organisation_id NOT IN (SELECT id FROM organisation)")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_job_organisation_id"), "organisation", ["organisation_id"], ["id"])
    op.add_column("invitation", sa.Column("spent_on", sa.Date(), nullable=True))
    op.execute("UPDATE invitation SET spent_on = CURRENT_DATE WHERE spent")
    op.drop_index(op.f("ix_invitation_organisation_id_wave_id_department_id_kind_spent"), table_name="invitation")
    op.drop_column("invitation", "spent")
    op.create_index(
        op.f("ix_invitation_organisation_id_wave_id_department_id_kind_spent_on"),
        "invitation",
        ["organisation_id", "wave_id", "department_id", "kind", "spent_on"],
    )
    op.drop_column("wave", "deleted_at")
    op.drop_column("department", "pool")

    op.drop_table("supplement")
    op.drop_table("review_decision")
    op.drop_table("release_ledger")
    op.drop_table("comment")
    op.drop_table("review_link")
    op.drop_table("comment_review")
    with op.batch_alter_table("deletion_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deletion_record_organisation_id"))

    op.drop_table("deletion_record")


def _refuse_changes_of_supplements() -> None:
    """A supplement is written once, as a release is."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER supplement_is_immutable BEFORE UPDATE ON supplement "
            "BEGIN SELECT RAISE(ABORT, 'a supplement is never changed'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER supplement_is_immutable BEFORE UPDATE ON supplement "
        "FOR EACH ROW EXECUTE FUNCTION refuse_release_change()"
    )
