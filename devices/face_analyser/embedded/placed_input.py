"""Pictures as a placed network wants them."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.upgrade_manifest import Channels, InputSpec

Prepared: TypeAlias = "npt.NDArray[np.uint8] | npt.NDArray[np.float32]"
"""Shape (height, width, 3): greys 0 to 255 as bytes, or 0 to 1 as floats."""

_NEUTRAL_GREY = 114


def prepared(image: Image, spec: InputSpec, arriving: Channels) -> Prepared:
    """A copy of a BGR picture for a reader that hands BGR pictures to its network in the order ``arriving``."""
    picture = image.copy() if spec.channels == arriving else np.ascontiguousarray(image[:, :, ::-1])
    if spec.range == 255:
        return picture
    scaled = picture.astype(np.float32) / np.float32(255)
    picture[:] = 0
    return scaled


def blob_of(image: Image, spec: InputSpec) -> npt.NDArray[np.float32]:
    """Shape (1, 3, height, width) of the network's size."""
    factor = 1.0 if spec.range == 255 else 1 / 255
    return np.asarray(cv2.dnn.blobFromImage(image, factor, spec.size, swapRB=spec.channels == "rgb"), np.float32)


def trial(spec: InputSpec) -> npt.NDArray[np.float32]:
    """A grey picture, to see what a network answers."""
    width, height = spec.size
    return blob_of(np.full((height, width, 3), _NEUTRAL_GREY, np.uint8), spec)
