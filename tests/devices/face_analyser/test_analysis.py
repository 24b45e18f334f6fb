import numpy as np
import pytest

from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.kept_faces import FaceBox, KeptFaces
from devices.face_analyser.embedded.model_digests import DIGESTS
from kiosk.app.model_files import load_manifest
from tests.devices.face_analyser.pictures import chip_image, person, require_models


def test_driver_and_installer_mean_the_same_files() -> None:
    manifest = {file.name: file.sha256 for package in load_manifest().packages for file in package.files}
    assert {name: manifest.get(name) for name in DIGESTS} == DIGESTS


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return Analysis(require_models(), detection_score=0.5, bystander_share=0.5, kept_frames=8)


def test_forgetting_overwrites_reference_and_faces(analysis: Analysis) -> None:
    assert analysis.set_reference(chip_image("hopper"))
    analysis.observe(1, 0.05, person("hopper"))
    embedding, slots = analysis._reference, analysis._kept._slots
    assert embedding is not None
    assert embedding.any()
    assert slots.any()
    analysis.forget()
    assert not embedding.any()
    assert not slots.any()


def test_a_new_reference_overwrites_the_old(analysis: Analysis) -> None:
    assert analysis.set_reference(chip_image("hopper"))
    old = analysis._reference
    assert old is not None
    assert analysis.set_reference(chip_image("astronaut"))
    assert not old.any()
    analysis.forget()


def test_only_the_newest_faces_are_kept() -> None:
    kept = KeptFaces(3)
    image = np.full((200, 200, 3), 90, np.uint8)
    for sequence in range(10):
        kept.keep(sequence, image, FaceBox(100, 100, 60))
    assert [sequence for sequence in range(10) if kept.jpeg(sequence)] == [7, 8, 9]


def test_a_large_noisy_face_still_fits_its_slot() -> None:
    kept = KeptFaces(1)
    noise = np.random.default_rng(1).integers(0, 256, (1000, 1000, 3)).astype(np.uint8)
    kept.keep(1, noise, FaceBox(500, 500, 500))
    jpeg = kept.jpeg(1)
    assert jpeg is None or len(jpeg) <= 40_000


def test_a_face_at_the_border_is_cut_there_and_one_outside_is_not_kept() -> None:
    kept = KeptFaces(3)
    image = np.full((200, 300, 3), 90, np.uint8)
    kept.keep(1, image, FaceBox(0, 0, 80))
    kept.keep(2, image, FaceBox(-500, -500, 80))
    face = kept.face(1)
    assert face is not None
    assert face[0].shape == (76, 76, 3)
    assert (face[1].x, face[1].y) == (0, 0)
    assert kept.face(2) is None
