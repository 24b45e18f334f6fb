import pytest

from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.face.matching import decide, one_person
from kiosk.face.settings import FaceSettings
from kiosk.ports.face_analyser import Distances

CLEAN = LivenessResult(proven=True, action="turn-left", signals={"doubts": 0.0})
DOUBTFUL = LivenessResult(proven=True, action="turn-left", signals={"doubts": 1.0})
OLD, NEW = 9.0, 1.0


def judged(*values: float, liveness: LivenessResult = CLEAN, years: float | None = NEW) -> FaceComparison | None:
    return decide(Distances(values, "resnet/1"), FaceSettings(), liveness, years)


def test_the_median_decides() -> None:
    comparison = judged(0.9, 0.5, 0.2, 0.55, 0.8)
    assert comparison == FaceComparison(0.55, 0.55, 5, "resnet/1")
    assert comparison.matched


def test_above_the_threshold_is_no_match() -> None:
    comparison = judged(0.56, 0.57, 0.3)
    assert comparison is not None
    assert not comparison.matched


@pytest.mark.parametrize(
    ("distance", "liveness", "years", "matched"),
    [
        (0.58, CLEAN, OLD, True),
        (0.58, DOUBTFUL, OLD, False),
        (0.58, CLEAN, NEW, False),
        (0.58, CLEAN, None, False),
        (0.61, CLEAN, OLD, False),
        (0.54, DOUBTFUL, None, True),
    ],
)
def test_between_the_thresholds_an_old_portrait_passes_with_clean_liveness(
    distance: float, liveness: LivenessResult, years: float | None, matched: bool
) -> None:
    comparison = judged(distance, distance, distance, liveness=liveness, years=years)
    assert comparison is not None
    assert comparison.matched is matched


def test_too_few_usable_frames_decide_nothing() -> None:
    assert judged(0.1, 0.1) is None
    assert judged() is None


@pytest.mark.parametrize(("spread", "one"), [(0.0, True), (0.5, True), (0.51, False)])
def test_frames_far_apart_show_two_persons(spread: float, one: bool) -> None:
    assert one_person(Distances((0.3, 0.3, 0.3), "resnet/1", spread), FaceSettings()) is one
