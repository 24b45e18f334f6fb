import pytest

from kiosk.domain.face import FaceObservation, PictureTraits
from kiosk.face.geometry import shape_of
from kiosk.face.quality import placement_hint
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Hint
from tests.kiosk.face.heads import Pose, head_at, observation

CASES = [
    (observation(1, head_at(Pose())), None),
    (observation(1, None), Hint.LOOK_HERE),
    (observation(1, None, brightness=20), Hint.LIGHTER),
    (observation(1, head_at(Pose()), faces=2), Hint.ONE_PERSON),
    (observation(1, head_at(Pose(near=0.7))), Hint.NEARER),
    (observation(1, head_at(Pose(near=2.2))), Hint.FURTHER),
    (observation(1, head_at(Pose(yaw=20))), Hint.LOOK_HERE),
    (observation(1, head_at(Pose(roll=20))), Hint.HEAD_UPRIGHT),
    (observation(1, head_at(Pose(pitch=32))), Hint.CHIN_UP),
    (observation(1, head_at(Pose(pitch=-32))), Hint.CHIN_DOWN),
    (observation(1, head_at(Pose()), brightness=30), Hint.LIGHTER),
    (observation(1, head_at(Pose()), brightness=240), Hint.DARKER),
    (observation(1, head_at(Pose()), sharpness=3), Hint.STEADY),
    (observation(1, head_at(Pose()), traits=PictureTraits(masked=True)), Hint.MASK_OFF),
    (observation(1, head_at(Pose(near=0.7)), traits=PictureTraits(masked=True)), Hint.NEARER),
]


@pytest.mark.parametrize(("seen", "hint"), CASES)
def test_one_hint_for_the_first_thing_in_the_way(seen: FaceObservation, hint: Hint | None) -> None:
    shape = None if seen.landmarks is None else shape_of(seen.landmarks)
    assert placement_hint(seen, shape, FaceSettings()) is hint
