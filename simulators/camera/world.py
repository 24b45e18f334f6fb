"""What stands before the camera, and the verbs that change it."""

import threading
from dataclasses import dataclass
from enum import Enum

from simulators.camera.pose import Pose, Side, Turn, held_by_hand, standing

MOST_DEGREES = {"person": 28.0, "photo": 50.0}
"""Furthest turn: a neck's comfortable reach in front of a screen, and a print before it becomes a sliver."""


class Subject(Enum):
    NOBODY = "nobody"
    PERSON = "person"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment before the camera; ``portrait`` names whose face it is and is empty when nobody is there."""

    subject: Subject
    portrait: str
    pose: Pose


class World:
    """Holds who is there and how they move. Verbs may come from any thread; times are seconds of one steady clock."""

    def __init__(self, portrait: str = "") -> None:
        self._lock = threading.Lock()
        self._subject = Subject.PERSON if portrait else Subject.NOBODY
        self._portrait = portrait
        self._turn: Turn | None = None

    def person(self, portrait: str) -> None:
        """A living person stands before the camera."""
        self._put(Subject.PERSON, portrait)

    def photo(self, portrait: str) -> None:
        """A hand holds a paper print of the person before the camera."""
        self._put(Subject.PHOTO, portrait)

    def nobody(self) -> None:
        self._put(Subject.NOBODY, "")

    def turn(self, side: Side, degrees: float, seconds: float, now: float) -> None:
        """Head or print turns towards ``side`` and back. ``ValueError`` when there is nothing to turn or it cannot."""
        with self._lock:
            if self._subject is Subject.NOBODY:
                raise ValueError("nobody is there to turn")
            if not 0 < degrees <= MOST_DEGREES[self._subject.value]:
                raise ValueError(f"degrees must be above 0 and at most {MOST_DEGREES[self._subject.value]}")
            if not 0.2 <= seconds <= 60:
                raise ValueError("seconds must be 0.2 to 60")
            self._turn = Turn(side, degrees, now, seconds)

    def scene(self, at: float) -> Scene:
        with self._lock:
            if self._turn and self._turn.over(at):
                self._turn = None
            if self._subject is Subject.NOBODY:
                return Scene(Subject.NOBODY, "", Pose())
            still = standing(at) if self._subject is Subject.PERSON else held_by_hand(at)
            turned = Pose(yaw=self._turn.yaw(at)) if self._turn else Pose()
            return Scene(self._subject, self._portrait, still + turned)

    def _put(self, subject: Subject, portrait: str) -> None:
        with self._lock:
            self._subject, self._portrait, self._turn = subject, portrait, None
