"""How much paper is left on the roll, counted from the day it was put in."""

from typing import Protocol


class PaperRoll(Protocol):
    """Lengths in millimetres. What cannot be written down is counted in memory until the next start."""

    def remaining(self) -> int | None:
        """None while nobody has said how long the roll was."""

    def full(self) -> int | None:
        """How long the roll was when it was put in; None while nobody has said so."""

    def use(self, length: int) -> None: ...

    def change(self, length: int) -> None:
        """A new roll of this length was put in."""
