"""Tickets: a place in the queue, and what the hotline 12345 took down."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import CONTACT, masked_name, moment_words
from kiosk.domain.paper import Body, FieldGroup, KeyFact, Paper, PaperField, PaperNotes, QueueNumber
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """``ahead`` are the people before, None where the hall's queue does not tell; ``slot`` and ``booking`` belong to a
    booked visit. ``taken_at`` is in the hall's own time zone."""

    site: Site
    queue_number: str
    item: str
    window: str
    ahead: int | None
    taken_at: datetime
    slot: str = ""
    booking: str = ""
    name: PersonName | None = None


def queue_ticket(facts: QueueFacts) -> Paper:
    """No number of ours and no code: it is worth nothing tomorrow."""
    fields = (
        PaperField("办理窗口", facts.window, strong=True),
        *((PaperField("前面等候", f"{facts.ahead}人", strong=True),) if facts.ahead is not None else ()),
        *((PaperField("预约时段", facts.slot),) if facts.slot else ()),
        *((PaperField("预约号", facts.booking),) if facts.booking else ()),
        *((PaperField("取号人", masked_name(facts.name)),) if facts.name is not None else ()),
    )
    booked = ("预约号已自动转为排队号，不用重新排队。",) if facts.booking else ()
    notes = (*booked, "叫号三次未到，请到总服务台重新激活。", "有老人、孕妇、残障人士请告知导办，可优先办理。")
    blocks = (
        QueueNumber("预约取号" if facts.booking else "排队取号", facts.queue_number, facts.item),
        FieldGroup(fields),
        PaperNotes("请留意叫号", notes),
    )
    return compose(facts.site, Heading(""), blocks, facts.taken_at, last_lines=(CONTACT,))


@dataclass(frozen=True, slots=True)
class HotlineFacts:
    """A request taken down for 12345. ``order`` and ``query_code`` are the hotline's; ``phone`` is masked already."""

    site: Site
    number: ReceiptNumber
    verification: Verification
    order: str
    query_code: str
    person: PersonName
    phone: str
    category: str
    summary: str
    taken_at: datetime


def hotline_ticket(facts: HotlineFacts) -> Paper:
    """诉求受理单. It promises no days: the hotline's own messages do."""
    site = facts.site
    blocks = (
        KeyFact("工单编号", facts.order, None, f"查询密码 {facts.query_code}"),
        FieldGroup(
            (
                PaperField("诉求人", masked_name(facts.person)),
                PaperField("联系电话", facts.phone),
                PaperField("类别", facts.category),
                PaperField("登记时间", moment_words(facts.taken_at)),
                PaperField("登记渠道", "自助终端"),
                PaperField("承办单位", "转派后短信告知"),
            )
        ),
        Body(facts.summary, heading="内容摘要"),
        PaperNotes(
            "说明",
            (
                "办理时限与进展以12345短信为准。",
                "凭工单编号和查询密码可在任一自助终端查询、补充。",
                "办结后可对办理结果作出评价，不评价不影响办理。",
            ),
        ),
    )
    return compose(
        site,
        Heading("诉求受理单", issuer="12345政务服务便民热线"),
        blocks,
        facts.taken_at,
        Proof(facts.number, facts.verification, "扫码查看办理进度。二维码不含姓名和电话。"),
        (CONTACT,),
    )
