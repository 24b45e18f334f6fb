"""The fleet: the last that was heard of every terminal, and who listens."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fleet_record",
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True)),
        sa.Column("presence", sa.String(16)),
        sa.Column("presence_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("clock_off_s", sa.Integer()),
        sa.Column("status", sa.JSON()),
        sa.PrimaryKeyConstraint("terminal", name=op.f("pk_fleet_record")),
    )
    op.create_table(
        "fleet_listener",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(48), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hears_since", sa.DateTime(timezone=True)),
        sa.Column("trouble", sa.String(48)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fleet_listener")),
    )
