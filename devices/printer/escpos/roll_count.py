"""How much paper is left: what staff said, counted down, and corrected by the sensor near the roll's end."""

from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.printer import PaperLevel


class RollCount:
    """``near_end_mm`` of paper are left at least when the sensor trips; None where that is not known.

    What the sensor sees outweighs the count: more than that is left while it sees paper, at most that once it trips.
    """

    def __init__(self, roll: PaperRoll | None, near_end_mm: int | None) -> None:
        self._roll = roll
        self._near_end_mm = near_end_mm
        self._used_near_end: int | None = None

    def remaining(self, level: PaperLevel) -> int | None:
        """Millimetres; None when nobody knows."""
        counted = self._roll.remaining() if self._roll else None
        near_end = self._near_end_mm
        if level is PaperLevel.EMPTY:
            return 0
        if near_end is None or level is PaperLevel.UNKNOWN:
            return counted
        if level is PaperLevel.LOW:
            self._used_near_end = self._used_near_end or 0
            left = max(0, near_end - self._used_near_end)
            return left if counted is None else min(counted, left)
        self._used_near_end = None
        return None if counted is None else max(counted, near_end)

    def use(self, length_mm: int) -> None:
        if self._used_near_end is not None:
            self._used_near_end += length_mm
        if self._roll is not None:
            self._roll.use(length_mm)
