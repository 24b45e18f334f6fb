"""挂失凭证: proof of the second from which a lost social-security card is blocked (F-03)."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import address, day_words, moment_words, person_fields
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.paper import Band, Caution, FieldGroup, OutcomeBand, Paper, PaperField, PaperNotes
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site


@dataclass(frozen=True, slots=True)
class LossFacts:
    """``card_tail`` are the card's last four digits; ``ends_at`` is the platform's word, None where it gave none. Times
    are in the hall's own time zone."""

    site: Site
    number: ReceiptNumber
    verification: Verification
    name: PersonName
    citizen_number: CitizenNumber
    card_tail: str
    bank: str
    effective_at: datetime
    ends_at: datetime | None
    printed_at: datetime


def loss_proof(facts: LossFacts) -> Paper:
    site, at = facts.site, facts.effective_at
    ends = () if facts.ends_at is None else (PaperField("到期时间", moment_words(facts.ends_at)),)
    blocks = (
        OutcomeBand(Band.INFORMATION, "临时挂失已生效", "生效时间", f"{day_words(at.date())} {at:%H:%M:%S}"),
        FieldGroup(
            (
                *person_fields(facts.name, facts.citizen_number),
                PaperField("卡号", f"{'*' * 12}{facts.card_tail}"),
                PaperField("发卡银行", facts.bank),
                *ends,
                PaperField("受理机构", site.agency),
            )
        ),
        Caution("银行账户要另行挂失。请立即拨打发卡银行客服电话，或到银行网点办理。"),
        PaperNotes(
            "说明",
            (
                "临时挂失到期后自动失效，请在到期前办理正式挂失或补卡。",
                "找到卡片的，可凭身份证在自助终端或窗口解除挂失。",
                "挂失期间电子社保卡按平台规定使用。",
            ),
        ),
    )
    text = f"扫码或登录 {address(site)} 输入核验码，核对本单真伪。二维码不含证件号码。"
    return compose(
        site,
        Heading("挂失凭证", "社会保障卡", site.agency),
        blocks,
        facts.printed_at,
        Proof(facts.number, facts.verification, text),
    )
