"""The site's own roster answers for seven days, and for its own people."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.ports.reference_cache import HeldBundle, NothingHeld
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.wire.roster_snapshot import Listed, seal_snapshot
from offline_cache.roster_snapshot import MAX_AGE, BundledRoster
from tests.kiosk.documents.specimens import ENTRY
from tests.records import START, SetClock

NUMBER, NAME = CitizenNumber("11010519491231002X"), PersonName("张明")
CONTENT = seal_snapshot([Listed(NUMBER.value, NAME.value, ENTRY)])


@dataclass
class Cache:
    content: HeldBundle | NothingHeld

    def held(self, name: str) -> HeldBundle | NothingHeld:
        assert name == "roster"
        return self.content


def roster(age: timedelta, content: bytes = CONTENT) -> BundledRoster:
    held = HeldBundle("roster", 1, START - age, START.date(), content)
    return BundledRoster(Cache(held), "roster", SetClock())


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=3), MAX_AGE])
def test_an_entry_comes_with_its_day(age: timedelta) -> None:
    assert roster(age).find(NUMBER, NAME) == HeldEntry(ENTRY, (START - age).date())


@pytest.mark.parametrize("age", [MAX_AGE + timedelta(seconds=1), timedelta(days=-1)])
def test_a_roster_of_long_ago_or_of_a_day_to_come_says_nothing(age: timedelta) -> None:
    assert roster(age).find(NUMBER, NAME) is None


def test_who_is_not_in_it_is_the_hall_s_to_know() -> None:
    assert roster(timedelta(0)).find(NUMBER, PersonName("张小明")) is None


def test_other_contents_and_none_at_all_say_nothing() -> None:
    assert roster(timedelta(0), b"{}").find(NUMBER, NAME) is None
    nothing = BundledRoster(Cache(NothingHeld("never-fetched")), "roster", SetClock())
    assert nothing.find(NUMBER, NAME) is None
