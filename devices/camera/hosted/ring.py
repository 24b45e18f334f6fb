"""Where pictures lie between the camera's process and the terminal: slots of equal size, each filled by the child and
given back by the terminal when nobody looks at it any more. A picture is not copied on the terminal's side."""

from dataclasses import dataclass

SLOTS = 6
"""One is filled, one is the newest, one or two are being measured; two to spare."""

_PIXEL_BYTES = 3
_PICTURES = 2
"""The camera's and, where a second camera is fitted, the infrared one's; an unused half takes no room."""


@dataclass(frozen=True, slots=True)
class Ring:
    """``width`` and ``height`` bound the pictures of either camera."""

    width: int
    height: int

    @property
    def size(self) -> int:
        return SLOTS * _PICTURES * self.most

    @property
    def most(self) -> int:
        """Bytes of one picture at most."""
        return self.width * self.height * _PIXEL_BYTES

    def place(self, slot: int, infrared: bool = False) -> int:
        """Where a picture begins."""
        return (_PICTURES * slot + infrared) * self.most
