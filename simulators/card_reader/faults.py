"""What a bad line or a bad card does to an answer frame."""

from dataclasses import dataclass
from enum import Enum

from simulators.card_reader.frames import answer_frame


class FaultKind(Enum):
    GARBAGE_PREFIX = "garbage-prefix"
    LOST_FIRST_BYTE = "lost-first-byte"
    BAD_CHECKSUM = "bad-checksum"
    TRUNCATE = "truncate"
    OVER_LONG = "over-long"
    SILENCE = "silence"
    STUCK = "stuck"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Fault:
    """``status`` is SW3 for ``STATUS``; ``command`` limits the fault to one command code (0x3001)."""

    kind: FaultKind
    lasting: bool
    status: int = 0
    command: int | None = None

    def concerns(self, command: int) -> bool:
        return self.command is None or self.command == command

    def apply(self, frame: bytes) -> bytes:
        """The bytes that leave the reader in place of ``frame``."""
        match self.kind:
            case FaultKind.GARBAGE_PREFIX:
                return bytes.fromhex("00FFAA96AA69AAAA13") + frame
            case FaultKind.LOST_FIRST_BYTE:
                return frame[1:]
            case FaultKind.BAD_CHECKSUM:
                return frame[:-1] + bytes([frame[-1] ^ 0x5A])
            case FaultKind.TRUNCATE:
                return frame[: 7 + (len(frame) - 7) // 2]
            case FaultKind.OVER_LONG:
                return answer_frame(0x90, bytes(5000))
            case FaultKind.SILENCE:
                return b""
            case FaultKind.STUCK:
                return b"\xaa" * 8192
            case FaultKind.STATUS:
                return answer_frame(self.status)
