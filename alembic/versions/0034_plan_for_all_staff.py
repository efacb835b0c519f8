"""What the page for all staff tells of a plan record.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choices", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("plan", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("planned", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_page", schema=None) as batch_op:
        batch_op.drop_column("planned")
        batch_op.drop_column("plan")
        batch_op.drop_column("choices")
