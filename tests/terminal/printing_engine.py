"""python -m tests.terminal.printing_engine: numbered papers, one after the other, until the power is cut.

Real driver, journal, storage, outbox and recovery, without a session around them. Each line on standard input is a
``Life`` as JSON: a process forked off for it, so that a start costs no imports. What it does is told on standard
output, a JSON object a line: ``pid``; ``settled`` (numbers and verdicts of the run before); ``ready`` (recovered, the
printer asked for its state), after which it waits for SIGUSR1; ``begun`` and ``ended`` of every paper. A line
``echo WORD`` is told back: everything told before it has been read.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.settings import EscposSettings
from devices.printer.fonts import load_fonts
from kiosk.app.system import SystemClock
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber
from kiosk.flow.commands import PrintPaper
from kiosk.flow.events import Event, PaperPrinted
from kiosk.flow.paper_trail import PaperTrail
from kiosk.ports.print_journal import JournalTrouble
from kiosk.ports.printer import NotPrinted
from kiosk.ports.receipt_issuer import NoReceipt
from kiosk.printing.recovery import settle_journal
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.receipts import DurableReceiptIssuer
from offline_cache.store import Store
from tests.kiosk.documents.specimens import specimens
from tests.offline_cache.parts import build
from tests.records import TERMINAL, RecordedAudit, register

DATABASE = "terminal.db"
PAPER = specimens()["passed"]


@dataclass(frozen=True)
class Life:
    """``keys`` is a folder that no power cut touches. ``papers`` are printed, then it ends well. A ``careless`` one
    syncs nothing: the control that shows what the proof would find."""

    folder: str
    keys: str
    address: str
    papers: int = 1_000_000
    careless: bool = False


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if line.startswith("echo "):
            _tell(echo=line.split()[1])
        elif os.fork() == 0:
            _live(Life(**json.loads(line)))
            os._exit(0)


def _live(life: Life) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGUSR1,))
    _tell(pid=os.getpid())
    application = QGuiApplication(sys.argv[:1])
    load_fonts()
    if life.careless:
        Store.write = Store.note  # type: ignore[method-assign]
    clock = SystemClock()
    registered = register(Path(life.keys))
    parts = build(registered, path=Path(life.folder) / DATABASE, max_records=100_000)
    journal = DurablePrintJournal(parts.store)
    issuer = DurableReceiptIssuer(parts.store, TERMINAL, registered.signing_key, "https://hall.example/v")
    patience = dict.fromkeys(("connect_seconds", "answer_seconds", "send_seconds", "print_seconds"), 30.0)
    settings = EscposSettings(address=life.address, **patience)
    printer = EscposPrinter(settings, clock, journal)
    trail = PaperTrail(printer, journal, parts.outbox, RecordedAudit(), clock)
    settled = settle_journal(journal, trail.void)
    assert not isinstance(settled, JournalTrouble), settled
    _tell(settled=[[paper.job, type(paper.verdict).__name__] for paper in settled])
    printer.status()
    _tell(ready=True)
    signal.sigwait((signal.SIGUSR1,))
    again = [paper.number for paper in settled if paper.number and isinstance(paper.verdict, NotPrinted)]
    for _ in range(life.papers):
        _print(trail, again.pop() if again else _issued(issuer, clock))
    parts.close()
    del application


def _issued(issuer: DurableReceiptIssuer, clock: SystemClock) -> ReceiptNumber:
    issued = issuer.issue(ReceiptKind.ELIGIBILITY, clock.now())
    assert not isinstance(issued, NoReceipt), issued
    return issued.number


def _print(trail: PaperTrail, number: ReceiptNumber) -> None:
    _tell(begun=number.value)

    def tell(event: Event) -> None:
        if isinstance(event, PaperPrinted):
            _tell(ended=[number.value, type(event.verdict).__name__])

    trail.follow(PrintPaper(replace(PAPER, number=number), number.value), tell)


def _tell(**words: object) -> None:
    """One write, so that a cut leaves no half a line."""
    os.write(1, (json.dumps(words) + "\n").encode())


if __name__ == "__main__":
    main()
