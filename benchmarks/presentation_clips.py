"""Somebody's recording as an attack: its pictures fed in place of the camera's, or photographed again off a screen.

The first picture with a face in it is the reference: the attacker has a recording of the very person. Nothing of a clip
is written anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import count
from math import atan2, degrees
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.presentations import Asking, Bench, Played, Subject
from kiosk.cli.recording import recorded_images
from kiosk.domain.face import FaceAction, Landmarks
from simulators.camera.backdrop import paint_hall
from simulators.camera.pose import held_by_hand
from simulators.camera.screen import TABLET, show_screen
from simulators.portraits import Image

LONGEST_S = 12.0
"""So much of a clip is shown, again and again."""

SHOWN_RATE = 25.0
"""Frames a second that are kept of a clip."""

WIDTH, HEIGHT = 640, 480
EYES_APART, EYES_AT = 125.0, (320.0, 215.0)
"""Pixels: how a face stands in the pictures that are shown."""

_SIZE = (WIDTH, HEIGHT)
_EYES = ((33, 133), (362, 263))
"""Corners of the citizen's right and left eye in the mesh."""

NOISE = 1.3


class Way(Enum):
    INJECTED = "clip-injected"
    SCREEN = "clip-screen"


@dataclass(frozen=True, slots=True)
class ClipTask:
    clip: Path
    way: Way
    action: FaceAction
    number: int


def clip_tasks(folder: Path) -> list[ClipTask]:
    """Every clip in both ways, asked for every action; none where the folder is not there."""
    clips = sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []
    numbers = count()
    return [ClipTask(clip, way, action, next(numbers)) for clip in clips for way in Way for action in FaceAction]


def play_clip(bench: Bench, task: ClipTask, seed: int) -> Played | None:
    """None when it is neither a video nor a folder of pictures, or shows no face."""
    began = time.process_time()
    pictures = [fitted(picture) for picture in pictures_of(task.clip)]
    first = next((picture for picture in pictures if bench.set_reference(picture)), None)
    seen = None if first is None else bench.analysis.observe(0, 0.0, first).landmarks
    if first is None or seen is None:
        return None
    to_place = _to_place(seen)
    placed = [
        np.asarray(cv2.warpAffine(picture, to_place, _SIZE, borderMode=cv2.BORDER_REPLICATE), np.uint8)
        for picture in pictures
    ]
    attack = ClipAttack(placed, task.way, seed + task.number)
    subject = Subject(task.way.value, task.number, genuine=False)
    ended = bench.attempt(attack, Asking(task.action, seed + task.number))
    return Played(subject, "", (ended,), time.process_time() - began)


def _to_place(landmarks: Landmarks) -> npt.NDArray[np.float64]:
    """Puts the first face upright where the terminal wants it, as an attacker would. Affine, shape (2, 3)."""
    right, left = (landmarks[list(eye), :2].mean(axis=0) for eye in _EYES)
    middle, line = (right + left) / 2, left - right
    turn = cv2.getRotationMatrix2D(
        (float(middle[0]), float(middle[1])), degrees(atan2(line[1], line[0])), EYES_APART / float(np.hypot(*line))
    )
    turn[:, 2] += np.array(EYES_AT) - middle
    return np.asarray(turn, np.float64)


class ClipAttack:
    """A ``Presentation``. It hears what is asked and cannot follow."""

    portrait = victim = ""

    def __init__(self, pictures: list[Image], way: Way, seed: int) -> None:
        self._pictures = pictures
        self._way = way
        self._hall = paint_hall() if way is Way.SCREEN else None
        self._seed = seed

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        pass

    def frame(self, at: float, number: int) -> Image:
        picture = self._pictures[int(at * SHOWN_RATE) % len(self._pictures)]
        if self._hall is None:
            return picture
        held = show_screen(picture, TABLET, held_by_hand(at), self._hall, 1.0)
        grain = np.random.default_rng((self._seed, number)).normal(0.0, NOISE, held.shape)
        return np.asarray(np.clip(np.rint(held + grain), 0, 255), dtype=np.uint8)

    def infrared(self, at: float, number: int) -> Image | None:  # noqa: ARG002  a recording has none
        return None


def pictures_of(clip: Path) -> Iterator[Image]:
    """At ``SHOWN_RATE``; none of what cannot be read."""
    images, step = recorded_images(str(clip))
    shown = 0
    for number, image in enumerate(images):
        while shown < (number + 1) * step * SHOWN_RATE and shown < LONGEST_S * SHOWN_RATE:
            shown += 1
            yield image


def fitted(image: Image) -> Image:
    """Filled to the camera's size, what stands over cut off evenly."""
    height, width = image.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    size = (max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale)))
    large = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
    return np.ascontiguousarray(large[top : top + HEIGHT, left : left + WIDTH], np.uint8)
