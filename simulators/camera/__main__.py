"""The camera of the virtual hall as a program: Motion JPEG on one port, the world before it on the control channel.

Verbs, all of the world and none of a verdict:

* ``{"do": "person", "portrait": "hopper"}``: a living person stands there.
* ``{"do": "turn", "side": "left", "degrees": 20, "seconds": 2.0}``: head or print turns to the citizen's own left or
  right and back to the front; ``seconds`` is the whole movement.
* ``{"do": "nod", "degrees": 15, "seconds": 2.0}``: head or print goes down and comes back up.
* ``{"do": "blink", "times": 2, "seconds": 1.5}``: both eyes close and open; ``seconds`` is for all times together.
* ``{"do": "look", "yaw": 8, "pitch": -6, "seconds": 1.0}``: head or print goes there and stays, as after a dot; yaw
  towards the citizen's own left, pitch down. Without figures it comes back to the front.
* ``{"do": "beside", "portrait": "astronaut" | null}``: another person steps beside the first, or away again.
* ``{"do": "distance", "metres": 0.6, "seconds": 1.0}``: who is there comes nearer or steps back; 0.6 is the usual.
* ``{"do": "light", "level": 1.0}``: the hall's light as a share of the usual; 0.05 is dusk, 8 the low sun.
* ``{"do": "phone", "text": "..." | null}``: the person holds a phone with a QR code before the camera, or puts it away.
* ``{"do": "photo", "portrait": "hopper"}``: a hand holds a paper print of the person before the camera.
* ``{"do": "bent", "portrait": "hopper", "half_angle": 40, "axis": 0}``: the print is bent over a cylinder, by so many
  degrees to both sides of the face; its axis is so many degrees from upright.
* ``{"do": "screen", "portrait": "hopper", "device": "tablet" | "phone"}``: a hand holds a screen that plays a video of
  the person: turns, blinks and a nod, again and again.
* ``{"do": "nobody"}``: the hall is empty.
* ``{"do": "link", "state": "up" | "silent" | "down"}``: the cable.
* ``{"do": "state"}``: what stands there and how it is held.

``person``, ``photo``, ``bent``, ``screen`` and ``nobody`` begin anew: no company, no phone, the usual distance; only
the light stays.

The picture is the sensor's own, not mirrored: the citizen's left is on the picture's RIGHT, and a turn to his own left
moves the nose towards the picture's right. Beside ``/stream``, ``/infrared`` serves the same moments as a near-infrared
camera sees them, in grey: skin with its texture, paper nearly white, screens black.
"""

import argparse
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import cv2

from simulators.camera.phone import draw_phone
from simulators.camera.pose import Side
from simulators.camera.renderer import Renderer
from simulators.camera.screen import DEVICES
from simulators.camera.stream import COLOUR, INFRARED, Link, MjpegServer
from simulators.camera.world import USUAL_METRES, Scene, World
from simulators.control import ControlServer, Verb, announce
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError

JPEG_QUALITY = 80


class CameraSimulator:
    """World, renderer and server put together. ``models`` as in ``Renderer``; ``portrait`` may be empty for nobody."""

    def __init__(self, models: Path, portrait: str = "", fps: float = 25.0, port: int = 0) -> None:
        self._renderer = Renderer(models, ahead=True)
        if portrait:
            self._renderer.prepare(portrait)
        self._world = World(portrait)
        self._moment: tuple[int, Scene] = (0, self._world.scene(time.monotonic()))
        self.server = MjpegServer({COLOUR: self._expose, INFRARED: self._expose_infrared}, fps, port)

    def verbs(self) -> dict[str, Verb]:
        return {
            "person": lambda request: self._world.person(self._known(request["portrait"])),
            "photo": lambda request: self._world.photo(self._known(request["portrait"])),
            "bent": self._bent,
            "screen": self._screen,
            "nobody": lambda _request: self._world.nobody(),
            "turn": self._turn,
            "nod": self._nod,
            "blink": self._blink,
            "look": self._look,
            "beside": self._beside,
            "distance": self._distance,
            "light": lambda request: self._world.light(float(request["level"])),
            "phone": self._phone,
            "link": lambda request: self.server.set_link(Link(request["state"])),
            "state": lambda _request: self._state(),
        }

    def _expose(self, number: int) -> bytes:
        return _jpeg(self._renderer.frame(self._scene(number), number))

    def _expose_infrared(self, number: int) -> bytes:
        return _jpeg(self._renderer.infrared(self._scene(number), number))

    def _scene(self, number: int) -> Scene:
        """Both cameras see the same moment."""
        if number != self._moment[0]:
            self._moment = number, self._world.scene(time.monotonic())
        return self._moment[1]

    def _known(self, portrait: str) -> str:
        self._renderer.prepare(portrait)
        return portrait

    def _bent(self, request: dict[str, Any]) -> None:
        half_angle, axis = float(request.get("half_angle", 40.0)), float(request.get("axis", 0.0))
        self._world.bent(self._known(request["portrait"]), half_angle, axis)

    def _screen(self, request: dict[str, Any]) -> None:
        device = DEVICES[request.get("device", "tablet")]
        self._world.screen(self._known(request["portrait"]), device, time.monotonic())

    def _turn(self, request: dict[str, Any]) -> None:
        degrees, seconds = float(request.get("degrees", 20.0)), float(request.get("seconds", 2.0))
        self._world.turn(Side(request["side"]), degrees, seconds, time.monotonic())

    def _nod(self, request: dict[str, Any]) -> None:
        degrees, seconds = float(request.get("degrees", 15.0)), float(request.get("seconds", 2.0))
        self._world.nod(degrees, seconds, time.monotonic())

    def _blink(self, request: dict[str, Any]) -> None:
        times, seconds = int(request.get("times", 2)), float(request.get("seconds", 1.5))
        self._world.blink(times, seconds, time.monotonic())

    def _look(self, request: dict[str, Any]) -> None:
        yaw, pitch = float(request.get("yaw", 0.0)), float(request.get("pitch", 0.0))
        self._world.look(yaw, pitch, float(request.get("seconds", 1.0)), time.monotonic())

    def _beside(self, request: dict[str, Any]) -> None:
        portrait = request["portrait"]
        self._world.beside(None if portrait is None else self._known(portrait), time.monotonic())

    def _distance(self, request: dict[str, Any]) -> None:
        metres, seconds = float(request["metres"]), float(request.get("seconds", 1.0))
        self._world.distance(metres, seconds, time.monotonic())

    def _phone(self, request: dict[str, Any]) -> None:
        text = None if request["text"] is None else str(request["text"])
        if text is not None:
            draw_phone(text)
        self._world.phone(text, time.monotonic())

    def _state(self) -> dict[str, Any]:
        scene = self._world.scene(time.monotonic())
        return {
            "subject": scene.subject.value,
            "portrait": scene.portrait,
            "yaw": round(scene.pose.yaw, 1),
            "pitch": round(scene.pose.pitch, 1),
            "lids": round(scene.lids, 1),
            "metres": round(USUAL_METRES / scene.pose.scale, 2),
            "beside": scene.companion.portrait if scene.companion else None,
            "phone": scene.phone.text if scene.phone else None,
            "light": scene.light,
            "pictures": self.server.pictures,
        }


def _jpeg(picture: Image) -> bytes:
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return jpeg.tobytes()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kiosk simulate camera", description="A camera that sees a virtual citizen")
    parser.add_argument(
        "--models", type=Path, required=True, help="folder of the model files and the training portraits"
    )
    parser.add_argument("--port", type=int, default=0, help="HTTP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--control", type=int, default=0, help="control port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--fps", type=float, default=25.0, help="pictures a second")
    parser.add_argument("--portrait", choices=[*PORTRAITS, "none"], default="hopper", help="who stands there at first")
    options = parser.parse_args(argv)
    cv2.setNumThreads(1)
    try:
        camera = CameraSimulator(
            options.models, "" if options.portrait == "none" else options.portrait, options.fps, options.port
        )
    except PortraitUnusableError as problem:
        print(problem, file=sys.stderr)
        return 1
    control = ControlServer(camera.verbs(), options.control)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    camera.server.start()
    control.start()
    announce(camera.server.url, control.address)
    stopped.wait()
    control.close()
    camera.server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
