"""Sends queued records to the hall platform until it has them.

A record leaves the queue on the platform's acknowledgement only. After an outage the first record waits a random time
within a window: full jitter on retries alone does not cut the first spike of ten thousand terminals coming back.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import HallDecision
from kiosk.ports.audit import Audit
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import CLOCK_DRIFT, Ready
from kiosk.ports.platform import DeliveryAnswer, HallPlatform, PlatformRefused, PlatformUnavailable, Stored
from offline_cache.queue import RecordQueue, pause_s
from offline_cache.settings import DeliverySettings
from offline_cache.store import StorageTrouble

NOT_QUEUED = PlatformUnavailable("not-queued")
"""No such record waits, or another try of it is under way."""


@dataclass(slots=True)
class _Outage:
    """Times are monotonic seconds."""

    probes: int
    probe_at: float


class Delivery:
    """One try of one record (``attempt``), and the pump that tries all that are due (``run_due``)."""

    def __init__(
        self,
        queue: RecordQueue,
        platform: HallPlatform,
        audit: Audit,
        clock: Clock,
        random: Callable[[], float],
        settings: DeliverySettings,
    ) -> None:
        """``random`` gives 0 to 1. The pump starts within the window, for a whole street may get its power back."""
        self._queue = queue
        self._platform = platform
        self._audit = audit
        self._clock = clock
        self._random = random
        self._settings = settings
        self._outage: _Outage | None = None
        self._start_at = clock.monotonic() + random() * settings.start_window_s

    def attempt(self, key: str) -> DeliveryAnswer:
        """Sends ``key`` once. Whatever comes of it, the record stays until the platform has acknowledged it."""
        record = self._queue.lease(key)
        if isinstance(record, StorageTrouble):
            return PlatformUnavailable(record.reason)
        if record is None:
            return NOT_QUEUED
        answer = self._platform.deliver(record)
        self._settle(key, answer)
        return answer

    def run_due(self) -> None:
        """Sends what is due, until the platform does not answer any more; then wipes what was delivered."""
        if self._may_send(self._clock.monotonic()):
            self._send_due()
        self._queue.tidy()

    def _may_send(self, now: float) -> bool:
        if self._outage is not None and not self._outage_over(self._outage, now):
            return False
        return now >= self._start_at

    def _send_due(self) -> None:
        for key in self._queue.due():
            answer = self.attempt(key)
            if isinstance(answer, PlatformUnavailable) and not self._platform_answers():
                self._outage = _Outage(1, self._clock.monotonic() + self._pause_s(1))
                return

    def _outage_over(self, outage: _Outage, now: float) -> bool:
        if now < outage.probe_at:
            return False
        if not self._platform_answers():
            outage.probes += 1
            outage.probe_at = self._clock.monotonic() + self._pause_s(outage.probes)
            return False
        self._outage = None
        self._start_at = now + self._random() * self._settings.start_window_s
        return True

    def _platform_answers(self) -> bool:
        status = self._platform.status()
        return isinstance(status, Ready) or status.reason == CLOCK_DRIFT

    def _pause_s(self, attempts: int) -> float:
        return pause_s(attempts, self._settings.backoff_s, self._settings.backoff_cap_s, self._random())

    def _settle(self, key: str, answer: DeliveryAnswer) -> None:
        match answer:
            case HallDecision() | Stored():
                self._queue.remove(key)
            case PlatformRefused(reason):
                self._queue.bury(key, reason)
            case PlatformUnavailable():
                self._queue.postpone(key, self._random())
        self._audit.record(_event(answer))


class DeliveryThread:
    """Runs the pump until ``close``."""

    def __init__(self, delivery: Delivery, interval_s: float = 1.0) -> None:
        self._delivery = delivery
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Returns after the try under way has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            self._delivery.run_due()


def _event(answer: DeliveryAnswer) -> AuditEvent:
    match answer:
        case HallDecision():
            return AuditEvent(EventName.DELIVERY_FINISHED, outcome=answer.outcome.value, receipt=answer.receipt.value)
        case Stored():
            return AuditEvent(EventName.DELIVERY_FINISHED, outcome="stored")
        case PlatformRefused(reason):
            return AuditEvent(EventName.DELIVERY_FINISHED, outcome="refused", reason=reason)
        case PlatformUnavailable(reason):
            return AuditEvent(EventName.DELIVERY_FINISHED, outcome="unavailable", reason=reason)
