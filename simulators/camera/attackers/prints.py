"""Attackers with a paper print: flat, with something drawn over its eyes, with its eyes cut out, bent."""

import random
from dataclasses import replace

import cv2
import numpy as np

from simulators.camera.answering import Manner
from simulators.camera.band import Band, paper_in_infrared
from simulators.camera.bent import LEAST_HALF_ANGLE, MOST_HALF_ANGLE, Bend
from simulators.camera.hand import Picture
from simulators.camera.held import Points
from simulators.camera.performance import Performance, another
from simulators.camera.pose import Pose, held_by_hand, standing
from simulators.camera.print_out import CENTRE, ROOM, SHEET, WHOLE, Sheet, flat_layer, lay_paper
from simulators.camera.renderer import Renderer
from simulators.portraits import Image

_EYES = ((33, 133), (362, 263))
_OPENINGS = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382),
)
"""Corners and outlines of both eyes in MediaPipe's mesh."""

_CHEEKS = (50, 101, 280, 330)
_FURTHEST = 50.0
_FLICK_DEG = 45.0
"""A print tilted quickly, so that its eyes become narrow."""

HAND = Manner(
    reaction_s=(0.5, 1.2),
    turn_deg=(10.0, 50.0),
    nod_deg=(10.0, 40.0),
    dot_deg=(10.0, 30.0),
    blinks_s=(0.8, 1.6),
    blink_every_s=(20.0, 40.0),
)
"""What a hand that watches the terminal's page does with a print."""


class FlatPrint(Performance):
    """The hand turns, tilts and moves the print as asked, and brings it nearer meanwhile."""

    def __init__(self, renderer: Renderer, random: random.Random, manner: Manner = HAND) -> None:
        super().__init__(renderer, random, manner)
        self._nearer = random.uniform(0.0, 0.3)
        self._along = random.uniform(-1.0, 2.0)
        self._size = random.uniform(1.0, 1.2)
        self._flick = random.uniform(0.5, 1.0) * _FLICK_DEG

    def _seen(self, at: float, band: Band) -> Image:
        sheet = self._renderer.sheet(self.portrait)
        return lay_paper(flat_layer(sheet.seen_in(band), self._pose(at)), self._renderer.hall(band))

    def _pose(self, at: float) -> Pose:
        asked = self._answering.pose(at) + Pose(pitch=self._flick * self._answering.lids(at))
        far = min(1.0, (abs(asked.yaw) + abs(asked.pitch)) / 30.0)
        moved = Pose(dx=self._along * asked.yaw, dy=self._along * asked.pitch, scale=1.0 + self._nearer * far)
        pose = held_by_hand(self._since + at) + asked + moved + Pose(scale=self._size)
        return replace(pose, yaw=_at_most(pose.yaw), pitch=_at_most(pose.pitch))


class EyeBar(FlatPrint):
    """The other hand draws a strip over the print's eyes and away again, when a blink is asked and at other times."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, replace(HAND, blink_every_s=(4.0, 8.0)))
        self._flick *= random.choice((0.0, 0.5))
        sheet = renderer.sheet(self.portrait)
        bar = _strip(sheet, random)
        self._bars = {Band.VISIBLE: bar, Band.INFRARED: paper_in_infrared(bar)}
        reach = random.choice(((0.0, -2.2), (0.0, 2.6), (-2.8, 0.0), (2.8, 0.0)))
        apart = float(np.hypot(*(_eye(sheet, 1) - _eye(sheet, 0))))
        self._away = (reach[0] * apart, reach[1] * apart)

    def _seen(self, at: float, band: Band) -> Image:
        pose = self._pose(at)
        left = 1.0 - self._answering.lids(at)
        trembling = held_by_hand(self._since + 37.0 + at)
        offset = Pose(
            dx=left * self._away[0] * pose.scale + 0.2 * trembling.dx,
            dy=left * self._away[1] * pose.scale + 0.2 * trembling.dy,
        )
        return lay_paper(flat_layer(self._bars[band], pose + offset), super()._seen(at, band))


class CutEyes(Performance):
    """Somebody else looks through the openings of the print, pressed to the face, and blinks and turns behind it."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, Manner())
        self._behind = another(self.victim, random)
        renderer.prepare(self._behind)
        sheet = renderer.sheet(self.portrait)
        cut = _with_openings(sheet, random.uniform(1.05, 1.5))
        self._cut = {Band.VISIBLE: cut, Band.INFRARED: paper_in_infrared(cut)}
        self._slip = random.uniform(0.5, 1.5)

    def _seen(self, at: float, band: Band) -> Image:
        head = standing(self._since + at) + self._answering.pose(at)
        behind = self._renderer.person(self._behind, head, self._answering.lids(at), self._renderer.hall(band), band)
        return lay_paper(flat_layer(self._cut[band], self._pressed(head, at)), behind)

    def _pressed(self, head: Pose, at: float) -> Pose:
        """The sheet lies over the eyes of the head, but for the trembling of the hand."""
        eyes = self._renderer.figure(self._behind).places(head)
        flat = Pose(head.yaw, head.pitch, head.roll)
        printed = self._renderer.sheet(self.portrait).places(flat)
        (own, shown) = (np.array([place[list(eye)].mean(axis=0) for eye in _EYES]) for place in (eyes, printed))
        scale = float(np.hypot(*(own[1] - own[0])) / np.hypot(*(shown[1] - shown[0])))
        shift = own.mean(axis=0) - (CENTRE + scale * (shown.mean(axis=0) - CENTRE))
        hand = held_by_hand(self._since + 61.0 + at)
        slip = Pose(dx=0.25 * self._slip * hand.dx, dy=0.25 * self._slip * hand.dy, yaw=0.3 * hand.yaw)
        return flat + Pose(dx=float(shift[0]), dy=float(shift[1]), scale=scale) + slip


class BentPrint(Performance):
    """The print lies around a cylinder, its axis upright, across or between, and turns as asked."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        manner = replace(HAND, turn_deg=(10.0, 30.0), nod_deg=(10.0, 25.0), dot_deg=(8.0, 20.0))
        super().__init__(renderer, random, manner)
        axis = random.choice((0.0, 0.0, 90.0, random.uniform(-70.0, 70.0)))
        self._bend = Bend(random.uniform(LEAST_HALF_ANGLE, MOST_HALF_ANGLE), axis)
        self._size = random.uniform(1.05, 1.25)

    def _seen(self, at: float, band: Band) -> Image:
        flick = Pose(pitch=0.5 * _FLICK_DEG * self._answering.lids(at), scale=self._size)
        pose = held_by_hand(self._since + at) + self._answering.pose(at) + flick
        return self._renderer.bent(self.portrait, self._bend, pose, self._renderer.hall(band), band)


def _at_most(angle: float) -> float:
    return min(_FURTHEST, max(-_FURTHEST, angle))


def _eye(sheet: Sheet, side: int) -> Points:
    return np.asarray(sheet.landmarks[list(_EYES[side])].mean(axis=0))


def _strip(sheet: Sheet, random: random.Random) -> Picture:
    """A strip over both eyes of the sheet: of skin, dark, white, or of the same print with the eyes closed."""
    one, other = _eye(sheet, 0), _eye(sheet, 1)
    apart = float(np.hypot(*(other - one)))
    half = np.array([random.uniform(0.8, 1.3), random.uniform(0.13, 0.32)]) * apart
    middle = (one + other) / 2 + np.array(WHOLE) / 2
    left, top = np.rint(middle - half).astype(int)
    right, bottom = np.rint(middle + half).astype(int)
    kind = random.choice(("skin", "dark", "white", "closed"))
    if kind == "closed":
        colour = cv2.copyMakeBorder(sheet.closed, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_REPLICATE)[top:bottom, left:right]
    else:
        colour = _rounded(_paint(sheet, kind), (bottom - top, right - left))
    strip = np.zeros((WHOLE[1], WHOLE[0], 4), np.uint8)
    strip[top:bottom, left:right] = np.dstack([colour, np.full(colour.shape[:2], 255, np.uint8)])
    return np.asarray(cv2.GaussianBlur(strip, (0, 0), 0.8), dtype=np.uint8)


def _paint(sheet: Sheet, kind: str) -> Points:
    if kind == "dark":
        return np.array([36.0, 34.0, 34.0])
    if kind == "white":
        return np.array([226.0, 231.0, 233.0])
    x, y = np.rint(sheet.landmarks[list(_CHEEKS)] + np.array(SHEET) / 2).astype(int).T
    return np.asarray(np.median(sheet.closed[y, x], axis=0))


def _rounded(paint: Points, shape: tuple[int, int]) -> Image:
    """A finger's or a strip's shading: a little darker towards its long edges."""
    down = np.linspace(-1.0, 1.0, shape[0])[:, None, None]
    along = np.linspace(0.97, 1.03, shape[1])[None, :, None]
    return np.asarray(np.clip(paint * (1.02 - 0.14 * down**2) * along, 0, 255), dtype=np.uint8)


def _with_openings(sheet: Sheet, wider: float) -> Picture:
    """The sheet without its eyes; ``wider`` than the eyes by this factor."""
    kept = np.full(sheet.picture.shape[:2], 255, np.uint8)
    for outline in _OPENINGS:
        points = sheet.landmarks[list(outline)] + np.array(WHOLE) / 2
        middle = points.mean(axis=0)
        corners = np.rint((middle + wider * (points - middle)) * 16).astype(np.int32)
        cv2.fillPoly(kept, [corners], 0, cv2.LINE_AA, 4)
    return np.asarray(cv2.multiply(sheet.picture, cv2.merge([kept] * 4), scale=1 / 255), dtype=np.uint8)
