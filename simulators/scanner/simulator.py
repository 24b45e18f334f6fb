"""The serial code scanner of the virtual hall, moved by control verbs."""

import threading
from pathlib import Path
from typing import Any

from simulators.control import Verb
from simulators.scanner.line import SendingLine
from simulators.stable_link import StableLink

SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}


class ScannerSimulator:
    """One scanner on one line. ``paced`` sends at the line's rate, otherwise at once; ``link`` is kept pointing at the
    present pseudo-terminal."""

    def __init__(
        self,
        baud: int = 9600,
        suffix: str = "cr",
        charset: str = "utf-8",
        paced: bool = False,
        link: Path | None = None,
    ) -> None:
        self._baud = baud
        self._suffix = suffix
        self._charset = charset
        self._paced = paced
        self._link = StableLink(link) if link is not None else None
        self._lock = threading.Lock()
        self._line: SendingLine | None = None
        self._scans = 0

    @property
    def address(self) -> str:
        """The path a driver opens: the stable link where there is one. Empty while unplugged without a link."""
        if self._link is not None:
            return str(self._link.path)
        return self._line.path if self._line is not None else ""

    @property
    def verbs(self) -> dict[str, Verb]:
        return {"scan": self.scan, "plug": self.plug, "unplug": self.unplug, "state": self.describe}

    def close(self) -> None:
        self.unplug({})

    def plug(self, _request: dict[str, Any]) -> dict[str, Any]:
        """A fresh pseudo-terminal, as after plugging the USB cable in again."""
        with self._lock:
            if self._line is None:
                self._line = SendingLine(self._baud, self._paced)
                if self._link is not None:
                    self._link.point_to(self._line.path)
        return {"address": self.address}

    def unplug(self, _request: dict[str, Any]) -> None:
        with self._lock:
            line, self._line = self._line, None
            if line is not None and self._link is not None:
                self._link.remove()
        if line is not None:
            line.close()

    def scan(self, request: dict[str, Any]) -> dict[str, Any]:
        """A code is held before the scanner; answered when its last byte has left. Members: ``text``, written in the
        scanner's character set, or ``hex``, the very bytes; ``suffix`` in place of the scanner's own; ``garbage``,
        hexadecimal bytes sent before it; ``split``, the number of bytes after which the line pauses for ``pause_ms``
        (150)."""
        data = self._message(request)
        split = int(request.get("split", len(data)))
        pause_s = float(request.get("pause_ms", 150)) / 1000
        line = self._line
        if line is None:
            raise ValueError("the scanner is unplugged")
        line.send(data[:split])
        if data[split:]:
            line.pause(pause_s)
            line.send(data[split:])
        self._scans += 1
        return {"sent": len(data)}

    def describe(self, _request: dict[str, Any]) -> dict[str, Any]:
        """``plugged``, ``baud``, and how many codes were scanned so far."""
        return {"plugged": self._line is not None, "baud": self._baud, "scans": self._scans}

    def _message(self, request: dict[str, Any]) -> bytes:
        unknown = set(request) - {"text", "hex", "suffix", "garbage", "split", "pause_ms"}
        if unknown:
            raise ValueError(f"a scan has no {', '.join(sorted(unknown))}")
        if ("text" in request) == ("hex" in request):
            raise ValueError("a scan has either text or hex")
        code = bytes.fromhex(_written(request, "hex")) or _written(request, "text").encode(self._charset)
        return bytes.fromhex(_written(request, "garbage")) + code + SUFFIXES[request.get("suffix", self._suffix)]


def _written(request: dict[str, Any], name: str) -> str:
    """As it was written: digits may have come as a number, anything else that reads as JSON has to stand in quotes."""
    value = request.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f'{name} is no text; write it in quotes: {name}="..."')
    return str(value)
