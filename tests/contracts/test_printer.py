"""What every receipt printer keeps to, on the simulated printer and its faults."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import usb.backend.libusb1
import zxingcpp
from PySide6.QtGui import QGuiApplication

from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.settings import EscposSettings
from devices.printer.render import RollWidth, render
from kiosk.app.system import SystemClock
from kiosk.domain.receipt_number import Verification
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import NotPrinted, PaperLevel, Printed, PrintUnknown
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from simulators.printer.ports import SerialPort
from simulators.printer.server import PrinterServer
from tests.devices.printer import usb_bus
from tests.devices.printer.usb_bus import SimulatedBus
from tests.eventually import eventually
from tests.kiosk.documents.specimens import VERIFICATION, specimens

PAPERS = specimens()
PASSED = PAPERS["passed"]


class NoPace:
    def wait(self, seconds: float) -> None:
        pass


PATIENT, HASTY, SILENT = 20.0, 1.5, 0.5
"""``SILENT`` where nothing is answered at all, ``HASTY`` where the answers end on the way."""

DOTS = {80: 576, 58: 384}


@dataclass(frozen=True)
class Hall:
    """A printer of the product beside the simulated one it drives, over one kind of wire."""

    printer: EscposPrinter
    simulator: PrinterServer
    address: str
    width: RollWidth
    journal: DurablePrintJournal

    def after_restart(self) -> EscposPrinter:
        """A driver that remembers nothing but what is on disk."""
        return driver(self.address, self.width, PATIENT, self.journal)

    def hasty_printer(self, patience: float = SILENT) -> EscposPrinter:
        """Its deadlines are short, for faults that only a deadline ends."""
        return driver(self.address, self.width, patience, None)

    def papers(self) -> list[np.ndarray]:
        pictures = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in self.simulator.mechanism.papers]
        assert all(picture is not None for picture in pictures)
        return [picture for picture in pictures if picture is not None]


def driver(address: str, width: RollWidth, patience: float, journal: DurablePrintJournal | None) -> EscposPrinter:
    deadlines = dict.fromkeys(("answer_seconds", "send_seconds", "print_seconds"), patience)
    settings = EscposSettings(address=address, paper_width=width, **deadlines)
    return EscposPrinter(settings, SystemClock(), journal)


def over_tcp(simulator: PrinterServer, monkeypatch: pytest.MonkeyPatch) -> str:
    return f"tcp://{simulator.address}"


def over_serial(simulator: PrinterServer, monkeypatch: pytest.MonkeyPatch) -> str:
    return f"serial:{simulator.address}?baud=115200&flow=none"


def over_usb(simulator: PrinterServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: SimulatedBus(simulator.address))
    return usb_bus.ADDRESS


WIRES = {"tcp": over_tcp, "serial": over_serial, "usb": over_usb}


def hall_on(wire: str, width: RollWidth, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    line = SerialPort(115200, paced=False) if wire == "serial" else None
    simulator = PrinterServer(folder / "papers", NoPace(), line=line, dots=DOTS[width])
    simulator.start()
    address, store = WIRES[wire](simulator, monkeypatch), Store(folder / "journal.db", 10**7)
    journal = DurablePrintJournal(store)
    printer = driver(address, width, PATIENT, journal)
    yield Hall(printer, simulator, address, width, journal)
    printer.close()
    simulator.close()
    store.close()


@pytest.fixture(params=[("tcp", 80), ("tcp", 58), ("serial", 80), ("usb", 58)], ids=str)
def hall(
    request: pytest.FixtureRequest, tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hall]:
    wire, width = request.param
    yield from hall_on(wire, width, tmp_path, monkeypatch)


@pytest.fixture(params=["tcp", "usb"])
def breakable(
    request: pytest.FixtureRequest, tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hall]:
    """On a wire that tells when it breaks."""
    yield from hall_on(request.param, 80, tmp_path, monkeypatch)


def assert_shows(hall: Hall, paper: np.ndarray, name: str) -> None:
    """``paper`` is the rendered one and the cutter's feed; only masked real-time pairs may have gained a dot."""
    expected = rendered(hall, name)
    differing = paper[: len(expected)] != expected
    assert np.count_nonzero(differing) <= 8
    assert (paper[: len(expected)][differing] == 0).all()
    assert (paper[len(expected) :] == 255).all()


def rendered(hall: Hall, name: str) -> np.ndarray:
    dots = render(PAPERS[name], hall.width)
    assert isinstance(dots, np.ndarray)
    return np.where(dots, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", PAPERS)
def test_paper_comes_out_as_rendered_and_its_code_reads(hall: Hall, name: str) -> None:
    verdict = hall.printer.print(PAPERS[name], "job")
    assert isinstance(verdict, Printed)
    assert hall.simulator.bytes_received >= verdict.bytes_sent
    (paper,) = hall.papers()
    assert_shows(hall, paper, name)
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [VERIFICATION.qr_text]
    assert hall.simulator.state()["unknown"] == 0


def test_papers_come_out_one_by_one(hall: Hall) -> None:
    for name in PAPERS:
        assert isinstance(hall.printer.print(PAPERS[name], name), Printed)
    assert len(hall.papers()) == len(PAPERS)


@pytest.mark.parametrize(
    ("fault", "reason"), [("paper-out", "media-empty"), ("cover-open", "cover-open"), ("jam", "media-jam")]
)
def test_fault_before_the_job_prints_nothing(hall: Hall, fault: str, reason: str) -> None:
    hall.simulator.fault(fault)
    assert hall.printer.print(PASSED, "job") == NotPrinted(reason)
    assert hall.simulator.mechanism.rows_printed == 0


@pytest.mark.parametrize("rows", [40, 300, 1200])
@pytest.mark.parametrize(
    ("fault", "cure", "reason"),
    [
        ("paper-out", "paper-in", "media-empty"),
        ("cover-open", "cover-close", "cover-open"),
        ("jam", "cover-close", "media-jam"),
    ],
)
def test_fault_in_the_job_is_unknown_and_nothing_prints_late(
    hall: Hall, fault: str, cure: str, reason: str, rows: int
) -> None:
    hall.simulator.fault(fault, after_rows=rows)
    assert hall.printer.print(PASSED, "job") == PrintUnknown(reason)
    stopped_at = hall.simulator.mechanism.rows_printed
    assert stopped_at == rows
    hall.simulator.fault(cure)
    assert hall.printer.status().device == Ready(hall_detail(hall))
    assert hall.simulator.mechanism.rows_printed == stopped_at
    assert isinstance(hall.printer.print(PAPERS["pending"], "next"), Printed)
    left, whole = hall.papers()
    assert len(left) >= rows
    assert_shows(hall, whole, "pending")


def hall_detail(hall: Hall) -> str:
    return f"{hall.address}, {hall.width} mm"


@pytest.mark.parametrize("count", [60, 9_000, 30_000])
def test_reset_in_the_job_is_unknown_and_the_next_job_is_whole(breakable: Hall, count: int) -> None:
    hall = breakable
    hall.simulator.reset(after_bytes=count)
    assert hall.printer.print(PASSED, "job") == PrintUnknown("link-lost")
    assert isinstance(hall.printer.print(PAPERS["pending"], "next"), Printed)
    assert_shows(hall, hall.papers()[-1], "pending")


def test_silence_from_the_start_prints_nothing(hall: Hall) -> None:
    hall.simulator.silence()
    assert hall.hasty_printer().print(PASSED, "job") == NotPrinted("no-answer")
    hall.simulator.speak()
    assert isinstance(hall.printer.print(PASSED, "next"), Printed)
    assert len(hall.papers()) == 1


def test_silence_in_the_job_is_unknown_and_no_other_begins_before_the_buffers_are_cleared(breakable: Hall) -> None:
    """Although the system took every byte."""
    hall = breakable
    printer = hall.hasty_printer(HASTY)
    hall.simulator.silence(after_bytes=9_000)
    verdict = printer.print(PASSED, "job")
    assert isinstance(verdict, PrintUnknown)
    assert verdict.reason in ("no-acknowledgement", "send-stalled")
    assert printer.print(PASSED, "next") == NotPrinted("old-job-not-cleared")
    hall.simulator.speak()


@pytest.mark.parametrize("confirms", [True, False])
def test_a_restart_never_joins_the_torn_paper_to_the_next(
    hall: Hall, confirms: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.simulator.fault("paper-out", after_rows=300)
    assert isinstance(hall.printer.print(PASSED, "job"), PrintUnknown)
    hall.journal.settle("job")
    hall.simulator.fault("paper-in")
    printer = hall.after_restart()
    if not confirms:
        monkeypatch.setattr(Conversation, "clear_buffers", lambda self: False)
    assert isinstance(printer.print(PAPERS["pending"], "next"), Printed)
    torn, whole = hall.papers()
    assert len(torn) >= 300
    assert_shows(hall, whole, "pending")


@pytest.mark.parametrize("confirms", [True, False])
def test_a_clean_restart_wastes_no_paper(hall: Hall, confirms: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(hall.printer.print(PASSED, "job"), Printed)
    if not confirms:
        monkeypatch.setattr(Conversation, "clear_buffers", lambda self: False)
    assert isinstance(hall.after_restart().print(PAPERS["pending"], "next"), Printed)
    assert len(hall.papers()) == 2


def test_a_job_that_printed_nothing_leaves_the_torn_paper_known(hall: Hall) -> None:
    hall.simulator.fault("jam", after_rows=300)
    assert isinstance(hall.printer.print(PASSED, "job"), PrintUnknown)
    assert isinstance(hall.after_restart().print(PASSED, "next"), NotPrinted)
    hall.simulator.fault("cover-close")
    assert isinstance(hall.after_restart().print(PASSED, "third"), Printed)
    assert len(hall.papers()) == 2


@pytest.fixture
def nobodys_port() -> Iterator[int]:
    """Held, so that nobody listens on it meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize(
    "address",
    [
        "tcp://printer..hall:9100",
        f"tcp://{'a' * 64}:9100",
        "tcp://\udcff:9100",
        "tcp://127.0.0.1:{nobodys_port}",
        "serial:/dev/no-such-port",
        "usb:dead:beef",
    ],
)
def test_nobody_there(address: str, nobodys_port: int, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: SimulatedBus(None))
    printer = driver(address.replace("{nobodys_port}", str(nobodys_port)), 80, PATIENT, None)
    assert printer.print(PASSED, "job") == NotPrinted("unreachable")
    device = printer.status().device
    assert isinstance(device, Unavailable)
    assert device.reason == "unreachable"
    printer.close()


def test_code_too_large_is_told_before_anything_is_sent(hall: Hall) -> None:
    paper = PAPERS["passed"]
    large = type(paper)(
        **{name: getattr(paper, name) for name in paper.__slots__} | {"verification": Verification("A" * 3000, "X")}
    )
    assert hall.printer.print(large, "job") == NotPrinted("code-too-large")
    assert hall.simulator.bytes_received == 0


@pytest.mark.parametrize(
    ("faults", "reason", "paper"),
    [
        ((), None, PaperLevel.ENOUGH),
        (("paper-low",), None, PaperLevel.LOW),
        (("paper-out",), "media-empty", PaperLevel.EMPTY),
        (("cover-open",), "cover-open", PaperLevel.ENOUGH),
        (("jam",), "media-jam", PaperLevel.ENOUGH),
        (("paper-out", "paper-in"), None, PaperLevel.ENOUGH),
    ],
)
def test_status(hall: Hall, faults: tuple[str, ...], reason: str | None, paper: PaperLevel) -> None:
    for fault in faults:
        hall.simulator.fault(fault)
    status = hall.printer.status()
    assert status.paper is paper
    assert (status.device.reason if isinstance(status.device, Unavailable) else None) == reason


def test_low_paper_still_prints(hall: Hall) -> None:
    hall.simulator.fault("paper-low")
    assert isinstance(hall.printer.print(PASSED, "job"), Printed)


def test_status_of_a_silent_printer(hall: Hall) -> None:
    hall.simulator.silence()
    status = hall.hasty_printer().status()
    assert isinstance(status.device, Unavailable)
    assert status.device.reason == "no-answer"
    assert status.paper is PaperLevel.UNKNOWN
    hall.simulator.speak()


def test_prints_from_any_thread_and_leaves_none_behind(hall: Hall) -> None:
    before = threading.active_count()
    verdicts: list[object] = []
    worker = threading.Thread(target=lambda: verdicts.append(hall.printer.print(PASSED, "job")))
    worker.start()
    worker.join()
    assert isinstance(verdicts[0], Printed)
    assert eventually(lambda: threading.active_count() == before)
