"""How much one terminal may send: so many requests at once, then so many a minute. Kept by each worker for itself, in
memory: behind N workers a terminal may come to N times as many."""

import math
import threading
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from kiosk.ports.clock import Clock

_MOST_REMEMBERED = 20_000


class LimitSettings(BaseModel):
    """Far above what a terminal sends that comes back from a week without a network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    burst: int = Field(3000, ge=1, description="requests of one terminal that a worker takes at once")
    per_minute: int = Field(1200, ge=1, description="requests a minute that it takes after those")


@dataclass(slots=True)
class _Bucket:
    """``left`` requests at ``since`` on the monotonic clock."""

    left: float
    since: float


class TerminalLimits:
    """Safe for several threads."""

    def __init__(self, settings: LimitSettings, clock: Clock) -> None:
        self._burst = float(settings.burst)
        self._per_s = settings.per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, terminal: str) -> int | None:
        """None when the request may be answered; otherwise the seconds after which the next one may be."""
        now = self._clock.monotonic()
        with self._lock:
            bucket = self._buckets.get(terminal)
            if bucket is None:
                bucket = self._room_for(terminal, now)
            left = min(self._burst, bucket.left + max(0.0, now - bucket.since) * self._per_s)
            bucket.since = now
            if left < 1:
                bucket.left = left
                return max(1, math.ceil((1 - left) / self._per_s))
            bucket.left = left - 1
            return None

    def _room_for(self, terminal: str, now: float) -> _Bucket:
        """Forgets the one not heard of for longest when there are too many."""
        if len(self._buckets) >= _MOST_REMEMBERED:
            del self._buckets[min(self._buckets, key=lambda each: self._buckets[each].since)]
        bucket = self._buckets[terminal] = _Bucket(self._burst, now)
        return bucket
