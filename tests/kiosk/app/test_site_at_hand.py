"""What the hall publishes of a site reaches papers and pages, dated; whatever is wrong with it changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.app.checks import check_held, check_roster
from kiosk.app.site_at_hand import site_at_hand
from kiosk.documents.slips import ways_slip
from kiosk.domain.paper import FieldGroup, PaperNotes
from kiosk.ports.reference_cache import HeldBundle, NothingHeld
from tests.kiosk.documents.specimens import SITE

NAME = "site-0317"
MADE_AT = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
"""In China it is the 26th already."""


class Held:
    def __init__(self, held: HeldBundle | NothingHeld) -> None:
        self._held = held

    def held(self, name: str) -> HeldBundle | NothingHeld:
        assert name == NAME
        return self._held


def _profile(content: str) -> Held:
    return Held(HeldBundle(NAME, 3, MADE_AT, date(2026, 11, 26), content.encode()))


def test_a_profile_at_hand_is_the_site_and_its_day_stands_on_the_paper() -> None:
    site = site_at_hand(SITE, _profile('{"desk": "8 号窗口", "desk_hours": "9:00-16:30"}'), NAME)
    assert site == replace(SITE, desk="8 号窗口", desk_hours="9:00-16:30", as_of=date(2026, 11, 26))
    paper = ways_slip(site, MADE_AT)
    fields = [field.value for block in paper.blocks if isinstance(block, FieldGroup) for field in block.fields]
    assert "8 号窗口" in fields
    assert "9:00-16:30" in fields
    notes = [line for block in paper.blocks if isinstance(block, PaperNotes) for line in block.sentences]
    assert "地点、时间和电话的数据日期 2026-11-26。" in notes


@pytest.mark.parametrize(
    ("held", "name"),
    [
        (Held(NothingHeld("never-fetched")), NAME),
        (_profile('{"terminal": "0318"}'), NAME),
        (_profile("not a profile"), NAME),
        (_profile('{"desk": "8 号窗口"}'), None),
    ],
)
def test_without_a_profile_the_settings_speak_and_nothing_is_dated(held: Held, name: str | None) -> None:
    assert site_at_hand(SITE, held, name) == SITE
    notes = [
        line for block in ways_slip(SITE, MADE_AT).blocks if isinstance(block, PaperNotes) for line in block.sentences
    ]
    assert not any("数据日期" in line for line in notes)


@pytest.mark.parametrize(
    ("set_aside", "good", "detail"),
    [
        (None, True, "version 3 of 2026-11-26"),
        ("not-yet-valid", True, "version 3 of 2026-11-26"),
        ("damaged", False, "damaged: version 3 of 2026-11-26 serves instead"),
    ],
)
def test_the_self_check_tells_what_is_held(set_aside: str | None, good: bool, detail: str) -> None:
    held = HeldBundle(NAME, 3, MADE_AT, date(2026, 11, 26), b"{}", set_aside)
    check = check_held(NAME, held)
    assert (check.good, check.detail, not check.remedy) == (good, detail, good)


def test_the_self_check_tells_that_nothing_is_held() -> None:
    check = check_held(NAME, NothingHeld("never-fetched"))
    assert (check.good, check.detail) == (False, "never-fetched: the terminal's own settings serve instead")
    assert check.remedy


@pytest.mark.parametrize(
    ("days", "good", "detail"),
    [(7, True, "version 3 of 2026-11-26"), (8, False, "too old: of 2026-11-26, and used for 7 days")],
)
def test_the_self_check_tells_when_the_roster_is_too_old(days: int, good: bool, detail: str) -> None:
    held = HeldBundle("roster-0317", 3, MADE_AT, date(2026, 11, 26), b"")
    check = check_roster("roster-0317", held, MADE_AT + timedelta(days=days))
    assert (check.good, check.detail, not check.remedy) == (good, detail, good)


def test_the_self_check_tells_what_a_terminal_without_its_roster_cannot() -> None:
    check = check_roster("roster-0317", NothingHeld("never-fetched"), MADE_AT)
    assert (check.good, check.remedy) == (False, "have the hall publish it every day: kiosk publish-roster")
