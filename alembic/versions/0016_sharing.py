"""Read-only links to what is shared, who has seen it, and the page for all staff.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _links()
    _views()
    _staff_page()


def downgrade() -> None:
    for table in ("staff_page", "first_view", "shared_visit", "shared_link"):
        op.drop_table(table)


def _links() -> None:
    op.create_table(
        "shared_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("with_report", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_shared_link_organisation_id_wave_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_shared_link_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_shared_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_shared_link_token_sha256")),
    )
    op.create_table(
        "shared_visit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["shared_link.organisation_id", "shared_link.id"],
            name=op.f("fk_shared_visit_organisation_id_link_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "link_id", "day", name=op.f("pk_shared_visit")),
    )


def _views() -> None:
    op.create_table(
        "first_view",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_first_view_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_first_view_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "release_id", "user_id", "part", name=op.f("pk_first_view")),
    )


def _staff_page() -> None:
    op.create_table(
        "staff_page",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", app.db.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "wave_id"],
            ["wave.organisation_id", "wave.id"],
            name=op.f("fk_staff_page_organisation_id_wave_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_staff_page_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["app_user.id"], name=op.f("fk_staff_page_changed_by")),
        sa.ForeignKeyConstraint(["published_by"], ["app_user.id"], name=op.f("fk_staff_page_published_by")),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", name=op.f("pk_staff_page")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_staff_page_token_sha256")),
    )
