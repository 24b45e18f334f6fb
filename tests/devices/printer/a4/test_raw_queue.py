"""ESC/POS bytes through a raw queue: they arrive whole, and nobody claims a paper."""

import os
from pathlib import Path

import numpy as np
import pytest

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.pieces import cut_into_pieces
from devices.printer.escpos.profile import profile_of
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_commands import CUT, INITIALISE, MOTION_UNIT_ONE_DOT
from kiosk.app.system import SystemClock
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import NotPrinted, PaperLevel, PrintUnknown
from tests.devices.printer.a4.private_cups import PrivateCups
from tests.eventually import eventually

DOTS = np.random.default_rng(3).random((2000, 576)) < 0.3


@pytest.fixture
def queue(cups: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUPS_SERVER", cups.server)
    folder = cups.root / "out" / "roll"
    return folder if folder.exists() else cups.file_queue("roll")


def sent_bytes() -> bytes:
    settings = EscposSettings(address="cups-raw:roll")
    profile = profile_of(settings.profile)
    pieces = cut_into_pieces((DOTS,), profile.cutter_mm, profile.buffer_bytes // 2)
    return INITIALISE + MOTION_UNIT_ONE_DOT + b"".join(band.data for band in pieces.bands) + CUT


def printer(queue: str = "roll") -> EscposPrinter:
    return EscposPrinter(EscposSettings(address=f"cups-raw:{queue}"), SystemClock())


def test_every_byte_arrives_and_the_verdict_is_unknown(queue: Path) -> None:
    assert printer().print_dots((DOTS,), "job") == PrintUnknown("not-acknowledged")
    sent = sent_bytes()

    def arrived() -> list[Path]:
        return [path for path in queue.glob("*.pdf") if path.stat().st_size == len(sent)]

    assert eventually(lambda: bool(arrived()))
    assert arrived()[0].read_bytes() == sent


def test_a_queue_tells_of_itself_only(queue: Path) -> None:
    status = printer().status()
    assert (status.device, status.paper) == (Ready("cups-raw:roll, 80 mm"), PaperLevel.UNKNOWN)


def test_a_queue_that_is_not_there_takes_nothing(queue: Path) -> None:
    assert printer("absent").print_dots((DOTS,), "job") == NotPrinted("unreachable")
    assert isinstance(printer("absent").status().device, Unavailable)


def test_a_machine_without_cups(queue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert printer().print_dots((DOTS,), "job") == NotPrinted("unreachable")
