import json

import numpy as np
import pytest

from devices.face_analyser.embedded.observed import packed, unpacked
from kiosk.domain.face import Eyes, FaceObservation, InfraredLook, PictureTraits

_POINTS = np.random.default_rng(1).random((468, 3)).astype(np.float32)
_GREYS = np.arange(10, dtype=np.float32)
_TRAITS = PictureTraits(True, 3.5, 0.25, (1.5, -2.0), (80.0, 90.0, 120.0), 0.75)

_OBSERVATIONS = [
    FaceObservation(4, 0.2, 1, _POINTS, 120.5, 33.25, Eyes(0.3, 0.25, _GREYS), _TRAITS, InfraredLook(True, 0.5)),
    FaceObservation(5, 0.3, 1, _POINTS, 120.5, 33.25, None, PictureTraits(), InfraredLook(False, 0.0)),
    FaceObservation(6, 0.4, 0, None, 20.0, 0.0),
]


@pytest.mark.parametrize("seen", _OBSERVATIONS)
def test_an_observation_arrives_as_it_left(seen: FaceObservation) -> None:
    head, body = packed(seen)
    arrived = unpacked(seen.sequence, seen.at, json.loads(json.dumps(head)), body)
    assert arrived == seen
    assert (arrived.landmarks is None) == (seen.landmarks is None)
    if seen.landmarks is not None and arrived.landmarks is not None:
        assert np.array_equal(arrived.landmarks, seen.landmarks)
    if seen.eyes is not None and arrived.eyes is not None:
        assert np.array_equal(arrived.eyes.around, seen.eyes.around)
