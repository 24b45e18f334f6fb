"""A mask is told by its colour, whatever that is; a bare face is never masked."""

import cv2
import numpy as np
import pytest

from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.mask import masked
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import Landmarks
from simulators.camera.pose import Pose
from tests.devices.face_analyser.pictures import Image, person, require_models

OUTLINE = (
    *(234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454),
    *(347, 280, 4, 50, 118),
)
"""From ear to ear along the jaw, and back over the nose."""


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    options = EmbeddedFaceSettings(models=require_models())
    return Analysis(options.models, options.detection_score, options.bystander_share, 5)


def landmarks_of(analysis: Analysis, image: Image) -> Landmarks:
    analysis.forget()
    found = analysis.observe(1, 0.1, image).landmarks
    assert found is not None
    return found


def with_mask(image: Image, landmarks: Landmarks, colour: tuple[int, int, int]) -> Image:
    cover = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(cover, [np.rint(landmarks[list(OUTLINE), :2]).astype(np.int32)], 255)
    share = cv2.GaussianBlur(cover, (0, 0), 1.5)[:, :, None] / 255
    cloth = np.array(colour) + np.random.default_rng(1).normal(0, 3, image.shape)
    return np.asarray(np.clip(image * (1 - share) + cloth * share, 0, 255), np.uint8)


@pytest.mark.parametrize("portrait", ["hopper", "astronaut"])
@pytest.mark.parametrize("pose", [Pose(), Pose(yaw=8), Pose(pitch=6), Pose(scale=0.85)], ids=str)
def test_a_mask_of_any_colour_is_told_from_a_bare_face(analysis: Analysis, portrait: str, pose: Pose) -> None:
    bare = person(portrait, pose)
    landmarks = landmarks_of(analysis, bare)
    assert not masked(bare, landmarks)
    for colour in ((215, 185, 140), (235, 235, 232), (45, 42, 40), (190, 180, 235)):
        wearing = with_mask(bare, landmarks, colour)
        assert masked(wearing, landmarks_of(analysis, wearing))


def test_a_mouth_outside_the_picture_is_not_masked(analysis: Analysis) -> None:
    landmarks = landmarks_of(analysis, person("hopper"))
    assert not masked(person("hopper"), landmarks + np.array([0, 400, 0], np.float32))
