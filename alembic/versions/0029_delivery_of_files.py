"""Files that are made and mailed by themselves when a wave closes: what is set, and each link that was mailed.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("files", "roles", "addresses")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("language", "paper")),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("password_hash", TEXT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "assessment_id"],
            ["assessment.organisation_id", "assessment.id"],
            name=op.f("fk_report_schedule_organisation_id_assessment_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_report_schedule_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "assessment_id", name=op.f("pk_report_schedule")),
    )
    op.create_table(
        "report_delivery",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id")),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("assessment_id", "wave_id", "release_id")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("address", "name", "role", "language", "paper")),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("edition", "state", "error")),
        *(sa.Column(name, TEXT(), nullable=True) for name in ("password_hash", "token_sha256")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("days", "generation", "visits", "downloads")),
        sa.Column("asked_at", app.db.Utc(timezone=True), nullable=False),
        *(
            sa.Column(name, app.db.Utc(timezone=True), nullable=True)
            for name in ("sent_at", "expires_at", "revoked_at")
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_report_delivery_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_report_delivery_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_report_delivery")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_report_delivery_token_sha256")),
    )


def downgrade() -> None:
    op.drop_table("report_delivery")
    op.drop_table("report_schedule")
