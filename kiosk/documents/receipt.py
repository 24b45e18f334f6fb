"""The receipts (回执) of the eligibility confirmation, as data. Masked from the start: no full name or number passes.

Fields and wording: domain.md 5.4 and 6. The same facts always give the same paper.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.paper import Band, Paper, PaperField, PaperNotes
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site

SUBJECT = "养老保险待遇领取资格认证"

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
    """What every receipt says whatever its outcome. ``entry`` is the roster's word, None where it gave none.

    ``handled_at`` and ``printed_at`` are in the hall's own time zone.
    """

    site: Site
    number: ReceiptNumber
    verification: Verification
    name: PersonName
    citizen_number: CitizenNumber
    entry: RosterEntry | None
    handled_at: datetime
    printed_at: datetime


def passed_receipt(facts: ReceiptFacts, next_due: date | None) -> Paper:
    """认证通过. ``next_due`` is the hall's; without it the paper promises no day."""
    resumed = facts.entry is not None and facts.entry.status is RosterStatus.SUSPENDED
    notes = (
        "本次认证结果已记入参保档案，无须再到窗口办理。",
        *(("您的待遇已暂停，认证通过后次月恢复并补发。",) if resumed else ()),
        "有效期内可随时再次认证，不影响待遇发放。",
        *_common_notes(facts),
    )
    return _paper(
        facts,
        title="认证凭条",
        band=Band.PASSED,
        band_text="认证通过",
        band_note=None,
        key=_due_key(next_due, "请在此日期前再次认证"),
        fields=(
            (
                *_person(facts),
                *_scheme(facts),
                PaperField("认证时间", _moment(facts.handled_at)),
                PaperField("认证方式", _SOURCES[ConfirmationSource.FACE_KIOSK]),
                PaperField("办理地点", facts.site.place),
                *_office(facts),
            ),
        ),
        notes=(PaperNotes("说明", notes),),
        verification_text=f"扫码或登录 {_address(facts.site)} 输入核验码，核对本单真伪。二维码不含证件号码。",
    )


def pending_receipt(facts: ReceiptFacts, *, by_hall: bool) -> Paper:
    """已受理: taken in without the hall's answer, or with the hall's word that staff will look at it (``by_hall``).
    Promises days only for a case without an answer, where the site itself does."""
    days = None if by_hall else facts.site.answer_days
    due = facts.entry.due_on if facts.entry else None
    method = "自助终端受理" if facts.entry else "自助终端离线受理"
    return _paper(
        facts,
        title="受理回执",
        band=Band.PENDING,
        band_text="已受理，待审核" if by_hall else "已受理，待联网审核",
        band_note="本回执不代表认证已通过",
        key=("出结果时间" if days else None, f"最迟{days}个工作日内" if days else None, "结果可凭编号或扫码查询"),
        fields=(
            (
                *_person(facts),
                *_scheme(facts),
                PaperField("受理时间", _moment(facts.handled_at)),
                *((PaperField("当前期限", f"{_day(due)}前"),) if due else ()),
                PaperField("受理方式", method),
                PaperField("受理地点", facts.site.place),
                *_office(facts),
            ),
        ),
        notes=(
            PaperNotes(
                "说明",
                (
                    "由经办机构审核，您不用再跑。" if by_hall else "网络恢复后由经办机构审核，您不用再跑。",
                    "需要补充核实的，工作人员会电话联系您，可上门办理。",
                    "审核期间不影响您已有的待遇。",
                    *_common_notes(facts),
                ),
            ),
        ),
        verification_text=f"扫码或登录 {_address(facts.site)} 查询审核进度。二维码不含证件号码。",
    )


def referred_receipt(facts: ReceiptFacts, reason: ReferralReason) -> Paper:
    """转人工审核: which desk, when, by which phone, and that nothing is lost."""
    site = facts.site
    return _paper(
        facts,
        title="转办单",
        band=Band.REFERRED,
        band_text=site.desk,
        band_note="转人工",
        key=(None, None, None),
        statement="本次认证已转人工审核，由工作人员继续办理，不影响您已有的待遇。",
        fields=(
            (
                PaperField("部门", site.agency, strong=True),
                PaperField("地址", site.place),
                PaperField("电话", site.agency_phone, strong=True),
                PaperField("时间", site.desk_hours),
            ),
            (
                *_person(facts),
                *_scheme(facts),
                PaperField("转办时间", _moment(facts.handled_at)),
                PaperField("转办事由", reason.value),
            ),
        ),
        notes=(
            PaperNotes("到窗口请带", ("本人有效居民身份证；", "本单。信息已预先填好，不用重新填表。")),
            PaperNotes("不方便到窗口", ("拨打上面的电话，可上门办理。",)),
            PaperNotes("说明", _common_notes(facts)),
        ),
        verification_text="窗口扫码即可调出本次办理信息。二维码不含证件号码。",
    )


def already_confirmed_receipt(facts: ReceiptFacts, entry: RosterEntry) -> Paper:
    """今天不用再办 (E-07, E-08): the proof that this window's confirmation is done."""
    return _paper(
        facts,
        title="认证凭条",
        band=Band.INFORMATION,
        band_text="今天不用再办",
        band_note="本期资格认证已经完成",
        key=_due_key(entry.due_on, "请在此日期前再次认证"),
        fields=(
            (
                *_person(facts),
                PaperField("险种", entry.scheme),
                PaperField("参保地", entry.area),
                *((PaperField("完成日期", _day(entry.confirmed_on)),) if entry.confirmed_on else ()),
                *((PaperField("认证方式", _SOURCES[entry.source]),) if entry.source else ()),
                PaperField("查询时间", _moment(facts.handled_at)),
                PaperField("查询地点", facts.site.place),
                *_office(facts),
            ),
        ),
        notes=(
            PaperNotes(
                "说明",
                ("本单证明本期资格认证已经完成，您不用操作。", "愿意再次认证的，可随时办理。", *_common_notes(facts)),
            ),
        ),
        verification_text=f"扫码或登录 {_address(facts.site)} 输入核验码，核对本单真伪。二维码不含证件号码。",
    )


def masked_name(name: PersonName) -> str:
    """As printed: the star is the full-width ＊, as wide as the characters around it."""
    return name.masked.replace("*", "＊")


def _paper(
    facts: ReceiptFacts,
    *,
    title: str,
    band: Band,
    band_text: str,
    band_note: str | None,
    key: tuple[str | None, str | None, str | None],
    fields: tuple[tuple[PaperField, ...], ...],
    notes: tuple[PaperNotes, ...],
    verification_text: str,
    statement: str | None = None,
) -> Paper:
    site = facts.site
    return Paper(
        hall=site.hall,
        marking="演示" if site.training else None,
        issuer=site.agency,
        subject=SUBJECT,
        title=f"演示{title}" if site.training else title,
        number=facts.number,
        band=band,
        band_text=band_text,
        band_note=band_note,
        key_label=key[0],
        key_fact=key[1],
        key_note=key[2],
        statement=statement,
        fields=fields,
        notes=notes,
        verification=facts.verification,
        verification_text=verification_text,
        footer=_footer(site),
        printed_at=f"{facts.printed_at:%Y-%m-%d %H:%M}",
        terminal=site.terminal,
    )


def _person(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    return (
        PaperField("姓名", masked_name(facts.name), strong=True),
        PaperField("证件号码", facts.citizen_number.masked),
    )


def _scheme(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    if facts.entry is None:
        return ()
    return (PaperField("险种", facts.entry.scheme), PaperField("参保地", facts.entry.area))


def _office(facts: ReceiptFacts) -> tuple[PaperField, ...]:
    office = facts.entry.office if facts.entry else facts.site.agency
    phone = facts.entry.office_phone if facts.entry else facts.site.agency_phone
    return (PaperField("经办机构", office), PaperField("联系电话", phone))


def _common_notes(facts: ReceiptFacts) -> tuple[str, ...]:
    return (
        "可在终端上评价本次服务，也可拨打12345。",
        f"本单依据认证规则版本 {facts.site.rules_version} 出具。",
    )


def _footer(site: Site) -> tuple[str, ...]:
    lines = ("咨询 12333　监督投诉 12345", "热敏纸字迹会变淡，长期留存请复印或扫码保存电子件。")
    return (*lines, "演示终端打印，不作为办理凭证。") if site.training else lines


def _due_key(due: date | None, note: str) -> tuple[str | None, str | None, str | None]:
    return ("下次认证截止日期", _day(due), note) if due else (None, None, None)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())} {moment:%H:%M}"


def _address(site: Site) -> str:
    """The address as a person types it: no scheme, no closing slash."""
    return site.verification_url.split("://", 1)[-1].rstrip("/")
