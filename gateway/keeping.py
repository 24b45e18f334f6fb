"""What a sealed picture of a face is kept for, and until when (domain.md 2.7): pure."""

from datetime import datetime, timedelta
from enum import Enum

from gateway.settings import DecisionPolicy
from kiosk.domain.case import EligibilityCase, Finding, Outcome


class KeptFor(Enum):
    """APPEAL: staff compare the face with the card's portrait (consent ``appeal-``, ``unmatched-``); OFFLINE: evidence
    taken in without a network (``offline-``); SUSPICION: of an attack, without consent."""

    APPEAL = "APPEAL"
    OFFLINE = "OFFLINE"
    SUSPICION = "SUSPICION"


def kept_for(case: EligibilityCase, outcome: Outcome) -> KeptFor | None:
    """None where there is no picture, or nobody will have to look at it."""
    if case.crop is None and case.chip_photo is None:
        return None
    if case.finding is Finding.SPOOF_SUSPECTED:
        return KeptFor.SUSPICION
    if outcome in (Outcome.PASSED, Outcome.CANCELLED):
        return None
    return KeptFor.OFFLINE if case.offline else KeptFor.APPEAL


def kept_until(purpose: KeptFor, received_at: datetime, policy: DecisionPolicy) -> datetime | None:
    """None: until the case is closed."""
    match purpose:
        case KeptFor.APPEAL:
            return received_at + timedelta(days=policy.appeal_picture_days)
        case KeptFor.OFFLINE:
            return received_at + timedelta(days=policy.offline_picture_days)
        case KeptFor.SUSPICION:
            return None
