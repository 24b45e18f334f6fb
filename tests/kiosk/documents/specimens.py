"""The specimen papers: a made-up hall, the specimen number, nobody's name."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from kiosk.documents.receipt import (
    ReceiptFacts,
    ReferralReason,
    already_confirmed_receipt,
    passed_receipt,
    pending_receipt,
    referred_receipt,
)
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.paper import Paper
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from kiosk.domain.site import Site

HALL_TIME = timezone(timedelta(hours=8))
WHEN = datetime(2026, 11, 20, 14, 32, tzinfo=HALL_TIME)
NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, WHEN.date(), "0317", 42)
VERIFICATION = Verification(
    f"HTTPS://HY.SHILI.EXAMPLE/{NUMBER.value}/{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567' * 3}ABCDEFG", "7K3M-Q9TA"
)
SITE = Site(
    terminal="0317",
    training=False,
    hall="示例市政务服务中心",
    place="示例市样张路1号政务服务中心一楼大厅东侧",
    agency="示例市社会保险事业服务中心",
    agency_phone="0000-88880317",
    desk="3号窗口",
    desk_hours="周一至周五 9:00—12:00，13:30—17:00",
    verification_url="https://hy.shili.example/",
    rules_version="2026.03",
    answer_days=3,
)
ENTRY = RosterEntry(
    scheme="企业职工基本养老保险",
    area="示例市样张区",
    status=RosterStatus.ACTIVE,
    confirmed_on=date(2026, 6, 11),
    due_on=date(2027, 6, 30),
    confirmed_this_window=True,
    source=ConfirmationSource.FACE_KIOSK,
    office="示例市社会保险事业服务中心",
    office_phone="0000-88880317",
)
FACTS = ReceiptFacts(
    site=SITE,
    number=NUMBER,
    verification=VERIFICATION,
    name=PersonName("张明"),
    citizen_number=CitizenNumber("11010519491231002X"),
    entry=ENTRY,
    handled_at=WHEN,
    printed_at=WHEN,
)
TRAINING = replace(FACTS, site=replace(SITE, training=True))


def specimens() -> dict[str, Paper]:
    return {
        "passed": passed_receipt(FACTS, date(2027, 11, 30)),
        "pending": pending_receipt(replace(FACTS, entry=None), by_hall=False),
        "referred": referred_receipt(FACTS, ReferralReason.PHOTO),
        "already": already_confirmed_receipt(FACTS, ENTRY),
        "training": passed_receipt(replace(TRAINING, name=PersonName("王\U0002cb5a\U00020000")), date(2027, 11, 30)),
    }
