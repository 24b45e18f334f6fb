"""A PIN is known by its hash alone."""

import stat
from pathlib import Path

import pytest

from kiosk.wire.keys import KeyUnusable, load_gateway_registration, register_gateway, write_registration
from kiosk.wire.staff_pin import make_staff_pin, pin_fits
from tests.records import register


def test_the_right_pin_fits_and_others_do_not() -> None:
    kept = make_staff_pin("1001", "302817")
    assert pin_fits("302817", kept)
    assert not any(pin_fits(typed, kept) for typed in ("302818", "", "30281", "30281７"))
    assert not pin_fits("302817", None)


@pytest.mark.parametrize(("staff", "pin"), [("1001", "30281"), ("1001", "abcdef"), ("李", "302817"), ("", "302817")])
def test_a_pin_that_is_too_short_is_none(staff: str, pin: str) -> None:
    with pytest.raises(ValueError, match=r"PIN|staff"):
        make_staff_pin(staff, pin)


def test_a_registration_with_pins_is_its_owners_alone(tmp_path: Path) -> None:
    registered = register(tmp_path)
    assert registered.gateway.staff == ()
    assert stat.S_IMODE(registered.gateway_file.stat().st_mode) & 0o044
    kept = make_staff_pin("1001", "302817")
    write_registration(registered.gateway_file, register_gateway(registered.sealing_key, staff=(kept,)))
    assert stat.S_IMODE(registered.gateway_file.stat().st_mode) == 0o600
    gateway = load_gateway_registration(registered.gateway_file)
    assert not isinstance(gateway, KeyUnusable)
    assert gateway.staff == (kept,)
