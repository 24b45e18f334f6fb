"""Ten thousand terminals whose hall comes back, or whose street gets its power again: when each sends its first record.

Simulated seconds, the terminals' own schedule (``offline_cache.outage``) and their default pauses.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from offline_cache.outage import Link, LinkPhase, Move, Pauses, next_move, on_answer, on_silence, on_start
from offline_cache.settings import DeliverySettings

TERMINALS = 10_000
LIMIT = 1.2
WINDOW_S = 60.0
_OUTAGE_S = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Spike:
    """First sends a second: ``rate`` as configured (terminals by start window), ``most`` within any minute, ``second``
    within any second; ``last_s`` is when the last terminal began."""

    rate: float
    most: float
    second: float
    last_s: float

    @property
    def ratio(self) -> float:
        return self.most / self.rate


def after_outage(seed: int = 7) -> Spike:
    """The gateway was away for four hours; terminals found out within a minute of one another."""
    random, pauses = Random(seed), _pauses()
    return _spike([_first_send(random, pauses) for _ in range(TERMINALS)], pauses)


def after_power_cut(seed: int = 7) -> Spike:
    """All start in the same second, and the gateway answers."""
    random, pauses = Random(seed), _pauses()
    started = Link(LinkPhase.OPEN, 0.0, 0.0)
    return _spike([on_start(started, 0.0, pauses, random.random()).until for _ in range(TERMINALS)], pauses)


def _first_send(random: Random, pauses: Pauses) -> float:
    """Seconds after the gateway's return."""
    began = -_OUTAGE_S + random.uniform(0, 60)
    link = on_silence(Link(LinkPhase.OPEN, 0.0, 0.0), began, pauses, random.random(), "no-link")
    now = link.until
    while next_move(link, now, pauses) is not Move.SEND:
        answered = now >= 0 and link.phase is LinkPhase.DOWN
        link = (
            on_answer(link, now, pauses, random.random())
            if answered
            else on_silence(link, now, pauses, random.random(), "no-link")
        )
        now = link.until
    return now


def _pauses() -> Pauses:
    chosen = DeliverySettings()
    return Pauses(chosen.backoff_s, chosen.backoff_cap_s, chosen.start_window_s, chosen.retry_after_cap_s)


def _spike(sends: list[float], pauses: Pauses) -> Spike:
    sends = sorted(sends)
    rate = TERMINALS / pauses.window_s
    return Spike(rate, _most(sends, WINDOW_S) / WINDOW_S, _most(sends, 1.0), sends[-1])


def _most(sends: Sequence[float], within_s: float) -> int:
    """Most sends in any ``within_s`` seconds; ``sends`` are sorted."""
    recent: deque[float] = deque()
    most = 0
    for send in sends:
        recent.append(send)
        while recent[0] <= send - within_s:
            recent.popleft()
        most = max(most, len(recent))
    return most
