"""python -m tests.terminal.printing_engine: numbered papers, one after the other, until the power is cut.

Real driver, journal, storage, outbox and recovery, without a session around them. A ``Life`` (``tests.durability.
lives``) tells ``settled`` (numbers and verdicts of the run before); ``ready`` (recovered, the printer asked for its
state), after which it waits for SIGUSR1; ``begun`` and ``ended`` of every paper.
"""

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
from tests.durability.lives import Told, run_lives, tell
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


def _live(words: Told) -> None:
    life = Life(**words)
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
    tell(settled=[[paper.job, type(paper.verdict).__name__] for paper in settled])
    printer.status()
    tell(ready=True)
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
    tell(begun=number.value)

    def told(event: Event) -> None:
        if isinstance(event, PaperPrinted):
            tell(ended=[number.value, type(event.verdict).__name__])

    trail.follow(PrintPaper(replace(PAPER, number=number), number.value), told)


if __name__ == "__main__":
    run_lives(_live)
