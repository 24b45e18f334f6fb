"""What becomes of a cut paper: it drops into the citizen's tray, or a presenter holds it out."""

from collections.abc import Sequence
from pathlib import Path


class Presenter:
    """Holds a cut ticket in its mouth until it is taken, ejected or retracted into the bin (Custom KPM210 manual,
    ``GS e``). A ticket that is still there when the next one comes is pushed out. ``attentive`` citizens take each
    ticket at once."""

    def __init__(self, attentive: bool = False) -> None:
        self.attentive = attentive
        self.full = False
        self.mouth: Path | None = None
        self.taken: list[Path] = []
        self.ejected: list[Path] = []
        self.retracted: list[Path] = []

    def present(self, ticket: Path) -> None:
        self.eject()
        self.mouth = ticket
        if self.attentive:
            self.take()

    def take(self) -> None:
        self._move_to(self.taken)

    def eject(self) -> None:
        """Out of the mouth, to where a citizen may pick it up."""
        self._move_to(self.ejected)

    def retract(self) -> None:
        """Into the bin, unless that is full."""
        if not self.full:
            self._move_to(self.retracted)

    def state(self) -> dict[str, object]:
        return {
            "full": self.full,
            "mouth": str(self.mouth) if self.mouth else None,
            "taken": _names(self.taken),
            "ejected": _names(self.ejected),
            "retracted": _names(self.retracted),
        }

    def _move_to(self, place: list[Path]) -> None:
        ticket, self.mouth = self.mouth, None
        if ticket is not None:
            place.append(ticket)


def _names(papers: Sequence[Path]) -> list[str]:
    return [str(path) for path in papers]
