"""What is known of the devices together: the paper left, when it is low, and when nothing can be printed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.flow.health import (
    CAMERA,
    FACE,
    ID_CARD,
    PLATFORM,
    PRINTER,
    RollLeft,
    can_print,
    health_of,
    paper_low,
)
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import PaperLevel, PrinterStatus
from kiosk.ports.supervision import DeviceReport

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
GONE = Unavailable("port-gone", "plug it in")


@pytest.mark.parametrize(
    ("by_sensor", "by_count", "left"), [(None, 900, 900), (40_000, 100, 40_000), (500, 80_000, 80_000)]
)
def test_what_is_left_is_what_the_sensor_or_the_count_is_sure_of(
    by_sensor: int | None, by_count: int, left: int
) -> None:
    reports = [DeviceReport(device, Ready(), NOW) for device in (ID_CARD, CAMERA, FACE, PLATFORM)]
    printer = DeviceReport(PRINTER, Ready(), NOW, paper=PaperLevel.ENOUGH, remaining_mm=by_sensor)
    known = health_of([*reports, printer], 0, roll=RollLeft(by_count, 80_000))
    assert known is not None
    assert known.printer.remaining_mm == left


@pytest.mark.parametrize(
    ("level", "left_mm", "low", "printable"),
    [
        (PaperLevel.ENOUGH, None, False, True),
        (PaperLevel.LOW, None, True, True),
        (PaperLevel.EMPTY, 50_000, False, False),
        (PaperLevel.ENOUGH, 16_000, False, True),
        (PaperLevel.ENOUGH, 15_999, True, True),
        (PaperLevel.ENOUGH, 250, True, True),
        (PaperLevel.ENOUGH, 249, True, False),
    ],
)
def test_what_is_left_warns_below_a_fifth_and_closes_below_one_paper(
    level: PaperLevel, left_mm: int | None, low: bool, printable: bool
) -> None:
    printer = PrinterStatus(Ready(), level, left_mm)
    assert (paper_low(printer), can_print(printer)) == (low, printable)
    assert not can_print(replace(printer, device=GONE))


@pytest.mark.parametrize(("full_mm", "low_mm"), [(30_000, 6_000), (80_000, 16_000), (150_000, 30_000), (None, 16_000)])
def test_the_warning_comes_at_a_fifth_of_the_roll_that_was_put_in(full_mm: int | None, low_mm: int) -> None:
    fifth = PrinterStatus(Ready(), PaperLevel.ENOUGH, low_mm, full_mm)
    assert not paper_low(fifth)
    assert paper_low(replace(fifth, remaining_mm=low_mm - 1))
