"""Words that stand on every paper in the same way: subject, masked person, days and moments, notes, footer, marks."""

from datetime import date, datetime
from decimal import Decimal

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.paper import PaperField
from kiosk.domain.person_name import PersonName
from kiosk.domain.site import Site

SUBJECT = "养老保险待遇领取资格认证"
TRAINING_MARK = "演示"
CONTACT = "咨询 12333　监督投诉 12345"
FADES = "热敏纸字迹会变淡，长期留存请复印。"
RESUMES = "您的待遇已暂停，认证通过后次月恢复并补发。"


def masked_name(name: PersonName) -> str:
    """As printed: the star is the full-width ＊, as wide as the characters around it."""
    return name.masked.replace("*", "＊")


def person_fields(name: PersonName | None, number: CitizenNumber) -> tuple[PaperField, ...]:
    """``name`` is None where nobody has read it."""
    named = () if name is None else (PaperField("姓名", masked_name(name), strong=True),)
    return (*named, PaperField("证件号码", number.masked))


def scheme_fields(entry: RosterEntry | None) -> tuple[PaperField, ...]:
    """None where the roster said nothing."""
    return () if entry is None else (PaperField("险种", entry.scheme), PaperField("参保地", entry.area))


def resume_field(resumes_on: date) -> PaperField:
    """The month from which a suspended payment goes on (E-09)."""
    return PaperField("预计恢复", month_words(resumes_on), strong=True)


def desk_fields(site: Site) -> tuple[PaperField, ...]:
    """Where, when and by which phone people are to be had."""
    return (
        PaperField("部门", site.agency, strong=True),
        PaperField("地址", site.place),
        PaperField("电话", site.agency_phone, strong=True),
        PaperField("时间", site.desk_hours),
    )


def marked_title(site: Site, title: str) -> str:
    return f"{TRAINING_MARK}{title}" if site.training and title else title


def common_notes(site: Site) -> tuple[str, ...]:
    """With the day of the hall's own profile, where the paper's place, hours and phones are that profile's."""
    dated = () if site.as_of is None else (f"地点、时间和电话的数据日期 {site.as_of.isoformat()}。",)
    return (
        "可在终端上评价本次服务，也可拨打12345。",
        f"认证规则版本 {site.rules_version}。",
        *dated,
    )


def footer(site: Site, *, numbered: bool) -> tuple[str, ...]:
    """A paper with a number can be had again at any terminal (E-23), one without can only be copied."""
    lasting = "请记下编号，任何自助机可补打。" if numbered else "长期留存请复印。"
    return closing(site, CONTACT, f"热敏纸字迹会变淡，{lasting}")


def closing(site: Site, *lines: str) -> tuple[str, ...]:
    """The last lines of a paper; one from a training terminal says that it is worth nothing."""
    return (*lines, "演示终端打印，不作为办理凭证。") if site.training else lines


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime) -> str:
    return f"{day_words(moment.date())} {moment:%H:%M}"


def month_words(day: date) -> str:
    return f"{day.year}年{day.month}月"


def money(yuan: Decimal) -> str:
    """Two decimals, thousands apart: 11,546.88."""
    return f"{yuan:,.2f}"


def rules_line(site: Site) -> str:
    return f"规则版本 {site.rules_version}"


def address(site: Site) -> str:
    """The address as a person types it: no scheme, no closing slash."""
    return site.verification_url.split("://", 1)[-1].rstrip("/")
