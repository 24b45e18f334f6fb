"""Is this frame fit for a comparison, and if not, what is the one thing to change?"""

from kiosk.domain.face import FaceObservation
from kiosk.face.geometry import FaceShape
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Hint


def placement_hint(observation: FaceObservation, shape: FaceShape | None, settings: FaceSettings) -> Hint | None:
    """The first thing in the way, None when the face is well placed, lit and still."""
    if observation.faces > 1:
        return Hint.ONE_PERSON
    if shape is None:
        return Hint.LIGHTER if observation.brightness < settings.min_brightness else Hint.LOOK_HERE
    placed = _distance_hint(shape, settings) or _pose_hint(shape, settings)
    covered = Hint.MASK_OFF if observation.traits.masked else None
    return placed or covered or _picture_hint(observation, settings)


def _distance_hint(shape: FaceShape, settings: FaceSettings) -> Hint | None:
    if shape.eye_distance < settings.min_eye_distance_px:
        return Hint.NEARER
    if shape.eye_distance > settings.max_eye_distance_px:
        return Hint.FURTHER
    return None


def _pose_hint(shape: FaceShape, settings: FaceSettings) -> Hint | None:
    if abs(shape.yaw) > settings.max_pose_deg:
        return Hint.LOOK_HERE
    if abs(shape.roll) > settings.max_pose_deg:
        return Hint.HEAD_UPRIGHT
    if abs(shape.pitch) > settings.max_pitch_deg:
        return Hint.CHIN_UP if shape.pitch > 0 else Hint.CHIN_DOWN
    return None


def _picture_hint(observation: FaceObservation, settings: FaceSettings) -> Hint | None:
    if observation.brightness < settings.min_brightness:
        return Hint.LIGHTER
    if observation.brightness > settings.max_brightness:
        return Hint.DARKER
    if observation.sharpness < settings.min_sharpness:
        return Hint.STEADY
    return None
