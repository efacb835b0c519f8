"""What experts say of workflows: how well agents do them, and how large a person's part has to be, with evidence.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "expert_rating",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "id", "workflow_id", "user_id")),
        sa.Column("capability", sa.Integer(), nullable=False),
        sa.Column("human_part", sa.Integer(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("source", "link", "file_name", "file_sha256")),
        sa.Column("informed", sa.Boolean(), nullable=False),
        sa.Column("made_at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("withdrawn_at", app.db.Utc(timezone=True), nullable=True),
        sa.Column("withdrawn_because", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "workflow_id"],
            ["workflow.organisation_id", "workflow.id"],
            name=op.f("fk_expert_rating_organisation_id_workflow_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_expert_rating_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_expert_rating_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_expert_rating")),
    )
    op.create_table(
        "expert_evidence",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("organisation_id", "rating_id")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "rating_id"],
            ["expert_rating.organisation_id", "expert_rating.id"],
            name=op.f("fk_expert_evidence_organisation_id_rating_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "rating_id", name=op.f("pk_expert_evidence")),
    )


def downgrade() -> None:
    op.drop_table("expert_evidence")
    op.drop_table("expert_rating")
