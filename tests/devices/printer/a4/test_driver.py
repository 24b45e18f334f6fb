"""The A4 printer against a real CUPS and a real IPP printer: what is on paper, and what is said of it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from devices.printer.a4.driver import A4CupsPrinter
from devices.printer.a4.settings import A4CupsSettings
from kiosk.domain.paper import Paper
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, NumberUsed, PrintStage
from kiosk.ports.printer import Handover, NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown, PrintVerdict
from tests.devices.printer.a4.private_cups import EverywherePrinter, PrivateCups
from tests.eventually import eventually
from tests.kiosk.documents.specimens import specimens

PAPER: Paper = specimens()["passed"]
JOB = "YL-20261120-0317-00042-L"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Journal:
    """Remembers what was written; from ``full_at`` on nothing is."""

    full_at: PrintStage | None = None
    used: PrintVerdict | None = None
    steps: list[tuple[PrintStage, int]] = field(default_factory=list)
    entry: JournalEntry | None = None
    verdict: PrintVerdict | None = None

    def reserve(self, entry: JournalEntry) -> JournalTrouble | NumberUsed | None:
        if self.used is not None:
            return NumberUsed(self.used)
        self.entry = entry
        return self._written(PrintStage.RESERVED, 0)

    def advance(self, job: str, stage: PrintStage, band: int = 0) -> JournalTrouble | None:
        assert self.entry is not None
        assert job == self.entry.job
        return self._written(stage, band)

    def close(self, job: str, verdict: PrintVerdict) -> JournalTrouble | None:
        self.verdict = verdict
        return None

    def settle(self, job: str) -> JournalTrouble | None:
        return None

    def unsettled(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return ()

    def unfinished(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        return ()

    def last_sent(self) -> JournalEntry | JournalTrouble | None:
        return self.entry

    def latest(self, job: str) -> JournalEntry | JournalTrouble | None:
        return self.entry

    def _written(self, stage: PrintStage, band: int) -> JournalTrouble | None:
        if stage is self.full_at:
            return JournalTrouble("storage-full")
        self.steps.append((stage, band))
        return None


def driver(
    cups: PrivateCups,
    queue: str,
    journal: Journal | None = None,
    trust_backend: bool = False,
    print_seconds: float = 60,
    warning_seconds: float = 0.2,
    answer_seconds: float = 10,
) -> A4CupsPrinter:
    settings = A4CupsSettings(
        queue=queue,
        server=cups.server,
        trust_backend=trust_backend,
        answer_seconds=answer_seconds,
        print_seconds=print_seconds,
        warning_seconds=warning_seconds,
        poll_seconds=0.02,
    )
    return A4CupsPrinter(settings, SystemClock(), journal)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


@pytest.fixture
def fault(printer: EverywherePrinter) -> Iterator[Path]:
    path = printer.folder / "fault"
    yield path
    path.unlink(missing_ok=True)


def test_printed_is_the_printers_own_word(cups: PrivateCups, printer: EverywherePrinter) -> None:
    journal, before = Journal(), len(printer.papers())
    verdict = driver(cups, "everywhere", journal).print(PAPER, JOB)
    papers = printer.papers()
    assert len(papers) == before + 1, verdict
    assert verdict == Printed(len(papers[-1]))
    assert str(PAPER.number) in words(papers[-1])
    assert journal.verdict == verdict
    assert journal.steps == [
        (PrintStage.RESERVED, 0),
        (PrintStage.PRECHECKED, 0),
        (PrintStage.SENDING, 1),
        (PrintStage.SENT, 1),
        (PrintStage.ACKNOWLEDGED, 0),
    ]
    assert cups.documents_kept() == []
    assert cups.run("lpstat", "-W", "completed", "-o", "everywhere") == ""


def test_what_cups_alone_says_is_no_proof(cups: PrivateCups) -> None:
    folder = cups.file_queue("plain")
    assert driver(cups, "plain").print(PAPER, JOB) == PrintUnknown("no-acknowledgement")
    (paper,) = folder.glob("*.pdf")
    assert str(PAPER.number) in words(paper.read_bytes())
    assert cups.documents_kept() == []


def test_a_site_may_take_the_word_of_cups(cups: PrivateCups) -> None:
    folder = cups.file_queue("trusted")
    verdict = driver(cups, "trusted", trust_backend=True).print(PAPER, JOB)
    (paper,) = folder.glob("*.pdf")
    assert verdict == Printed(paper.stat().st_size)


def test_trouble_in_the_middle_ends_the_job(cups: PrivateCups, printer: EverywherePrinter, fault: Path) -> None:
    before = len(printer.papers())
    fault.write_text("media-empty")
    a4 = driver(cups, "everywhere", answer_seconds=1.0)
    assert a4.print(PAPER, JOB) == PrintUnknown("media-empty")
    assert a4.status().paper is PaperLevel.LOW
    assert a4.print(PAPER, "another") == NotPrinted("old-job-not-cleared")
    fault.unlink()
    assert eventually(lambda: not isinstance(a4.print(PAPER, "another"), NotPrinted))
    assert cups.jobs() == ""
    assert len(printer.papers()) <= before + 2


def test_a_job_the_printer_gave_up_is_in_doubt(cups: PrivateCups, printer: EverywherePrinter) -> None:
    spoil = printer.folder / "spoil"
    spoil.touch()
    try:
        assert driver(cups, "everywhere").print(PAPER, JOB) == PrintUnknown("printer-error")
    finally:
        spoil.unlink()


@pytest.mark.parametrize(("code", "reason"), [(1, "printer-error"), (4, "offline")])
def test_a_job_the_backend_gave_up_is_in_doubt(cups: PrivateCups, code: int, reason: str) -> None:
    folder = cups.file_queue(f"spoilt{code}")
    (folder / "spoil").write_text(str(code))
    assert driver(cups, f"spoilt{code}", trust_backend=True).print(PAPER, JOB) == PrintUnknown(reason)
    assert cups.jobs() == ""


def test_a_job_that_never_began_is_not_printed(cups: PrivateCups) -> None:
    folder = cups.file_queue("busy")
    (folder / "hold").touch()
    cups.run("lp", "-s", "-d", "busy", "-t", "of somebody else", "/etc/hostname")
    assert driver(cups, "busy", print_seconds=0.3).print(PAPER, JOB) == NotPrinted("no-acknowledgement")
    (folder / "hold").unlink()
    assert eventually(lambda: cups.jobs() == "")
    assert len(list(folder.glob("*.pdf"))) == 1


@pytest.mark.parametrize("by_status", [True, False])
def test_what_a_power_cut_left_is_cancelled_first(cups: PrivateCups, by_status: bool) -> None:
    queue = f"cut{by_status}"
    folder = cups.file_queue(queue)
    cups.run("cupsdisable", queue)
    cups.run("lp", "-s", "-d", queue, "-t", "kiosk YL-old 00", "/etc/hostname")
    a4 = driver(cups, queue)
    if by_status:
        assert eventually(lambda: a4.status() is not None and cups.jobs() == "")
    assert a4.print(PAPER, JOB) == NotPrinted("offline")
    assert cups.jobs() == ""
    cups.run("cupsenable", queue)
    assert isinstance(a4.print(PAPER, JOB), PrintUnknown)
    assert len(list(folder.glob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("command", "reason"), [(("cupsdisable", "shut"), "offline"), (("cupsreject", "shut"), "not-accepting")]
)
def test_a_closed_queue_gets_nothing(cups: PrivateCups, command: tuple[str, str], reason: str) -> None:
    folder = cups.root / "out" / "shut"
    if not folder.exists():
        cups.file_queue("shut")
    cups.run("cupsenable", "shut")
    cups.run("cupsaccept", "shut")
    cups.run(*command)
    assert driver(cups, "shut").print(PAPER, JOB) == NotPrinted(reason)
    assert list(folder.iterdir()) == []


def test_a_queue_that_would_print_twice_gets_nothing(cups: PrivateCups) -> None:
    folder = cups.file_queue("twice", "printer-error-policy=retry-current-job")
    a4 = driver(cups, "twice")
    assert a4.print(PAPER, JOB) == NotPrinted("queue-retries")
    assert isinstance(a4.status().device, Unavailable)
    assert list(folder.iterdir()) == []


def test_a_printer_that_is_off_gets_nothing(cups: PrivateCups) -> None:
    cups.queue("off", "ipp://localhost:1/ipp/print")
    a4 = driver(cups, "off")
    assert a4.print(PAPER, JOB) == NotPrinted("unreachable")
    assert cups.jobs() == ""


@pytest.mark.parametrize(
    ("server", "queue", "reason"),
    [
        ("/run/no-such-socket", "any", "unreachable"),
        ("localhost:1", "any", "unreachable"),
        ("", "none", "no-such-queue"),
    ],
)
def test_without_cups_or_queue(cups: PrivateCups, server: str, queue: str, reason: str) -> None:
    settings = A4CupsSettings(queue=queue, server=server or cups.server, answer_seconds=10, poll_seconds=0.05)
    a4 = A4CupsPrinter(settings, SystemClock())
    status = a4.status()
    assert isinstance(status.device, Unavailable)
    assert status == PrinterStatus(Unavailable(reason, status.device.remedy), PaperLevel.UNKNOWN)
    assert a4.print(PAPER, JOB) == NotPrinted(reason)


def test_a_used_number_is_never_printed_again(cups: PrivateCups) -> None:
    folder = cups.file_queue("used")
    assert driver(cups, "used", Journal(used=PrintUnknown("media-jam"))).print(PAPER, JOB) == NotPrinted("number-used")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("stage", [PrintStage.RESERVED, PrintStage.PRECHECKED, PrintStage.SENDING])
def test_without_a_journal_nothing_is_sent(cups: PrivateCups, stage: PrintStage) -> None:
    folder = cups.root / "out" / "unwritten"
    if not folder.exists():
        cups.file_queue("unwritten")
    assert driver(cups, "unwritten", Journal(full_at=stage)).print(PAPER, JOB) == NotPrinted("journal-failing")
    assert list(folder.iterdir()) == []


def test_status_of_a_printer_at_rest(cups: PrivateCups, printer: EverywherePrinter) -> None:
    assert driver(cups, "everywhere").status() == PrinterStatus(Ready("CUPS queue everywhere, A4"), PaperLevel.ENOUGH)


def test_status_while_printing_is_the_last_known(cups: PrivateCups) -> None:
    folder = cups.file_queue("working")
    (folder / "hold").touch()
    a4 = driver(cups, "working", trust_backend=True)
    known = a4.status()
    verdicts: list[PrintVerdict] = []
    thread = threading.Thread(target=lambda: verdicts.append(a4.print(PAPER, JOB)))
    thread.start()
    assert eventually(lambda: "working" in cups.jobs())
    assert a4.status() == known
    (folder / "hold").unlink()
    thread.join()
    assert isinstance(verdicts[0], Printed)
    assert a4.hand_over(JOB) is Handover.NO_PRESENTER
    a4.close()


def test_a_licence_is_printed_as_supplied(cups: PrivateCups, printer: EverywherePrinter, licence: bytes) -> None:
    before = len(printer.papers())
    assert isinstance(driver(cups, "everywhere").print_licence(licence, "licence"), Printed)
    assert len(printer.papers()) == before + 1


def test_a_licence_that_is_no_pdf_is_not_printed(cups: PrivateCups) -> None:
    assert driver(cups, "everywhere").print_licence(b"%PDF-1.7 nothing", "licence") == NotPrinted("unreadable-pdf")
