"""Recordings of faces as pictures: a video that OpenCV opens, or a folder of pictures in the order of their names."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

USUAL_RATE = 20.0
"""Pictures a second of a folder, and of a video that names no rate a camera could have."""

_RATES = (1.0, 240.0)

Image = npt.NDArray[np.uint8]
"""Shape (height, width, 3), BGR."""


def recorded_images(clip: str, folder_rate: float = USUAL_RATE) -> tuple[Iterator[Image], float]:
    """Pictures of the clip and the seconds from one to the next. None come where nothing can be read."""
    folder = Path(clip)
    return (_folder(folder), 1 / folder_rate) if folder.is_dir() else _video(clip)


def read_image(path: Path) -> Image | None:
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    try:
        image = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    except cv2.error:
        return None
    return None if image is None else np.asarray(image, np.uint8)


def _folder(folder: Path) -> Iterator[Image]:
    """Whatever else lies there is passed over."""
    for path in sorted(folder.iterdir()):
        image = read_image(path)
        if image is not None:
            yield image


def _video(clip: str) -> tuple[Iterator[Image], float]:
    video = cv2.VideoCapture(clip)
    rate = video.get(cv2.CAP_PROP_FPS)

    def images() -> Iterator[Image]:
        try:
            while True:
                there, image = video.read()
                if not there:
                    return
                yield np.asarray(image, np.uint8)
        finally:
            video.release()

    slowest, fastest = _RATES
    return images(), 1 / (rate if slowest <= rate <= fastest else USUAL_RATE)
