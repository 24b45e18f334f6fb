"""What the gateway tells of itself: figures for Prometheus, and a log of declared events.

Neither can hold personal data: labels and fields are words of the wire, terminal numbers and figures, and whatever does
not look like one is replaced.
"""

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from structlog.typing import EventDict, WrappedLogger

from gateway.troubles import Trouble
from kiosk.ports.clock import Clock
from kiosk.wire.messages import DecisionMessage, Message, RefusalMessage
from kiosk.wire.opening import OpenedEnvelope

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable naming the folder in which workers add up their figures."""

Waiting = Callable[[], Mapping[str, int]]
"""Cases that wait for staff, by queue. May raise what ``gateway.troubles`` expects."""

_WORD = re.compile(r"[A-Za-z0-9/{][A-Za-z0-9 ._/{}:-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{9}")
_STUCK_S = 60.0
_MOST_LABELS = 64
"""Children of a figure that are found again without its lock."""
_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class GatewayEvent(Enum):
    """Every line of the log is one of these."""

    STARTED = "started"
    ANSWERED = "answered"
    TROUBLE = "trouble"
    PASSED_OVER = "passed-over"
    PICTURES_DROPPED = "pictures-dropped"
    ORPHANS_DROPPED = "orphans-dropped"


class _Lines:
    """Whole lines, each in one write, so that several workers may share a file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def info(self, line: str) -> None:
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()


class Journal:
    """JSON lines into ``path``; without one, troubles alone on standard error. Raises OSError when it cannot be
    opened. A disk without room costs the line, never the request. ``everything``: there is a file for it."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._clock = clock
        self.everything = path is not None
        self._stream = sys.stderr if path is None else path.open("a", encoding="utf-8")
        self._log: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
            _Lines(self._stream), processors=[self._stamped, _words_only, structlog.processors.JSONRenderer()]
        )

    def write(self, event: GatewayEvent, **fields: str | float | None) -> None:
        if not self.everything and event is not GatewayEvent.TROUBLE:
            return
        try:
            self._log.info(event.value, **{name: value for name, value in fields.items() if value is not None})
        except OSError:
            return

    def close(self) -> None:
        if self.everything:
            self._stream.close()

    def _stamped(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = self._clock.now().isoformat(timespec="milliseconds")
        event["process"] = os.getpid()
        return event


class Watch:
    """Counts and writes down. Safe for several threads; figures of several workers are added up."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._registry = CollectorRegistry()
        here = self._registry
        self._records = Counter(
            "hall_records", "Records by kind and what became of them", ["kind", "outcome"], registry=here
        )
        self._refusals = Counter(
            "hall_refusals", "Refusals by address and reason", ["address", "reason"], registry=here
        )
        self._troubles = Counter("hall_troubles", "Database and storage errors", ["trouble"], registry=here)
        self._seconds = Histogram(
            "hall_request_seconds",
            "From a request's last byte to its answer",
            ["address"],
            buckets=_BUCKETS,
            registry=here,
        )
        self._seconds_of = lru_cache(_MOST_LABELS)(self._seconds.labels)
        self._records_of = lru_cache(_MOST_LABELS)(self._records.labels)
        self._stuck: tuple[Trouble, float] | None = None

    @property
    def storage(self) -> Trouble | None:
        """Why something could not be written or read within the last minute, where no record was stored since."""
        stuck = self._stuck
        return stuck[0] if stuck is not None and self._clock.monotonic() - stuck[1] < _STUCK_S else None

    def now(self) -> float:
        return self._clock.monotonic()

    def answered(self, address: str, opened: OpenedEnvelope | None, message: Message, since: float) -> None:
        """``since`` is when the request had come, by ``now``."""
        took = self._clock.monotonic() - since
        self._seconds_of(address).observe(took)
        reason = message.reason if isinstance(message, RefusalMessage) else None
        if reason is not None:
            self._refusals.labels(address, reason).inc()
        elif opened is not None and address.endswith("/records"):
            outcome = message.outcome.value.lower() if isinstance(message, DecisionMessage) else "stored"
            self._records_of(opened.kind, outcome).inc()
            self._stuck = None
        if not self._journal.everything:
            return
        self._journal.write(
            GatewayEvent.ANSWERED,
            address=address,
            terminal=None if opened is None else opened.terminal.terminal,
            kind=None if opened is None else opened.kind,
            answer=str(getattr(message, "answer", "")),
            reason=reason,
            ms=round(took * 1000, 1),
        )

    def troubled(self, address: str, trouble: Trouble) -> None:
        if trouble in (Trouble.STORAGE_FULL, Trouble.STORAGE_DOWN):
            self._stuck = trouble, self._clock.monotonic()
        self._troubles.labels(trouble.value).inc()
        self._journal.write(GatewayEvent.TROUBLE, address=address, reason=trouble.value)

    def passed_over(self, address: str, reason: str) -> None:
        """Something that came by another way than a request, and cannot be taken."""
        self._refusals.labels(address, reason).inc()
        self._journal.write(GatewayEvent.PASSED_OVER, address=address, reason=reason)

    def started(self) -> None:
        self._journal.write(GatewayEvent.STARTED)

    def dropped(self, event: GatewayEvent, pictures: int) -> None:
        if pictures:
            self._journal.write(event, count=pictures)

    def exposition(self, waiting: Waiting) -> bytes:
        """In Prometheus's text format, ``waiting`` asked now."""
        registry = CollectorRegistry()
        if MULTIPROCESS_FOLDER in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(_Joined(self._registry))
        registry.register(_Queues(waiting))
        return generate_latest(registry)

    def close(self) -> None:
        self._journal.close()


class _Joined(Collector):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()


class _Queues(Collector):
    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily("hall_cases_waiting", "Cases that wait for staff", labels=["queue"])
        for queue, count in self._waiting().items():
            family.add_metric([queue], count)
        yield family


def _words_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and name != "at" and not _is_word(value):
            event[name] = "not-a-word"
    return event


def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and _LONG_NUMBER.search(text) is None
