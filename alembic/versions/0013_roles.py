"""Roles: owners, sponsors and department leads; mails about access; results that are shared with the client.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

import app.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("department_id", sa.Uuid(), nullable=True))
    # Whoever was a consultant could do everything; they still can.
    op.execute("UPDATE membership SET role = 'owner' WHERE role = 'consultant'")
    op.create_table(
        "access_mail",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_access_mail_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_access_mail_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_access_mail")),
    )
    op.create_table(
        "shared_release",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", app.db.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["release.organisation_id", "release.id"],
            name=op.f("fk_shared_release_organisation_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_shared_release_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "wave_id", name=op.f("pk_shared_release")),
    )


def downgrade() -> None:
    op.drop_table("shared_release")
    op.drop_table("access_mail")
    # Nobody may see more afterwards than before: who has a role that there was not loses it.
    op.execute("DELETE FROM membership WHERE role IN ('sponsor', 'lead')")
    op.execute("UPDATE membership SET role = 'consultant' WHERE role = 'owner'")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("department_id")
