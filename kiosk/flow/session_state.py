"""Where a session stands, as a value: what the screen shows is derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from kiosk.flow.touches import Button

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.flow.health import Health
    from kiosk.flow.machine import Ending

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """Waiting times in seconds (domain.md 2.9)."""

    idle_s: float = 60.0
    """Without a touch, a card or a face the terminal then asks 您还在吗？"""

    countdown_s: float = 15.0
    """Seconds the question stands before the session is wiped."""

    health_s: float = 30.0
    """Between two self-checks while nobody is served. A device that is lost is tried again sooner (``supervision``)."""

    elder_factor: float = 2.0
    """Large type takes every waiting time this many times as long."""

    step_factor: float = 1.0
    """Steps' own waiting times (card, code, result, rating) take this many times as long; below 1 in rehearsals."""

    def of_step(self, seconds: float, elder: bool) -> float:
        """A step's own waiting time at the citizen's pace."""
        return seconds * self.step_factor * self.pace(elder)

    def pace(self, elder: bool) -> float:
        """How many times as long as usual the citizen may take."""
        return self.elder_factor if elder else 1.0


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is served; the home page stands."""


@dataclass(frozen=True, slots=True)
class Serving(Generic[S]):
    """A journey runs, begun by the press of ``start``. ``warned_at`` is set while the terminal asks 您还在吗？"""

    journey: S
    opened_at: datetime
    warned_at: datetime | None = None
    start: Button = Button.START


@dataclass(frozen=True, slots=True)
class Wiping:
    """The session is over and is being forgotten; nothing of it may be shown."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class SessionState(Generic[S]):
    """``number`` counts sessions since the terminal started; ``health`` is None before the first self-check."""

    number: int
    phase: Attract | Serving[S] | Wiping
    elder: bool = False
    health: Health | None = None
