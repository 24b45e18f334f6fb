"""QR codes, PDF417 and Code 128 in still pictures and live frames: bytes first, text after."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from devices.code_scanner.image import ladder, stages
from devices.code_scanner.image.ladder import LONGEST_SIDE
from devices.code_scanner.image.payload import ScannedCode
from devices.code_scanner.intake import Charset, cleaned
from kiosk.domain.picture import Picture
from kiosk.ports.code_scanner import MAX_CODE_BYTES
from kiosk.ports.device_status import DeviceStatus, Ready

Grey = stages.Grey

_LARGEST_PICTURE = 80_000_000


@dataclass(frozen=True, slots=True)
class CodesFound:
    """``stage`` names the stage that read them."""

    codes: tuple[ScannedCode, ...]
    stage: str


@dataclass(frozen=True, slots=True)
class NoCode:
    """No stage found a code."""


@dataclass(frozen=True, slots=True)
class PayloadTooLong:
    """A code was read but holds more than any service of the terminal accepts."""

    size: int


@dataclass(frozen=True, slots=True)
class PictureUnreadable:
    """The file is missing, no picture, broken or too large."""

    reason: str


class ImageScanner:
    """Decodes picture files and grey pictures whole, live frames one stage at a time; keeps no picture."""

    def __init__(self) -> None:
        self._turn = 0

    def scan_file(self, path: Path) -> CodesFound | NoCode | PayloadTooLong | PictureUnreadable:
        grey = _load(path)
        return grey if isinstance(grey, PictureUnreadable) else self.scan(grey)

    def status(self) -> DeviceStatus:
        return Ready("camera")

    def codes_in(self, picture: Picture) -> tuple[bytes, ...]:
        """One live frame: the quick stage always, and one rescue stage in turn, so that a frame costs little and a
        code that stays before the camera meets them all."""
        pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 3)
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
        codes = ladder.FIRST(grey).codes
        if not codes:
            self._turn = (self._turn + 1) % len(ladder.QUICK)
            codes = ladder.QUICK[self._turn](grey).codes
        return tuple(_handed_on(code.payload) for code in codes if len(code.payload) <= MAX_CODE_BYTES)

    def scan(self, grey: Grey) -> CodesFound | NoCode | PayloadTooLong:
        for seen in ladder.climb(grey):
            if seen.codes:
                accepted = tuple([code for code in seen.codes if len(code.payload) <= MAX_CODE_BYTES])
                return CodesFound(accepted, seen.stage) if accepted else PayloadTooLong(len(seen.codes[0].payload))
        return NoCode()


def _handed_on(payload: bytes) -> bytes:
    """As scanners hand it on: text without control characters, anything else as it is."""
    code = cleaned(payload, Charset.UTF_8)
    return payload if code is None else code.payload


def _load(path: Path) -> Grey | PictureUnreadable:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.width * image.height > _LARGEST_PICTURE or max(image.size) > LONGEST_SIDE:
                    return PictureUnreadable("too-large")
                return _grey(image)
    except FileNotFoundError:
        return PictureUnreadable("no-such-file")
    except Image.DecompressionBombError:
        return PictureUnreadable("too-large")
    except (OSError, SyntaxError, ValueError):
        return PictureUnreadable("not-a-picture")


def _grey(image: Image.Image) -> Grey:
    """Transparent parts count as white paper."""
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return np.asarray(paper.convert("L"), dtype=np.uint8)
    return np.asarray(image.convert("L"), dtype=np.uint8)
