"""一次性告知单: everything an item needs, told once (F-37), with the version of the guide it was taken from."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import CONTACT, day_words, masked_name, rules_line
from kiosk.domain.paper import Checklist, ChecklistItem, FieldGroup, Paper, PaperField, PaperNotes, Signatures
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """``item`` is the service item; limits, ``fee`` and ``place`` are the catalogue's words. ``told_at`` is in the
    hall's own time zone."""

    site: Site
    number: ReceiptNumber
    verification: Verification
    item: str
    applicant: PersonName
    materials: tuple[ChecklistItem, ...]
    statutory_limit: str
    promised_limit: str
    fee: str
    place: str
    told_at: datetime


def one_time_notice(facts: NoticeFacts) -> Paper:
    site = facts.site
    blocks = (
        FieldGroup(
            (
                PaperField("事项名称", facts.item, strong=True),
                PaperField("申请人", masked_name(facts.applicant)),
                PaperField("告知日期", day_words(facts.told_at.date())),
            )
        ),
        PaperNotes("", ("办理该事项需要下列材料。打钩的已经核对，空框的请补齐，一次备齐即可办理。",)),
        Checklist(facts.materials),
        FieldGroup(
            (
                PaperField("法定时限", facts.statutory_limit),
                PaperField("承诺时限", facts.promised_limit),
                PaperField("收费", facts.fee),
                PaperField("办理地点", facts.place),
                PaperField("咨询电话", site.agency_phone),
            )
        ),
        Signatures(("告知人（签名）", "申请人（签名）")),
    )
    return compose(
        site,
        Heading("一次性告知单"),
        blocks,
        facts.told_at,
        Proof(facts.number, facts.verification, "扫码查看事项指南、空白表和样表。"),
        (f"办事指南{rules_line(site)}", CONTACT),
    )
