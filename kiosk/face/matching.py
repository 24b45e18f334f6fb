"""From distances to a comparison."""

from statistics import median

from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.face.settings import FaceSettings
from kiosk.ports.face_analyser import Distances


def decide(
    distances: Distances, settings: FaceSettings, liveness: LivenessResult, photo_years: float | None
) -> FaceComparison | None:
    """The median of the distances against the threshold; None when too few frames had a usable face to judge.

    ``photo_years`` is the age of the reference, None where nobody knows it: an old one of a citizen whose liveness left
    no doubt is held to the wider threshold.
    """
    if len(distances.values) < settings.comparison_min_frames:
        return None
    return FaceComparison(
        distance=float(median(distances.values)),
        threshold=_threshold(settings, liveness, photo_years),
        frames=len(distances.values),
        model=distances.model,
    )


def one_person(distances: Distances, settings: FaceSettings) -> bool:
    """Whether all frames show the same face, whosever it is."""
    return distances.spread <= settings.same_face_distance


def _threshold(settings: FaceSettings, liveness: LivenessResult, photo_years: float | None) -> float:
    old = photo_years is not None and photo_years >= settings.grey_photo_years
    return settings.grey_threshold if old and liveness.clean else settings.match_threshold
