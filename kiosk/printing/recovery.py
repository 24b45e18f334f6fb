"""What a paper calls for once its verdict is known, and the verdict of one that a power cut or a crash interrupted.

The journal is written before each step, so an interrupted try tells how far it can have come at most: before SENDING
no row has left the terminal, from ACKNOWLEDGED on the printer had said that the paper was printed. Between them nobody
knows (UNKNOWN): the number is void and never printed again, and whatever the printer still holds must not come out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.domain.void_reasons import INTERRUPTED, TAKEN_BACK
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, PrintJournal, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict


class Again(Enum):
    """How the same thing may be printed once more."""

    NEED_NOT = "need-not"
    SAME_NUMBER = "same-number"
    NEW_NUMBER_BY_STAFF = "new-number-by-staff"


@dataclass(frozen=True, slots=True)
class Consequence:
    """``clear_printer``: its buffers are dropped before anything else is sent. ``void`` is the stable word for which
    the number becomes void, None where it stands."""

    clear_printer: bool
    void: str | None
    again: Again


@dataclass(frozen=True, slots=True)
class Settled:
    """One try that is over and done with. ``number`` is None for a paper without one."""

    job: str
    verdict: PrintVerdict
    consequence: Consequence
    number: ReceiptNumber | None


def verdict_after_restart(entry: JournalEntry) -> PrintVerdict:
    """The bytes of a paper that turns out printed were not counted: 0."""
    if entry.verdict is not None:
        return entry.verdict
    match entry.stage:
        case PrintStage.RESERVED | PrintStage.PRECHECKED:
            return NotPrinted(INTERRUPTED)
        case PrintStage.SENDING | PrintStage.SENT:
            return PrintUnknown(INTERRUPTED)
        case PrintStage.ACKNOWLEDGED | PrintStage.PRESENTED | PrintStage.TAKEN | PrintStage.RETRACTED:
            return Printed(0)
        case _:
            assert_never(entry.stage)


def consequence(verdict: PrintVerdict, stage: PrintStage) -> Consequence:
    """``stage`` is the last one: a printed paper that was taken back is nobody's."""
    match verdict:
        case NotPrinted():
            return Consequence(clear_printer=False, void=None, again=Again.SAME_NUMBER)
        case PrintUnknown(reason):
            return Consequence(clear_printer=True, void=reason, again=Again.NEW_NUMBER_BY_STAFF)
        case Printed() if stage is PrintStage.RETRACTED:
            return Consequence(clear_printer=False, void=TAKEN_BACK, again=Again.NEW_NUMBER_BY_STAFF)
        case Printed():
            return Consequence(clear_printer=False, void=None, again=Again.NEED_NOT)
        case _:
            assert_never(verdict)


def settle_journal(
    journal: PrintJournal, void: Callable[[ReceiptNumber, str], bool]
) -> tuple[Settled, ...] | JournalTrouble:
    """At the start, before anything is printed: ends what was interrupted and sees to what earlier papers call for.

    ``void`` makes a number void for a reason and tells whether that is certain to happen; if not, the try is left for
    the next start. It may be called again for a number that is void already: a power cut can come at any point here.
    """
    left = journal.unsettled()
    if isinstance(left, JournalTrouble):
        return left
    settled: list[Settled] = []
    for entry in left:
        ended = _settle(journal, entry, void)
        if isinstance(ended, JournalTrouble):
            return ended
        settled.append(ended)
    return tuple(settled)


def _settle(
    journal: PrintJournal, entry: JournalEntry, void: Callable[[ReceiptNumber, str], bool]
) -> Settled | JournalTrouble:
    verdict = verdict_after_restart(entry)
    trouble = journal.close(entry.job, verdict) if entry.verdict is None else None
    if trouble is not None:
        return trouble
    what = consequence(verdict, entry.stage)
    number = parse_receipt_number(entry.job)
    if what.void is None or number is None or void(number, what.void):
        trouble = journal.settle(entry.job)
    return trouble or Settled(entry.job, verdict, what, number)
