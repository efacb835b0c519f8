"""Sites: where the people of a department work, on the roster and as a wave froze it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("department", sa.Column("site", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("wave_department", sa.Column("site", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column("wave_department", "site")
    op.drop_column("department", "site")
