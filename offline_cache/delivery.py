"""Sends queued records to the hall platform until it has them.

A record leaves the queue on the platform's acknowledgement only. After an outage the first record waits a random time
within a window: full jitter on retries alone does not cut the first spike of ten thousand terminals coming back. What
is waited for, and until when, stands on disk (``offline_cache.outage``).
"""

from collections.abc import Callable

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import HallDecision
from kiosk.ports.audit import Audit
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import CLOCK_DRIFT, DeviceStatus, Ready
from kiosk.ports.platform import DeliveryAnswer, HallPlatform, PlatformRefused, PlatformUnavailable, Stored
from kiosk.wire.envelope import Header, read_header
from offline_cache.outage import (
    OPEN,
    Link,
    Move,
    Pauses,
    may_try,
    next_move,
    on_answer,
    on_asked,
    on_silence,
    on_start,
)
from offline_cache.queue import RecordQueue
from offline_cache.rounds import Stop, never
from offline_cache.settings import DeliverySettings
from offline_cache.store import StorageTrouble

NOT_QUEUED = PlatformUnavailable("not-queued")
"""No such record waits, another try of it is under way, or an earlier one of its lane waits."""


ASKED_TO_WAIT = "asked-to-wait"
"""Reason of an answer that was not even asked for: the platform wants quiet (Retry-After)."""

BEHIND_ANOTHER = PlatformUnavailable("behind-another")
"""An earlier record of the same lane could not be delivered, and this one must not overtake it."""

_SPOILED = PlatformRefused("spoiled-on-disk")
"""The record is not what was put: no gateway could open it, and the disk must be looked at."""

_ITS_KEYS = frozenset({"revoked", "unknown-terminal", "other-gateway"})
"""Said of a record of a terminal in service they mean the keys it was sealed with, and no try brings those back: the
terminal was set up anew since, or the gateway's key is destroyed."""


class Delivery:
    """One try of one record (``attempt``), a record with what it is behind (``deliver``), and the pump that tries all
    that are due (``run_due``). What it knows of the way to the platform stands in the queue's file alone."""

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
        self._backoff = Pauses(
            settings.backoff_s, settings.backoff_cap_s, settings.start_window_s, settings.retry_after_cap_s
        )
        self._started = False

    def attempt(self, key: str) -> DeliveryAnswer:
        """Sends ``key`` once. Whatever comes of it, the record stays until the platform has acknowledged it."""
        record = self._queue.lease(key)
        if isinstance(record, StorageTrouble):
            return PlatformUnavailable(record.reason)
        if record is None:
            return NOT_QUEUED
        whole = isinstance(read_header(record.envelope), Header)
        answer = self._platform.deliver(record) if whole else _SPOILED
        self._settle(key, answer)
        return answer

    def deliver(self, key: str) -> DeliveryAnswer:
        """For a citizen who waits: without regard to pauses, but not against the platform's own wish."""
        tried: set[str] = set()
        while (earlier := self._queue.before(key)) is not None and earlier not in tried:
            if self._wants_quiet():
                return PlatformUnavailable(ASKED_TO_WAIT)
            tried.add(earlier)
            self.attempt(earlier)
        if earlier is not None:
            return BEHIND_ANOTHER
        return PlatformUnavailable(ASKED_TO_WAIT) if self._wants_quiet() else self.attempt(key)

    def run_due(self, stop: Stop = never) -> None:
        """Sends what is due, until the platform does not answer any more or ``stop`` says so; then wipes what was
        delivered."""
        for receipt in self._queue.put_back():
            self._audit.record(AuditEvent(EventName.RECORD_PUT_BACK, receipt=receipt))
        link = self._queue.link()
        if not isinstance(link, StorageTrouble) and self._may_send(link):
            self._send_due(stop)
        self._queue.tidy()

    def _may_send(self, link: Link) -> bool:
        if not self._started:
            started = on_start(link, self._now(), self._backoff, self._random())
            if not self._keep(started, link):
                return False
            self._started, link = True, started
        move = next_move(link, self._now(), self._backoff)
        if move is Move.PROBE:
            return self._probe(link)
        return move is Move.SEND and self._keep(OPEN, link)

    def _probe(self, link: Link) -> bool:
        silence = _silence(self._platform.status())
        if silence is not None:
            self._keep(on_silence(link, self._now(), self._backoff, self._random(), silence), link)
            return False
        back = on_answer(link, self._now(), self._backoff, self._random())
        return self._keep(back, link) and next_move(back, self._now(), self._backoff) is Move.SEND

    def _send_due(self, stop: Stop) -> None:
        """Each record once at most: one whose pause is next to nothing waits for the next round."""
        tried: set[str] = set()
        while (key := self._queue.next_due()) is not None and key not in tried and not stop():
            tried.add(key)
            answer = self.attempt(key)
            if isinstance(answer, PlatformUnavailable) and self._ends_round(key, answer):
                return

    def _ends_round(self, key: str, answer: PlatformUnavailable) -> bool:
        if answer == NOT_QUEUED:
            return False
        if answer.retry_after_s is not None:
            return True
        status = self._platform.status()
        silence = _silence(status)
        if silence is None:
            self._blame(key, answer.reason, isinstance(status, Ready))
            return False
        self._keep(on_silence(OPEN, self._now(), self._backoff, self._random(), silence), OPEN)
        return True

    def _blame(self, key: str, reason: str, in_service: bool) -> None:
        if self._queue.blame(key, reason if in_service and reason in _ITS_KEYS else None):
            self._audit.record(_event(PlatformRefused(reason)))

    def _wants_quiet(self) -> bool:
        link = self._queue.link()
        return not isinstance(link, StorageTrouble) and not may_try(link, self._now(), self._backoff)

    def _keep(self, link: Link, read: Link) -> bool:
        """False where the row is no longer the one that was read: a citizen's try has heard something since."""
        return link == read or self._queue.keep_link(link, read) is not False

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _settle(self, key: str, answer: DeliveryAnswer) -> None:
        match answer:
            case HallDecision():
                self._queue.remove(key, answer)
            case Stored():
                self._queue.remove(key)
            case PlatformRefused(reason):
                self._queue.bury(key, reason)
            case PlatformUnavailable(retry_after_s=None):
                self._queue.postpone(key, self._random())
            case PlatformUnavailable(reason, retry_after_s=float(asked_s)):
                self._queue.postpone(key, self._random(), asked_s)
                self._hush(asked_s, reason)
        self._audit.record(_event(answer))

    def _hush(self, asked_s: float, reason: str) -> None:
        link = self._queue.link()
        if not isinstance(link, StorageTrouble):
            self._queue.keep_link(on_asked(link, self._now(), self._backoff, self._random(), asked_s, reason))


def _silence(status: DeviceStatus) -> str | None:
    """Why the platform cannot be reached; None when it answers."""
    return None if isinstance(status, Ready) or status.reason == CLOCK_DRIFT else status.reason


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
