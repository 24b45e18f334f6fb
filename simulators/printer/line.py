"""The print buffer: what stands side by side on one line until the line is printed."""

import numpy as np
import numpy.typing as npt

CHARACTER_ROWS = 24
NARROW, WIDE = 12, 24

Dots = npt.NDArray[np.bool_]


class PrintLine:
    """A line of ``dots`` dots from its top; what its characters say is kept in ``text``."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._picture = np.zeros((CHARACTER_ROWS, dots), dtype=np.bool_)
        self._at = 0
        self.height = 0
        self.text = ""

    def place(self, picture: Dots) -> None:
        """``picture`` beside what is there already; what does not fit is lost, as behind the head's last dot."""
        if len(picture) > len(self._picture):
            self._picture = np.pad(self._picture, ((0, len(picture) - len(self._picture)), (0, 0)))
        room = self._picture[: len(picture), self._at : self._at + picture.shape[1]]
        room |= picture[:, : room.shape[1]]
        self._at += picture.shape[1]
        self.height = max(self.height, len(picture))

    def has_room(self, width: int) -> bool:
        return self._at + width <= self._dots

    def move(self, at: int) -> None:
        """The next picture or character starts ``at`` dots from the left; beyond the line nothing moves."""
        if at <= self._dots:
            self._at = at

    def write(self, character: str, picture: Dots) -> None:
        self.text += character
        self.place(picture)

    def rows(self) -> Dots:
        return self._picture[: self.height]


def columns(data: bytes, rows: int) -> Dots:
    """The picture of ``ESC *``: columns of ``rows`` (8 or 24) dots, each from the top, most significant bit first."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8)).astype(np.bool_)
    return bits.reshape(-1, rows).T


def raster(data: bytes, row_bytes: int) -> Dots:
    """Rows of ``row_bytes`` bytes, most significant bit left."""
    return np.unpackbits(np.frombuffer(data, dtype=np.uint8).reshape(-1, row_bytes), axis=1).astype(np.bool_)


def stretched(picture: Dots, across: int, down: int) -> Dots:
    return picture if across == down == 1 else picture.repeat(down, axis=0).repeat(across, axis=1)
