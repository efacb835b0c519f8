"""The audit log: rows are added and never changed, and deleted only with a record that outlives them.

Unshipped: may still be changed in place until the version that carries it is released.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import app.db

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

# An act may go when its client is deleted, and by itself once a record says that acts as old as this one went.
YEARS = 3
CHANGED = "an act is never changed"
DELETED = "an act is deleted only with a record of it"


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", app.db.Utc(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_act_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_act_user_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_act")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_at"), ["at"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def downgrade() -> None:
    op.drop_table("act")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_act_change()")
        op.execute("DROP FUNCTION refuse_act_deletion()")


def _recorded(since: str) -> str:
    """A record of deletion that lets the row OLD go; `since` is the oldest that is still kept by then."""
    return (
        "EXISTS (SELECT 1 FROM deletion_record AS told WHERE told.organisation_id = OLD.organisation_id "  # noqa: S608  # words of this file
        f"AND (told.what = 'client' OR (told.what = 'acts' AND OLD.at <= {since})))"
    )


def _refuse_on_sqlite() -> None:
    op.execute(f"CREATE TRIGGER act_is_immutable BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END")
    there = "EXISTS (SELECT 1 FROM act WHERE organisation_id = NEW.organisation_id AND id = NEW.id)"
    op.execute(
        f"CREATE TRIGGER act_is_not_replaced BEFORE INSERT ON act WHEN {there} "
        f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
    )
    kept = _recorded(f"datetime(told.deleted_at, '-{YEARS} years')")
    op.execute(
        f"CREATE TRIGGER act_is_kept BEFORE DELETE ON act WHEN NOT {kept} BEGIN SELECT RAISE(ABORT, '{DELETED}'); END"
    )


def _refuse_on_postgresql() -> None:
    kept = _recorded(f"told.deleted_at - interval '{YEARS} years'")
    op.execute(
        "CREATE FUNCTION refuse_act_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{CHANGED}'; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_act_deletion() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {kept} THEN RAISE EXCEPTION '{DELETED}'; END IF; RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER act_is_immutable BEFORE UPDATE ON act FOR EACH ROW EXECUTE FUNCTION refuse_act_change()")
    op.execute("CREATE TRIGGER act_is_kept BEFORE DELETE ON act FOR EACH ROW EXECUTE FUNCTION refuse_act_deletion()")
