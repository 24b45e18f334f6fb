"""Placed models work when they are what their manifest says, and leave the work to the embedded ones when not."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.face_analyser.embedded.analysis import Analysis
from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.kept_faces import FaceBox
from devices.face_analyser.embedded.mesh import FaceMesh, Region
from devices.face_analyser.embedded.minifasnet import MiniFasNet
from devices.face_analyser.embedded.model_digests import MESH, MODEL_NAME
from devices.face_analyser.embedded.placed_input import blob_of, prepared
from devices.face_analyser.embedded.recogniser import Embedding, box_of
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from devices.face_analyser.embedded.sface import SFace
from devices.face_analyser.embedded.upgrade import placed_models
from devices.face_analyser.embedded.upgrade_manifest import MANIFEST, InputSpec
from kiosk.face.settings import FaceSettings
from kiosk.ports.face_analyser import Distances, ReferenceReady
from simulators.camera.pose import Pose
from tests.devices.face_analyser import onnx_nets
from tests.devices.face_analyser.pictures import Image, chip, chip_image, frame, person, require_models

RIGHT = {
    "detector": onnx_nets.detector(),
    "recogniser": onnx_nets.recogniser(),
    "advisor": onnx_nets.advisor(),
}
ENTRIES: dict[str, dict[str, Any]] = {
    "detector": {"size": [onnx_nets.DETECTOR_SIDE] * 2, "range": 255, "channels": "bgr", "threshold": 0.6},
    "recogniser": {"size": [112, 112], "range": 255, "channels": "rgb", "threshold": 0.363},
    "advisor": {"size": [80, 80], "range": 255, "channels": "bgr", "threshold": 0.5, "scale": 2.7},
}


def place(folder: Path, models: dict[str, bytes], **entries: dict[str, Any]) -> Path:
    """``models`` by role under a manifest that names what was placed; ``entries`` differ from the right ones."""
    lines = []
    for role, model in models.items():
        (folder / f"{role}.onnx").write_bytes(model)
        named = {"file": f"{role}.onnx", "sha256": hashlib.sha256(model).hexdigest(), "licence": "MIT"}
        entry = named | ENTRIES[role] | entries.get(role, {})
        lines += [f"[{role}]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items())]
    (folder / MANIFEST).write_text("\n".join(lines), encoding="utf-8")
    return folder


def analysis(upgrade: Path) -> Analysis:
    return Analysis(require_models(), 0.5, 0.5, kept_frames=8, upgrade=upgrade)


@pytest.fixture(scope="module")
def mesh() -> FaceMesh:
    return FaceMesh(require_models() / MESH)


def marked(image: Image) -> Image:
    """A square on the nose that the detector takes for a face: 32x32 of its pixels, on the cells of its grid."""
    image = image.copy()
    image[192:256, 320:384] = (0, 255, 0)
    return image


def test_a_placed_detector_finds_the_faces(tmp_path: Path) -> None:
    placed = analysis(place(tmp_path, {"detector": RIGHT["detector"]}))
    assert placed.observe(1, 0.05, person("hopper")).faces == 0
    seen = placed.observe(2, 0.10, marked(person("hopper")))
    assert seen.faces == 1
    assert seen.landmarks is not None
    assert np.abs(seen.landmarks[:, :2].mean(axis=0) - (320, 240)).max() < 60
    assert placed.model == MODEL_NAME
    placed.forget()


def test_a_placed_recogniser_compares(tmp_path: Path) -> None:
    placed = analysis(place(tmp_path, {"recogniser": RIGHT["recogniser"]}))
    assert placed.model == f"recogniser/{hashlib.sha256(RIGHT['recogniser']).hexdigest()[:8]}"
    assert placed.set_reference(chip_image("hopper"))
    placed.observe(1, 0.05, person("hopper"))
    placed.observe(2, 0.10, person("astronaut"))
    (own, other), spread = placed.compare((1, 2), ())
    assert own < other
    assert spread > 0
    embedding = placed._reference
    placed.forget()
    assert embedding is not None
    assert not embedding.any()


def embedded(model: SFace, mesh: FaceMesh, image: Image) -> Embedding:
    landmarks = mesh.measure(image, Region(320, 240, 400, 0))
    assert landmarks is not None
    embedding = model.embed(image, box_of(landmarks))
    assert embedding is not None
    return embedding


def test_the_makers_threshold_lies_at_ours(mesh: FaceMesh, tmp_path: Path) -> None:
    pictures = person("hopper"), person("hopper", Pose(yaw=20))
    model = _recogniser(tmp_path, mesh, 0.363)
    one, other = (embedded(model, mesh, picture) for picture in pictures)
    cosine = float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))
    assert 0.1 < cosine < 0.999
    at_the_border = _recogniser(tmp_path, mesh, cosine)
    one, other = (embedded(at_the_border, mesh, picture) for picture in pictures)
    assert float(np.linalg.norm(one - other)) == pytest.approx(FaceSettings().match_threshold, abs=1e-6)


def test_a_box_without_a_face_has_no_embedding(mesh: FaceMesh, tmp_path: Path) -> None:
    model = _recogniser(tmp_path, mesh, 0.363)
    assert model.embed(np.full((300, 300, 3), 90, np.uint8), FaceBox(150, 150, 100)) is None


def test_a_placed_advisor_is_heard_in_every_tenth_frame(tmp_path: Path) -> None:
    placed = analysis(place(tmp_path, {"advisor": RIGHT["advisor"]}))
    advice = [placed.observe(number, number / 20, person("hopper")).traits.advice for number in range(1, 13)]
    assert [number for number, one in enumerate(advice) if one is not None] == [0, 10]
    placed.forget()
    assert placed.observe(20, 1, person("hopper")).traits.advice is not None, "a new session begins at once"


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.8])
def test_advice_is_above_a_half_from_the_makers_threshold_on(threshold: float, mesh: FaceMesh, tmp_path: Path) -> None:
    """Of three classes with weights 0, x and 0 the second has the probability e^x / (e^x + 2)."""
    border = 128 + 16 * float(np.log(2 * threshold / (1 - threshold)))
    folder = place(tmp_path, {"advisor": RIGHT["advisor"]}, advisor={"threshold": threshold})
    for grey, alive in ((border - 4, False), (border + 4, True)):
        advisor = placed_models(folder, mesh).advisor
        assert isinstance(advisor, MiniFasNet)
        landmarks = np.array([[100, 100, 0], [200, 200, 0]], np.float32)
        advice = advisor.advice(np.full((480, 640, 3), round(grey), np.uint8), landmarks)
        assert advice is not None
        assert 0 <= advice <= 1
        assert (advice > 0.5) is alive


def altered(model: bytes) -> bytes:
    return bytes([*model[:-1], model[-1] ^ 1])


@pytest.mark.parametrize("role", RIGHT)
def test_a_missing_or_altered_file_is_refused(role: str, mesh: FaceMesh, tmp_path: Path) -> None:
    file = place(tmp_path, {role: RIGHT[role]}) / f"{role}.onnx"
    assert placed_models(tmp_path, mesh).refused == ()
    file.write_bytes(altered(RIGHT[role]))
    assert placed_models(tmp_path, mesh).refused == (f"{role}.onnx: digest",)
    file.unlink()
    assert placed_models(tmp_path, mesh).refused == (f"{role}.onnx: missing",)


@pytest.mark.parametrize(
    ("role", "model", "why"),
    [
        ("detector", b"no network", "does-not-load"),
        ("recogniser", RIGHT["recogniser"][:-100], "does-not-load"),
        ("advisor", b"", "does-not-load"),
        ("detector", onnx_nets.detector((8, 16)), "shape"),
        ("detector", RIGHT["recogniser"], "shape"),
        ("recogniser", onnx_nets.recogniser(64), "shape"),
        ("recogniser", RIGHT["advisor"], "shape"),
        ("advisor", onnx_nets.advisor(2), "shape"),
    ],
)
def test_what_is_no_network_of_its_role_is_refused(
    role: str, model: bytes, why: str, mesh: FaceMesh, tmp_path: Path
) -> None:
    placed = placed_models(place(tmp_path, {role: model}), mesh)
    assert placed.refused == (f"{role}.onnx: {why}",)
    assert (placed.detector, placed.recogniser, placed.advisor, placed.name) == (None, None, None, None)


@pytest.mark.parametrize(
    ("role", "size"), [("detector", [300, 320]), ("recogniser", [128, 128]), ("advisor", [160, 160])]
)
def test_a_size_that_is_not_the_networks_is_refused(role: str, size: list[int], mesh: FaceMesh, tmp_path: Path) -> None:
    place(tmp_path, {role: RIGHT[role]}, **{role: {"size": size}})
    assert placed_models(tmp_path, mesh).refused == (f"{role}.onnx: shape",)


def test_the_others_are_used_when_one_is_refused(mesh: FaceMesh, tmp_path: Path) -> None:
    placed = placed_models(place(tmp_path, RIGHT | {"recogniser": b"no network"}), mesh)
    assert placed.refused == ("recogniser.onnx: does-not-load",)
    assert placed.detector is not None
    assert placed.advisor is not None
    assert placed.name is None


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (None, "missing"),
        (b"[detector", "does-not-load"),
        (b"\xff\xfe", "does-not-load"),
        (b"[recogniser]\nfile = '../../secret'\n", "does-not-load"),
        (b"[judge]\nfile = 'judge.onnx'\n", "does-not-load"),
    ],
)
def test_a_manifest_that_is_none_is_refused(manifest: bytes | None, why: str, mesh: FaceMesh, tmp_path: Path) -> None:
    if manifest is not None:
        (tmp_path / MANIFEST).write_bytes(manifest)
    assert placed_models(tmp_path, mesh).refused == (f"{MANIFEST}: {why}",)


def test_a_manifest_says_all_of_a_file(mesh: FaceMesh, tmp_path: Path) -> None:
    """Neither a digest cut short nor a missing licence is let through."""
    for entry in ({"sha256": "8f2383e4"}, {"licence": ""}, {"range": 127}, {"channels": "grey"}, {"threshold": 1.5}):
        place(tmp_path, {"detector": RIGHT["detector"]}, detector=entry)
        assert placed_models(tmp_path, mesh).refused == (f"{MANIFEST}: does-not-load",)


def test_pictures_arrive_as_the_manifest_says() -> None:
    image = np.full((32, 32, 3), (10, 20, 255), np.uint8)
    for size, channels, colours in ((255, "bgr", (10, 20, 255)), (1, "rgb", (1, 20 / 255, 10 / 255))):
        spec = InputSpec.model_validate({"size": (16, 16), "range": size, "channels": channels})
        blob = blob_of(image, spec)
        assert blob.shape == (1, 3, 16, 16)
        assert blob[0, :, 5, 5] == pytest.approx(colours)
        assert prepared(image, spec, "bgr")[5, 5] == pytest.approx(colours)
    assert tuple(image[5, 5]) == (10, 20, 255), "the frame itself stays as it is"


def test_the_worker_tells_what_it_refused_and_works(tmp_path: Path) -> None:
    place(tmp_path, RIGHT)
    for role in ("detector", "recogniser"):
        (tmp_path / f"{role}.onnx").write_bytes(altered(RIGHT[role]))
    driver = EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=require_models(), upgrade=tmp_path))
    try:
        ready = driver.set_reference(chip("hopper"))
        driver.observe(frame(1, person("hopper")))
        distances = driver.compare((1,))
    finally:
        driver.close()
    assert ready == ReferenceReady(MODEL_NAME, ("detector.onnx: digest", "recogniser.onnx: digest"))
    assert isinstance(distances, Distances)
    assert distances.model == MODEL_NAME
    assert distances.values[0] < 0.4


def test_the_worker_names_the_placed_recogniser(tmp_path: Path) -> None:
    place(tmp_path, {"recogniser": RIGHT["recogniser"]})
    driver = EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=require_models(), upgrade=tmp_path))
    try:
        ready = driver.set_reference(chip("hopper"))
        driver.observe(frame(1, person("hopper")))
        distances = driver.compare((1,))
    finally:
        driver.close()
    name = f"recogniser/{hashlib.sha256(RIGHT['recogniser']).hexdigest()[:8]}"
    assert ready == ReferenceReady(name)
    assert isinstance(distances, Distances)
    assert (distances.model, len(distances.values)) == (name, 1)


def _recogniser(folder: Path, mesh: FaceMesh, threshold: float) -> SFace:
    place(folder, {"recogniser": RIGHT["recogniser"]}, recogniser={"threshold": threshold})
    model = placed_models(folder, mesh).recogniser
    assert model is not None
    return model
