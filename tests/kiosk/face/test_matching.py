from kiosk.domain.face import FaceComparison
from kiosk.face.matching import decide
from kiosk.face.settings import FaceSettings
from kiosk.ports.face_analyser import Distances


def judged(*values: float) -> FaceComparison | None:
    return decide(Distances(values, "resnet/1"), FaceSettings())


def test_the_median_decides() -> None:
    comparison = judged(0.9, 0.5, 0.2, 0.55, 0.8)
    assert comparison == FaceComparison(0.55, 0.55, 5, "resnet/1")
    assert comparison.matched


def test_above_the_threshold_is_no_match() -> None:
    comparison = judged(0.56, 0.57, 0.3)
    assert comparison is not None
    assert not comparison.matched


def test_too_few_usable_frames_decide_nothing() -> None:
    assert judged(0.1, 0.1) is None
    assert judged() is None
