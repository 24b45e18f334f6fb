"""What a bad line, a bad card or a hand does in the middle of an answer."""

from dataclasses import dataclass
from enum import Enum

from simulators.card_reader.card import Card
from simulators.card_reader.frames import Answer
from simulators.card_reader.line import Reply

_HEAD_BYTES = 7
_GARBAGE = bytes.fromhex("00FFAA96AA69AAAA13")


class FaultKind(Enum):
    GARBAGE_PREFIX = "garbage-prefix"
    LOST_FIRST_BYTE = "lost-first-byte"
    BAD_CHECKSUM = "bad-checksum"
    TRUNCATE = "truncate"
    OVER_LONG = "over-long"
    SPLIT = "split"
    STUCK = "stuck"
    DROPPED_ANSWER = "dropped-answer"
    SILENCE = "silence"
    STATUS = "status"
    CARD_PULLED = "card-pulled"
    CARD_SWAPPED = "card-swapped"
    UNPLUG = "unplug"


UNHEARD = frozenset({FaultKind.SILENCE, FaultKind.STATUS})
"""The command is not carried out."""

HANDS_ON_CARD = frozenset({FaultKind.CARD_PULLED, FaultKind.CARD_SWAPPED})
"""They wait for a command that the card answers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``command`` limits the fault to one command code (0x3001). ``at`` is the byte of the answer where it strikes;
    None is the middle of its body, or for a hand on the card behind a short answer. ``status`` and ``card_status``
    are for ``STATUS``, ``pause_s`` for ``SPLIT``, ``card`` for ``CARD_SWAPPED``."""

    kind: FaultKind
    lasting: bool = False
    command: int | None = None
    at: int | None = None
    status: int = 0
    card_status: int = 0
    pause_s: float = 0.0
    card: Card | None = None

    def concerns(self, command: int) -> bool:
        return self.command is None or self.command == command

    def strike(self, answer: Answer) -> Reply:
        """What leaves the reader in place of ``answer``."""
        frame = answer.frame
        match self.kind:
            case FaultKind.GARBAGE_PREFIX:
                return Reply(_GARBAGE + frame)
            case FaultKind.LOST_FIRST_BYTE:
                return Reply(frame[1:])
            case FaultKind.BAD_CHECKSUM:
                return Reply(frame[:-1] + bytes([frame[-1] ^ 0x5A]))
            case FaultKind.TRUNCATE:
                return Reply(frame[: self._middle(frame)])
            case FaultKind.OVER_LONG:
                return Reply(Answer(0x90, bytes(5000)).frame)
            case FaultKind.SPLIT:
                return Reply(frame, ((self._middle(frame), self.pause_s),))
            case FaultKind.STUCK:
                return Reply(b"\xaa" * 8192)
            case FaultKind.DROPPED_ANSWER | FaultKind.SILENCE:
                return Reply(b"")
            case FaultKind.STATUS:
                return Reply(Answer(self.status, card_status=self.card_status).frame)
            case FaultKind.CARD_PULLED | FaultKind.CARD_SWAPPED:
                return Reply(frame[: self._middle(frame)] if self.at is not None or len(answer.data) > 8 else frame)
            case FaultKind.UNPLUG:
                return Reply(frame[: self._middle(frame)], unplugs=True)

    def _middle(self, frame: bytes) -> int:
        return _HEAD_BYTES + (len(frame) - _HEAD_BYTES) // 2 if self.at is None else min(self.at, len(frame))


@dataclass(frozen=True, slots=True)
class WrongBaud:
    """Somebody has left the reader at this rate."""

    baud: int
