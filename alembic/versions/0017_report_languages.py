"""Reports in a language.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), server_default="en", nullable=False))


def downgrade() -> None:
    # The older program knows one report a paper, in English.
    op.execute("DELETE FROM report_file WHERE language <> 'en'")
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.drop_column("language")
