"""What is known of every paper, written down before each step so that a power cut leaves no doubt but an honest one."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from kiosk.ports.printer import NotPrinted, PrintVerdict


class PrintStage(Enum):
    """How far a paper has come, in this order. RETRACTED ends a paper that nobody took."""

    RESERVED = "reserved"
    PRECHECKED = "prechecked"
    SENDING = "sending"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    PRESENTED = "presented"
    TAKEN = "taken"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One try at one paper. ``job`` is the number on the paper, or a name of its own where it has none; ``digest`` the
    SHA-256 of its dots in hex; ``rows`` its length. ``band`` is the last of ``bands`` that may have left the terminal,
    0 before any. ``verdict`` is None while the try is under way."""

    job: str
    digest: str
    rows: int
    bands: int
    opened_at: datetime
    stage: PrintStage = PrintStage.RESERVED
    band: int = 0
    verdict: PrintVerdict | None = None


@dataclass(frozen=True, slots=True)
class JournalTrouble:
    """Nothing was written; ``reason`` is a stable word (storage-full, storage-failing, ...)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NumberUsed:
    """``job`` is on a paper already, or may be: it is never printed again under this number."""

    verdict: PrintVerdict | None


class PrintJournal(Protocol):
    """Every call that returns None has reached the disk."""

    def reserve(self, entry: JournalEntry) -> JournalTrouble | NumberUsed | None:
        """Opens a try. Only a job without an entry, or whose last try is ``NotPrinted``, may be reserved."""

    def advance(self, job: str, stage: PrintStage, band: int = 0) -> JournalTrouble | None:
        """Called before ``stage`` is begun, and before each ``band``; ACKNOWLEDGED and what comes after it only once
        the printer has said so."""

    def close(self, job: str, verdict: PrintVerdict) -> JournalTrouble | None:
        """Ends the try. A later ``advance`` may still say what became of the paper in the slot."""

    def settle(self, job: str) -> JournalTrouble | None:
        """What a doubtful or retracted paper calls for has been seen to: its number is void, or it has none."""

    def unfinished(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        """Tries without a verdict, oldest first: what a power cut or a crash left behind."""

    def unsettled(self) -> tuple[JournalEntry, ...] | JournalTrouble:
        """The unfinished, the doubtful and the retracted that nobody has settled, oldest first; kept until then."""

    def last_sent(self) -> JournalEntry | JournalTrouble | None:
        """The last try of all of which rows may be on paper, whatever has been seen to since."""

    def latest(self, job: str) -> JournalEntry | JournalTrouble | None: ...


REFUSED_BY_JOURNAL = NotPrinted("journal-failing")
