"""How a head is held: natural small movement and the asked turns, as pure functions of time."""

import math
from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """As the citizen sees it."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles in degrees: ``yaw`` positive brings the nose to the picture's right (the citizen's own left), ``pitch``
    positive brings it down, ``roll`` positive turns the picture clockwise. ``dx`` and ``dy`` are pixels, ``scale`` is 1
    at the usual distance."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0

    def __add__(self, other: "Pose") -> "Pose":
        return Pose(
            self.yaw + other.yaw,
            self.pitch + other.pitch,
            self.roll + other.roll,
            self.dx + other.dx,
            self.dy + other.dy,
            self.scale * other.scale,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A slow turn to one side and back to the front, ``seconds`` in all, of which a fifth is spent at the end point."""

    side: Side
    degrees: float
    start: float
    seconds: float

    def pose(self, at: float) -> Pose:
        degrees = self.degrees if self.side is Side.LEFT else -self.degrees
        return Pose(yaw=degrees * _there_and_back((at - self.start) / self.seconds))

    def over(self, at: float) -> bool:
        return at >= self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Nod:
    """The head goes down and comes back up, in the same rhythm as ``Turn``."""

    degrees: float
    start: float
    seconds: float

    def pose(self, at: float) -> Pose:
        return Pose(pitch=self.degrees * _there_and_back((at - self.start) / self.seconds))

    def over(self, at: float) -> bool:
        return at >= self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Blink:
    """Both eyes close and open ``times`` times in ``seconds``; of each time a third is spent open at the end."""

    times: int
    start: float
    seconds: float

    def lids(self, at: float) -> float:
        """How far the lids are down: 0 open, 1 closed."""
        part = (at - self.start) / self.seconds
        return _there_and_back(part * self.times % 1.0 * 1.5) if 0.0 <= part < 1.0 else 0.0

    def over(self, at: float) -> bool:
        return at >= self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Glide:
    """A value that goes smoothly from ``before`` to ``after`` in ``seconds`` and stays."""

    before: float
    after: float
    start: float = 0.0
    seconds: float = 0.0

    def value(self, at: float) -> float:
        part = _ease((at - self.start) / self.seconds) if self.seconds else 1.0
        return self.before + (self.after - self.before) * part

    def onward(self, after: float, at: float, seconds: float) -> "Glide":
        """From where it is at ``at`` to another end."""
        return Glide(self.value(at), after, at, seconds)


def standing(at: float) -> Pose:
    """A person standing still at ``at`` seconds: breathing (16 breaths a minute) and the sway of body and head."""
    return Pose(
        yaw=0.8 * _wave(at, 5.3, 0.4) + 0.35 * _wave(at, 1.9, 1.1),
        pitch=0.6 * _wave(at, 4.1, 2.0) + 0.3 * _wave(at, 2.3, 0.2),
        roll=0.35 * _wave(at, 6.7, 0.9),
        dx=1.8 * _wave(at, 7.9, 0.0) + 0.5 * _wave(at, 1.3, 0.7),
        dy=1.1 * _wave(at, 3.75, 0.0) + 0.4 * _wave(at, 1.7, 2.2),
        scale=1.0 + 0.004 * _wave(at, 9.1, 1.7),
    )


def held_by_hand(at: float) -> Pose:
    """A sheet in an outstretched hand at ``at`` seconds: slow drift, tilt, and the tremor of about 7 Hz."""
    return Pose(
        yaw=3.0 * _wave(at, 4.7, 0.3) + 0.4 * _wave(at, 0.151, 0.0),
        pitch=-4.0 + 2.5 * _wave(at, 5.9, 1.2) + 0.4 * _wave(at, 0.137, 1.0),
        roll=2.0 + 2.0 * _wave(at, 7.1, 2.1),
        dx=7.0 * _wave(at, 6.3, 0.0) + 0.8 * _wave(at, 0.143, 0.5),
        dy=5.0 * _wave(at, 5.1, 1.4) + 0.8 * _wave(at, 0.149, 2.5),
        scale=1.0 + 0.02 * _wave(at, 8.3, 0.8),
    )


def _there_and_back(part: float) -> float:
    """0 at both ends of ``part`` (0 to 1), 1 for a fifth in the middle."""
    return _ease(part / 0.4) if part < 0.5 else _ease((1.0 - part) / 0.4)


def _wave(at: float, period: float, phase: float) -> float:
    return math.sin(2 * math.pi * at / period + phase)


def _ease(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3.0 - 2.0 * part)
