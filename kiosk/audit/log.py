"""The terminal's log (``kiosk.ports.audit``): one JSON object a line, each line bound to the one before it.

Only declared events and their declared fields are written. A text that is not a stable word is replaced, so that no
name and no number can reach the file even by mistake. A line's ``hash`` is the SHA-256 of the line without it,
``previous`` is the hash of the line before: a line taken out, put in or changed shows.
"""

import errno
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

from kiosk.domain.audit_event import AuditEvent
from kiosk.ports.clock import Clock

FIRST = "0" * 64
"""``previous`` of a file's first line."""

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/+-]{0,79}")
_LONG_NUMBER = re.compile(r"\d{15}")
_REPLACEMENT = "not-a-word"
_TAIL_BYTES = 64 * 1024


class _LineFile:
    """Appends whole lines or nothing. A half line left by a power cut is cut off at opening."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def open(self) -> str:
        """Returns the hash of the last line."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            head = _cut_to_last_line(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return head

    def append(self, line: str) -> None:
        """Raises OSError when the whole line could not be written."""
        assert self._descriptor is not None
        data = line.encode() + b"\n"
        size = os.fstat(self._descriptor).st_size
        if os.write(self._descriptor, data) < len(data):
            os.ftruncate(self._descriptor, size)
            raise OSError(errno.ENOSPC, "no room for a line")

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class _EventLogger(structlog.BoundLoggerBase):
    def append(self, event: str, **fields: object) -> None:
        self._proxy_to_logger("append", event, **fields)


class AuditLog:
    """Never raises for the disk: a line that cannot be written is dropped and counted, and the next one written tells
    how many are missing (``dropped``). Safe for several threads."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._file = _LineFile(path)
        self._logger: _EventLogger = structlog.wrap_logger(
            self._file, processors=[_allowed, self._stamped, self._chained, _rendered], wrapper_class=_EventLogger
        )
        self._head: str | None = None
        self._next_head = FIRST
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Lines lost since the last one written."""
        return self._dropped

    def record(self, event: AuditEvent) -> None:
        with self._lock:
            try:
                if self._head is None:
                    self._head = self._file.open()
                self._logger.append(event.name.value, **dict(_fields(event)))
            except OSError:
                self._dropped += 1
                return
            self._head = self._next_head
            self._dropped = 0

    def close(self) -> None:
        with self._lock:
            self._file.close()
            self._head = None

    def _stamped(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = self._clock.now().isoformat(timespec="milliseconds")
        if self._dropped:
            event["dropped"] = self._dropped
        return event

    def _chained(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["previous"] = self._head
        event["hash"] = self._next_head = line_hash(event)
        return event


def line_hash(members: EventDict) -> str:
    """SHA-256 of the line without its own hash."""
    return hashlib.sha256(_json({name: value for name, value in members.items() if name != "hash"})).hexdigest()


def first_break(path: Path) -> int | None:
    """The number, from 1, of the first line that does not follow from the one before it; None when all do."""
    head = FIRST
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            members = _parsed(line)
            if members is None or members.get("previous") != head or members.get("hash") != line_hash(members):
                return number
            head = str(members["hash"])
    return None


def _fields(event: AuditEvent) -> Iterator[tuple[str, object]]:
    """The declared fields that this event has."""
    for name in ("session", "journey", "step", "outcome", "reason", "device", "receipt", "staff"):
        value = getattr(event, name)
        if value is not None:
            yield name, value
    if event.figures:
        yield "figures", dict(event.figures)


def _allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and not _is_word(value):
            event[name] = _REPLACEMENT
    figures = event.get("figures")
    if figures is not None:
        event["figures"] = {name if _is_word(name) else _REPLACEMENT: figure for name, figure in figures.items()}
    return event


def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and _LONG_NUMBER.search(text) is None


def _rendered(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return _json(event).decode()


def _json(members: EventDict) -> bytes:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _parsed(line: bytes) -> EventDict | None:
    try:
        members = json.loads(line)
    except ValueError:
        return None
    return members if isinstance(members, dict) else None


def _cut_to_last_line(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    start = max(0, size - _TAIL_BYTES)
    tail = os.pread(descriptor, _TAIL_BYTES, start)
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        os.ftruncate(descriptor, start + whole)
    members = _parsed(tail[:whole].rstrip(b"\n").rpartition(b"\n")[2])
    return FIRST if members is None else str(members.get("hash", FIRST))
