"""What every scanner's bytes go through before the terminal takes a code: cut into codes, cleaned, never taken twice.

Pure: data and monotonic seconds come in, codes go out.
"""

import re
from dataclasses import dataclass
from enum import Enum

from kiosk.ports.code_scanner import MAX_CODE_BYTES, CodeSeen

GAP_S = 0.1
"""Silence that ends a code where no suffix does."""

GIVEN_UP_S = 1.0
"""Silence after which a suffix will not come any more."""

REPEAT_S = 2.0
"""For so long the code taken last is not taken again."""

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Charset(Enum):
    """How a scanner writes text; ``BINARY`` leaves the bytes as they are."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Framing:
    """Where a code ends: at ``suffix`` unless that is empty. After ``gap_s`` of silence it has ended too where
    ``gap_ends``, else what has no suffix yet is given up."""

    suffix: bytes
    gap_s: float = GAP_S
    gap_ends: bool = True


class Assembler:
    """Cuts what is heard into codes without their suffix. A code of more than ``MAX_CODE_BYTES`` is dropped up to its
    end, so that its tail never passes for a code; empty ones are no codes."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._code = bytearray()
        self._spoiled = False
        self._heard_at = 0.0

    def hear(self, data: bytes, now: float) -> list[bytes]:
        """The codes that ended with ``data``; without data, the one that ended by silence until ``now``."""
        if data:
            self._heard_at = now
            return [code for byte in data for code in self._take(byte)]
        if not self._code or now - self._heard_at < self._framing.gap_s:
            return []
        self._spoiled |= not self._framing.gap_ends
        return self._end(0)

    def spoil(self) -> None:
        """The code that is under way, if one is, will be dropped whole."""
        self._spoiled = bool(self._code)

    def _take(self, byte: int) -> list[bytes]:
        suffix = self._framing.suffix
        self._code.append(byte)
        if suffix and self._code.endswith(suffix):
            return self._end(len(suffix))
        if len(self._code) > MAX_CODE_BYTES + len(suffix):
            self._spoiled = True
            del self._code[: -(len(suffix) or 1)]
        return []

    def _end(self, suffix_bytes: int) -> list[bytes]:
        code = bytes(self._code[: len(self._code) - suffix_bytes])
        dropped = self._spoiled or not 0 < len(code) <= MAX_CODE_BYTES
        self._code.clear()
        self._spoiled = False
        return [] if dropped else [code]


def cleaned(code: bytes, charset: Charset) -> CodeSeen | None:
    """The text of ``code`` as UTF-8 without control characters, or its very bytes where they are no text. None when
    it is not written in ``charset``, when nothing is left, or when it has become too long."""
    if charset is Charset.BINARY:
        return CodeSeen(code)
    try:
        text = code.decode(charset.value)
    except UnicodeDecodeError:
        return None
    payload = _CONTROL_CHARACTERS.sub("", text).encode()
    return CodeSeen(payload) if 0 < len(payload) <= MAX_CODE_BYTES else None


class Debounce:
    """Knows the code taken last, by its digest."""

    def __init__(self) -> None:
        self._digest = ""
        self._taken_at = 0.0

    def takes(self, code: CodeSeen, now: float) -> bool:
        """Whether ``code`` counts at ``now``: not when it is the one taken less than ``REPEAT_S`` ago."""
        if code.digest == self._digest and now - self._taken_at < REPEAT_S:
            return False
        self._digest, self._taken_at = code.digest, now
        return True
