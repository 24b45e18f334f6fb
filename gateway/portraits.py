"""The sandbox's pictures of its people: the training portraits, small as a card platform would send them."""

import base64
import io
from pathlib import Path

from PIL import Image

HEIGHT = 240
QUALITY = 80


def jpeg_of(path: Path) -> str | None:
    """Base64 of a JPEG at most 240 pixels high; None when the file is not there."""
    try:
        with Image.open(path) as portrait:
            small = portrait.convert("RGB")
    except OSError:
        return None
    small.thumbnail((HEIGHT, HEIGHT))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=QUALITY)
    return base64.b64encode(stream.getvalue()).decode()
