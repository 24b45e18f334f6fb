"""Recordings as attacks: what is taken of a folder, and how it is shown. The pictures are made up."""

from pathlib import Path

import cv2
import numpy as np

from benchmarks.presentation_clips import HEIGHT, WIDTH, ClipAttack, Way, clip_tasks, fitted, pictures_of
from kiosk.domain.face import FaceAction
from simulators.portraits import Image


def grey(level: int, width: int = 64, height: int = 48) -> Image:
    return np.full((height, width, 3), level, np.uint8)


def folder_of(path: Path, count: int) -> Path:
    path.mkdir()
    for number in range(count):
        cv2.imwrite(str(path / f"{number:03d}.png"), grey(10 * number))
    (path / "notes.txt").write_text("no picture")
    return path


def test_every_clip_is_asked_for_every_action_in_both_ways(tmp_path: Path) -> None:
    folder_of(tmp_path / "one", 1)
    (tmp_path / "two.mp4").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"")
    tasks = clip_tasks(tmp_path)
    assert [task.number for task in tasks] == list(range(20))
    assert {(task.clip.name, task.way, task.action) for task in tasks} == {
        (name, way, action) for name in ("one", "two.mp4") for way in Way for action in FaceAction
    }
    assert clip_tasks(tmp_path / "absent") == []


def test_a_folder_of_twenty_pictures_a_second_is_shown_at_twenty_five(tmp_path: Path) -> None:
    levels = [int(picture[0, 0, 0]) for picture in pictures_of(folder_of(tmp_path / "clip", 8))]
    assert levels == [0, 0, 10, 20, 30, 40, 40, 50, 60, 70]


def test_what_is_no_recording_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    (tmp_path / "empty").mkdir()
    assert list(pictures_of(tmp_path / "empty")) == []


def test_pictures_fill_the_cameras() -> None:
    wide = grey(0, 200, 50)
    wide[:, 90:110] = 255
    filled = fitted(wide)
    assert filled.shape == (HEIGHT, WIDTH, 3)
    assert filled[HEIGHT // 2, WIDTH // 2].min() == 255
    assert filled[HEIGHT // 2, 0].max() == 0


def test_injected_pictures_are_the_clips_own_and_a_screen_shows_them_within_a_hall() -> None:
    clip = [grey(level, WIDTH, HEIGHT) for level in (60, 200)]
    injected, screen = (ClipAttack(clip, way, 3) for way in (Way.INJECTED, Way.SCREEN))
    assert [int(injected.frame(at, 1)[0, 0, 0]) for at in (0.0, 0.05, 0.08)] == [60, 200, 60]
    dark, bright = screen.frame(0.0, 1), screen.frame(0.05, 2)
    middle = (HEIGHT // 2, WIDTH // 2)
    assert abs(int(dark[middle].mean()) - 60) < 30
    assert abs(int(bright[middle].mean()) - 200) < 40
    assert int(dark[5, 5].mean()) > 90
    assert np.array_equal(dark, screen.frame(0.0, 1))
