"""The parts of a ``multipart/x-mixed-replace`` body (RFC 2046 section 5.1), as cameras write them.

Cameras differ: some give ``Content-Length`` in a part and some do not, some repeat the two leading dashes in the
declared boundary. All of these are read; a body that keeps to none of them is reported, never guessed at.
"""

import re
from dataclasses import dataclass
from email.message import Message

_LONGEST_HEAD = 4096
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,9})[ \t]*\r?$")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Malformed:
    """The body cannot be read on; ``reason`` is a stable word."""

    reason: str


def declared_boundary(content_type: str) -> str | None:
    """The boundary of a ``multipart/x-mixed-replace`` content type without leading dashes; None for anything else, also
    for a boundary that is not ASCII (RFC 2046 5.1.1)."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/x-mixed-replace" or not boundary or not boundary.isascii():
        return None
    return boundary.removeprefix("--") or None


class PartReader:
    """Cuts parts out of a stream of bytes. A part longer than ``longest`` bytes is malformed."""

    def __init__(self, boundary: str, longest: int) -> None:
        self._delimiter = b"--" + boundary.encode("ascii")
        self._longest = longest
        self._waiting = bytearray()
        self._length: int | None = None
        self._in_body = False

    def feed(self, data: bytes) -> list[bytes] | Malformed:
        """The bodies of all parts that ``data`` completes, oldest first."""
        self._waiting += data
        parts: list[bytes] = []
        while True:
            step = self._body() if self._in_body else self._head()
            if isinstance(step, Malformed):
                return step
            if step is None:
                return parts
            if step:
                parts.append(step)

    def _head(self) -> bytes | Malformed | None:
        """Empty when the head is read, None when more bytes are needed."""
        start = len(self._waiting) - len(self._waiting.lstrip(b"\r\n"))
        opening = bytes(self._waiting[start : start + len(self._delimiter)])
        if not self._delimiter.startswith(opening):
            return Malformed("boundary")
        end = _HEAD_END.search(self._waiting, start)
        if end is None:
            return Malformed("head-too-long") if len(self._waiting) > _LONGEST_HEAD else None
        length = _LENGTH.search(self._waiting, start, end.end())
        self._length = int(length[1]) if length else None
        if self._length is not None and self._length > self._longest:
            return Malformed("too-long")
        del self._waiting[: end.end()]
        self._in_body = True
        return b""

    def _body(self) -> bytes | Malformed | None:
        end = self._length
        if end is None:
            end = self._waiting.find(b"\n" + self._delimiter)
            if end < 0 and len(self._waiting) > self._longest:
                return Malformed("too-long")
        if end < 0 or len(self._waiting) < end:
            return None
        part = bytes(self._waiting[:end])
        del self._waiting[:end]
        self._in_body = False
        return part
