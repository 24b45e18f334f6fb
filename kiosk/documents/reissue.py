"""What becomes of a number's paper: the same paper once more, or the notice that it no longer counts."""

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import address, moment_words
from kiosk.domain.paper import Block, FieldGroup, Paper, PaperField, PaperNotes, ReprintMark, VoidMark
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site

_REASONS = {
    "retracted": "凭证未取走，已由设备收回",
    "print-unknown": "打印中断，未能确认出纸完整",
}
_OTHER_REASON = "凭证出纸情况未能确认"


def printed_again(paper: Paper, count: int, printed_at: datetime) -> Paper:
    """``paper``, known to have been printed, for the ``count``-th time (2 or more) under the same number."""
    at = f"{printed_at:%Y-%m-%d %H:%M}"
    blocks: tuple[Block, ...] = tuple(block for block in paper.blocks if not isinstance(block, ReprintMark))
    return replace(paper, blocks=(ReprintMark(count, (f"补打时间 {at}", "内容与首次打印一致")), *blocks), printed_at=at)


@dataclass(frozen=True, slots=True)
class VoidFacts:
    """``number`` no longer counts; ``reason`` is the stable word kept with it, ``replaced_by`` None while there is no
    new number. ``staff`` are the staff numbers of who did it and who allowed it."""

    site: Site
    number: ReceiptNumber
    document: str
    reason: str
    voided_at: datetime
    replaced_by: ReceiptNumber | None
    staff: tuple[str, ...]
    printed_at: datetime


def void_notice(facts: VoidFacts, verification: Verification | None) -> Paper:
    """``verification`` is the voided number's own: whoever scans it reads 作废."""
    site = facts.site
    new = () if facts.replaced_by is None else (PaperField("替代编号", facts.replaced_by.value, strong=True),)
    roles = ("经办人", "复核人")
    blocks = (
        VoidMark("已作废"),
        FieldGroup(
            (
                PaperField("作废编号", facts.number.value, strong=True),
                PaperField("凭证名称", facts.document),
                PaperField("作废时间", moment_words(facts.voided_at)),
                PaperField("作废原因", _REASONS.get(facts.reason, _OTHER_REASON)),
                *new,
            )
        ),
        PaperNotes("", ("办理结果不变，仅更换纸质凭证。旧凭证如已取得请交回或销毁，扫码核验将显示“作废”。",)),
        FieldGroup(tuple(PaperField(role, f"工号 {number}") for role, number in zip(roles, facts.staff, strict=False))),
    )
    text = f"扫码或登录 {address(site)} 输入核验码，查看作废记录。二维码不含证件号码。"
    return compose(
        site,
        Heading("凭证作废通知", issuer=site.agency),
        blocks,
        facts.printed_at,
        Proof(facts.number, verification, text),
        ("咨询 12333　监督投诉 12345",),
    )
