"""Which look at a picture follows which: cheap ones first, dear ones only where something is there to be read.

What each costs and finds was measured (docs/adr/0016). A frame with nothing in it takes the quick looks and no more;
thorough ones follow where a symbol is for certain, or where the picture is small.
"""

from collections.abc import Iterator

import numpy as np

from devices.code_scanner.image import stages
from devices.code_scanner.image.payload import ScannedCode
from devices.code_scanner.image.rescue import Unread
from devices.code_scanner.image.stages import Grey, Seen, Stage

FIRST: Stage = stages.glance
QUICK: tuple[Stage, ...] = (stages.halved, stages.split, stages.lines)
THOROUGH: tuple[Stage, ...] = (
    stages.finders_anew,
    stages.sharpened,
    stages.smoothed,
    stages.enlarged,
    stages.equalised,
    stages.zbar_otsu,
    stages.lines_anew,
)

LONGEST_SIDE = 30_000
"""Of a picture in pixels; OpenCV takes 32,767, zxing-cpp 65,535 of one twice the size."""

_AROUND = 0.3


def climb(grey: Grey) -> Iterator[Seen]:
    """Look after look, as long as nobody stops: the first that has codes is the one to stop at."""
    if max(grey.shape) > LONGEST_SIDE:
        return
    unread = None
    for stage in (FIRST, *QUICK):
        seen = stage(grey)
        yield seen
        unread = unread or seen.unread
    if unread is not None or grey.size <= stages.SMALL:
        part, left, top = _around(grey, unread)
        for stage in THOROUGH:
            seen = stage(part)
            yield Seen(seen.stage, tuple(_moved(code, left, top) for code in seen.codes))


def _around(grey: Grey, unread: Unread | None) -> tuple[Grey, int, int]:
    """The part of a large picture where the unread symbol is, and where that part begins."""
    if unread is None or grey.size <= stages.SMALL:
        return grey, 0, 0
    room = _AROUND * float(np.ptp(unread.corners, axis=0).max())
    left, top = np.maximum(unread.corners.min(0) - room, 0).astype(int)
    right, bottom = np.ceil(unread.corners.max(0) + room).astype(int)
    return np.ascontiguousarray(grey[top:bottom, left:right]), int(left), int(top)


def _moved(code: ScannedCode, left: int, top: int) -> ScannedCode:
    a, b, c, d = ((x + left, y + top) for x, y in code.quad)
    return ScannedCode(code.payload, code.text, code.symbology, (a, b, c, d))
