"""Terminals, their sites and the codes they are set up with, which stood in files before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("parent", sa.String(12)),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["site.code"], name=op.f("fk_site_parent_site")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_parent"), "site", ["parent"])
    op.create_table(
        "registered_terminal",
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("staff_key", sa.String(64)),
        sa.Column("site", sa.String(12)),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_because", sa.String(48)),
        sa.Column("certificate_serial", sa.String(40)),
        sa.Column("certificate_until", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_registered_terminal_site_site")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_registered_terminal")),
    )
    for column in ("terminal", "site", "registered_at"):
        op.create_index(op.f(f"ix_registered_terminal_{column}"), "registered_terminal", [column])
    op.create_table(
        "enrolment_code",
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("site", sa.String(12)),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("used_by", sa.String(16)),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_enrolment_code_site_site")),
        sa.PrimaryKeyConstraint("terminal", name=op.f("pk_enrolment_code")),
    )
