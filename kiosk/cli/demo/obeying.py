"""A head before the virtual camera that does what the page asks, through the camera's control channel."""

from collections.abc import Callable
from typing import Any, Protocol

from kiosk.domain.face import FaceAction

REACTION_S = 0.5
"""From the asking to the beginning of the movement."""

PAUSE_S = 0.8
"""After a movement, before the same is done again because the page still asks for it."""

NOD_DEG = 15.0
DOT_DEG = (14.0, 13.0)
"""Yaw and pitch towards a dot at the edge of the picture."""

DOT_S = 0.7
BLINKS, BLINK_S = 2, 1.5

Dot = tuple[float, float]
_MIDDLE: Dot = (0.0, 0.0)


class Camera(Protocol):
    def __call__(self, verb: str, **arguments: Any) -> object: ...


class ObeyingHead:
    """Tell ``see`` again and again what is asked for. ``done`` counts movements begun; all looks after a dot are one.

    ``degrees`` and ``seconds`` are of a turn out and back, ``reaction_s`` goes before each movement. ``tilted``: no
    head but something held up, which is tilted to a side whatever is asked. ``tell`` hears what is done.
    """

    def __init__(
        self,
        camera: Camera,
        degrees: float = 24.0,
        seconds: float = 2.2,
        *,
        reaction_s: float = REACTION_S,
        tilted: bool = False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._camera = camera
        self._degrees, self._seconds = degrees, seconds
        self._reaction_s = reaction_s
        self._tilted = tilted
        self._tell = tell
        self._asked: tuple[FaceAction | None, Dot | None] = (None, None)
        self._asked_at = 0.0
        self._rested_at = float("-inf")
        self._looks = _MIDDLE
        self.done = 0

    def see(self, action: FaceAction | None, dot: Dot | None, now: float) -> None:
        """``dot`` is where it stands on the mirrored picture, ``now`` seconds of a steady clock."""
        if (action, dot) != self._asked:
            self._asked, self._asked_at = (action, dot), now
        if now - self._asked_at < self._reaction_s:
            return
        if self._tilted:
            self._tilt(action, now)
        elif dot is not None or self._looks != _MIDDLE:
            self._look(dot or _MIDDLE)
        elif action is not None and now >= self._rested_at:
            self._move(action, now)

    def _look(self, dot: Dot) -> None:
        if dot == self._looks:
            return
        self.done += self._looks == _MIDDLE
        self._looks = dot
        self._tell("looks after the dot" if dot != _MIDDLE else "looks ahead")
        yaw, pitch = DOT_DEG
        self._camera("look", yaw=round(-dot[0] * yaw, 1), pitch=round(dot[1] * pitch, 1), seconds=DOT_S)

    def _move(self, action: FaceAction, now: float) -> None:
        match action:
            case FaceAction.TURN_LEFT | FaceAction.TURN_RIGHT:
                side = "left" if action is FaceAction.TURN_LEFT else "right"
                self._begin(now, self._seconds, "turn", side=side, degrees=self._degrees)
            case FaceAction.NOD:
                self._begin(now, self._seconds, "nod", degrees=NOD_DEG)
            case FaceAction.BLINK:
                self._begin(now, BLINK_S, "blink", times=BLINKS)

    def _tilt(self, action: FaceAction | None, now: float) -> None:
        if action is not None and now >= self._rested_at:
            side = "right" if action is FaceAction.TURN_RIGHT else "left"
            self._begin(now, self._seconds, "turn", side=side, degrees=self._degrees)

    def _begin(self, now: float, seconds: float, verb: str, **arguments: object) -> None:
        self.done += 1
        self._rested_at = now + seconds + PAUSE_S
        self._tell(" ".join((verb, *map(str, arguments.values()))))
        self._camera(verb, seconds=seconds, **arguments)
