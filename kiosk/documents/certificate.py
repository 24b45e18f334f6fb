"""Certificates (证明): what an agency answers for, with its seal. Each copy has a number of its own and is counted.

The name is masked unless the agency has said that a certificate needs it whole; the number always is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import CONTACT, FADES, address, day_words, masked_name, money, month_words, rules_line
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.paper import (
    Align,
    Block,
    Body,
    Column,
    EndMark,
    FieldGroup,
    Paper,
    PaperField,
    PaperNotes,
    Row,
    RowGroup,
    RowPart,
    Seal,
    SealedClosing,
    SumRow,
    Table,
)
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site

_NOTHING_BELOW = EndMark("以下空白")


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What every certificate says. ``issuer`` answers for it and its name runs around the seal; ``area`` is where its
    word holds (示例市); ``copy`` counts copies from 1; ``whole_name`` is the agency's word that it needs the full name.
    ``valid_months`` is the agency's own term, None where it sets none. ``issued_at`` is in the hall's own time zone.
    """

    site: Site
    number: ReceiptNumber
    verification: Verification
    issuer: str
    area: str
    name: PersonName
    citizen_number: CitizenNumber
    issued_at: datetime
    copy: int = 1
    whole_name: bool = False
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class Insurance:
    """One kind of insurance of a person; ``state`` as the agency words it (参保缴费), ``months`` paid in all."""

    kind: str
    since: date
    state: str
    months: int


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """What was paid for one kind of insurance from one month to another, employer and person together, in yuan."""

    kind: str
    first: date
    last: date
    months: int
    paid: Decimal


def insurance_certificate(
    facts: CertificateFacts, employer: str, state: str, as_of: date, insurances: tuple[Insurance, ...]
) -> Paper:
    """社会保险参保证明. ``employer`` is empty for a person who insures alone; ``state`` is the person's (正常参保)."""
    columns = (
        Column("险种", 200, 184),
        Column("首次参保", 108, 100, Align.CENTRE),
        Column("参保情况", 116, 0, Align.CENTRE),
        Column("累计月数", 120, 84, Align.RIGHT, "月数"),
    )
    rows = tuple((one.kind, f"{one.since:%Y-%m}", one.state, str(one.months)) for one in insurances)
    return _certificate(
        facts,
        "社会保险参保证明",
        (
            FieldGroup((*_person(facts), *_employer(employer), PaperField("参保状态", state))),
            Body(f"经查询，上述人员截至{month_words(as_of)}在{facts.area}参加社会保险情况如下：", indent=True),
            _ruled(columns, rows),
            _NOTHING_BELOW,
        ),
    )


def payment_certificate(facts: CertificateFacts, employer: str, as_of: date, periods: tuple[PaidPeriod, ...]) -> Paper:
    """社会保险缴费证明. The narrow roll gives each kind of insurance a row of its own."""
    columns = (
        Column("险种", 152, 0),
        Column("起始", 100, 91, Align.CENTRE),
        Column("截至", 100, 91, Align.CENTRE),
        Column("月数", 56, 54, Align.RIGHT),
        Column("缴费金额", 136, 132, Align.RIGHT),
    )
    whole = sum((one.paid for one in periods), Decimal())
    return _certificate(
        facts,
        "社会保险缴费证明",
        (
            FieldGroup((*_person(facts), *_employer(employer))),
            Body(f"经查询，上述人员截至{month_words(as_of)}在{facts.area}缴纳社会保险费情况如下：", indent=True),
            Table(
                columns,
                tuple(RowGroup(one.kind, one.kind, (RowPart((_period(one),)),)) for one in periods),
                unit="金额单位：元",
                total=SumRow("合计", "", ("", "", "", "", money(whole))),
                ruled=True,
            ),
            _NOTHING_BELOW,
        ),
        note="缴费金额为单位与个人缴纳之和。",
    )


def _period(paid: PaidPeriod) -> Row:
    return paid.kind, f"{paid.first:%Y-%m}", f"{paid.last:%Y-%m}", str(paid.months), money(paid.paid)


def eligibility_certificate(
    facts: CertificateFacts, scheme: str, area: str, confirmed_on: date, way: str, next_due: date | None
) -> Paper:
    """养老保险待遇领取资格确认凭证: that a window's confirmation is done, for whoever asks for it on paper. ``way`` is
    how it was done, as receipts word it."""
    until = () if next_due is None else (PaperField("下次截止", day_words(next_due)),)
    return _certificate(
        facts,
        "资格确认凭证",
        (
            FieldGroup(
                (
                    *_person(facts),
                    PaperField("险种", scheme),
                    PaperField("参保地", area),
                    PaperField("确认日期", day_words(confirmed_on), strong=True),
                    PaperField("确认方式", way),
                    *until,
                )
            ),
            Body("经核对，上述人员本期养老保险待遇领取资格已经确认。特此证明。", indent=True),
            _NOTHING_BELOW,
        ),
        subject="养老保险待遇领取",
    )


def licence_copy(
    facts: CertificateFacts, licence: str, licence_number: str, holder: tuple[PaperField, ...], valid_until: date | None
) -> Paper:
    """A licence (电子证照) laid out anew from its data: a roll never shows a shrunk page. ``holder`` is what the
    licence says, in its own order; an unlimited licence has no ``valid_until``."""
    return _certificate(
        facts,
        licence,
        (
            FieldGroup((*_person(facts), PaperField("证照号码", licence_number, strong=True))),
            FieldGroup((*holder, PaperField("有效期", f"至{day_words(valid_until)}" if valid_until else "长期"))),
            Body("以上内容由电子证照数据生成，与电子证照一致。", indent=True),
            _NOTHING_BELOW,
        ),
        subject="电子证照打印件",
        note="本件不代替原证；是否认可，以用证单位规定为准。",
    )


def _certificate(
    facts: CertificateFacts, title: str, blocks: tuple[Block, ...], *, subject: str = "", note: str = ""
) -> Paper:
    site = facts.site
    months = facts.valid_months
    sentences = (
        *((f"本证明自打印之日起{months}个月内可核验。",) if months else ()),
        *((note,) if note else ()),
        "热敏纸上的印章为电子印章图样，以核验结果为准。",
    )
    closing = SealedClosing(
        "出具机构（盖章）",
        facts.issuer,
        day_words(facts.issued_at.date()),
        Seal(facts.issuer, "证明专用章", "样章" if site.training else ""),
    )
    text = f"扫码或登录 {address(site)} 输入核验码，核对本单真伪。二维码不含证件号码。"
    return compose(
        site,
        Heading(title, subject),
        (*blocks, closing, PaperNotes("", sentences)),
        facts.issued_at,
        Proof(facts.number, facts.verification, text),
        (f"第{facts.copy}份　{rules_line(site)}", CONTACT, FADES),
    )


def _person(facts: CertificateFacts) -> tuple[PaperField, ...]:
    name = facts.name.value if facts.whole_name else masked_name(facts.name)
    return (PaperField("姓名", name, strong=True), PaperField("证件号码", facts.citizen_number.masked))


def _employer(employer: str) -> tuple[PaperField, ...]:
    return (PaperField("单位名称", employer),) if employer else ()


def _ruled(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> Table:
    return Table(columns, (RowGroup("", "", (RowPart(rows),)),), ruled=True)
