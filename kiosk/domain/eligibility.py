"""The yearly pension-eligibility window (养老保险待遇领取资格确认), domain.md 2.2 and 6."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class WindowRule(Enum):
    """How the end of a window is counted; set per area."""

    MONTH_END_12 = "MONTH_END_12"
    DAYS_365 = "DAYS_365"


class RosterStatus(Enum):
    ACTIVE = "ACTIVE"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    SUSPENDED = "SUSPENDED"
    STOPPED = "STOPPED"
    NOT_FOUND = "NOT_FOUND"
    MOVED = "MOVED"


class ConfirmationSource(Enum):
    FACE_KIOSK = "FACE_KIOSK"
    FACE_MOBILE = "FACE_MOBILE"
    DATA_MATCH = "DATA_MATCH"
    DESK = "DESK"
    HOME_VISIT = "HOME_VISIT"
    SOCIAL_EVENT = "SOCIAL_EVENT"
    OTHER_PLACE = "OTHER_PLACE"
    ABROAD = "ABROAD"


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What the roster (待遇人员名册) says of one beneficiary.

    ``confirmed_on`` is the day of the last pass, ``due_on`` the last day of the running window;
    ``confirmed_this_window`` is the platform's word that nothing need be done today (E-07, E-08); ``other_place`` says
    that the roster is another province's and the confirmation here an assistance to it (E-31).
    """

    scheme: str
    area: str
    status: RosterStatus
    confirmed_on: date | None
    due_on: date | None
    confirmed_this_window: bool
    source: ConfirmationSource | None
    office: str
    office_phone: str
    other_place: bool = False


def due_date(last_pass: date, rule: WindowRule) -> date:
    """Last day on which the next confirmation is in time.

    MONTH_END_12: the last day of the same month one year on (粤人社规〔2023〕4号).
    DAYS_365: 365 days after the pass (Gansu).
    """
    match rule:
        case WindowRule.DAYS_365:
            return last_pass + timedelta(days=365)
        case WindowRule.MONTH_END_12:
            year = last_pass.year + 1
            return date(year, last_pass.month, calendar.monthrange(year, last_pass.month)[1])
