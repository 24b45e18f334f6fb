"""Blinks: lids that close and open again, told from whatever is drawn over the eyes.

Measured on one performer at 25 frames a second with the iris model's contour: open 0.344, closed 0.043 to 0.054, for 2
to 9 frames. A bar in the colour of skin swept over a photo's eyes reaches the same figures; what lies around the eyes
then changes too.
"""

from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from kiosk.domain.face import Eyes, FaceObservation, Greys
from kiosk.face.geometry import FaceShape, shape_of
from kiosk.face.settings import FaceSettings


@dataclass(frozen=True, slots=True)
class OpenEyes:
    """How this citizen's eyes are when open: openness of each, and the greys around them by the face's brightness."""

    right: float
    left: float
    around: Greys = field(repr=False, compare=False)

    def openness(self, eyes: Eyes) -> float:
        """Of the eye that is wider open, as a share of its usual."""
        return max(eyes.right / self.right, eyes.left / self.left)

    def strangeness(self, observation: FaceObservation, eyes: Eyes) -> float:
        """The second largest change of a grey around the eyes, as a share of the face's brightness: one area may lie
        in a lid's own shadow, a thing held before the eyes never hides one alone."""
        return float(np.sort(np.abs(_by_brightness(eyes, observation) - self.around))[-2])


def open_eyes(observations: tuple[FaceObservation, ...], settings: FaceSettings) -> OpenEyes | None:
    """The median of a quiet stretch; None when the eyes were not seen, or blinked too much to know them."""
    seen = [(one, one.eyes) for one in observations if one.eyes is not None]
    if len(seen) < settings.baseline_min_frames:
        return None
    right, left = _quiet([eyes.right for _, eyes in seen]), _quiet([eyes.left for _, eyes in seen])
    if min(right, left) < settings.min_openness:
        return None
    around = np.median([_by_brightness(eyes, one) for one, eyes in seen], axis=0)
    return OpenEyes(right, left, around.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Blink:
    """Frames and times of one closing of the lids: the first closed frame, the one that was open again, the smallest
    openness between them as a share of the usual."""

    frame: int
    until: int
    at: float
    seconds: float
    depth: float


@dataclass(frozen=True, slots=True)
class _Closed:
    frame: int
    at: float
    depth: float
    yaw: float
    pitch: float
    clean: bool


@dataclass(frozen=True, slots=True)
class BlinkWatch:
    """Feed ``seen`` every frame; ``blinks`` are those that were lids, ``covered`` counts the closings that were not."""

    usual: OpenEyes
    settings: FaceSettings
    blinks: tuple[Blink, ...] = ()
    covered: int = 0
    _closed: _Closed | None = None

    def seen(self, observation: FaceObservation, shape: FaceShape) -> "BlinkWatch":
        eyes = observation.eyes
        if eyes is None:
            return replace(self, covered=self.covered + (self._closed is not None), _closed=None)
        openness = self.usual.openness(eyes)
        strange = self.usual.strangeness(observation, eyes) > self.settings.covered_change
        if self._closed is None:
            closing = openness < self.settings.closed_share
            return self._closing(observation, shape, openness, strange) if closing else self
        still = self._still_closed(self._closed, shape, openness, strange)
        open_again = openness > self.settings.reopened_share
        return self._opened(observation, still) if open_again else replace(self, _closed=still)

    def _closing(self, observation: FaceObservation, shape: FaceShape, openness: float, strange: bool) -> "BlinkWatch":
        began = _Closed(observation.sequence, observation.at, openness, shape.yaw, shape.pitch, not strange)
        return replace(self, _closed=began)

    def _still_closed(self, closed: _Closed, shape: FaceShape, openness: float, strange: bool) -> _Closed:
        moved = max(abs(shape.yaw - closed.yaw), abs(shape.pitch - closed.pitch)) > self.settings.blink_pose_deg
        clean = closed.clean and not strange and not moved
        return replace(closed, depth=min(closed.depth, openness), clean=clean)

    def _opened(self, observation: FaceObservation, closed: _Closed) -> "BlinkWatch":
        seconds = observation.at - closed.at
        if not closed.clean:
            return replace(self, covered=self.covered + 1, _closed=None)
        if not self.settings.blink_min_s <= seconds <= self.settings.blink_max_s:
            return replace(self, _closed=None)
        blink = Blink(closed.frame, observation.sequence, closed.at, seconds, closed.depth)
        return replace(self, blinks=(*self.blinks, blink), _closed=None)


def find_blinks(observations: tuple[FaceObservation, ...], settings: FaceSettings) -> tuple[Blink, ...]:
    """All blinks of a recording, against the eyes as they usually are in it."""
    usual = open_eyes(observations, settings)
    if usual is None:
        return ()
    watch = BlinkWatch(usual, settings)
    for observation in observations:
        if observation.landmarks is not None:
            watch = watch.seen(observation, shape_of(observation.landmarks))
    return watch.blinks


def _quiet(values: list[float]) -> float:
    return float(median(values))


def _by_brightness(eyes: Eyes, observation: FaceObservation) -> Greys:
    return np.asarray(eyes.around / max(observation.brightness, 1.0), np.float32)
