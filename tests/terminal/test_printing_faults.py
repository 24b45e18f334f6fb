"""Every fault of every kind of printer on every kind of line at every moment: the verdict, and what is on paper."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import usb.backend.libusb1

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.settings import EscposSettings
from kiosk.app.system import SystemClock
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.ports.print_journal import JournalEntry, PrintStage
from kiosk.ports.printer import Handover, NotPrinted, Printed, PrintUnknown, PrintVerdict
from kiosk.printing.recovery import settle_journal
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from simulators.printer.agenda import NOW, Moment, Progress
from simulators.printer.personality import CLONE, EPSON
from simulators.printer.ports import SerialPort, TcpPort
from simulators.printer.presenter import Presenter
from simulators.printer.server import PrinterServer
from tests.devices.printer import usb_bus
from tests.devices.printer.usb_bus import SimulatedBus
from tests.records import receipt

ROWS = 600
ANSWER_S, PATIENT_S, HASTY_S = 20.0, 30.0, 2.0
"""Deadlines of the driver; the short ones for faults that only a deadline ends."""

LARGE, SMALL, SMALLEST = 65536, 8192, 4096
HASTY_FAULTS = ("silence", "power-off")
STOPPING = ("paper-out", "cover-open", "jam", "cutter", "hot", "presenter-full")
"""The head stands still; the other faults leave it to print what it has."""

CLONE_PROFILE = 'vendor = "any"\nsource = "test"\ndots = 576\nword = "status"\nmm_per_second = 600.0\n'
BLIND_PROFILE = CLONE_PROFILE + "auto_status = false\n"
PRESENTER_PROFILE = BLIND_PROFILE + 'presenter = { asked = "full-status", retract = "1d6502" }\n'

Picture = npt.NDArray[np.bool_]


class OnPaper(Enum):
    """``SOME``: a part or all, by what the line had carried."""

    NOTHING = "nothing"
    PART = "a part"
    SOME = "some"
    ALL = "all"


NOTHING, PART, SOME, ALL = OnPaper
BEFORE = NOW
FIRST_ROWS = Moment(Progress.ROWS, 40)
IN_THE_MIDDLE = Moment(Progress.ROWS, 300)
LAST_ROW = Moment(Progress.ROWS, ROWS - 1)
ALL_ROWS = Moment(Progress.ROWS, ROWS)
FIRST_BYTES = Moment(Progress.BYTES, 60)
HALF_THE_BYTES = Moment(Progress.BYTES, 21_000)
AT_THE_CUT = Moment(Progress.CUTS_BEGUN, 1)
AFTER_THE_CUT = Moment(Progress.CUTS_DONE, 1)

CURES: dict[str, tuple[str, ...]] = {
    "paper-out": ("paper-in",),
    "cover-open": ("cover-close",),
    "jam": ("cover-open", "cover-close"),
    "cutter": ("cover-open", "cover-close"),
    "hot": ("cool",),
    "presenter-full": ("presenter-emptied",),
    "silence": ("speak",),
    "reset": (),
    "unplug": ("plug",),
    "power-off": ("power-on",),
}


@dataclass(frozen=True)
class Case:
    """``make``: epson acknowledges; clone has a status and tells of changes; blind only answers; presenter holds the
    paper out. ``reasons`` are the words that the verdict may give; ``buffer`` is the printer's, in bytes.
    """

    make: str
    line: str
    fault: str
    moment: Moment
    verdict: type[PrintVerdict]
    reasons: str
    on_paper: OnPaper
    buffer: int = LARGE

    def __str__(self) -> str:
        name = f"{self.make}-{self.line}-{self.fault}-{self.moment.progress.value}-{self.moment.count}"
        return name if self.buffer == LARGE else f"{name}-buffer-{self.buffer}"


CASES = (
    # make, line, fault, moment, verdict, reason, on paper
    Case("epson", "tcp", "paper-out", BEFORE, NotPrinted, "media-empty", NOTHING),
    Case("epson", "tcp", "cover-open", BEFORE, NotPrinted, "cover-open", NOTHING),
    Case("epson", "tcp", "jam", BEFORE, NotPrinted, "media-jam", NOTHING),
    Case("epson", "tcp", "cutter", BEFORE, NotPrinted, "cutter-jam", NOTHING),
    Case("epson", "tcp", "hot", BEFORE, NotPrinted, "head-hot", NOTHING),
    Case("epson", "tcp", "silence", BEFORE, NotPrinted, "no-answer", NOTHING),
    Case("epson", "tcp", "unplug", BEFORE, NotPrinted, "unreachable", NOTHING),
    Case("epson", "tcp", "power-off", BEFORE, NotPrinted, "no-answer", NOTHING),
    Case("epson", "tcp", "paper-out", FIRST_ROWS, PrintUnknown, "media-empty", PART),
    Case("epson", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("epson", "tcp", "paper-out", LAST_ROW, PrintUnknown, "media-empty", PART),
    Case("epson", "tcp", "paper-out", AT_THE_CUT, Printed, "", ALL),
    Case("epson", "tcp", "cover-open", FIRST_ROWS, PrintUnknown, "cover-open", PART),
    Case("epson", "tcp", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART),
    Case("epson", "tcp", "jam", FIRST_ROWS, PrintUnknown, "media-jam", PART),
    Case("epson", "tcp", "jam", IN_THE_MIDDLE, PrintUnknown, "media-jam", PART),
    Case("epson", "tcp", "cutter", AT_THE_CUT, Printed, "", ALL),
    Case("epson", "tcp", "hot", IN_THE_MIDDLE, Printed, "", ALL),
    Case("epson", "tcp", "silence", HALF_THE_BYTES, PrintUnknown, "no-acknowledgement send-stalled", SOME),
    Case("epson", "tcp", "silence", LAST_ROW, PrintUnknown, "no-acknowledgement", ALL),
    Case("epson", "tcp", "reset", FIRST_BYTES, PrintUnknown, "link-lost", NOTHING),
    Case("epson", "tcp", "reset", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("epson", "tcp", "unplug", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("epson", "tcp", "unplug", FIRST_BYTES, PrintUnknown, "link-lost", NOTHING),
    Case("epson", "tcp", "power-off", IN_THE_MIDDLE, PrintUnknown, "no-acknowledgement send-stalled", PART),
    Case("epson", "tcp", "power-off", AFTER_THE_CUT, Printed, "", ALL),
    Case("epson", "serial", "paper-out", BEFORE, NotPrinted, "media-empty", NOTHING),
    Case("epson", "serial", "cover-open", BEFORE, NotPrinted, "cover-open", NOTHING),
    Case("epson", "serial", "silence", BEFORE, NotPrinted, "no-answer", NOTHING),
    Case("epson", "serial", "unplug", BEFORE, NotPrinted, "unreachable", NOTHING),
    Case("epson", "serial", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("epson", "serial", "cover-open", FIRST_ROWS, PrintUnknown, "cover-open", PART),
    Case("epson", "serial", "jam", IN_THE_MIDDLE, PrintUnknown, "media-jam", PART),
    Case("epson", "serial", "hot", IN_THE_MIDDLE, Printed, "", ALL),
    Case("epson", "serial", "silence", HALF_THE_BYTES, PrintUnknown, "no-acknowledgement send-stalled", SOME),
    Case("epson", "serial", "unplug", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("epson", "serial", "power-off", BEFORE, NotPrinted, "no-answer", NOTHING),
    Case("epson", "usb", "paper-out", BEFORE, NotPrinted, "media-empty", NOTHING),
    Case("epson", "usb", "unplug", BEFORE, NotPrinted, "unreachable", NOTHING),
    Case("epson", "usb", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("epson", "usb", "cover-open", FIRST_ROWS, PrintUnknown, "cover-open", PART),
    Case("epson", "usb", "unplug", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("epson", "usb", "silence", HALF_THE_BYTES, PrintUnknown, "no-acknowledgement send-stalled", SOME),
    Case("epson", "usb", "power-off", IN_THE_MIDDLE, PrintUnknown, "no-acknowledgement send-stalled", PART),
    Case("clone", "tcp", "paper-out", BEFORE, NotPrinted, "media-empty", NOTHING),
    Case("clone", "tcp", "cover-open", BEFORE, NotPrinted, "cover-open", NOTHING),
    Case("clone", "tcp", "silence", BEFORE, NotPrinted, "no-answer", NOTHING),
    Case("clone", "tcp", "paper-out", FIRST_ROWS, PrintUnknown, "media-empty", PART),
    Case("clone", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("clone", "tcp", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART),
    Case("clone", "tcp", "cover-open", ALL_ROWS, PrintUnknown, "cover-open", ALL),
    Case("clone", "tcp", "jam", IN_THE_MIDDLE, PrintUnknown, "media-jam", PART),
    Case("clone", "tcp", "hot", IN_THE_MIDDLE, Printed, "", ALL),
    Case("clone", "tcp", "silence", HALF_THE_BYTES, PrintUnknown, "no-acknowledgement send-stalled", SOME),
    Case("clone", "tcp", "reset", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("clone", "tcp", "power-off", IN_THE_MIDDLE, PrintUnknown, "no-acknowledgement send-stalled", PART),
    Case("clone", "serial", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("clone", "serial", "unplug", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("clone", "usb", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("clone", "usb", "cover-open", LAST_ROW, PrintUnknown, "cover-open", PART),
    Case("blind", "tcp", "paper-out", BEFORE, NotPrinted, "media-empty", NOTHING),
    Case("blind", "tcp", "paper-out", FIRST_ROWS, PrintUnknown, "media-empty", PART),
    Case("blind", "tcp", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART),
    Case("blind", "tcp", "jam", LAST_ROW, PrintUnknown, "media-jam", PART),
    Case("blind", "tcp", "reset", HALF_THE_BYTES, PrintUnknown, "link-lost", PART),
    Case("presenter", "tcp", "presenter-full", BEFORE, NotPrinted, "presenter-full media-jam", NOTHING),
    Case("presenter", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART),
    Case("presenter", "serial", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART),
    Case("epson", "tcp", "paper-out", FIRST_ROWS, PrintUnknown, "media-empty", PART, SMALL),
    Case("epson", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART, SMALL),
    Case("epson", "tcp", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART, SMALL),
    Case("epson", "tcp", "jam", IN_THE_MIDDLE, PrintUnknown, "media-jam", PART, SMALL),
    Case("epson", "tcp", "hot", IN_THE_MIDDLE, Printed, "", ALL, SMALL),
    Case("epson", "tcp", "reset", HALF_THE_BYTES, PrintUnknown, "link-lost", PART, SMALL),
    Case("epson", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART, SMALLEST),
    Case("epson", "serial", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART, SMALL),
    Case("epson", "usb", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART, SMALL),
    Case("clone", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART, SMALL),
    Case("clone", "serial", "cover-open", IN_THE_MIDDLE, PrintUnknown, "cover-open", PART, SMALL),
    Case("blind", "tcp", "paper-out", IN_THE_MIDDLE, PrintUnknown, "media-empty", PART, SMALL),
    Case("blind", "tcp", "hot", IN_THE_MIDDLE, Printed, "", ALL, SMALL),
)


@dataclass(frozen=True)
class Outcome:
    """What the driver said, what the journal kept, what a second paper met, and all that came out of the printer;
    ``rows`` of it had when the driver spoke."""

    verdict: PrintVerdict
    entry: JournalEntry
    number_again: PrintVerdict
    next: PrintVerdict
    rows: int
    papers: tuple[Picture, ...]


LINES = {"tcp": "tcp://{}", "serial": "serial:{}?baud=115200&flow=xonxoff", "usb": usb_bus.ADDRESS}
_TORN_ROWS = 2
_plugged_in = threading.local()
"""The printer on this thread's USB bus."""

_ROWS = {NOTHING: (0,), PART: range(1, ROWS), SOME: range(1, ROWS + 1), ALL: (ROWS,)}


def picture(seed: int) -> Picture:
    """Dots in every row, so that none is fed."""
    dots = np.random.default_rng(seed).random((ROWS, 576)) < 0.3
    dots[:, 571] = True
    return dots


class NoPace:
    def wait(self, seconds: float) -> None:
        pass


NUMBER = receipt()
FIRST, SECOND = picture(1), picture(2)


@contextmanager
def printer_of(case: Case, folder: Path) -> Iterator[PrinterServer]:
    line = SerialPort(115200, folder / "port", paced=False) if case.line == "serial" else TcpPort()
    server = PrinterServer(
        folder / "papers",
        NoPace(),
        line=line,
        handshake="xon-xoff" if case.line == "serial" else "busy",
        buffer=case.buffer,
        personality=EPSON if case.make == "epson" else CLONE,
        presenter=Presenter(attentive=True) if case.make == "presenter" else None,
    )
    server.start()
    try:
        yield server
    finally:
        server.close()


def driver_of(case: Case, folder: Path, address: str, journal: DurablePrintJournal) -> EscposPrinter:
    profile = folder / "profile.toml"
    profile.write_text({"clone": CLONE_PROFILE, "presenter": PRESENTER_PROFILE}.get(case.make, BLIND_PROFILE))
    hasty = case.fault in HASTY_FAULTS
    deadlines = dict.fromkeys(("send_seconds", "print_seconds"), HASTY_S if hasty else PATIENT_S)
    settings = EscposSettings(
        address=LINES[case.line].format(address),
        profile="epson" if case.make == "epson" else str(profile),
        answer_seconds=HASTY_S if hasty else ANSWER_S,
        cool_seconds=2.0,
        take_seconds=0.3,
        **deadlines,
    )
    return EscposPrinter(settings, SystemClock(), journal)


def act(server: PrinterServer, name: str) -> None:
    match name:
        case "silence":
            server.port.pause()
        case "speak":
            server.speak()
        case "reset":
            server.drop_host()
        case "unplug":
            server.unplug()
        case "plug":
            server.plug()
        case "power-off":
            server.power_off()
        case "power-on":
            server.power_on()
        case _:
            server.mechanism.happen(name)


def outcome_of(case: Case, folder: Path) -> Outcome:
    """Prints with the fault, takes it away, and prints the next paper."""
    store = Store(folder / "terminal.db", 1 << 24)
    journal = DurablePrintJournal(store)
    with printer_of(case, folder) as server:
        _plugged_in.address = server.address
        driver = driver_of(case, folder, server.address, journal)
        server.at(case.moment, lambda: act(server, case.fault))
        with cooling(server):
            verdict = driver.print_dots((FIRST,), "first")
        rows = server.mechanism.rows_printed
        if case.fault in STOPPING:
            driver.status()
        entry = journal.latest("first")
        assert isinstance(entry, JournalEntry)
        for cure in CURES[case.fault]:
            act(server, cure)
        again = driver.print_dots((SECOND,), "first")
        following = again if isinstance(again, Printed) else driver.print_dots((SECOND,), "second")
        driver.close()
        papers = all_papers(server)
    store.close()
    return Outcome(verdict, entry, again, following, rows, papers)


def all_papers(server: PrinterServer) -> tuple[Picture, ...]:
    """Once the second one has come out, which a printer may do after it has answered."""
    seen: list[Picture] = []

    def second_is_out() -> bool:
        seen.extend(_picture(path) for path in server.mechanism.papers[len(seen) :])
        return bool(seen) and np.array_equal(seen[-1][0], SECOND[0])

    in_time(second_is_out)
    return tuple(seen)


def in_time(condition: Callable[[], bool]) -> None:
    """Waits for it as long as a driver would; what came of it the test sees."""
    deadline = time.monotonic() + PATIENT_S
    tick = threading.Event()
    while not condition() and time.monotonic() < deadline:
        tick.wait(0.01)


@contextmanager
def cooling(server: PrinterServer) -> Iterator[None]:
    """A hot head cools down once it has been felt, unless it was hot from the start."""
    over = threading.Event()

    def cool() -> None:
        while not over.wait(0.01):
            if server.mechanism.head_hot and server.mechanism.rows_printed:
                server.mechanism.happen("cool")
                return

    thread = threading.Thread(target=cool)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _picture(path: Path) -> Picture:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return np.equal(image, 0)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Case, "Future[Outcome]"]]:
    """Those that wait for deadlines all at once; the others, which work, by few, or they would keep one another from
    answering in time."""
    with (
        pytest.MonkeyPatch.context() as patch,
        ThreadPoolExecutor(len(CASES)) as waiting,
        ThreadPoolExecutor(2) as working,
    ):
        patch.setattr(usb.backend.libusb1, "get_backend", lambda: SimulatedBus(_plugged_in.address))
        yield {
            case: (waiting if case.fault in HASTY_FAULTS else working).submit(
                outcome_of, case, tmp_path_factory.mktemp("fault")
            )
            for case in CASES
        }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict_and_paper(outcomes: dict[Case, "Future[Outcome]"], case: Case) -> None:
    outcome = outcomes[case].result()
    assert isinstance(outcome.verdict, case.verdict), outcome.verdict
    if not isinstance(outcome.verdict, Printed):
        assert outcome.verdict.reason in case.reasons.split()
    assert outcome.entry.verdict == outcome.verdict
    _assert_number_is_used_once(outcome)
    *others, whole = [paper for paper in outcome.papers if paper.any()]
    assert _rows_of(SECOND, whole) == ROWS, "the next paper is not whole, or not by itself"
    assert len(others) <= 1
    in_the_end = _rows_of(FIRST, others[0]) if others else 0
    at_verdict = min(outcome.rows, ROWS) if case.fault in STOPPING else in_the_end
    assert at_verdict in _ROWS[case.on_paper]
    # A printer that cannot be told to drop its buffers prints them when it is mended; the number is void by then.
    assert in_the_end == at_verdict or case.make != "epson"


def _assert_number_is_used_once(outcome: Outcome) -> None:
    if isinstance(outcome.verdict, NotPrinted):
        assert isinstance(outcome.number_again, Printed)
    else:
        assert outcome.number_again == NotPrinted("number-used")
    assert isinstance(outcome.next, Printed)


def _rows_of(dots: Picture, paper: Picture) -> int:
    """How many rows of ``dots`` the paper begins with; it shows nothing else. A masked pair gained a dot, and where a
    band was torn the row and the next may hold commands as dots."""
    rows = np.flatnonzero(paper.any(axis=1))
    count = int(rows[-1]) + 1 if rows.size else 0
    assert count <= len(dots), "more than one paper on one piece"
    sure = count if count == len(dots) else max(0, count - _TORN_ROWS)
    differing = paper[:sure] != dots[:sure]
    assert np.count_nonzero(differing) <= 64
    assert paper[:sure][differing].all()
    return count


@pytest.mark.parametrize(
    ("happens", "way", "stage", "void"),
    [
        ("ticket-take", Handover.TAKEN, PrintStage.TAKEN, []),
        (None, Handover.RETRACTED, PrintStage.RETRACTED, [(NUMBER, TAKEN_BACK)]),
        ("presenter-full", Handover.UNKNOWN, PrintStage.PRESENTED, []),
    ],
)
def test_a_paper_in_the_mouth_is_taken_or_taken_back_and_then_void(
    tmp_path: Path, happens: str | None, way: Handover, stage: PrintStage, void: list[tuple[ReceiptNumber, str]]
) -> None:
    case = Case("presenter", "tcp", HASTY_FAULTS[0], BEFORE, Printed, "", ALL)
    journal = DurablePrintJournal(Store(tmp_path / "terminal.db", 1 << 24))
    with printer_of(case, tmp_path) as server:
        assert server.mechanism.presenter is not None
        server.mechanism.presenter.attentive = False
        driver = driver_of(case, tmp_path, server.address, journal)
        assert isinstance(driver.print_dots((FIRST,), NUMBER.value), Printed)
        in_time(lambda: server.mechanism.presenter is not None and server.mechanism.presenter.mouth is not None)
        with ThreadPoolExecutor(1) as hall:
            over = hall.submit(driver.hand_over, NUMBER.value)
            in_time(lambda: _stage(journal) is PrintStage.PRESENTED)
            if happens is not None:
                server.mechanism.happen(happens)
            assert over.result() is way
        driver.close()
    entry = journal.latest(NUMBER.value)
    assert isinstance(entry, JournalEntry)
    assert (entry.stage, isinstance(entry.verdict, Printed)) == (stage, True)
    voided: list[tuple[ReceiptNumber, str]] = []

    def take(number: ReceiptNumber, reason: str) -> bool:
        voided.append((number, reason))
        return True

    settle_journal(journal, take)
    assert voided == void


def _stage(journal: DurablePrintJournal) -> PrintStage | None:
    entry = journal.latest(NUMBER.value)
    return entry.stage if isinstance(entry, JournalEntry) else None


def test_the_table_is_wide_enough() -> None:
    assert len({str(case) for case in CASES}) == len(CASES) >= 40
