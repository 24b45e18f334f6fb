"""Cuts the person out of a portrait and lays them on the camera's canvas."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from simulators.portraits import Box, Image, Portrait

WIDTH, HEIGHT = 640, 480
MARGIN = 32
"""Pixels the canvas is larger than the frame on every side, so that swaying shows no edge."""

_FACE_WIDTH = 220.0
_FACE_CENTRE = (WIDTH / 2, 262.0)
_SURELY_NOT, _SURELY, _PERHAPS_NOT, _PERHAPS = cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD


@dataclass(frozen=True, slots=True)
class Cutout:
    """``colour`` (H, W, 3) BGR and ``alpha`` (H, W) 0-255 on a canvas of frame plus margins; ``face`` in its pixels."""

    colour: Image
    alpha: npt.NDArray[np.uint8]
    face: Box


def cut_out(portrait: Portrait, picture: Image) -> Cutout:
    """The person of ``picture`` at the size of somebody 60 cm from the camera."""
    scale = _FACE_WIDTH / portrait.face.width
    shift = (
        MARGIN + _FACE_CENTRE[0] - scale * portrait.face.centre[0],
        MARGIN + _FACE_CENTRE[1] - scale * portrait.face.centre[1],
    )
    enlarged = cv2.warpAffine(
        picture,
        np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]]),
        (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    canvas = np.asarray(enlarged, dtype=np.uint8)
    face = portrait.face.placed(scale, shift)
    head, ears = portrait.head.placed(scale, shift), portrait.ears.placed(scale, shift)
    solid = _person_mask(canvas, face, head, ears)
    outline = _down_to_the_hem(solid, face)
    alpha = cv2.GaussianBlur(cv2.erode(outline, np.ones((3, 3), np.uint8)), (0, 0), 1.2)
    return Cutout(_hemmed(_spread(canvas, solid), outline), np.asarray(alpha, dtype=np.uint8), face)


def _person_mask(canvas: Image, face: Box, head: Box, ears: Box) -> npt.NDArray[np.uint8]:
    """255 where the person is: GrabCut at half size from a guess made of head box and shoulder line."""
    small = cv2.resize(canvas, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    labels = _guess(small.shape[:2], face, head, ears)
    cv2.setRNGSeed(1)
    cv2.grabCut(small, labels, (0, 0, 0, 0), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    person = np.isin(labels, (_SURELY, _PERHAPS)).astype(np.uint8)
    clean = cv2.morphologyEx(person, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    _, islands, figures, _ = cv2.connectedComponentsWithStats(clean)
    largest = 1 + int(np.argmax(figures[1:, cv2.CC_STAT_AREA]))
    full = cv2.resize((islands == largest).astype(np.float32), canvas.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(full, (0, 0), 1.5) > 0.5
    return np.asarray(smooth, dtype=np.uint8) * np.uint8(255)


def _guess(shape: tuple[int, int], face: Box, head: Box, ears: Box) -> npt.NDArray[np.uint8]:
    y, x = np.mgrid[: shape[0], : shape[1]] * 2.0
    around_head = head.roundness(x, y, 2.6)
    below_chin = y - (face.y + face.height)
    below_shoulder = face.below_shoulder(x, y)
    labels = np.full(shape, _SURELY_NOT, np.uint8)
    labels[(around_head < 1.1) | ((below_chin > -0.05 * face.height) & (below_shoulder > 0))] = _PERHAPS_NOT
    labels[(around_head < 0.93) | (below_shoulder > 0.1 * face.height)] = _PERHAPS
    labels[(y > ears.y) & (below_chin < 0) & (np.abs(x - ears.centre[0]) > ears.width / 2)] = _SURELY_NOT
    in_neck = (np.abs(x - face.centre[0]) < 0.25 * face.width) & (y > face.centre[1])
    labels[(face.roundness(x, y, 2.0) < 0.95) | in_neck] = _SURELY
    return labels


def _spread(canvas: Image, solid: npt.NDArray[np.uint8]) -> Image:
    """Person's colours continued past the outline, so that no old background shines through the soft edge."""
    core = cv2.erode(solid, np.ones((7, 7), np.uint8))
    _, nearest = cv2.distanceTransformWithLabels(cv2.bitwise_not(core), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    palette = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    palette[nearest[core > 0]] = canvas[core > 0]
    continued = cv2.GaussianBlur(palette[nearest], (0, 0), 1.5)
    return np.where(core[:, :, None] > 0, canvas, continued)


def _down_to_the_hem(solid: npt.NDArray[np.uint8], face: Box) -> npt.NDArray[np.uint8]:
    """Below the chin no background shows under clothes: shoulders end in arms."""
    outline, neck = solid.copy(), face.y + round(1.1 * face.height)
    outline[neck:] = np.maximum.accumulate(outline[neck:], axis=0)
    return outline


def _hemmed(colour: Image, outline: npt.NDArray[np.uint8]) -> Image:
    """Below the frame the clothes fade to one colour, to continue without stripes when somebody steps back."""
    cloth = np.median(colour[-1][outline[-1] > 0], axis=0)
    share = np.linspace(0.0, 1.0, MARGIN)[:, None, None]
    hemmed = colour.copy()
    hemmed[-MARGIN:] = np.rint(colour[-MARGIN:] * (1 - share) + cloth * share).astype(np.uint8)
    return hemmed
