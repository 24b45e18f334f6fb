"""A reference picture of the platform, from the JPEG it travels as."""

import base64
import io
import warnings

from PIL import Image

from kiosk.domain.picture import Picture

LONGEST_SIDE = 1024
"""A reference picture is a portrait, not a photograph of a hall."""


def picture_of(text: str) -> Picture | None:
    """BGR pixels of the JPEG in ``text`` (base64); None when it is none, broken, or larger than a portrait."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=("JPEG",)) as image:
                if max(image.size) > LONGEST_SIDE:
                    return None
                blue_first = image.convert("RGB").tobytes("raw", "BGR")
                return Picture(image.width, image.height, blue_first)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
