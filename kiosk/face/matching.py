"""From distances to a comparison."""

from statistics import median

from kiosk.domain.face import FaceComparison
from kiosk.face.settings import FaceSettings
from kiosk.ports.face_analyser import Distances


def decide(distances: Distances, settings: FaceSettings) -> FaceComparison | None:
    """The median of the distances against the threshold; None when too few frames had a usable face to judge."""
    if len(distances.values) < settings.comparison_min_frames:
        return None
    return FaceComparison(
        distance=float(median(distances.values)),
        threshold=settings.match_threshold,
        frames=len(distances.values),
        model=distances.model,
    )
