"""An observation on its way from the worker to the driver: figures in the head, points and greys in the body."""

from typing import Any

import numpy as np

from kiosk.domain.face import Eyes, FaceObservation, InfraredLook, PictureTraits

_POINTS = 468 * 3


def packed(seen: FaceObservation) -> tuple[dict[str, Any], bytes]:
    """Head and body. The body is 468 x 3 float32 of landmarks, if any, and float32 of the greys about the eyes."""
    eyes, traits, infrared = seen.eyes, seen.traits, seen.infrared
    head = {
        "faces": seen.faces,
        "brightness": seen.brightness,
        "sharpness": seen.sharpness,
        "points": seen.landmarks is not None,
        "eyes": None if eyes is None else (eyes.right, eyes.left),
        "traits": (
            traits.repeated,
            traits.moire,
            traits.bezel,
            traits.backdrop,
            traits.colour,
            traits.advice,
            traits.masked,
        ),
        "infrared": None if infrared is None else (infrared.face, infrared.texture),
    }
    points = b"" if seen.landmarks is None else seen.landmarks.astype(np.float32).tobytes()
    return head, points if eyes is None else points + eyes.around.astype(np.float32).tobytes()


def unpacked(sequence: int, at: float, head: dict[str, Any], body: bytes) -> FaceObservation:
    values = np.frombuffer(body, np.float32)
    points = _POINTS if head["points"] else 0
    eyes, infrared = head["eyes"], head["infrared"]
    return FaceObservation(
        sequence,
        at,
        head["faces"],
        values[:points].reshape(468, 3) if points else None,
        head["brightness"],
        head["sharpness"],
        None if eyes is None else Eyes(eyes[0], eyes[1], values[points:]),
        _traits(*head["traits"]),
        None if infrared is None else InfraredLook(infrared[0], infrared[1]),
    )


def _traits(
    repeated: bool,
    moire: float | None,
    bezel: float | None,
    backdrop: list[float] | None,
    colour: list[float] | None,
    advice: float | None,
    masked: bool,
) -> PictureTraits:
    moved = None if backdrop is None else (backdrop[0], backdrop[1])
    mean = None if colour is None else (colour[0], colour[1], colour[2])
    return PictureTraits(repeated, moire, bezel, moved, mean, advice, masked)
