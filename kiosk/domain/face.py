"""What the face analyser tells of a frame: measurements, never pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Landmarks: TypeAlias = "npt.NDArray[np.float32]"
"""Shape (468, 3): x and y in pixels of the camera frame, z in the same scale, towards the camera negative
(MediaPipe face mesh topology)."""


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One analysed frame.

    ``faces`` counts faces found; ``landmarks`` belong to the largest, None when there is none.
    ``brightness`` is the mean grey value of the face region (0-255), ``sharpness`` the variance of its Laplacian.
    """

    sequence: int
    at: float
    faces: int
    landmarks: Landmarks | None = field(repr=False, compare=False)
    brightness: float
    sharpness: float


class TurnDirection(Enum):
    """As the citizen sees it: LEFT is the citizen's own left."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class LivenessResult:
    """The outcome of a liveness session and the signals it rests on (name to figure)."""

    proven: bool
    action: str
    signals: dict[str, float]


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """Median distance of the live frames to the reference; ``matched`` is ``distance <= threshold``."""

    distance: float
    threshold: float
    frames: int
    model: str

    @property
    def matched(self) -> bool:
        return self.distance <= self.threshold
