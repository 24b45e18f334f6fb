"""A paper once more, under a new number, after the first one could not be trusted."""

from dataclasses import replace
from datetime import datetime

from kiosk.domain.paper import Paper, PaperNotes
from kiosk.domain.receipt_number import ReceiptNumber, Verification


def renewed_paper(paper: Paper, number: ReceiptNumber, verification: Verification, printed_at: datetime) -> Paper:
    """``paper`` says the same as before, and that its old number is void; it must have one."""
    assert paper.number is not None
    notice = PaperNotes("编号已更换", (f"原编号{paper.number}已作废，以本编号为准。", "办理结果不变。"))
    return replace(
        paper,
        number=number,
        verification=verification,
        blocks=(*paper.blocks, notice),
        printed_at=f"{printed_at:%Y-%m-%d %H:%M}",
    )
