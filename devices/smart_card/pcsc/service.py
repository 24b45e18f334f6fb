"""What the driver needs of a PC/SC service: which reader, which card, one command and its answer."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Trouble(Enum):
    """Why the service has no answer."""

    NO_SERVICE = "no-service"
    NOT_ALLOWED = "not-allowed"
    NO_READER = "no-reader"
    IN_USE = "reader-in-use"
    FAILED = "pcsc-error"
    CARD_GONE = "card-gone"
    CARD_MUTE = "card-mute"
    NO_ANSWER = "no-answer"
    """The command was lost: the card left in the middle of it, or says nothing."""


CARD_TROUBLES = frozenset({Trouble.CARD_GONE, Trouble.CARD_MUTE, Trouble.NO_ANSWER})
"""Troubles of the card; the others are the reader's."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """One stay of a card in the reader: ``change`` counts comings and goings, in one run of the service."""

    run: int
    change: int


@dataclass(frozen=True, slots=True)
class Look:
    """A reader at one moment. ``mute`` is a card that does not answer to being powered."""

    reader: str
    present: bool
    mute: bool
    insertion: Insertion
    state: int
    """As the service gave it, to be handed back when the next change is waited for."""


class CardConnection(Protocol):
    def transmit(self, command: bytes) -> bytes | Trouble: ...

    def close(self) -> None: ...


class CardService(Protocol):
    """Calls may come from several threads."""

    def reader(self) -> str | Trouble:
        """The name of the reader that is used."""

    def look(self, before: Look | None, wait_s: float) -> Look | Trouble:
        """The reader at once where ``before`` is None, else as soon as it differs from ``before``, after ``wait_s`` at
        the latest."""

    def connect(self, reader: str) -> CardConnection | Trouble:
        """Powers the card in ``reader`` for this caller alone."""

    def close(self) -> None: ...
