"""On PostgreSQL sealed envelopes are not compressed, for they cannot be."""

from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("case_record", "desk_record"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN envelope SET STORAGE EXTERNAL")
