"""What an earlier job may have left in the printer."""

from dataclasses import dataclass
from enum import Enum

from kiosk.ports.print_journal import JournalEntry, PrintJournal
from kiosk.ports.printer import Printed


class Held(Enum):
    """Whether bytes of an earlier job may wait in the printer's buffers. ``PERHAPS``: nothing is known, as after a
    start. ``SURELY``: this very driver saw the job end in doubt."""

    NOTHING = "nothing"
    PERHAPS = "perhaps"
    SURELY = "surely"


@dataclass(frozen=True, slots=True)
class Leftover:
    """``torn``: rows of an earlier paper may hang before the cutter."""

    held: Held
    torn: bool


NOTHING = Leftover(Held.NOTHING, torn=False)
AT_START = Leftover(Held.PERHAPS, torn=False)
TORN_AT_START = Leftover(Held.PERHAPS, torn=True)
IN_DOUBT = Leftover(Held.SURELY, torn=True)
CLEARED = Leftover(Held.NOTHING, torn=True)


def left_at_start(journal: PrintJournal | None) -> Leftover:
    """What the last paper in the journal may have left: it is whole only when it is known to be printed."""
    last = journal.last_sent() if journal is not None else None
    torn = isinstance(last, JournalEntry) and not isinstance(last.verdict, Printed)
    return TORN_AT_START if torn else AT_START
