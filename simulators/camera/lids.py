"""Eyelids painted on the citizen's face: the skin above the eye drawn down over it, with the lashes at its edge."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.portraits import Image

Points = npt.NDArray[np.float64]
Colour = tuple[float, float, float]
"""BGR."""

# One eye of MediaPipe's mesh from the picture's left to right: fold of the upper lid, its edge, edge of the lower lid.
_EYES = (
    (
        (33, 247, 30, 29, 27, 28, 56, 190, 133),
        (33, 246, 161, 160, 159, 158, 157, 173, 133),
        (33, 7, 163, 144, 145, 153, 154, 155, 133),
    ),
    (
        (362, 414, 286, 258, 257, 259, 260, 467, 263),
        (362, 398, 384, 385, 386, 387, 388, 466, 263),
        (362, 382, 381, 380, 374, 373, 390, 249, 263),
    ),
)
_MARGIN = 16
_LASH_ROOM = 0.6
"""Share of fold to edge, at the edge, that lashes darken in the picture and that is no skin to draw from."""

_FOLD = 0.4
"""Share of the lid, from the fold down, over which its shadow fades."""

_EVENED = 0.75
_EVEN = 3.0
"""How far the lid takes the colour of the skin around, and the pixels along it over which its own is evened."""

_LIGHTER = 65.0
"""Percentile of the skin under the eye."""

_BULGE, _CURVE = 0.05, 0.15
_CREASE, _CORNER = 8.0, 3.0
"""Pixels over the fold and beside the corners that a closed lid smooths."""

_LIT, _SHADOW = 0.6, 7.0
"""How far, and over how many pixels, the shadow below the lashes goes with a closed lid."""

_SUBPIXELS = 16
_DEEPER, _OVER = 0.3, 0.09
"""The bow of closed lashes deepened by this share of itself, and laid so far over the lower lid, in widths of the eye.
"""

_LINE, _HAIR = 2, 170


def lower_lids(colour: Image, landmarks: Points, share: float) -> Image:
    """``colour`` with both upper lids down by ``share`` (0 open, 1 closed); ``landmarks`` (468, 3) in its pixels."""
    lowered = colour.copy()
    for fold, edge, lower in _EYES:
        _lower_lid(lowered, landmarks[list(fold), :2], landmarks[list(edge), :2], landmarks[list(lower), :2], share)
    return lowered


def _lower_lid(picture: Image, fold: Points, edge: Points, lower: Points, share: float) -> None:
    left, top = np.floor(np.minimum(fold.min(axis=0), edge.min(axis=0))).astype(int) - _MARGIN
    right, bottom = np.ceil(lower.max(axis=0)).astype(int) + _MARGIN
    part = picture[top:bottom, left:right]
    corner = np.array([left, top])
    fold, edge, lower = _smooth(fold - corner), _smooth(edge - corner), _smooth(lower - corner)
    moved = edge + share * (_shut(lower) - edge)
    lash = _lash_colour(part, edge)
    part[:] = _skin_drawn_down(part, fold, edge, moved, _skin_colour(part, lower), share)
    _draw_lashes(part, moved, lash, share)


def _shut(lower: Points) -> Points:
    """Where the lashes of a closed eye lie: over the edge of the lower lid, in a deeper bow."""
    chord = np.linspace(lower[0], lower[-1], len(lower))
    return np.asarray(lower + _DEEPER * (lower - chord) + [0.0, _OVER * float(np.ptp(lower[:, 0]))])


def _smooth(line: Points) -> Points:
    """A line of 9 points as one of 65."""
    at, fine = np.arange(len(line)), np.linspace(0, len(line) - 1, 65)
    x, y = np.interp(fine, at, line[:, 0]), np.interp(fine, at, line[:, 1])
    soft = np.ones(9) / 9
    return np.stack(
        [np.convolve(np.pad(values, 4, mode="reflect", reflect_type="odd"), soft, "valid") for values in (x, y)], axis=1
    )


def _lash_colour(part: Image, edge: Points) -> Colour:
    """The darkest there is along the open lid's edge, never black."""
    x, y = np.rint(edge).astype(int).T
    along = np.concatenate([part[y + down, x] for down in (-1, 0, 1)]).astype(np.float64)
    dark = along[along.sum(axis=1) <= np.percentile(along.sum(axis=1), 25)].mean(axis=0)
    blue, green, red = np.maximum(dark * 0.8, (22, 26, 34))
    return float(blue), float(green), float(red)


def _skin_colour(part: Image, lower: Points) -> Points:
    """What lies under the eye, of its lighter half: a lid is not in the shadow of the brow."""
    x, y = np.rint(lower[16:-16]).astype(int).T
    under = np.concatenate([part[y + down, x] for down in range(5, 10)]).astype(np.float64)
    return np.asarray(np.percentile(under, _LIGHTER, axis=0))


def _skin_drawn_down(part: Image, fold: Points, edge: Points, moved: Points, skin: Points, share: float) -> Image:
    """The strip from the fold to the lashes stretched until it ends at ``moved``; below the fold's own shadow it takes
    the colour of the skin around, lighter where it bulges and darker where it curves away. As the lid comes down it
    smooths the fold above it, the corners beside it and the shadow under the lashes."""
    height, width = part.shape[:2]
    x = np.arange(width, dtype=np.float64)
    top, old, new = (np.interp(x, line[:, 0], line[:, 1]) for line in (fold, edge, moved))
    y = np.mgrid[:height, :width][0].astype(np.float64)
    down = np.clip((y - top) / np.maximum(new - top, 0.5), 0.0, 1.0)
    drawn = top + down * np.maximum((1 - _LASH_ROOM) * (old - top), 0.0)
    across = np.broadcast_to(x, (height, width)).astype(np.float32)
    on_lid = (y > top) & (y <= new + 0.5)
    source = np.where(on_lid, drawn, y).astype(np.float32)
    stretched = cv2.remap(part, across, source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(stretched, (0, 0), sigmaX=_EVEN, sigmaY=0.8)
    own = (1 - _EVENED * np.clip(down / _FOLD + share, 0, 1))[:, :, None]
    shade = (1 + _BULGE * np.sin(np.pi * down) - _CURVE * down**3)[:, :, None]
    lid = smooth * own + skin * shade * (1 - own)
    inwards = (np.minimum(x - edge[0, 0], edge[-1, 0] - x) + _CORNER * share) / (2 + 2 * _CORNER * share)
    beside = np.sin(np.pi / 2 * np.clip(inwards, 0.0, 1.0)) ** 2
    above = np.clip((y - top + _CREASE * share) / (1 + _CREASE * share), 0.0, 1.0)
    below = np.clip(new + 1 - y, 0.0, 1.0) + _LIT * share * np.clip(1 - (y - new) / _SHADOW, 0.0, 1.0) * (y > new + 1)
    covered = (beside * above * below)[:, :, None]
    return np.asarray(np.clip(part * (1 - covered) + lid * covered, 0, 255), dtype=np.uint8)


def _draw_lashes(part: Image, moved: Points, lash: Colour, share: float) -> None:
    """A line along the edge and short hairs from its outer two thirds, soft as the picture is."""
    inked = np.zeros(part.shape[:2], np.uint8)
    line = np.rint(moved * _SUBPIXELS).astype(np.int32)
    cv2.polylines(inked, [line], False, 255, _LINE, cv2.LINE_AA, 4)
    length = 0.07 * float(np.ptp(moved[:, 0]))
    for number in range(4, len(moved) - 4, 4):
        aside = (number / (len(moved) - 1) - 0.5) * length
        tip = moved[number] + np.array([aside, length * share])
        ends = np.rint(np.array([moved[number], tip]) * _SUBPIXELS).astype(np.int32)
        cv2.polylines(inked, [ends], False, _HAIR, 1, cv2.LINE_AA, 4)
    cover = cv2.GaussianBlur(inked, (0, 0), 0.8).astype(np.float64)[:, :, None] / 255
    part[:] = np.asarray(part * (1 - cover) + np.array(lash) * cover, dtype=np.uint8)
