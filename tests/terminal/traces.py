"""What a citizen showed a terminal, as bytes to look for."""

import base64
import json

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.analysis import Analysis
from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from gateway.sandbox import HOPPER, SandboxPerson
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from simulators.card_reader.photo import chip_photo
from tests.devices.face_analyser.pictures import chip_image, require_models

ROW, LEFT, RIGHT = 240, 290, 340
"""A piece of a frame in the middle of the face."""

PIECE_BYTES = 48
SCAN_BEGINS = b"\xff\xda"
"""Marker of a JPEG before the picture itself (ITU-T T.81): tables that stand before it are the same in every file."""

SHORTEST_TEXT = 8

Needles = dict[str, list[bytes]]
Image = npt.NDArray[np.uint8]


def needles_of(pictures: list[bytes]) -> Needles:
    """A piece of each picture: as the camera sends it, as it is decoded, as it is painted."""
    images = [np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)) for jpeg in pictures]
    patches = [image[ROW, LEFT:RIGHT] for image in images]
    return {
        "jpeg": [jpeg[len(jpeg) // 2 :][:64] for jpeg in pictures],
        "frame": [patch.tobytes() for patch in patches],
        "frame, mirrored": [mirrored(patch) for patch in patches],
    }


def mirrored(patch: Image) -> bytes:
    """As Qt keeps it: four bytes a pixel, the fourth full."""
    return np.pad(patch[::-1], ((0, 0), (0, 1)), constant_values=255).tobytes()


def told_of(person: SandboxPerson) -> Needles:
    """What says who he is, as programs write it."""
    name, number, address = person.name.value, person.number.value, person.address
    return {
        "number": [number.encode("utf-16-le"), *_written(number.encode("ascii"))],
        "name": _spelt(name),
        "address": _spelt(address),
    }


def _spelt(text: str) -> list[bytes]:
    written = [form for encoding in ("utf-8", "gb18030") for form in _written(text.encode(encoding))]
    return [text.encode("utf-16-le"), json.dumps(text)[1:-1].encode("ascii"), *written]


def _written(data: bytes) -> list[bytes]:
    return [data, *in_base64(data)]


def in_base64(data: bytes) -> list[bytes]:
    """What of ``data`` is found in any text of base64 that contains it: it may begin at any of three places. What is
    too short to be found by anything but chance is left out."""
    texts = [base64.b64encode(data[skip : skip + (len(data) - skip) // 3 * 3]) for skip in range(3)]
    return [text for text in texts if len(text) >= SHORTEST_TEXT]


def kept_picture(jpeg: bytes) -> Needles:
    """A picture as a record has it: its beginning, a piece of its middle and its end."""
    begin = jpeg.index(SCAN_BEGINS) + PIECE_BYTES
    pieces = [jpeg[at:][:PIECE_BYTES] for at in (begin, (begin + len(jpeg)) // 2, len(jpeg) - PIECE_BYTES)]
    return {"kept picture": [form for piece in pieces for form in _written(piece)]}


def shown_by_card() -> Needles:
    """The picture on his chip, and what the analyser makes of it."""
    photo = chip_photo(chip_image(HOPPER))
    picture = TrainingPhotoDecoder().decode(ChipPhoto(photo))
    assert isinstance(picture, Picture)
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 3)
    embedding = Analysis(require_models(), 0.5, 0.5, 5).portrait_embedding(pixels)
    assert embedding is not None
    return {
        "embedding": [embedding[:8].tobytes(), embedding[100:108].tobytes()],
        "chip picture": [pixels[63, 35:65].tobytes()],
        "chip record": [photo[200:264]],
    }
