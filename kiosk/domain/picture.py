"""Pixels as values: what a camera saw, what a chip photo decoded to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """``height`` rows of ``width`` BGR pixels, 3 bytes each, top row first, no padding."""

    width: int
    height: int
    pixels: bytes | memoryview

    def __repr__(self) -> str:
        return f"Picture({self.width}x{self.height})"


@dataclass(frozen=True, slots=True)
class Frame:
    """One camera frame: ``sequence`` grows by one a frame, ``at`` is monotonic seconds at arrival. ``infrared`` is what
    the second camera of a pair saw at the same time, in grey."""

    sequence: int
    at: float
    picture: Picture
    infrared: Picture | None = None
