"""What becomes of a number's paper: the same paper once more, or the notice that it no longer counts."""

from dataclasses import replace
from datetime import datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import CONTACT, address, moment_words
from kiosk.domain.case import VoidedNumber
from kiosk.domain.paper import Block, FieldGroup, Paper, PaperField, PaperNotes, ReprintMark, VoidMark
from kiosk.domain.receipt_number import Verification
from kiosk.domain.site import Site
from kiosk.domain.void_reasons import INTERRUPTED, TAKEN_BACK

_IN_DOUBT = "打印中断，未能确认出纸完整"
_REASONS = {
    TAKEN_BACK: "凭证未取走，已由设备收回",
    INTERRUPTED: "打印中终端重新启动，未能确认出纸完整",
    "cover-open": "打印中机盖打开，未能确认出纸完整",
    "media-empty": "打印中纸张用完，未能确认出纸完整",
    "toner-empty": "打印中墨粉用完，未能确认出纸完整",
    **dict.fromkeys(("media-jam", "sides-missing"), "打印中纸张卡住，未能确认出纸完整"),
    "cutter-jam": "切纸未完成，未能确认出纸完整",
    "head-hot": "打印头过热暂停，未能确认出纸完整",
    **dict.fromkeys(("presenter-full", "paper-not-taken", "output-full"), "出纸口未清空，未能确认出纸完整"),
    **dict.fromkeys(
        ("link-lost", "send-stalled", "no-answer", "unreachable", "offline", "no-acknowledgement", "not-acknowledged"),
        "打印机没有应答，未能确认出纸完整",
    ),
}
"""Of any other word it is enough that nobody can be sure of the paper."""


def printed_again(paper: Paper, count: int, printed_at: datetime) -> Paper:
    """``paper``, known to have been printed, for the ``count``-th time (2 or more) under the same number."""
    at = f"{printed_at:%Y-%m-%d %H:%M}"
    blocks: tuple[Block, ...] = tuple(block for block in paper.blocks if not isinstance(block, ReprintMark))
    return replace(paper, blocks=(ReprintMark(count, (f"补打时间 {at}", "内容与首次打印一致")), *blocks), printed_at=at)


def void_notice(
    site: Site, void: VoidedNumber, document: str, verification: Verification | None, printed_at: datetime
) -> Paper:
    """That a number no longer counts, and which one does instead if there is one. ``document`` is what the paper was
    (养老保险待遇领取资格认证凭条); ``verification`` is the voided number's own: whoever scans it reads 作废. Times are
    in the hall's own time zone."""
    new = () if void.replaced_by is None else (PaperField("替代编号", void.replaced_by.value, strong=True),)
    allowed = () if not void.staff else (FieldGroup((PaperField("授权人员", f"工号 {void.staff}"),)),)
    blocks = (
        VoidMark("已作废"),
        FieldGroup(
            (
                PaperField("作废编号", void.receipt.value, strong=True),
                PaperField("凭证名称", document),
                PaperField("作废时间", moment_words(void.voided_at)),
                PaperField("作废原因", _REASONS.get(void.reason, _IN_DOUBT)),
                *new,
            )
        ),
        PaperNotes("", ("办理结果不变，仅更换纸质凭证。旧凭证如已取得请交回或销毁，扫码核验将显示“作废”。",)),
        *allowed,
    )
    text = f"扫码或登录 {address(site)} 输入核验码，查看作废记录。二维码不含证件号码。"
    return compose(
        site,
        Heading("凭证作废通知", issuer=site.agency),
        blocks,
        printed_at,
        Proof(void.receipt, verification, text),
        (CONTACT,),
    )
