"""What the driver makes of makes: acknowledgement, journal, roll, presenter, faults of one kind each."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.printer.escpos import job, presenter
from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.pieces import cut_into_pieces
from devices.printer.escpos.presenter import await_taking
from devices.printer.escpos.profile import profile_of
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_answers import FullStatus
from devices.printer.page import Bits
from kiosk.app.system import SystemClock
from kiosk.domain.paper import Paper
from kiosk.ports.device_status import Unavailable
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, PrintStage
from kiosk.ports.printer import Handover, NotPrinted, PaperLevel, Printed, PrintUnknown
from kiosk.printing.verdict import PrintProgress, PrintStep, StateRead, observe
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from simulators.printer.pace import WallPace
from simulators.printer.personality import CLONE, EPSON, Personality
from simulators.printer.presenter import Presenter
from simulators.printer.server import PrinterServer
from tests.eventually import eventually
from tests.kiosk.documents.specimens import specimens

PASSED: Paper = specimens()["passed"]
JOB = "YL-20261120-0317-00042-A"
ROWS_OF_A_STRIP = 80
COOLS_S = 60.0


class NoPace:
    def wait(self, seconds: float) -> None:
        pass


class Roll:
    """A paper roll in memory."""

    def __init__(self, length: int | None) -> None:
        self.length = length

    def remaining(self) -> int | None:
        return self.length

    def use(self, length: int) -> None:
        if self.length is not None:
            self.length = max(0, self.length - length)

    def change(self, length: int) -> None:
        self.length = length


class FailingJournal:
    """Takes the first ``calls`` calls, then the disk is full."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.closed: list[object] = []

    def reserve(self, entry: JournalEntry) -> JournalTrouble | None:
        return self._told()

    def advance(self, job: str, stage: PrintStage, band: int = 0) -> JournalTrouble | None:
        return self._told()

    def close(self, job: str, verdict: object) -> JournalTrouble | None:
        self.closed.append(verdict)
        return self._told()

    def unfinished(self) -> tuple[JournalEntry, ...]:
        return ()

    def last_sent(self) -> None:
        return None

    def latest(self, job: str) -> None:
        return None

    def unsettled(self) -> tuple[JournalEntry, ...]:
        return ()

    def settle(self, job: str) -> None:
        return None

    def _told(self) -> JournalTrouble | None:
        self.calls -= 1
        return JournalTrouble("storage-full") if self.calls < 0 else None


@dataclass
class Bench:
    simulator: PrinterServer
    journal: DurablePrintJournal

    def printer(self, profile: str, roll: Roll | None = None, journal: object = None, **given: float) -> EscposPrinter:
        deadlines = {"answer_seconds": 5.0, "send_seconds": 5.0, "print_seconds": 5.0, "take_seconds": 5.0} | given
        settings = EscposSettings(address=f"tcp://{self.simulator.address}", profile=profile, **deadlines)
        return EscposPrinter(settings, SystemClock(), journal or self.journal, roll)  # type: ignore[arg-type]

    def holds_a_paper_out(self) -> bool:
        """Waited for: a clone's word for a printed paper may come before the paper."""
        mouth = self.simulator.mechanism.presenter
        assert mouth is not None
        return eventually(lambda: mouth.mouth is not None)

    @property
    def papers(self) -> list[Path]:
        return self.simulator.mechanism.papers


Start = Callable[..., Bench]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    store = Store(tmp_path / "journal.db", 10**7)
    started: list[PrinterServer] = []

    def begin(make: Personality = EPSON, presenter: Presenter | None = None, mm_per_second: float = 0) -> Bench:
        pace = WallPace() if mm_per_second else NoPace()
        simulator = PrinterServer(
            tmp_path / "papers", pace, personality=make, presenter=presenter, mm_per_second=mm_per_second
        )
        simulator.start()
        started.append(simulator)
        return Bench(simulator, DurablePrintJournal(store))

    yield begin
    for simulator in started:
        simulator.close()
    store.close()


def strip(rows: int = ROWS_OF_A_STRIP) -> Bits:
    dots = np.zeros((rows, 576), dtype=np.bool_)
    dots[:, 40:60] = True
    return dots


# Makes


@pytest.mark.parametrize("profile", ["snbc", "conservative", "gainscha"])
def test_a_clone_is_believed_once_its_head_had_the_time(start: Start, profile: str) -> None:
    bench = start(CLONE)
    printer = bench.printer(profile)
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    assert eventually(lambda: len(bench.papers) == 1)
    assert bench.simulator.state()["unknown"] == 0
    entry = bench.journal.latest(JOB)
    assert isinstance(entry, JournalEntry)
    assert (entry.stage, entry.band, entry.rows) == (PrintStage.ACKNOWLEDGED, 1, ROWS_OF_A_STRIP)


@pytest.mark.parametrize(("mm_per_second", "rows"), [(50, 80), (50, 600), (30, 600), (150, 600)])
def test_a_clone_slower_than_its_profile_is_believed_when_its_rows_are_on_paper(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mm_per_second: float, rows: int
) -> None:
    bench = start(CLONE, mm_per_second=mm_per_second)
    profile = tmp_path / "profile.toml"
    profile.write_text('vendor = "any"\nsource = "test"\ndots = 576\nword = "status"\nmm_per_second = 150.0\n')
    on_paper: list[int] = []

    def watched(progress: PrintProgress, step: PrintStep) -> PrintProgress:
        if isinstance(step, StateRead):
            on_paper.append(bench.simulator.mechanism.rows_printed)
        return observe(progress, step)

    monkeypatch.setattr(job, "observe", watched)
    assert isinstance(bench.printer(str(profile)).print_dots((strip(rows),), JOB), Printed)
    assert on_paper == [rows]


def test_a_clone_out_of_paper_says_so_before_it_has_worked_anything_off(start: Start) -> None:
    bench = start(CLONE)
    bench.simulator.fault("paper-out")
    printer = bench.printer("snbc", print_seconds=60.0, answer_seconds=60.0)
    assert printer.print_dots((strip(),), JOB) == NotPrinted("media-empty")


def test_a_clone_that_is_taken_for_an_epson_never_says_printed(start: Start) -> None:
    bench = start(CLONE)
    printer = bench.printer("epson", print_seconds=1.5, answer_seconds=1.5)
    assert printer.print_dots((strip(),), JOB) == PrintUnknown("no-acknowledgement")


@pytest.mark.parametrize("profile", ["snbc", "conservative"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper-out", "media-empty"), ("cover-open", "cover-open"), ("jam", "media-jam"), ("cutter", "cutter-jam")],
)
def test_a_clone_s_fault_in_the_job_is_unknown(start: Start, profile: str, fault: str, reason: str) -> None:
    bench = start(CLONE)
    bench.simulator.fault(fault, after_rows=40)
    assert bench.printer(profile).print_dots((strip(600),), JOB) == PrintUnknown(reason)
    assert bench.simulator.mechanism.rows_printed == 40


def test_a_clone_prints_nothing_new_before_the_old_job_is_worked_off(start: Start) -> None:
    bench = start(CLONE)
    printer = bench.printer("snbc", print_seconds=0.5)
    bench.simulator.fault("paper-out", after_rows=40)
    assert isinstance(printer.print_dots((strip(),), JOB), PrintUnknown)
    assert printer.print_dots((strip(),), "next") == NotPrinted("media-empty")
    assert bench.simulator.mechanism.rows_printed == 40
    bench.simulator.fault("paper-in")
    assert isinstance(printer.print_dots((strip(),), "next"), Printed)


def test_a_clone_left_in_the_middle_of_a_band_swallows_nothing_of_the_next_paper(start: Start) -> None:
    bench = start(CLONE)
    printer = bench.printer("snbc")
    bench.simulator.reset(after_bytes=700)
    assert printer.print_dots((strip(600),), JOB) == PrintUnknown("link-lost")
    assert isinstance(printer.print_dots((strip(),), "next"), Printed)
    assert eventually(lambda: len(bench.papers) == 2)
    assert len(picture(bench.papers[-1])) == ROWS_OF_A_STRIP + 96


# Journal


def test_every_step_stands_in_the_journal(start: Start) -> None:
    bench = start()
    assert isinstance(bench.printer("epson").print(PASSED, JOB), Printed)
    entry = bench.journal.latest(JOB)
    assert isinstance(entry, JournalEntry)
    assert isinstance(entry.verdict, Printed)
    assert entry.stage is PrintStage.ACKNOWLEDGED
    assert entry.band == entry.bands > 1
    assert len(entry.digest) == 64


def test_a_number_is_on_one_paper_only(start: Start) -> None:
    bench = start()
    assert isinstance(bench.printer("epson").print_dots((strip(),), JOB), Printed)
    assert bench.printer("epson").print_dots((strip(),), JOB) == NotPrinted("number-used")
    assert len(bench.papers) == 1
    entry = bench.journal.latest(JOB)
    assert isinstance(entry, JournalEntry)
    assert isinstance(entry.verdict, Printed)


def test_a_number_in_doubt_is_not_printed_again(start: Start) -> None:
    bench = start()
    bench.simulator.fault("jam", after_rows=40)
    printer = bench.printer("epson")
    assert printer.print_dots((strip(),), JOB) == PrintUnknown("media-jam")
    bench.simulator.fault("cover-close")
    assert printer.print_dots((strip(),), JOB) == NotPrinted("number-used")


def test_a_number_that_was_not_printed_is_printed_later(start: Start) -> None:
    bench = start()
    printer = bench.printer("epson")
    bench.simulator.fault("paper-out")
    assert printer.print_dots((strip(),), JOB) == NotPrinted("media-empty")
    bench.simulator.fault("paper-in")
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_nothing_is_printed_that_cannot_be_written_down(start: Start, calls: int) -> None:
    """Reserving, the precheck, the first band."""
    bench = start()
    journal = FailingJournal(calls)
    assert bench.printer("epson", journal=journal).print_dots((strip(),), JOB) == NotPrinted("journal-failing")
    assert bench.simulator.mechanism.rows_printed == 0


def test_a_paper_half_printed_is_finished_although_the_disk_is_full(start: Start) -> None:
    """The number is in doubt on the disk, which is the safe side."""
    bench = start()
    journal = FailingJournal(3)
    assert isinstance(bench.printer("epson", journal=journal).print_dots((strip(),), JOB), Printed)


def test_a_restart_cuts_off_what_the_journal_calls_unfinished(start: Start) -> None:
    bench = start()
    bench.simulator.fault("paper-out", after_rows=40)
    assert isinstance(bench.printer("epson", journal=FailingJournal(99)).print_dots((strip(),), "torn"), PrintUnknown)
    bench.simulator.fault("paper-in")
    assert bench.journal.reserve(JournalEntry("torn", "ab" * 32, 80, 1, SystemClock().now())) is None
    assert bench.journal.advance("torn", PrintStage.SENDING, 1) is None
    restarted = bench.printer("epson")
    assert isinstance(restarted.print_dots((strip(),), JOB), Printed)
    assert [len(picture(path)) for path in bench.papers] == [40 + 96, 80 + 96]


def picture(path: Path) -> np.ndarray:
    found = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert found is not None
    return found


# Nothing prints late


def test_a_status_has_the_printer_drop_what_a_lost_job_left(start: Start) -> None:
    """The link breaks with rows in the printer, which waits for paper; they must not come out with the new roll."""
    bench = start()
    printer = bench.printer("epson")
    bench.simulator.fault("paper-out", after_rows=40)
    bench.simulator.reset(after_bytes=700)
    assert printer.print_dots((strip(),), JOB) in (PrintUnknown("link-lost"), PrintUnknown("media-empty"))
    assert isinstance(printer.status().device, Unavailable)
    bench.simulator.fault("paper-in")
    rows = bench.simulator.mechanism.rows_printed
    assert rows <= 40
    assert isinstance(printer.print_dots((strip(),), "next"), Printed)
    assert len(picture(bench.papers[-1])) == ROWS_OF_A_STRIP + 96
    assert bench.simulator.mechanism.rows_printed == rows + 96 + ROWS_OF_A_STRIP + 96


# Faults


def test_a_hot_head_cools_down_and_goes_on(start: Start) -> None:
    bench = start()
    bench.simulator.fault("hot", after_rows=40)
    printer = bench.printer("epson", cool_seconds=60.0)
    verdicts: list[object] = []
    worker = threading.Thread(target=lambda: verdicts.append(printer.print_dots((strip(),), JOB)))
    worker.start()
    assert eventually(lambda: bench.simulator.mechanism.head_hot)
    bench.simulator.fault("cool")
    worker.join()
    assert isinstance(verdicts[0], Printed)


@pytest.mark.parametrize("profile", ["epson", "snbc", "conservative"])
def test_after_a_hot_head_has_cooled_nobody_waits_any_longer(start: Start, profile: str) -> None:
    bench = start(EPSON if profile == "epson" else CLONE)
    bench.simulator.fault("hot", after_rows=40)
    printer = bench.printer(profile, cool_seconds=COOLS_S)
    begun = time.monotonic()
    worker = threading.Thread(target=lambda: printer.print_dots((strip(),), JOB))
    worker.start()
    assert eventually(lambda: bench.simulator.mechanism.head_hot)
    bench.simulator.fault("cool")
    worker.join()
    assert stage_of(bench) is PrintStage.ACKNOWLEDGED
    assert time.monotonic() - begun < COOLS_S


def test_a_head_that_stays_hot_is_unknown_and_says_so(start: Start) -> None:
    bench = start()
    bench.simulator.fault("hot", after_rows=40)
    printer = bench.printer("epson", print_seconds=1.5, cool_seconds=0.2)
    assert printer.print_dots((strip(),), JOB) == PrintUnknown("head-hot")


def test_a_cutter_that_sticks_after_the_last_row_leaves_a_printed_paper(start: Start) -> None:
    """And the next one is cut off from it first."""
    bench = start()
    bench.simulator.fault("cutter", after_rows=ROWS_OF_A_STRIP + 96)
    printer = bench.printer("epson", answer_seconds=1.5)
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    assert bench.papers == []
    status = printer.status()
    assert isinstance(status.device, Unavailable)
    assert status.device.reason == "cutter-jam"
    bench.simulator.fault("mend")
    assert not isinstance(printer.status().device, Unavailable)
    assert isinstance(printer.print_dots((strip(),), "next"), Printed)
    assert len(picture(bench.papers[-1])) == ROWS_OF_A_STRIP + 96


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("jam", "media-jam"), ("cutter", "cutter-jam"), ("hot", "head-hot"), ("paper-out", "media-empty")],
)
def test_faults_are_told_apart(start: Start, fault: str, reason: str) -> None:
    bench = start()
    bench.simulator.fault(fault)
    device = bench.printer("epson").status().device
    assert isinstance(device, Unavailable)
    assert device.reason == reason
    assert device.remedy


# Strips


def test_several_strips_are_one_job_each_cut_off(start: Start) -> None:
    bench = start()
    assert isinstance(bench.printer("epson").print_dots((strip(100), strip(300), strip(50)), JOB), Printed)
    assert [len(picture(path)) for path in bench.papers] == [196, 396, 146]


# Roll


def test_paper_is_counted(start: Start) -> None:
    bench = start()
    roll = Roll(1000)
    printer = bench.printer("epson", roll)
    assert isinstance(printer.print_dots((strip(800),), JOB), Printed)
    assert roll.length == 1000 - 100 - 15
    assert printer.status().remaining_mm == 1500, "the sensor sees more than was counted"


def test_a_job_longer_than_what_is_left_is_not_begun(start: Start) -> None:
    bench = start(CLONE)
    printer = bench.printer("snbc", Roll(30))
    assert printer.print_dots((strip(160),), JOB) == NotPrinted("paper-too-short")
    assert isinstance(printer.print_dots((strip(80),), JOB), Printed)


def test_near_its_end_the_sensor_s_word_counts(start: Start) -> None:
    bench = start()
    bench.simulator.fault("paper-low")
    printer = bench.printer("epson", Roll(30_000))
    status = printer.status()
    assert (status.paper, status.remaining_mm) == (PaperLevel.LOW, 1500)
    assert isinstance(printer.print_dots((strip(8000),), JOB), Printed)
    assert printer.status().remaining_mm == 1500 - 1015
    assert printer.print_dots((strip(8000),), "next") == NotPrinted("paper-too-short")


# Presenter


@pytest.fixture
def bench_with_mouth(start: Start) -> Bench:
    return start(CLONE, Presenter())


def test_a_paper_that_is_taken(bench_with_mouth: Bench) -> None:
    bench = bench_with_mouth
    printer = bench.printer("custom")
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    ways: list[Handover] = []
    worker = threading.Thread(target=lambda: ways.append(printer.hand_over(JOB)))
    worker.start()
    assert eventually(lambda: stage_of(bench) is PrintStage.PRESENTED)
    assert bench.holds_a_paper_out()
    bench.simulator.fault("ticket-take")
    worker.join()
    assert ways == [Handover.TAKEN]
    assert stage_of(bench) is PrintStage.TAKEN


def test_a_paper_that_nobody_takes_is_taken_back(bench_with_mouth: Bench) -> None:
    bench = bench_with_mouth
    printer = bench.printer("custom", take_seconds=0.2)
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    assert printer.hand_over(JOB) is Handover.RETRACTED
    assert stage_of(bench) is PrintStage.RETRACTED
    assert len(bench.simulator.state()["presenter"]["retracted"]) == 1


def test_a_bin_that_is_full_takes_nothing_back(bench_with_mouth: Bench) -> None:
    bench = bench_with_mouth
    printer = bench.printer("custom", take_seconds=0.1, answer_seconds=1.5)
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    bench.simulator.fault("presenter-full")
    assert printer.hand_over(JOB) is Handover.UNKNOWN
    assert printer.print_dots((strip(),), "next") == NotPrinted("presenter-full")


def test_a_paper_in_the_mouth_lets_no_other_out(bench_with_mouth: Bench) -> None:
    bench = bench_with_mouth
    printer = bench.printer("custom")
    assert isinstance(printer.print_dots((strip(),), JOB), Printed)
    assert bench.holds_a_paper_out()
    assert printer.print_dots((strip(),), "next") == NotPrinted("paper-not-taken")
    bench.simulator.fault("ticket-take")
    assert isinstance(printer.print_dots((strip(),), "next"), Printed)


class Looks(Conversation):
    """Tells of the mouth what is laid out, at once; ``seen`` counts the looks."""

    def __init__(self, *mouths: bool) -> None:
        self._mouths = list(mouths)
        self.seen = 0

    def full_status(self) -> FullStatus:
        self.seen += 1
        return FullStatus(bytes((0x20 if self._mouths.pop(0) else 0, 0, 0, 0)))

    def listen(self, seconds: float) -> None:
        pass


def test_an_empty_mouth_says_nothing_before_the_paper_has_come_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = profile_of("custom").presenter
    assert profile is not None
    late = Looks(False, False, True, True, False)
    assert await_taking(late, profile, 60.0, 5.0) is Handover.TAKEN
    assert late.seen == 5
    monkeypatch.setattr(presenter, "_ARRIVES_S", 0.0)
    taken_unseen = Looks(False, False)
    assert await_taking(taken_unseen, profile, 60.0, 5.0) is Handover.TAKEN


def test_without_a_presenter_nothing_is_told_of_the_hand_over(start: Start) -> None:
    assert start().printer("epson").hand_over(JOB) is Handover.NO_PRESENTER


def stage_of(bench: Bench) -> PrintStage | None:
    entry = bench.journal.latest(JOB)
    return entry.stage if isinstance(entry, JournalEntry) else None


def test_a_piece_knows_how_far_the_paper_moves() -> None:
    dots = np.zeros((1000, 576), dtype=np.bool_)
    dots[100:500, 8] = True
    pieces = cut_into_pieces((dots, strip()), 15)
    assert [(piece.rows, piece.advance) for piece in pieces.bands] == [(256, 356), (144, 644), (80, 80)]
    assert (pieces.rows, pieces.length_mm) == (1080, 135 + 30)
    (blank,) = cut_into_pieces((np.zeros((400, 576), dtype=np.bool_),), 15).bands
    assert (blank.rows, blank.advance) == (0, 400)
