"""The receipts (回执) of the eligibility confirmation, as data. Masked from the start: no full name or number passes.

Fields and wording: domain.md 5.4 and 6. The same facts always give the same paper.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import (
    RESUMES,
    SUBJECT,
    address,
    common_notes,
    day_words,
    desk_fields,
    masked_name,
    moment_words,
    person_fields,
    resume_field,
    scheme_fields,
)
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
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

_SOURCES = {
    ConfirmationSource.FACE_KIOSK: "自助终端人脸比对",
    ConfirmationSource.FACE_MOBILE: "手机人脸比对",
    ConfirmationSource.DATA_MATCH: "数据比对，本人无须操作",
    ConfirmationSource.DESK: "窗口办理",
    ConfirmationSource.HOME_VISIT: "上门办理",
    ConfirmationSource.SOCIAL_EVENT: "社会化服务活动",
    ConfirmationSource.OTHER_PLACE: "异地协助认证",
    ConfirmationSource.ABROAD: "境外认证",
}


class ReferralReason(Enum):
    """Why a person will look at the case, in the neutral words that stand on the paper.

    PHOTO also covers every doubt about the face: the paper never tells one from another (domain.md E-14, E-17).
    """

    PHOTO = "照片年代较久，需人工核对"
    STAFF = "需工作人员人工核对"


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What every receipt says whatever its outcome. ``entry`` is the roster's word, None where it gave none;
    ``entry_as_of`` is its day, None where the hall itself gave it.

    ``handled_at`` and ``printed_at`` are in the hall's own time zone; ``helper`` is who operated the terminal (E-19).
    """

    site: Site
    number: ReceiptNumber
    verification: Verification
    name: PersonName
    citizen_number: CitizenNumber
    entry: RosterEntry | None
    handled_at: datetime
    printed_at: datetime
    helper: PersonName | None = None
    entry_as_of: date | None = None


def passed_receipt(
    facts: ReceiptFacts, next_due: date | None, resumes_on: date | None = None, expired_on: date | None = None
) -> Paper:
    """认证通过. ``next_due`` and ``resumes_on`` are the hall's; without them the paper promises no day and no month.
    ``expired_on`` is the last day of an identity card that is no longer valid (E-03)."""
    notes = (
        "本次认证结果已记入参保档案，无须再到窗口。",
        *_resume_note(facts),
        *((f"身份证已于{day_words(expired_on)}到期，可到派出所换领，不影响本次认证。",) if expired_on else ()),
        "有效期内可随时再次认证，不影响待遇发放。",
        *common_notes(facts.site),
    )
    return _paper(
        facts,
        "认证凭条",
        (
            OutcomeBand(Band.PASSED, "认证通过"),
            *_due_key(next_due, "请在此日期前再次认证"),
            *((FieldGroup((resume_field(resumes_on),)),) if _suspended(facts) and resumes_on else ()),
            FieldGroup(
                (
                    *_person(facts),
                    *scheme_fields(facts.entry),
                    PaperField("认证时间", moment_words(facts.handled_at)),
                    PaperField("认证方式", _method(facts)),
                    PaperField("办理地点", facts.site.place),
                    *_office(facts),
                )
            ),
            PaperNotes("说明", notes),
        ),
        f"扫码或登录 {address(facts.site)} 输入核验码，核对本单真伪。二维码不含证件号码。",
    )


def pending_receipt(facts: ReceiptFacts, *, by_hall: bool, expired_on: date | None = None) -> Paper:
    """已受理: taken in without the hall's answer, or with the hall's word that staff will look at it (``by_hall``).
    Promises days only for a case without an answer, where the site itself does. ``expired_on`` is the last day of an
    identity card that is no longer valid (E-03)."""
    days = None if by_hall else facts.site.answer_days
    method = "自助终端受理" if facts.entry and facts.entry_as_of is None else "自助终端离线受理"
    notes = (
        "由经办机构审核，您不用再跑。" if by_hall else "网络恢复后由经办机构审核，您不用再跑。",
        *((f"身份证已于{day_words(expired_on)}到期，可先到派出所换领。养老金认证可以先受理。",) if expired_on else ()),
        "需要补充核实的，工作人员会电话联系您，可上门办理。",
        "审核期间不影响您已有的待遇。",
        *_resume_note(facts),
        *common_notes(facts.site),
    )
    return _paper(
        facts,
        "受理回执",
        (
            OutcomeBand(Band.PENDING, "已受理，待审核" if by_hall else "已受理，待联网审核", "本回执不代表认证已通过"),
            KeyFact(
                "出结果时间" if days else None, f"最迟{days}个工作日内" if days else None, "结果可凭编号或扫码查询"
            ),
            FieldGroup(
                (
                    *_person(facts),
                    *scheme_fields(facts.entry),
                    PaperField("受理时间", moment_words(facts.handled_at)),
                    *_running_window(facts),
                    *_as_of(facts),
                    PaperField("受理方式", method),
                    PaperField("受理地点", facts.site.place),
                    *_office(facts),
                )
            ),
            PaperNotes("说明", notes),
        ),
        f"扫码或登录 {address(facts.site)} 查询审核进度。二维码不含证件号码。",
    )


def referred_receipt(facts: ReceiptFacts, reason: ReferralReason) -> Paper:
    """转人工审核: which desk, when, by which phone, and that nothing is lost."""
    site = facts.site
    return _paper(
        facts,
        "转办单",
        (
            OutcomeBand(Band.REFERRED, site.desk, "转人工"),
            Statement("本次认证已转人工审核，由工作人员继续办理，不影响您已有的待遇。"),
            FieldGroup(desk_fields(site)),
            FieldGroup(
                (
                    *_person(facts),
                    *scheme_fields(facts.entry),
                    *(_office(facts) if _elsewhere(facts) else ()),
                    *_running_window(facts),
                    *_as_of(facts),
                    PaperField("转办时间", moment_words(facts.handled_at)),
                    PaperField("转办事由", reason.value),
                    *((PaperField("答复时间", f"最迟{site.answer_days}个工作日内"),) if site.answer_days else ()),
                )
            ),
            PaperNotes("到窗口请带", ("本人有效居民身份证；", "本单。信息已预先填好，不用重新填表。")),
            PaperNotes("不方便到窗口", ("拨打上面的电话，可上门办理。",)),
            PaperNotes("说明", (*_resume_note(facts), *common_notes(facts.site))),
        ),
        "窗口扫码即可调出本次办理信息。二维码不含证件号码。",
    )


def already_confirmed_receipt(facts: ReceiptFacts, entry: RosterEntry) -> Paper:
    """今天不用再办 (E-07, E-08): the proof that this window's confirmation is done."""
    notes = (
        "本单证明本期资格认证已经完成，您不用操作。",
        "愿意再次认证的，可随时办理。",
        *common_notes(facts.site),
    )
    return _paper(
        facts,
        "认证凭条",
        (
            OutcomeBand(Band.INFORMATION, "今天不用再办", "本期资格认证已经完成"),
            *_due_key(entry.due_on, "请在此日期前再次认证"),
            FieldGroup(
                (
                    *_person(facts),
                    *scheme_fields(entry),
                    *((PaperField("完成日期", day_words(entry.confirmed_on)),) if entry.confirmed_on else ()),
                    *((PaperField("认证方式", _SOURCES[entry.source]),) if entry.source else ()),
                    PaperField("查询时间", moment_words(facts.handled_at)),
                    *_as_of(facts),
                    PaperField("查询地点", facts.site.place),
                    *_office(facts),
                )
            ),
            PaperNotes("说明", notes),
        ),
        f"扫码或登录 {address(facts.site)} 输入核验码，核对本单真伪。二维码不含证件号码。",
    )


def _paper(facts: ReceiptFacts, title: str, blocks: tuple[Block, ...], verification_text: str) -> Paper:
    heading = Heading(title, SUBJECT, facts.site.agency)
    proof = Proof(facts.number, facts.verification, verification_text)
    return compose(facts.site, heading, blocks, facts.printed_at, proof)


def _person(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    helper = () if facts.helper is None else (PaperField("帮办人员", masked_name(facts.helper)),)
    return (*person_fields(facts.name, facts.citizen_number), *helper)


def _method(facts: ReceiptFacts) -> str:
    """A confirmation for another province's roster is an assistance to it (E-31)."""
    return _SOURCES[ConfirmationSource.OTHER_PLACE if _elsewhere(facts) else ConfirmationSource.FACE_KIOSK]


def _as_of(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    return () if facts.entry_as_of is None else (PaperField("名册日期", day_words(facts.entry_as_of)),)


def _elsewhere(facts: ReceiptFacts) -> bool:
    return facts.entry is not None and facts.entry.other_place


def _suspended(facts: ReceiptFacts) -> bool:
    return facts.entry is not None and facts.entry.status is RosterStatus.SUSPENDED


def _resume_note(facts: ReceiptFacts) -> tuple[str, ...]:
    return (RESUMES,) if _suspended(facts) else ()


def _running_window(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    due = facts.entry.due_on if facts.entry else None
    return (PaperField("当前期限", f"{day_words(due)}前"),) if due else ()


def _office(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    office = facts.entry.office if facts.entry else facts.site.agency
    phone = facts.entry.office_phone if facts.entry else facts.site.agency_phone
    return (PaperField("经办机构", office), PaperField("联系电话", phone))


def _due_key(due: date | None, note: str) -> tuple[KeyFact, ...]:
    return (KeyFact("下次认证截止日期", day_words(due), note),) if due else ()
