"""MiniFASNet, where a technician placed it: one more opinion whether a living face is there. It never decides."""

from __future__ import annotations

from typing import Any

import numpy as np

from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.placed_input import blob_of, trial
from devices.face_analyser.embedded.upgrade_manifest import InputSpec, PlacedAdvisor
from kiosk.domain.face import Landmarks

_CLASSES = 3
_ALIVE = 1
_EVERY = 10


class MiniFasNet:
    """Looks at every tenth of the frames it is shown: 2 to 16 ms each on one core."""

    def __init__(self, network: Any, placed: PlacedAdvisor) -> None:
        self._network = network
        self._placed = placed
        self._shown = 0

    def advice(self, image: Image, landmarks: Landmarks) -> float | None:
        """0 to 1, above 0.5 for a living face by the maker's threshold; None in frames it does not look at."""
        self._shown += 1
        if self._shown % _EVERY != 1:
            return None
        return _about_half(self._alive(_cut_out(image, landmarks, self._placed.scale)), self._placed.threshold)

    def forget(self) -> None:
        """The last face stays in the network's buffers otherwise."""
        self._alive(np.zeros((2, 2, 3), np.uint8))
        self._shown = 0

    def _alive(self, cut: Image) -> float:
        blob = blob_of(cut, self._placed)
        self._network.setInput(blob)
        answer = self._network.forward().reshape(-1).astype(np.float64)
        blob[:] = 0
        shares = np.exp(answer - answer.max())
        return float(shares[_ALIVE] / shares.sum())


def fits_minifasnet(network: Any, spec: InputSpec) -> bool:
    """Whether a network sorts pictures into three classes."""
    network.setInput(trial(spec))
    answer = network.forward()
    return answer.shape == (1, _CLASSES) and bool(np.isfinite(answer).all())


def _about_half(probability: float, threshold: float) -> float:
    """The threshold becomes 0.5, 0 and 1 stay: who weighs the advice need not know the network."""
    if probability <= threshold:
        return probability / threshold / 2
    return 0.5 + (probability - threshold) / (1 - threshold) / 2


def _cut_out(image: Image, landmarks: Landmarks, scale: float) -> Image:
    """The face with what is about it: of its proportions, ``scale`` times its size or as much as fits, moved into the
    picture where it reaches out. A view of ``image``."""
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    size = np.maximum(high - low, 1)
    whole = np.array(image.shape[1::-1])
    size = np.minimum(size * min(scale, *(whole / size)), whole)
    left, top = np.clip((low + high - size) / 2, 0, whole - size).astype(int)
    width, height = np.maximum(size, 1).astype(int)
    return image[top : top + height, left : left + width]
