"""The staff desk: accounts, logins, decisions, and the chained record."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    _decisions()
    _record()


def _accounts() -> None:
    op.create_table(
        "staff_account",
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("password", sa.String(160), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_staff_account")),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff_account.staff"], name=op.f("fk_staff_session_staff_staff_account")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff"), "staff_session", ["staff"])


def _decisions() -> None:
    op.create_table(
        "staff_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(48), nullable=False),
        sa.Column("basis", sa.String(48), nullable=False),
        sa.Column("outcome_before", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_staff_decision_case_id_case_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_decision")),
        sa.UniqueConstraint("case_id", "place", name=op.f("uq_staff_decision_case_id_place")),
    )
    op.create_index("ix_case_record_waiting", "case_record", ["outcome", "received_at"])


def _record() -> None:
    op.create_table(
        "desk_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_entry")),
        sa.UniqueConstraint("previous", name=op.f("uq_desk_entry_previous")),
    )
    op.create_index(op.f("ix_desk_entry_act"), "desk_entry", ["act"])
    op.create_index(op.f("ix_desk_entry_receipt"), "desk_entry", ["receipt"])
    op.create_table(
        "desk_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_head")),
    )
