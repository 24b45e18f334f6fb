"""Single looks at a picture, each by one decoder in one preparation; which follows which is the ladder's business."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from devices.code_scanner.image import finders, rescue, zbar, zxing
from devices.code_scanner.image.finders import Finder
from devices.code_scanner.image.grid import Floats
from devices.code_scanner.image.locate import Guess, by_corners, by_three, by_two
from devices.code_scanner.image.payload import Quad, ScannedCode, decode_text
from devices.code_scanner.image.rescue import Symbol, Unread

Grey = npt.NDArray[np.uint8]
"""Shape (height, width), 0 black."""

SMALL = 400_000
"""Pixels up to which a look costs little."""

LARGE = 2_000_000
"""Pixels from which finders are sought in a smaller copy."""

_MOST_FINDERS = 6
_MOST_PLACES = 3
_ZBAR_SIDES = range(32, 2049)
"""Sides of pictures that zbar gets to see: it has ended processes over odd ones."""

_SOFTNESS, _BLOCK = 0.9, 25
_CLEARLY_DARKER, _DARKER = 4, 1
"""Levels below the mean around: what makes an outline, and what may be a module of low contrast."""

_GRAIN = 6
_OTHER_SPLITS = ((0.8, 25, 2), (1.2, 31, 1), (0.0, 41, 4), (0.8, 75, 2))
"""Softness, block and levels of further attempts to find finders."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one stage made of a picture; ``unread`` when a symbol is there that it could not read."""

    stage: str
    codes: tuple[ScannedCode, ...] = field(repr=False)
    unread: Unread | None = None


Stage = Callable[[Grey], Seen]


def glance(grey: Grey) -> Seen:
    """In the size the picture has. zxing-cpp reads most codes at once, and quickest where it looks for dark ones on
    light alone; what it sees and cannot read is rescued."""
    seen = zxing.look(grey, smaller=False, light_on_dark=False)
    if not seen.codes:
        seen = zxing.look(grey, smaller=False)
    return Seen("zxing", seen.codes) if seen.codes else _rescued("doubtful", grey, _by_corners(grey, seen.doubtful))


def halved(grey: Grey) -> Seen:
    """In half the size and smaller."""
    if min(grey.shape) < 64:
        return Seen("halved", ())
    return _looked("halved", grey, _shrunk(grey, 2), 0.5)


def split(grey: Grey) -> Seen:
    """Finders by their outlines in black and white, however little these differ, and zxing-cpp's look at it: by itself
    it sees no code whose light and dark are less than 24 levels apart."""
    shrink = max(1, int(np.ceil(np.sqrt(grey.size / LARGE))))
    darkness = finders.darkness(_shrunk(grey, shrink), _SOFTNESS, _BLOCK)
    outlines = finders.split(darkness, _CLEARLY_DARKER)
    if grey.size > SMALL and finders.speckled(outlines):
        found = _found_in_half(grey, shrink)
    else:
        found = _enlarged_by(shrink, finders.find(outlines))
    seen = _by_finders("finders", grey, found)
    if seen.codes:
        return seen
    again = _looked("split", grey, finders.split(darkness, _DARKER), 1 / shrink, smaller=False)
    return again if again.codes else Seen("split", (), seen.unread or again.unread)


def lines(grey: Grey) -> Seen:
    """Level ones in full, unless the grain of a large picture hides them, upright ones in half the size."""
    codes = [] if grey.size > SMALL and _grainy(grey) else zxing.lines(grey)
    if not codes and min(grey.shape) >= 64:
        codes = zxing.lines(_shrunk(grey, 2), 0.5, turned=True)
    return Seen("lines", tuple(codes))


def finders_anew(grey: Grey) -> Seen:
    """At other softness and other sizes."""
    shrink = max(1, int(np.ceil(np.sqrt(grey.size / LARGE))))
    unread = None
    for settings in _OTHER_SPLITS:
        seen = _by_finders("finders-anew", grey, _found_in(_shrunk(grey, shrink), shrink, *settings))
        if seen.codes:
            return seen
        unread = unread or seen.unread
    return Seen("finders-anew", (), unread)


def sharpened(grey: Grey) -> Seen:
    return _looked("sharpened", grey, _pixels(cv2.addWeighted(grey, 2.5, cv2.blur(grey, (5, 5)), -1.5, 0)))


def smoothed(grey: Grey) -> Seen:
    return _looked("smoothed", grey, _pixels(cv2.GaussianBlur(grey, (0, 0), 1.2)))


def enlarged(grey: Grey) -> Seen:
    if grey.size > LARGE:
        return Seen("enlarged", ())
    return _looked("enlarged", grey, _pixels(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)), 2.0)


def equalised(grey: Grey) -> Seen:
    return _looked("equalised", grey, _pixels(cv2.createCLAHE(4, (8, 8)).apply(grey)))


def zbar_otsu(grey: Grey) -> Seen:
    if not all(side in _ZBAR_SIDES for side in grey.shape):
        return Seen("zbar-otsu", ())
    _, black_and_white = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    codes = [
        ScannedCode(payload, decode_text(payload, None), "QRCode", _bounding_quad(outline))
        for payload, outline in zbar.read_qr(_pixels(black_and_white))
    ]
    return Seen("zbar-otsu", tuple(codes))


def lines_anew(grey: Grey) -> Seen:
    """In every direction and size, light on dark too."""
    return Seen("lines-anew", tuple(zxing.lines(grey, thorough=True)))


def _grainy(grey: Grey) -> bool:
    """By how far a pixel usually departs from its neighbours in a row."""
    rows = grey[::32].astype(np.int16)
    return bool(np.median(np.abs(rows[:, 2:] - 2 * rows[:, 1:-1] + rows[:, :-2])) > _GRAIN)


def _looked(stage: str, grey: Grey, changed: Grey, scale: float = 1.0, smaller: bool = True) -> Seen:
    """zxing-cpp's look at a changed picture, and a rescue in ``grey`` of what it saw there. ``scale`` is pixels of
    ``changed`` by pixel of ``grey``."""
    seen = zxing.look(changed, scale, smaller)
    return Seen(stage, seen.codes) if seen.codes else _rescued(stage, grey, _by_corners(grey, seen.doubtful))


def _by_finders(stage: str, grey: Grey, found: list[Finder]) -> Seen:
    """Three of them first; two where one is hidden."""
    seen = _rescued(stage, grey, list(by_three(grey, found)))
    if seen.codes or len(found) < 2:
        return seen
    again = _rescued(stage, grey, list(by_two(grey, found)))
    return again if again.codes else Seen(stage, (), seen.unread or again.unread)


def _found_in_half(grey: Grey, shrink: int) -> list[Finder]:
    """In a copy of twice ``shrink``, which has half the noise; none where that is still noise all over."""
    darkness = finders.darkness(_shrunk(grey, 2 * shrink), _SOFTNESS, _BLOCK)
    outlines = finders.split(darkness, _CLEARLY_DARKER)
    return [] if finders.speckled(outlines) else _enlarged_by(2 * shrink, finders.find(outlines))


def _found_in(small: Grey, shrink: int, softness: float, block: int, below: int) -> list[Finder]:
    """Finders of a picture of which ``small`` is a copy ``shrink`` times smaller."""
    outlines = finders.split(finders.darkness(small, softness, block), below)
    return _enlarged_by(shrink, finders.find(outlines, eager=True))


def _enlarged_by(shrink: int, found: list[Finder]) -> list[Finder]:
    return [Finder(finder.corners * shrink + (shrink - 1) / 2) for finder in found[:_MOST_FINDERS]]


def _shrunk(grey: Grey, shrink: int) -> Grey:
    if shrink == 1:
        return grey
    return _pixels(cv2.resize(grey, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA))


def _by_corners(grey: Grey, doubtful: tuple[Floats, ...]) -> list[Guess]:
    """Of places that nearly coincide, and of more than a few, the first ones."""
    apart: list[Floats] = []
    for corners in doubtful:
        if len(apart) < _MOST_PLACES and not any(_coincide(corners, other) for other in apart):
            apart.append(corners)
    return [guess for guess in (by_corners(grey, corners) for corners in apart) if guess is not None]


def _coincide(one: Floats, other: Floats) -> bool:
    return float(np.abs(one - other).max()) < 0.04 * float(np.ptp(one, axis=0).max())


def _rescued(stage: str, grey: Grey, guesses: list[Guess]) -> Seen:
    match rescue.read(grey, guesses):
        case Symbol(bits, corners):
            code = zxing.drawn(bits, corners)
            return Seen(stage, () if code is None else (code,))
        case Unread() as unread:
            return Seen(stage, (), unread)
        case _:
            return Seen(stage, ())


def _bounding_quad(outline: list[tuple[int, int]]) -> Quad:
    """The upright rectangle around ``outline``: zbar's own points have no fixed order."""
    xs, ys = [x for x, _ in outline] or [0], [y for _, y in outline] or [0]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _pixels(image: object) -> Grey:
    return np.asarray(image, dtype=np.uint8)
