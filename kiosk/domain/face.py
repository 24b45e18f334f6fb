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


Greys: TypeAlias = "npt.NDArray[np.float32]"
"""Shape (n,): mean greys of small areas, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Both eyes, by the contour of their lids.

    Openness is the gap between the lids by the distance of the eye's corners: about 0.3 open, below 0.1 closed.
    ``around`` are the greys of small areas about both eyes (brows, bridge of the nose, temples, below the eyes), always
    in the same order: lids that close leave them as they are, whatever is held before the eyes does not.
    """

    right: float
    left: float
    around: Greys = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PictureTraits:
    """What a frame tells of the thing that was photographed, and of the way the frame came.

    ``repeated``: the very same pixels came before in this session. ``moire`` is how far the strongest regular pattern
    of the face region stands out of its spectrum, ``bezel`` the share (0 to 1) of a straight frame found about the
    face; both are None in frames where they were not measured. ``backdrop`` is how far what lies beside the head has
    moved since the frame before, x and y in pixels, None without one. ``colour`` is the mean blue, green and red of
    forehead and cheeks, 0 to 255. ``advice`` is what a placed network thinks of a living face being there, 0 to 1.
    ``masked``: mouth, chin and jaws are of one colour that is not the face's.
    """

    repeated: bool = False
    moire: float | None = None
    bezel: float | None = None
    backdrop: tuple[float, float] | None = None
    colour: tuple[float, float, float] | None = None
    advice: float | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class InfraredLook:
    """What the near-infrared camera of a pair saw where the face is: a face, and how much texture it has (standard
    deviation of its greys by their mean). A screen shines nothing there and most inks are white."""

    face: bool
    texture: float


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One analysed frame.

    ``faces`` counts faces found; ``landmarks`` belong to the largest, None when there is none.
    ``brightness`` is the mean grey value of the face region (0-255), ``sharpness`` the variance of its Laplacian.
    ``eyes`` is None without a face or when it is turned too far; ``infrared`` is None without a second camera.
    """

    sequence: int
    at: float
    faces: int
    landmarks: Landmarks | None = field(repr=False, compare=False)
    brightness: float
    sharpness: float
    eyes: Eyes | None = None
    traits: PictureTraits = PictureTraits()
    infrared: InfraredLook | None = None


class FaceAction(Enum):
    """What a citizen can be asked to do. LEFT is the citizen's own left."""

    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    NOD = "nod"
    FOLLOW_DOT = "follow-dot"
    BLINK = "blink"


@dataclass(frozen=True, slots=True)
class LivenessResult:
    """The outcome of a liveness session and the signals it rests on (name to figure).

    ``action`` names what was asked for, several joined by ``+``. ``doubts`` among the signals counts the passive ones
    that were not as with a living face.
    """

    proven: bool
    action: str
    signals: dict[str, float]

    @property
    def clean(self) -> bool:
        """Proven, and nothing else about the pictures was out of the ordinary."""
        return self.proven and not self.signals.get("doubts", 0.0)


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
