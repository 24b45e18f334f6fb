"""One job's try in the print journal."""

from datetime import datetime

from devices.printer.escpos.pieces import Pieces
from kiosk.ports.print_journal import (
    REFUSED_BY_JOURNAL,
    JournalEntry,
    JournalTrouble,
    NumberUsed,
    PrintJournal,
    PrintStage,
)
from kiosk.ports.printer import NotPrinted, PrintVerdict

NUMBER_USED = NotPrinted("number-used")


class Entry:
    """Without a ``journal`` nothing is written and nothing refused: a technician's test print."""

    def __init__(self, journal: PrintJournal | None, job: str) -> None:
        self._journal = journal
        self._job = job

    def reserve(self, pieces: Pieces, now: datetime) -> NotPrinted | None:
        """Why this job may not be printed."""
        if self._journal is None:
            return None
        entry = JournalEntry(self._job, pieces.digest, pieces.rows, len(pieces.bands), now)
        match self._journal.reserve(entry):
            case JournalTrouble():
                return REFUSED_BY_JOURNAL
            case NumberUsed():
                return NUMBER_USED
            case None:
                return None

    def reach(self, stage: PrintStage, band: int = 0) -> bool:
        """False when the step could not be written down."""
        return self._journal is None or self._journal.advance(self._job, stage, band) is None

    def close(self, verdict: PrintVerdict) -> None:
        """A verdict that cannot be written leaves the number in doubt at the next start, which is the safe side."""
        if self._journal is not None:
            self._journal.close(self._job, verdict)
