"""Everything about a frame that is not the face's shape: how it came, and what was photographed."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from devices.face_analyser.embedded.backdrop import Backdrop
from devices.face_analyser.embedded.bezel import bezel_share
from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.mask import masked
from devices.face_analyser.embedded.pattern import pattern_strength
from kiosk.domain.face import Landmarks, PictureTraits

_EVERY = 5
"""Pattern and bezel are looked for in every fifth frame each, in turns."""

_REMEMBERED = 4000
"""Frames: over two minutes at 30 a second."""

_DIGEST_BYTES = 16

_SKIN = (151, 9, 50, 280, 118, 347)
"""Forehead and cheeks in the mesh."""

_SKIN_AREA = 0.04
"""Half the side of an area there, in widths of the face."""


class TraitsOfFrames:
    """Looks at one frame after another of a session."""

    def __init__(self) -> None:
        self._seen: dict[bytes, None] = {}
        self._backdrop = Backdrop()
        self._frames = 0
        self._masked = False

    def measure(self, image: Image, landmarks: Landmarks | None) -> PictureTraits:
        repeated = self._repeated(image)
        if landmarks is None:
            self._backdrop.forget()
            return PictureTraits(repeated)
        turn, self._frames = self._frames % _EVERY, self._frames + 1
        if turn == 1:
            self._masked = masked(image, landmarks)
        return PictureTraits(
            repeated,
            moire=pattern_strength(image, landmarks) if turn == 0 else None,
            bezel=bezel_share(image, landmarks) if turn == _EVERY // 2 else None,
            backdrop=self._backdrop.moved(image, landmarks),
            colour=_skin_colour(image, landmarks),
            masked=self._masked,
        )

    def forget(self) -> None:
        self._seen.clear()
        self._backdrop.forget()
        self._frames = 0
        self._masked = False

    def _repeated(self, image: Image) -> bool:
        digest = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=_DIGEST_BYTES).digest()
        known = digest in self._seen
        self._seen[digest] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return known


def _skin_colour(image: Image, landmarks: Landmarks) -> tuple[float, float, float] | None:
    """Mean blue, green and red of the areas that lie in the picture."""
    half = max(1, round(_SKIN_AREA * float(np.ptp(landmarks[:, 0]))))
    parts = []
    for x, y in np.rint(landmarks[list(_SKIN), :2]).astype(int):
        part = image[max(0, y - half) : max(0, y + half + 1), max(0, x - half) : max(0, x + half + 1)]
        parts += [cv2.mean(part)[:3]] if part.size else []
    if not parts:
        return None
    blue, green, red = (float(channel) for channel in np.mean(parts, axis=0))
    return blue, green, red
