"""Frames for the analyser, drawn at run time by the virtual hall; nothing of a face lies in the tree."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from kiosk.app.model_files import load_manifest, verify
from kiosk.domain.picture import Frame, Picture
from simulators.camera.pose import Pose
from simulators.camera.renderer import Renderer
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, chip_picture

MODELS = Path(__file__).parents[3] / "var" / "models"
FPS = 20

Image = npt.NDArray[np.uint8]


@cache
def require_models() -> Path:
    faults = verify(load_manifest(), MODELS, training=True)
    if faults:
        pytest.fail(f"{MODELS} lacks {faults[0].file}: run kiosk models install --training")
    return MODELS


@cache
def hall() -> Renderer:
    renderer = Renderer(require_models())
    for portrait in PORTRAITS:
        renderer.prepare(portrait)
    return renderer


def person(portrait: str, pose: Pose | None = None, lids: float = 0.0) -> Image:
    return hall().frame(Scene(Subject.PERSON, portrait, pose or Pose(), lids), 0)


def sheet(portrait: str) -> Image:
    """A print of the person, held still."""
    return hall().frame(Scene(Subject.PHOTO, portrait, Pose()), 0)


def on_screen(image: Image) -> Image:
    """``image`` through a grid of dark lines three camera pixels apart, softened by a lens."""
    grid = np.ones(image.shape, np.float32)
    grid[::3] = grid[:, ::3] = 0.8
    return np.asarray(cv2.GaussianBlur(image * grid, (0, 0), 0.5), np.uint8)


def nobody() -> Image:
    return hall().frame(Scene(Subject.NOBODY, "", Pose()), 0)


def two_people() -> Image:
    image = nobody()
    for place, portrait in enumerate(PORTRAITS):
        half = cv2.resize(person(portrait), (320, 240), interpolation=cv2.INTER_AREA)
        image[120:360, 320 * place : 320 * (place + 1)] = half
    return image


def chip_image(portrait: str) -> Image:
    """The 102x126 picture of this person's training card."""
    return chip_picture(PORTRAITS[portrait], require_models())


def chip(portrait: str) -> Picture:
    return picture(chip_image(portrait))


def picture(image: Image) -> Picture:
    return Picture(image.shape[1], image.shape[0], image.tobytes())


def frame(sequence: int, image: Image) -> Frame:
    return Frame(sequence, sequence / FPS, picture(image))
