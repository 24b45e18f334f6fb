"""The measure of sessions at the camera: what it takes from states and frames."""

import pytest

from benchmarks.face import Memory, Served, Watched, due_people, longest_gap, report
from benchmarks.face_parts import Parts
from kiosk.domain.face import FaceAction

PARTS = Parts({"detector": 4.0}, 30.0, {"detector": 3.0, "mesh": 7.0})
SMALL = {"terminal": Memory(400, 300), "devices.face_analyser.embedded.worker": Memory(200, 100)}


def served(seconds: float = 8.0, rate: float = 25.0, gap_ms: float = 30.0) -> Served:
    frames = [number / rate for number in range(round(seconds * rate))]
    return Served(Watched(0.0, seconds, frames, [FaceAction.NOD]), gap_ms, "capture")


def test_the_longest_gap_names_the_page_it_began_on() -> None:
    pages = [(1.0, "home"), (2.0, "notice"), (3.0, "capture")]
    assert longest_gap([1.0, 1.25, 2.5, 2.75, 3.0], pages) == (1.25, "home")
    assert longest_gap([2.0, 2.25, 2.5, 4.0, 4.25], pages) == (1.5, "notice")
    assert longest_gap([5.0], pages)[0] == float("inf")


@pytest.mark.parametrize(
    ("one", "broken"),
    [
        (served(), []),
        (served(seconds=20.1), ["seconds at the camera"]),
        (served(rate=19.9), ["frames a second"]),
        (served(gap_ms=50.5), ["gap of the window"]),
    ],
)
def test_each_limit_is_kept_or_named(one: Served, broken: list[str]) -> None:
    assert report([one], SMALL, SMALL, PARTS) == broken


def test_a_large_face_process_breaks_its_limit_and_a_missing_one_too() -> None:
    large = {"devices.face_analyser.embedded.worker": Memory(351, 100)}
    assert report([served()], SMALL, large, PARTS) == ["memory of the face process"]
    assert report([served()], {}, {}, PARTS) == ["memory of the face process"]


def test_ours_is_told_over_the_bare_networks(capsys: pytest.CaptureFixture[str]) -> None:
    report([served()], SMALL, SMALL, PARTS)
    assert "ours over them 3.00" in capsys.readouterr().out


def test_there_are_people_enough_for_the_sessions() -> None:
    assert len(due_people()) >= 11
