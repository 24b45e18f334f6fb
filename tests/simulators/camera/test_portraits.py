"""Only the very files the constants were measured on are accepted."""

from pathlib import Path

import pytest

from simulators.camera.renderer import Renderer
from simulators.portraits import HOPPER, PORTRAITS, PortraitUnusableError, load_portrait


def test_an_altered_file_is_refused(tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "portraits").mkdir()
    content = (models_dir / "portraits" / HOPPER.file_name).read_bytes()
    (tmp_path / "portraits" / HOPPER.file_name).write_bytes(content + b"\x00")
    with pytest.raises(PortraitUnusableError, match="not the expected file"):
        load_portrait(HOPPER, tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortraitUnusableError, match="install the training files"):
        load_portrait(HOPPER, tmp_path)


def test_a_missing_mesh_model_is_named(tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "portraits").symlink_to(models_dir / "portraits")
    with pytest.raises(PortraitUnusableError, match=r"face_landmark\.tflite"):
        Renderer(tmp_path).prepare("hopper")


def test_each_face_lies_within_its_head_and_picture(models_dir: Path) -> None:
    for portrait in PORTRAITS.values():
        height, width = load_portrait(portrait, models_dir).shape[:2]
        face, head = portrait.face, portrait.head
        assert 0 <= head.x <= face.x
        assert 0 <= head.y <= face.y
        assert face.x + face.width <= head.x + head.width <= width
        assert face.y + face.height <= head.y + head.height <= height
