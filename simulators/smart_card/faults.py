"""What a card or its contacts can do to an answer."""

from dataclasses import dataclass
from enum import Enum

GET_RESPONSE = 0xC0


class FaultKind(Enum):
    RESPONSE_WAITING = "response-waiting"
    """61xx: data is fetched with GET RESPONSE, as T=0 cards have it."""
    WRONG_LENGTH = "wrong-length"
    """6Cxx: data comes only to a command that names its very length."""
    STATUS = "status"
    GARBLED = "garbled"
    SLOW = "slow"
    SILENCE = "silence"
    REMOVE = "remove"
    """The card leaves instead of answering."""
    MUTE = "mute"
    """The card does not answer to being powered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``command`` limits it to one instruction byte; ``status`` is SW1 SW2 for ``STATUS``, ``seconds`` the delay of
    ``SLOW``."""

    kind: FaultKind
    lasting: bool
    command: int | None = None
    status: bytes = b""
    seconds: float = 0.0

    def concerns(self, command: bytes) -> bool:
        return self.kind is not FaultKind.MUTE and self.command in (None, command[1])


class ShortAnswers:
    """T=0 at the card: keeps data that waits to be fetched."""

    def __init__(self) -> None:
        self._waiting = b""

    def clear(self) -> None:
        self._waiting = b""

    def announce(self, answer: bytes) -> bytes:
        """61xx in place of data; an answer without data goes out as it is."""
        if len(answer) == 2:
            return answer
        self._waiting = answer
        return bytes((0x61, (len(answer) - 2) & 0xFF))

    def fetch(self, length: int) -> bytes:
        """What GET RESPONSE brings of the waiting data."""
        waiting, self._waiting = self._waiting, b""
        if not waiting:
            return bytes.fromhex("6985")
        data, status = waiting[:-2], waiting[-2:]
        part = data[: length or 256]
        return part + (self.announce(data[len(part) :] + status) if len(part) < len(data) else status)


def exact_length(command: bytes, answer: bytes) -> bytes:
    """6Cxx where a case-2 command named another length than the data has."""
    length = len(answer) - 2
    return answer if not length or len(command) != 5 or command[4] == length else bytes((0x6C, length))
