"""Days of terminals, uploads of ratings, tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _days()
    _uploads()
    _tickets()


def _days() -> None:
    op.create_table(
        "day_summary_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_summary_record")),
        sa.UniqueConstraint("terminal", "key", name=op.f("uq_day_summary_record_terminal_key")),
    )
    op.create_index(op.f("ix_day_summary_record_day"), "day_summary_record", ["day"])


def _uploads() -> None:
    op.create_table(
        "rating_upload",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating_record.id"], name=op.f("fk_rating_upload_rating_id_rating_record")
        ),
        sa.PrimaryKeyConstraint("rating_id", name=op.f("pk_rating_upload")),
        sa.UniqueConstraint("day", "serial", name=op.f("uq_rating_upload_day_serial")),
    )
    op.create_index(op.f("ix_rating_upload_uploaded_at"), "rating_upload", ["uploaded_at"])


def _tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("answer", sa.String(160), nullable=False),
        sa.Column("receipt", sa.String(32)),
        sa.Column("rating_id", sa.Integer()),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["rating_id"], ["rating_record.id"], name=op.f("fk_ticket_rating_id_rating_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_ticket_rating_id")),
    )
    op.create_index(op.f("ix_ticket_state"), "ticket", ["state"])
    op.create_index(op.f("ix_ticket_receipt"), "ticket", ["receipt"])
    op.create_table(
        "ticket_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("assigned_to", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_entry_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_entry")),
    )
    op.create_index(op.f("ix_ticket_entry_ticket_id"), "ticket_entry", ["ticket_id"])
