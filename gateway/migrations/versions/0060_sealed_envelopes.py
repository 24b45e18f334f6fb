"""On PostgreSQL sealed envelopes are not compressed, for they cannot be, and stay in their rows unless a picture is in
them."""

from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

_WHOLE_PAGE = 8160
"""The largest row that may stay in its page (PostgreSQL's manual, 73.2: ``toast_tuple_target``)."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("case_record", "desk_record"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN envelope SET STORAGE EXTERNAL")
        op.execute(f"ALTER TABLE {table} SET (toast_tuple_target = {_WHOLE_PAGE})")
