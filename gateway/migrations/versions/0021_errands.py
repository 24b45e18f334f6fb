"""The end of slips and home visits."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "errand_end",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("how", sa.String(48), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["desk_record.id"], name=op.f("fk_errand_end_record_id_desk_record")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_errand_end")),
    )
