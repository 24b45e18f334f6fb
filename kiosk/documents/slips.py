"""Papers beside the receipt: for the desk, for another way, for a home visit, and a paper printed once more.

Masked from the start. Wording: domain.md 5.2 and 6.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import (
    RESUMES,
    SUBJECT,
    common_notes,
    day_words,
    desk_fields,
    moment_words,
    person_fields,
    resume_field,
    scheme_fields,
)
from kiosk.domain.case import DeskReason, HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.paper import (
    Band,
    Block,
    FieldGroup,
    KeyFact,
    OutcomeBand,
    Paper,
    PaperField,
    PaperNotes,
    Statement,
)
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site

_TO_FILL_IN = "＿" * 9


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip with a number says. ``name`` is None when the number was typed, ``entry`` when no roster told one.
    ``made_at`` is in the hall's own time zone."""

    site: Site
    number: ReceiptNumber
    verification: Verification
    citizen_number: CitizenNumber
    name: PersonName | None
    entry: RosterEntry | None
    made_at: datetime


def desk_slip(facts: SlipFacts, reason: DeskReason) -> Paper:
    """What the desk needs, filled in as far as the terminal knows it (E-01, E-05, E-06, E-10)."""
    match reason:
        case DeskReason.CARD_NOT_READ:
            return _desk(facts, "办理单", "身份证未读出，号码由本人输入，请在窗口核对。")
        case DeskReason.NAME_DIFFERS:
            return _desk(
                facts, "更正申请单", "姓名或号码与参保信息不一致，请在窗口更正，不影响您已有的待遇。", _CORRECTION
            )
        case DeskReason.NOT_LISTED:
            return _desk(
                facts,
                "查询单",
                "没有查到您在领取待遇。可能在外地、在其他险种，或刚办退休。",
                notes=_offices(facts.site),
            )
        case DeskReason.DESK_MUST_CHECK:
            return _desk(facts, "办理单", "您的档案状态需要工作人员核对，不影响您已有的待遇。")


def ways_slip(site: Site, printed_at: datetime) -> Paper:
    """Every way that needs no face (E-29), and the one from abroad (E-31)."""
    blocks = (
        OutcomeBand(Band.INFORMATION, "不刷脸也能办", "您挑一个方便的，都不影响待遇"),
        FieldGroup(
            (
                PaperField("到窗口", site.desk, strong=True),
                PaperField("地址", site.place),
                PaperField("时间", site.desk_hours),
            )
        ),
        FieldGroup((PaperField("上门", f"可上门办理，拨打 {site.agency_phone} 预约", strong=True),)),
        FieldGroup((PaperField("用手机", "打开电子社保卡，选“资格认证”，家里人也能帮您"),)),
        FieldGroup((PaperField("打电话", f"{site.agency_phone}，12333，12345"),)),
        FieldGroup((PaperField("在境外", "境外可用“中国领事”"), PaperField("在外省", "外省居住可在当地办"))),
        PaperNotes("说明", common_notes(site)),
    )
    return compose(site, Heading("办理方式", SUBJECT, site.agency), blocks, printed_at)


def home_visit_slip(facts: SlipFacts, phone: str, wished_on: date) -> Paper:
    """The request that staff come (E-32)."""
    site = facts.site
    blocks = (
        OutcomeBand(Band.REFERRED, "预约上门", "已登记"),
        KeyFact("希望上门的日子", day_words(wished_on), "上门前工作人员会打电话约时间"),
        FieldGroup(
            (
                *person_fields(facts.name, facts.citizen_number),
                *scheme_fields(facts.entry),
                PaperField("联系电话", f"{phone[:3]}****{phone[-4:]}"),
                PaperField("登记时间", moment_words(facts.made_at)),
                PaperField("登记地点", site.place),
            )
        ),
        FieldGroup((PaperField("经办机构", site.agency), PaperField("机构电话", site.agency_phone, strong=True))),
        PaperNotes(
            "说明",
            (
                "本人不便可以预约上门，不能代替本人刷脸。",
                "上门时请备好本人身份证。不影响您已有的待遇。",
                *common_notes(site),
            ),
        ),
    )
    return _slip(facts, "上门预约单", blocks, "扫码可查预约进度。二维码不含证件号码。")


def reprint(
    site: Site, number: ReceiptNumber, verification: Verification | None, decision: HallDecision, printed_at: datetime
) -> Paper:
    """补打件: what the hall holds under a receipt number. Names nobody: anybody who has the number may print it.
    ``number`` is the one that counts, also where another one was looked up."""
    word = _OUTCOMES[decision.outcome]
    due, resumes = decision.next_due, decision.resumes_on
    blocks = (
        OutcomeBand(word.band, word.text, word.note),
        *((KeyFact("下次认证截止日期", day_words(due), "请在此日期前再次认证"),) if due is not None else ()),
        *((Statement(word.statement),) if word.statement else ()),
        *((FieldGroup((resume_field(resumes),)),) if resumes else ()),
        FieldGroup(
            (
                *((PaperField("完成日期", day_words(decision.confirmed_on)),) if decision.confirmed_on else ()),
                PaperField("补打时间", moment_words(printed_at)),
                PaperField("补打地点", site.place),
            )
        ),
        FieldGroup((PaperField("经办机构", site.agency), PaperField("联系电话", site.agency_phone))),
        PaperNotes(
            "说明",
            (
                "本单按编号补打，以查询结果为准。",
                *_which_number(decision),
                *((RESUMES,) if resumes else ()),
                *common_notes(site),
            ),
        ),
    )
    proof = Proof(number, verification, "扫码核对本单真伪。二维码不含证件号码。")
    return compose(site, Heading("补打件", SUBJECT, site.agency), blocks, printed_at, proof)


@dataclass(frozen=True, slots=True)
class _Word:
    """The hall's outcome as a paper says it that may be printed long after."""

    band: Band
    text: str
    note: str | None = None
    statement: str | None = None


_OUTCOMES = {
    Outcome.PASSED: _Word(Band.PASSED, "认证通过"),
    Outcome.PENDING: _Word(
        Band.PENDING, "已受理，待审核", "本单不代表认证已通过", "由经办机构审核，审核期间不影响您已有的待遇。"
    ),
    Outcome.REFERRED: _Word(
        Band.REFERRED, "工作人员办理中", "转人工", "由工作人员继续办理，不影响您已有的待遇，可上门办理。"
    ),
    Outcome.CANCELLED: _Word(Band.INFORMATION, "认证已经完成"),
}
_CORRECTION = (
    PaperField("正确姓名", _TO_FILL_IN),
    PaperField("正确号码", _TO_FILL_IN),
    PaperField("情况说明", _TO_FILL_IN),
    PaperField("本人签名", _TO_FILL_IN),
)


def _which_number(decision: HallDecision) -> tuple[str, ...]:
    if not decision.void:
        return ("编号与原单相同，姓名和证件号码见原单。",)
    return (f"原编号{decision.receipt}已作废，以本编号为准。", "办理结果不变，姓名和证件号码见原单。")


def _offices(site: Site) -> tuple[str, ...]:
    """Where the person's record may lie."""
    others = tuple(f"{area}的经办机构，先打 12333 查地址。" for area in site.other_areas)
    return (f"{site.agency}，电话 {site.agency_phone}。", *others, "不知道在哪里，打 12333 可以帮您查。")


def _desk(
    facts: SlipFacts,
    title: str,
    statement: str,
    to_fill_in: tuple[PaperField, ...] = (),
    notes: tuple[str, ...] = (),
) -> Paper:
    site = facts.site
    blocks = (
        OutcomeBand(Band.REFERRED, site.desk, "请到"),
        Statement(statement),
        FieldGroup(desk_fields(site)),
        FieldGroup(
            (
                *person_fields(facts.name, facts.citizen_number),
                *scheme_fields(facts.entry),
                PaperField("登记时间", moment_words(facts.made_at)),
            )
        ),
        *((FieldGroup(to_fill_in),) if to_fill_in else ()),
        *((PaperNotes("可以去问", notes),) if notes else ()),
        PaperNotes("到窗口请带", ("本人有效居民身份证；", "本单。")),
        PaperNotes("不方便到窗口", (f"拨打 {site.agency_phone}，可上门办理。",)),
        PaperNotes("说明", common_notes(site)),
    )
    return _slip(facts, title, blocks, "窗口扫码即可调出本次登记。二维码不含证件号码。")


def _slip(facts: SlipFacts, title: str, blocks: tuple[Block, ...], verification_text: str) -> Paper:
    heading = Heading(title, SUBJECT, facts.site.agency)
    proof = Proof(facts.number, facts.verification, verification_text)
    return compose(facts.site, heading, blocks, facts.made_at, proof)
