"""The tables as gateways made them before revisions were written down."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _decided()
    _other_records()
    _numbers()
    _staff()


def _people() -> None:
    op.create_table(
        "beneficiary",
        sa.Column("number", sa.String(18), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(64), nullable=False),
        sa.Column("area", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("source", sa.String(32)),
        sa.Column("office", sa.String(128), nullable=False),
        sa.Column("office_phone", sa.String(32), nullable=False),
        sa.Column("resume_requested", sa.Date()),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("other_place", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True)),
        sa.Column("portrait", sa.String(32)),
        sa.Column("document", sa.JSON()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_beneficiary")),
    )
    op.create_table(
        "card_code",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(48), nullable=False),
        sa.Column("number", sa.String(18), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_card_code")),
    )


def _decided() -> None:
    _record_table(
        "case_record",
        *_receipt(),
        _number(),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(48), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("next_due", sa.Date()),
        sa.Column("resumes_on", sa.Date()),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("envelope", sa.LargeBinary()),
    )
    op.create_index(op.f("ix_case_record_number"), "case_record", ["number"])
    op.create_table(
        "kept_picture",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_kept_picture_case_id_case_record")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_kept_picture")),
    )
    op.create_index(op.f("ix_kept_picture_keep_until"), "kept_picture", ["keep_until"])


def _other_records() -> None:
    _record_table(
        "proof_record", *_receipt(), _number(), sa.Column("confirmed_on", sa.Date()), sa.Column("due_on", sa.Date())
    )
    op.create_index(op.f("ix_proof_record_number"), "proof_record", ["number"])
    _record_table(
        "desk_record",
        *_receipt(),
        _number(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(48), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
    )
    op.create_index(op.f("ix_desk_record_number"), "desk_record", ["number"])
    _record_table(
        "rating_record",
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.UniqueConstraint("receipt", name=op.f("uq_rating_record_receipt")),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
    )


def _numbers() -> None:
    op.create_table(
        "certificate_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("certificate", sa.String(48), nullable=False),
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.Column("receipt_code", sa.String(9), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_record")),
        sa.UniqueConstraint("receipt", name=op.f("uq_certificate_record_receipt")),
        sa.UniqueConstraint("terminal", "key", name=op.f("uq_certificate_record_terminal_key")),
    )
    _record_table(
        "void_record",
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.Column("receipt_code", sa.String(9)),
        sa.Column("reason", sa.String(48), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(32)),
        sa.Column("replacement_code", sa.String(9)),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.UniqueConstraint("replaced_by", name=op.f("uq_void_record_replaced_by")),
    )
    op.create_index(op.f("ix_void_record_receipt"), "void_record", ["receipt"])


def _staff() -> None:
    op.create_table(
        "staff_tries",
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("salt", sa.String(48), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff", "salt", name=op.f("pk_staff_tries")),
    )
    op.create_table(
        "staff_answer_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.String(16), nullable=False),
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("purpose", sa.String(48), nullable=False),
        sa.Column("challenge", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_answer_record")),
    )


def _record_table(name: str, *more: sa.schema.SchemaItem) -> None:
    """What every record that came in an envelope has, and ``more``."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terminal", sa.String(8), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("terminal", "key", name=op.f(f"uq_{name}_terminal_key")),
    )


def _receipt() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("receipt", sa.String(32), nullable=False, unique=True),
        sa.Column("receipt_code", sa.String(9)),
    )


def _number() -> sa.schema.SchemaItem:
    return sa.Column("number", sa.String(18), nullable=False)
