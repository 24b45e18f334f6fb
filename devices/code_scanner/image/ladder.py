"""Which decoder looks at a picture when: cheap looks first, dear ones only where something is there to be read.

What each stage costs and finds was measured (docs/adr/0015). A frame with nothing in it takes the quick stages and no
more; thorough ones follow where a symbol was seen for certain, or where the picture is small.
"""

from collections.abc import Callable, Iterator
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

FIRST = "zxing"

_SMALL = 400_000
_LARGE = 2_000_000
"""Pixels up to which a picture gets every stage, and from which finders are sought in a smaller copy."""
_MOST_FINDERS = 6
_MOST_PLACES = 6
_ZBAR_SIDES = range(32, 2049)
"""Sides of pictures that zbar gets to see: it has ended processes over odd ones."""
_AROUND = 0.3
_THOROUGH_SPLITS = ((0.8, 25, 3.0), (1.2, 31, 2.0), (0.0, 41, 5.0), (0.8, 75, 3.0))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one stage made of a picture; ``unread`` when a symbol is there that it could not read."""

    stage: str
    codes: tuple[ScannedCode, ...] = field(repr=False)
    unread: Unread | None = None


Stage = Callable[[Grey], Seen]


def first(grey: Grey) -> Seen:
    return Seen(FIRST, zxing.look(grey).codes)


def all_stages(grey: Grey) -> Iterator[Seen]:
    """Stage after stage until something is read or nothing is left to try."""
    unread = None
    for stage in (_raw, *QUICK):
        seen = stage(grey)
        yield seen
        unread = unread or seen.unread
    if unread is not None or grey.size <= _SMALL:
        part, left, top = _around(grey, unread)
        for stage in THOROUGH:
            seen = stage(part)
            yield Seen(seen.stage, tuple(_moved(code, left, top) for code in seen.codes))


def _raw(grey: Grey) -> Seen:
    """zxing-cpp's own look, then a rescue of what it saw and could not read."""
    look = zxing.look(grey)
    return Seen(FIRST, look.codes) if look.codes else _rescued("doubtful", grey, _by_corners(grey, look.doubtful))


def _by_finders(grey: Grey) -> Seen:
    return _found("finders", grey, *_QUICK_SPLIT)


def _split(grey: Grey) -> Seen:
    """zxing-cpp sees no code whose light and dark are less than 24 levels apart."""
    return _looked("split", grey, finders.split(grey, 1.0, 25, 2.0))


def _sharpened(grey: Grey) -> Seen:
    soft = cv2.blur(grey, (5, 5))
    return _looked("sharpened", grey, _pixels(cv2.addWeighted(grey, 2.5, soft, -1.5, 0)))


def _lines(grey: Grey) -> Seen:
    """Upright ones in full, turned ones in half the size."""
    codes = zxing.lines(grey)
    if not codes and min(grey.shape) >= 64:
        half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        codes = zxing.lines(_pixels(half), 0.5, turned=True)
    return Seen("lines", tuple(codes))


_QUICK_SPLIT = (0.8, 25, 5.0)

QUICK: tuple[Stage, ...] = (_by_finders, _split, _lines)


def _smoothed(grey: Grey) -> Seen:
    return _looked("smoothed", grey, _pixels(cv2.GaussianBlur(grey, (0, 0), 1.2)))


def _enlarged(grey: Grey) -> Seen:
    if grey.size > _LARGE:
        return Seen("enlarged", ())
    return _looked("enlarged", grey, _pixels(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)), 2.0)


def _equalised(grey: Grey) -> Seen:
    return _looked("equalised", grey, _pixels(cv2.createCLAHE(4, (8, 8)).apply(grey)))


def _finders_anew(grey: Grey) -> Seen:
    """At other softness and other sizes."""
    unread = None
    for settings in _THOROUGH_SPLITS:
        seen = _found("finders-anew", grey, *settings)
        if seen.codes:
            return seen
        unread = unread or seen.unread
    return Seen("finders-anew", (), unread)


def _zbar(grey: Grey) -> Seen:
    if not all(side in _ZBAR_SIDES for side in grey.shape):
        return Seen("zbar", ())
    _, black_and_white = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    codes = [
        ScannedCode(payload, decode_text(payload, None), "QRCode", _bounding_quad(outline))
        for payload, outline in zbar.read_qr(_pixels(black_and_white))
    ]
    return Seen("zbar", tuple(codes))


def _lines_anew(grey: Grey) -> Seen:
    return Seen("lines-anew", tuple(zxing.lines(grey, thorough=True)))


THOROUGH: tuple[Stage, ...] = (_finders_anew, _sharpened, _smoothed, _enlarged, _equalised, _zbar, _lines_anew)


def _looked(stage: str, grey: Grey, changed: Grey, scale: float = 1.0) -> Seen:
    """zxing-cpp's look at a changed picture, and a rescue in ``grey`` of what it saw there."""
    look = zxing.look(changed, scale)
    return Seen(stage, look.codes) if look.codes else _rescued(stage, grey, _by_corners(grey, look.doubtful))


def _found(stage: str, grey: Grey, softness: float, block: int, below: float) -> Seen:
    found = _finders(grey, max(1, int(np.ceil(np.sqrt(grey.size / _LARGE)))), softness, block, below)
    seen = _rescued(stage, grey, list(by_three(grey, found)))
    if seen.codes or len(found) < 2:
        return seen
    again = _rescued(stage, grey, list(by_two(grey, found)))
    return again if again.codes else Seen(stage, (), seen.unread or again.unread)


def _finders(grey: Grey, shrink: int, softness: float, block: int, below: float) -> list[Finder]:
    """In a copy ``shrink`` times smaller, smaller still where noise is all over a large picture."""
    small = grey
    if shrink > 1:
        small = _pixels(cv2.resize(grey, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA))
    split = finders.split(small, softness, block, below)
    if shrink == 1 and grey.size > _SMALL and finders.speckled(split):
        return _finders(grey, 2, softness, block, below)
    found = finders.find(split)[:_MOST_FINDERS]
    return [Finder(finder.corners * shrink + (shrink - 1) / 2) for finder in found]


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


def _around(grey: Grey, unread: Unread | None) -> tuple[Grey, int, int]:
    """The part of a large picture where the unread symbol is, and where that part begins."""
    if unread is None or grey.size <= _SMALL:
        return grey, 0, 0
    room = _AROUND * float(np.ptp(unread.corners, axis=0).max())
    left, top = np.maximum(unread.corners.min(0) - room, 0).astype(int)
    right, bottom = np.ceil(unread.corners.max(0) + room).astype(int)
    return np.ascontiguousarray(grey[top:bottom, left:right]), int(left), int(top)


def _moved(code: ScannedCode, left: int, top: int) -> ScannedCode:
    a, b, c, d = ((x + left, y + top) for x, y in code.quad)
    return ScannedCode(code.payload, code.text, code.symbology, (a, b, c, d))


def _bounding_quad(outline: list[tuple[int, int]]) -> Quad:
    """The upright rectangle around ``outline``: zbar's own points have no fixed order."""
    xs, ys = [x for x, _ in outline] or [0], [y for _, y in outline] or [0]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _pixels(image: object) -> Grey:
    return np.asarray(image, dtype=np.uint8)
