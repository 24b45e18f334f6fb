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
_MARGIN = 12
_LASH_ROOM = 0.6
"""Share of fold to edge, at the edge, that lashes darken in the picture and that is no skin to draw from."""

_FOLD = 0.4
"""Share of the lid, from the fold down, over which its shadow fades."""

_EVENED = 0.75
_EVEN = 3.0
"""How far the lid takes the colour of the skin around, and the pixels along it over which its own is evened."""

_CURVE = 0.2
_SUBPIXELS = 16


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
    moved = edge + share * (lower - edge)
    lash = _lash_colour(part, edge)
    part[:] = _skin_drawn_down(part, fold, edge, moved, _skin_colour(part, lower))
    _draw_lashes(part, moved, lash, share)


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


def _skin_colour(part: Image, lower: Points) -> Colour:
    """The middle of what lies under the eye."""
    x, y = np.rint(lower[16:-16]).astype(int).T
    under = np.concatenate([part[y + down, x] for down in range(5, _MARGIN - 2)])
    blue, green, red = np.median(under, axis=0)
    return float(blue), float(green), float(red)


def _skin_drawn_down(part: Image, fold: Points, edge: Points, moved: Points, skin: Colour) -> Image:
    """The strip from the fold to the lashes stretched until it ends at ``moved``; below the fold's own shadow it takes
    the colour of the skin around, darker where the eye curves away."""
    height, width = part.shape[:2]
    x = np.arange(width, dtype=np.float64)
    top, old, new = (np.interp(x, line[:, 0], line[:, 1]) for line in (fold, edge, moved))
    inside = (x > edge[0, 0]) & (x < edge[-1, 0]) & (new - top > 0.5)
    y = np.mgrid[:height, :width][0].astype(np.float64)
    down = np.clip((y - top) / np.maximum(new - top, 0.5), 0.0, 1.0)
    drawn = top + down * np.maximum((1 - _LASH_ROOM) * (old - top), 0.0)
    on_lid = inside & (y > top) & (y <= new + 0.5)
    source = np.where(on_lid, drawn, y).astype(np.float32)
    across = np.broadcast_to(x, (height, width)).astype(np.float32)
    stretched = cv2.remap(part, across, source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(stretched, (0, 0), sigmaX=_EVEN, sigmaY=0.8)
    bulging = (_EVENED * np.clip(down / _FOLD, 0, 1))[:, :, None]
    lid = smooth * (1 - bulging) + np.array(skin) * (1 - _CURVE * down**3)[:, :, None] * bulging
    covered = cv2.GaussianBlur(on_lid.astype(np.float32), (0, 0), 0.8)[:, :, None]
    return np.asarray(np.clip(part * (1 - covered) + lid * covered, 0, 255), dtype=np.uint8)


def _draw_lashes(part: Image, moved: Points, lash: Colour, share: float) -> None:
    """A line along the edge and short hairs from its outer two thirds, soft as the picture is."""
    inked = np.zeros(part.shape[:2], np.uint8)
    line = np.rint(moved * _SUBPIXELS).astype(np.int32)
    cv2.polylines(inked, [line], False, 255, 2, cv2.LINE_AA, 4)
    length = 0.07 * float(np.ptp(moved[:, 0]))
    for number in range(4, len(moved) - 4, 4):
        aside = (number / (len(moved) - 1) - 0.5) * length
        tip = moved[number] + np.array([aside, length * share])
        ends = np.rint(np.array([moved[number], tip]) * _SUBPIXELS).astype(np.int32)
        cv2.polylines(inked, [ends], False, 150, 1, cv2.LINE_AA, 4)
    cover = cv2.GaussianBlur(inked, (0, 0), 0.8).astype(np.float64)[:, :, None] / 255
    part[:] = np.asarray(part * (1 - cover) + np.array(lash) * cover, dtype=np.uint8)
