"""Words that stand on every paper in the same way: masked names, days and moments, notes, footer, the training mark."""

from datetime import date, datetime

from kiosk.domain.person_name import PersonName
from kiosk.domain.site import Site

TRAINING_MARK = "演示"


def masked_name(name: PersonName) -> str:
    """As printed: the star is the full-width ＊, as wide as the characters around it."""
    return name.masked.replace("*", "＊")


def marked_title(site: Site, title: str) -> str:
    return f"{TRAINING_MARK}{title}" if site.training else title


def common_notes(site: Site) -> tuple[str, ...]:
    return (
        "可在终端上评价本次服务，也可拨打12345。",
        f"本单依据认证规则版本 {site.rules_version} 出具。",
    )


def footer(site: Site) -> tuple[str, ...]:
    lines = ("咨询 12333　监督投诉 12345", "热敏纸字迹会变淡，长期留存请复印或扫码保存电子件。")
    return (*lines, "演示终端打印，不作为办理凭证。") if site.training else lines


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime) -> str:
    return f"{day_words(moment.date())} {moment:%H:%M}"


def address(site: Site) -> str:
    """The address as a person types it: no scheme, no closing slash."""
    return site.verification_url.split("://", 1)[-1].rstrip("/")
