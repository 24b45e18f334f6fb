"""Draws a scene as the camera's sensor delivers it."""

from pathlib import Path
from typing import assert_never

import cv2
import numpy as np

from simulators.camera.backdrop import paint_hall, paint_room
from simulators.camera.band import Band, hall_in_infrared, person_in_infrared
from simulators.camera.bent import Bend, bent_layer, shaded
from simulators.camera.cutout import HEIGHT, WIDTH, cut_out
from simulators.camera.figure import Figure, lay
from simulators.camera.hand import Picture
from simulators.camera.head import find_landmarks
from simulators.camera.light import under_light
from simulators.camera.phone import draw_phone, show_phone
from simulators.camera.pose import Pose
from simulators.camera.print_out import Sheet, flat_layer, lay_paper, print_portrait
from simulators.camera.screen import screen_in_infrared, show_screen
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError, load_portrait

_NOISE_TILES = 7
_NOISE_SHIFT = 4


class Renderer:
    """Turns scenes into frames; figures are prepared once, when first asked for.

    ``models`` holds ``face_landmark.tflite`` and the folder ``portraits``. ``ahead`` prepares the usual views with the
    figure (about a second) instead of when they are first seen (about 10 ms each).
    """

    def __init__(self, models: Path, ahead: bool = False) -> None:
        self._models = models
        self._ahead = ahead
        hall = paint_hall() - np.uint8(_NOISE_SHIFT)
        self._halls = {Band.VISIBLE: hall, Band.INFRARED: hall_in_infrared(hall)}
        self._room = paint_room()
        self._noise = _sensor_noise()
        self._figures: dict[str, Figure] = {}
        self._sheets: dict[str, Sheet] = {}
        self._rolled: tuple[tuple[str, Bend, Band], Picture] | None = None

    def prepare(self, portrait: str) -> None:
        """Makes person and print of ``portrait`` ready.

        Raises ``PortraitUnusableError`` when the picture or the mesh model cannot be used, ``KeyError`` when nobody has
        this name.
        """
        if portrait in self._figures:
            return
        known = PORTRAITS[portrait]
        picture = load_portrait(known, self._models)
        mesh = self._models / "face_landmark.tflite"
        if not mesh.is_file():
            raise PortraitUnusableError(f"{mesh} is missing; install the face models first")
        cutout = cut_out(known, picture)
        landmarks = find_landmarks(cutout.colour, cutout.face, mesh)
        figure = Figure(cutout, landmarks)
        if self._ahead:
            figure.look_ahead()
        self._sheets[portrait] = print_portrait(known, picture, cutout, landmarks)
        self._figures[portrait] = figure

    def frame(self, scene: Scene, number: int) -> Image:
        """Shape (480, 640, 3), BGR, not mirrored. ``number`` chooses the sensor's noise, so that no two frames in a row
        are equal."""
        return self.expose(self._seen(scene, Band.VISIBLE), number)

    def infrared(self, scene: Scene, number: int) -> Image:
        """The same moment in the near infrared, shape (480, 640), grey."""
        return self.expose_infrared(self._seen(scene, Band.INFRARED), number)

    def expose(self, seen: Image, number: int) -> Image:
        """What the sensor makes of what the lens shows; ``number`` as of ``frame``."""
        return np.asarray(cv2.add(seen, self._noise[number % _NOISE_TILES]), dtype=np.uint8)

    def expose_infrared(self, seen: Image, number: int) -> Image:
        """As ``expose``, by a sensor without colours: shape (480, 640)."""
        return np.asarray(cv2.cvtColor(self.expose(seen, number + 3), cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def figure(self, portrait: str) -> Figure:
        """Of a prepared portrait, as ``sheet``."""
        return self._figures[portrait]

    def sheet(self, portrait: str) -> Sheet:
        return self._sheets[portrait]

    def hall(self, band: Band, light: float = 1.0) -> Image:
        """The lamp of the infrared is the same at every light of the hall."""
        return under_light(self._halls[band], light) if band is Band.VISIBLE else self._halls[band]

    def person(self, portrait: str, pose: Pose, lids: float, behind: Image, band: Band, glasses: bool = False) -> Image:
        """``behind`` with the living person before it."""
        layer = self._figures[portrait].layer(pose, lids, glasses)
        return lay(layer if band is Band.VISIBLE else person_in_infrared(layer), behind)

    def bent(self, portrait: str, bend: Bend, pose: Pose, behind: Image, band: Band) -> Image:
        """``behind`` with the bent print before it."""
        key = (portrait, bend, band)
        if self._rolled is None or self._rolled[0] != key:
            self._rolled = key, shaded(self._sheets[portrait].seen_in(band), bend)
        return lay_paper(bent_layer(self._rolled[1], bend, pose), behind)

    def recorded(self, portrait: str, pose: Pose, lids: float, number: int) -> Image:
        """A picture of the person taken at home, by another camera."""
        return self.expose(lay(self._figures[portrait].layer(pose, lids, glasses=False), self._room), number)

    def _seen(self, scene: Scene, band: Band) -> Image:
        light = scene.light if band is Band.VISIBLE else 1.0
        if scene.subject is Subject.SCREEN:
            seen = self._screen(scene, band)
        else:
            seen = under_light(self._subject(scene, band), light)
        if scene.phone and band is Band.VISIBLE:
            seen = show_phone(draw_phone(scene.phone.text, scene.light), scene.phone.pose, seen)
        return seen

    def _screen(self, scene: Scene, band: Band) -> Image:
        video, hall = scene.video, self.hall(band, scene.light)
        if band is Band.INFRARED:
            return screen_in_infrared(video.device, scene.pose, hall)
        recorded = self.recorded(scene.portrait, video.pose, video.lids, video.number)
        return show_screen(recorded, video.device, scene.pose, hall, scene.light)

    def _subject(self, scene: Scene, band: Band) -> Image:
        hall = self._halls[band]
        match scene.subject:
            case Subject.NOBODY | Subject.SCREEN:
                return hall
            case Subject.PERSON:
                return self.person(
                    scene.portrait, scene.pose, scene.lids, self._around(scene, band), band, scene.glasses
                )
            case Subject.PHOTO:
                return lay_paper(flat_layer(self._sheets[scene.portrait].seen_in(band), scene.pose), hall)
            case Subject.BENT:
                return self.bent(scene.portrait, scene.bend, scene.pose, hall, band)
            case _:
                assert_never(scene.subject)

    def _around(self, scene: Scene, band: Band) -> Image:
        """What is behind the person."""
        hall = self._halls[band]
        if scene.companion is None:
            return hall
        return self.person(scene.companion.portrait, scene.companion.pose, 0.0, hall, band)


def _sensor_noise() -> list[Image]:
    """Grain around ``_NOISE_SHIFT``, by which the hall is darkened beforehand."""
    random = np.random.default_rng(7)
    grain = [random.normal(_NOISE_SHIFT, 1.3, (HEIGHT, WIDTH, 3)) for _ in range(_NOISE_TILES)]
    return [np.clip(np.rint(one), 0, 255).astype(np.uint8) for one in grain]
