"""Pictures in object storage."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kept_picture") as pictures:
        pictures.add_column(sa.Column("object_name", sa.String(64), nullable=True))
    op.create_index(op.f("ix_kept_picture_object_name"), "kept_picture", ["object_name"])
    op.create_table(
        "dropped_object",
        sa.Column("name", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_dropped_object")),
    )
