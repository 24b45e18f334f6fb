"""What the terminal itself knows of a person where the hall does not answer."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.person_name import PersonName


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """What the roster said on the day ``as_of``, which is shown wherever the entry is (名册数据日期)."""

    entry: RosterEntry
    as_of: date


class RosterSnapshot(Protocol):
    def find(self, number: CitizenNumber, name: PersonName) -> HeldEntry | None:
        """Never asks the hall. None where the person is not in it, and where it is too old or not there at all: the
        hall will know."""
