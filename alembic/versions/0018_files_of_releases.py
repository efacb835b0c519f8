"""Files of a release in other formats than the PDF, and for one department.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.String(), server_default="pdf", nullable=False))
        batch_op.add_column(sa.Column("edition", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("basis", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    # The older program knows the PDF of the whole organisation only.
    op.execute("DELETE FROM report_file WHERE format <> 'pdf' OR edition <> ''")
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.drop_column("basis")
        batch_op.drop_column("edition")
        batch_op.drop_column("format")
