"""The specimen papers: a made-up hall, the specimen numbers, nobody's name."""

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
from kiosk.documents.slips import SlipFacts, desk_slip, home_visit_slip, reprint, ways_slip
from kiosk.domain.case import DeskReason, HallDecision, Outcome
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
    other_areas=("示例市城西区", "示例市城北县"),
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
HELD_ON = date(2026, 11, 14)
SUSPENDED = replace(ENTRY, status=RosterStatus.SUSPENDED, due_on=date(2026, 6, 30), confirmed_on=date(2025, 6, 11))
ELSEWHERE = replace(
    ENTRY, area="邻省示例市", other_place=True, office="邻省示例市社会保险中心", office_phone="0000-66660412"
)
BY_DATA = replace(ENTRY, source=ConfirmationSource.DATA_MATCH)
HELPER = PersonName("邓小艳")
SLIP_FACTS = SlipFacts(
    site=SITE,
    number=NUMBER,
    verification=VERIFICATION,
    citizen_number=FACTS.citizen_number,
    name=PersonName("张小明"),
    entry=None,
    made_at=WHEN,
)
PHONE = "13800002071"
SCANNED = Verification(VERIFICATION.qr_text, "")
"""As read from a receipt's code: the short code is not in it."""
TRAINING = replace(FACTS, site=replace(SITE, training=True))


def specimens() -> dict[str, Paper]:
    """The receipts of an ordinary day."""
    return {
        "passed": passed_receipt(FACTS, date(2027, 11, 30)),
        "pending": pending_receipt(replace(FACTS, entry=None), by_hall=False),
        "referred": referred_receipt(FACTS, ReferralReason.PHOTO),
        "already": already_confirmed_receipt(FACTS, ENTRY),
        "training": passed_receipt(replace(TRAINING, name=PersonName("王\U0002cb5a\U00020000")), date(2027, 11, 30)),
    }


def branch_receipts() -> dict[str, Paper]:
    """The receipts of the failure branches (domain.md 5.2)."""
    due = date(2027, 11, 30)
    by_helper = replace(FACTS, name=PersonName("张小明"), helper=HELPER)
    return {
        "passed_resumed": passed_receipt(replace(FACTS, entry=SUSPENDED), due, date(2026, 12, 1)),
        "passed_card_expired": passed_receipt(FACTS, due, expired_on=date(2026, 9, 20)),
        "passed_other_place": passed_receipt(replace(FACTS, entry=ELSEWHERE), due),
        "passed_helped": passed_receipt(by_helper, due),
        "pending_not_compared": pending_receipt(FACTS, by_hall=True),
        "pending_held": pending_receipt(replace(FACTS, entry_as_of=HELD_ON), by_hall=False),
        "already_held": already_confirmed_receipt(replace(FACTS, entry_as_of=HELD_ON), ENTRY),
        "referred_held": referred_receipt(replace(FACTS, entry_as_of=HELD_ON), ReferralReason.PHOTO),
        "pending_card_expired": pending_receipt(
            replace(by_helper, entry=SUSPENDED), by_hall=False, expired_on=date(2026, 9, 20)
        ),
        "referred_staff": referred_receipt(replace(by_helper, entry=SUSPENDED), ReferralReason.STAFF),
        "referred_other_place": referred_receipt(replace(FACTS, entry=ELSEWHERE), ReferralReason.PHOTO),
        "already_by_data": already_confirmed_receipt(replace(FACTS, entry=BY_DATA), BY_DATA),
    }


def slips() -> dict[str, Paper]:
    """The papers beside the receipts."""
    typed = replace(SLIP_FACTS, name=None)
    return {
        "desk_card_not_read": desk_slip(typed, DeskReason.CARD_NOT_READ),
        "desk_name_differs": desk_slip(SLIP_FACTS, DeskReason.NAME_DIFFERS),
        "desk_not_listed": desk_slip(SLIP_FACTS, DeskReason.NOT_LISTED),
        "desk_must_check": desk_slip(replace(SLIP_FACTS, entry=ENTRY), DeskReason.DESK_MUST_CHECK),
        "ways": ways_slip(SITE, WHEN),
        "home_visit": home_visit_slip(SLIP_FACTS, PHONE, date(2026, 11, 25)),
        **{f"reprint_{outcome.value.lower()}": reprint_of(outcome) for outcome in Outcome},
        "reprint_typed": reprint_of(Outcome.PASSED, None, date(2026, 12, 1)),
    }


def reprint_of(
    outcome: Outcome,
    verification: Verification | None = SCANNED,
    resumes_on: date | None = None,
) -> Paper:
    dated = outcome in (Outcome.PASSED, Outcome.CANCELLED)
    confirmed, due = (date(2026, 11, 20), date(2027, 11, 30)) if dated else (None, None)
    decision = HallDecision(NUMBER, outcome, confirmed, due, resumes_on)
    return reprint(SITE, NUMBER, verification, decision, WHEN + timedelta(days=1))


def all_papers() -> dict[str, Paper]:
    return {**specimens(), **branch_receipts(), **slips()}
