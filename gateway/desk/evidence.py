"""What staff see of a face: the sealed crop beside the picture of record, opened while the page is made and kept
nowhere."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from gateway.door import Door
from gateway.portraits import jpeg_of
from kiosk.domain.case import EligibilityCase
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.outbox import Record
from kiosk.ports.photo_decoder import PhotoDecoder
from kiosk.wire.envelope import EnvelopeRefused
from kiosk.wire.messages import Query

_MOST_PIXELS = 4_000_000

OpenRecord = Callable[[bytes], Record | None]
"""Opens a stored envelope; None when it cannot be opened here any more."""


def record_opener(door: Door) -> OpenRecord:
    """Also of a terminal that was revoked since."""

    def open_record(envelope: bytes) -> Record | None:
        (opened,) = door.open_kept([envelope])
        if isinstance(opened, EnvelopeRefused) or isinstance(opened.content, Query):
            return None
        return opened.content

    return open_record


class ReferenceKind(Enum):
    """Where the picture of record comes from."""

    CHIP = "chip"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Faces:
    """Addresses (``data:``) of the live face and of the picture of record; None where there is none to show."""

    live: str | None = field(repr=False)
    reference: str | None = field(repr=False)
    reference_kind: ReferenceKind | None


NO_FACES = Faces(None, None, None)


@dataclass(frozen=True, slots=True)
class References:
    """Where pictures of record come from here: ``decoder`` opens a card's sealed portrait where one is fitted,
    ``portraits`` is the sandbox's folder."""

    decoder: PhotoDecoder | None
    portraits: Path | None

    def faces(self, case: EligibilityCase, portrait: str | None) -> Faces:
        """``portrait`` is the name of a picture in the sandbox's folder."""
        live = None if case.crop is None else _checked(case.crop)
        chip = self._chip(case)
        if chip is not None:
            return Faces(live, chip, ReferenceKind.CHIP)
        held = self._held(portrait)
        return Faces(live, held, None if held is None else ReferenceKind.PLATFORM)

    def _chip(self, case: EligibilityCase) -> str | None:
        if self.decoder is None or case.chip_photo is None:
            return None
        picture = self.decoder.decode(ChipPhoto(case.chip_photo))
        return _png(picture) if isinstance(picture, Picture) else None

    def _held(self, portrait: str | None) -> str | None:
        if self.portraits is None or portrait is None:
            return None
        jpeg = jpeg_of(self.portraits, portrait)
        return None if jpeg is None else f"data:image/jpeg;base64,{jpeg}"


def _checked(jpeg: bytes) -> str | None:
    """None for bytes that are no JPEG of a sane size: a terminal's word alone puts nothing before a browser."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.load()
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError):
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _png(picture: Picture) -> str:
    stream = io.BytesIO()
    Image.frombytes("RGB", (picture.width, picture.height), picture.pixels, "raw", "BGR").save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
