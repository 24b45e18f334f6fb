"""The sandbox's pictures of its people: the training portraits, small as a card platform would send them."""

import base64
import io
from pathlib import Path

from PIL import Image

from kiosk.wire.messages import MAX_PICTURE_BYTES

FILES = {"hopper": "grace_hopper.jpg", "astronaut": "astronaut.png"}
HEIGHT = 240
QUALITIES = (80, 70, 60, 50, 40)
"""The best that fits is taken."""


def jpeg_of(folder: Path, portrait: str) -> str | None:
    """Base64 of a JPEG at most 240 pixels high and ``MAX_PICTURE_BYTES`` long; None when there is no such picture."""
    try:
        with Image.open(folder / FILES[portrait]) as picture:
            small = picture.convert("RGB")
    except (OSError, KeyError):
        return None
    small.thumbnail((HEIGHT, HEIGHT))
    jpegs = (_jpeg(small, quality) for quality in QUALITIES)
    fitting = next((jpeg for jpeg in jpegs if len(jpeg) <= MAX_PICTURE_BYTES), None)
    return None if fitting is None else base64.b64encode(fitting).decode()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
