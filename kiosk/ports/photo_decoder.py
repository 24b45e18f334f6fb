"""Turns the chip's opaque portrait into a picture."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture


@dataclass(frozen=True, slots=True)
class PhotoUndecodable:
    reason: str


class PhotoDecoder(Protocol):
    def decode(self, photo: ChipPhoto) -> Picture | PhotoUndecodable:
        """A 102x126 picture (GA/T 490), or why there is none."""
