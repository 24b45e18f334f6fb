"""In which order a paper goes through its stages, and when a number may be tried again."""

from kiosk.ports.print_journal import JournalEntry, NumberUsed, PrintStage
from kiosk.ports.printer import NotPrinted

_ORDER = (
    PrintStage.RESERVED,
    PrintStage.PRECHECKED,
    PrintStage.SENDING,
    PrintStage.SENT,
    PrintStage.ACKNOWLEDGED,
    PrintStage.PRESENTED,
)
_IN_THE_SLOT = (PrintStage.PRESENTED, PrintStage.TAKEN, PrintStage.RETRACTED)
_ENDS = (PrintStage.TAKEN, PrintStage.RETRACTED)


def number_used(last: JournalEntry | None) -> NumberUsed | None:
    """Whether the number of this last try is on a paper already, or may be."""
    if last is None or isinstance(last.verdict, NotPrinted):
        return None
    return NumberUsed(last.verdict)


def may_follow(entry: JournalEntry, stage: PrintStage, band: int = 0) -> bool:
    """Whether ``entry`` may come to ``stage``: never back, never to another band than one of its own, and after its
    verdict only as a paper in the slot, which one that was never printed is not."""
    if entry.stage in _ENDS or isinstance(entry.verdict, NotPrinted) or band > entry.bands:
        return False
    if stage in _ENDS:
        return True
    if entry.verdict is not None and stage not in _IN_THE_SLOT:
        return False
    forward = _ORDER.index(stage) - _ORDER.index(entry.stage)
    return forward > 0 or (forward == 0 and band > entry.band)
