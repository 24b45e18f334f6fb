"""What stands before the camera, and the verbs that change it."""

import threading
from dataclasses import dataclass, replace
from enum import Enum

from kiosk.domain.face import FaceAction
from simulators.camera.bent import LEAST_HALF_ANGLE, MOST_HALF_ANGLE, Bend
from simulators.camera.pose import Blink, Glide, Nod, Pose, Side, Turn, held_by_hand, standing
from simulators.camera.recording import Recording
from simulators.camera.screen import TABLET, Device

MOST_DEGREES = {"person": 28.0, "photo": 50.0, "bent": 50.0, "screen": 50.0}
"""Furthest turn: a neck's comfortable reach in front of a screen, and a print before it becomes a sliver."""

MOST_LOOK = (20.0, 15.0)
"""Furthest to the side and furthest up or down that a head follows with the eyes still on the screen, degrees."""

MOST_NOD_DEGREES = 20.0
"""Furthest nod: the eyes still find the screen."""

USUAL_METRES = 0.6
NEAREST_METRES, FURTHEST_METRES = 0.3, 1.0

DARKEST, BRIGHTEST = 0.02, 10.0
"""Shares of the usual light."""

MOST_BLINKS = 20
QUICKEST_BLINK_S = 0.15

_STEP_S = 0.6
"""Somebody stepping beside another, a phone being raised."""

_APART = (-98.0, 160.0)
_BEHIND = 0.88
_OUTSIDE = 420.0
_ANOTHER_RHYTHM_S = 41.3


class Subject(Enum):
    NOBODY = "nobody"
    PERSON = "person"
    PHOTO = "photo"
    BENT = "bent"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Companion:
    """The second person, a little behind the first."""

    portrait: str
    pose: Pose


@dataclass(frozen=True, slots=True)
class Phone:
    """``text`` is what its code holds; ``pose`` as of a print."""

    text: str
    pose: Pose


@dataclass(frozen=True, slots=True)
class Video:
    """What plays on ``device`` at this moment: the recorded person's ``pose`` and ``lids``; ``number`` counts the
    pictures of the recording."""

    device: Device
    pose: Pose
    lids: float
    number: int


SLIGHTLY, STILL = Bend(LEAST_HALF_ANGLE), Video(TABLET, Pose(), 0.0, 0)


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment before the camera; ``portrait`` names whose face it is and is empty when nobody is there.

    ``lids`` is 0 for open and 1 for closed eyes, ``light`` the share of the usual light. ``bend`` is of a bent
    print, ``video`` what a screen plays.
    """

    subject: Subject
    portrait: str
    pose: Pose
    lids: float = 0.0
    companion: Companion | None = None
    phone: Phone | None = None
    light: float = 1.0
    bend: Bend = SLIGHTLY
    video: Video = STILL
    glasses: bool = False


RECORDING = Recording((FaceAction.TURN_LEFT, FaceAction.BLINK, FaceAction.TURN_RIGHT, FaceAction.NOD))
"""What the video on a screen shows."""

_USUALLY, _NOT_YET = Glide(USUAL_METRES, USUAL_METRES), Glide(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Visit:
    """Everything that goes when who is there goes. ``together`` and ``raised`` run from 0 to 1 and back."""

    subject: Subject
    portrait: str
    movement: Turn | Nod | None = None
    blink: Blink | None = None
    metres: Glide = _USUALLY
    companion: str = ""
    together: Glide = _NOT_YET
    phone: str = ""
    yaw: Glide = _NOT_YET
    pitch: Glide = _NOT_YET
    bend: Bend = SLIGHTLY
    device: Device | None = None
    played: float = 0.0
    raised: Glide = _NOT_YET


class World:
    """Holds who is there and how they move. Verbs may come from any thread; times are seconds of one steady clock.

    Verbs raise ``ValueError`` for what who is there cannot do.
    """

    def __init__(self, portrait: str = "") -> None:
        self._lock = threading.Lock()
        self._visit = _Visit(Subject.PERSON if portrait else Subject.NOBODY, portrait)
        self._light = 1.0

    def person(self, portrait: str) -> None:
        """A living person comes before the camera, alone and with empty hands."""
        self._receive(_Visit(Subject.PERSON, portrait))

    def photo(self, portrait: str) -> None:
        """A hand holds a paper print of the person before the camera."""
        self._receive(_Visit(Subject.PHOTO, portrait))

    def bent(self, portrait: str, half_angle: float, axis: float) -> None:
        """A hand holds a bent print: degrees of the cylinder to both sides of the face, of its axis from upright."""
        _require(
            LEAST_HALF_ANGLE <= half_angle <= MOST_HALF_ANGLE,
            f"half_angle must be {LEAST_HALF_ANGLE} to {MOST_HALF_ANGLE}",
        )
        _require(-90 <= axis <= 90, "axis must be -90 to 90")
        self._receive(_Visit(Subject.BENT, portrait, bend=Bend(half_angle, axis)))

    def screen(self, portrait: str, device: Device, now: float) -> None:
        """A hand holds a screen that plays a video of the person again and again."""
        self._receive(_Visit(Subject.SCREEN, portrait, device=device, played=now))

    def nobody(self) -> None:
        self._receive(_Visit(Subject.NOBODY, ""))

    def turn(self, side: Side, degrees: float, seconds: float, now: float) -> None:
        """Head or print turns towards ``side`` and back; ends a nod."""
        with self._lock:
            _require(self._visit.subject is not Subject.NOBODY, "nobody is there to turn")
            most = MOST_DEGREES[self._visit.subject.value]
            _require(0 < degrees <= most, f"degrees must be above 0 and at most {most}")
            _require(0.2 <= seconds <= 60, "seconds must be 0.2 to 60")
            self._visit = replace(self._visit, movement=Turn(side, degrees, now, seconds))

    def nod(self, degrees: float, seconds: float, now: float) -> None:
        """Head or print goes down and back up; ends a turn."""
        with self._lock:
            _require(self._visit.subject is not Subject.NOBODY, "nobody is there to nod")
            _require(0 < degrees <= MOST_NOD_DEGREES, f"degrees must be above 0 and at most {MOST_NOD_DEGREES}")
            _require(0.2 <= seconds <= 60, "seconds must be 0.2 to 60")
            self._visit = replace(self._visit, movement=Nod(degrees, now, seconds))

    def blink(self, times: int, seconds: float, now: float) -> None:
        """Both eyes close and open ``times`` times in ``seconds``."""
        with self._lock:
            self._require_person("blink")
            _require(1 <= times <= MOST_BLINKS, f"times must be 1 to {MOST_BLINKS}")
            _require(
                times * QUICKEST_BLINK_S <= seconds <= 60, f"seconds must be {QUICKEST_BLINK_S} for each time to 60"
            )
            self._visit = replace(self._visit, blink=Blink(times, now, seconds))

    def look(self, yaw: float, pitch: float, seconds: float, now: float) -> None:
        """Head or print goes smoothly to ``yaw`` and ``pitch`` and stays there, whatever else moves it."""
        with self._lock:
            _require(self._visit.subject is not Subject.NOBODY, "nobody is there to look")
            _require(abs(yaw) <= MOST_LOOK[0], f"yaw must be at most {MOST_LOOK[0]} degrees to either side")
            _require(abs(pitch) <= MOST_LOOK[1], f"pitch must be at most {MOST_LOOK[1]} degrees up or down")
            _require(0 <= seconds <= 60, "seconds must be 0 to 60")
            visit = self._visit
            self._visit = replace(
                visit, yaw=visit.yaw.onward(yaw, now, seconds), pitch=visit.pitch.onward(pitch, now, seconds)
            )

    def beside(self, portrait: str | None, now: float) -> None:
        """Another person steps beside the first, who makes room; None sees them off."""
        with self._lock:
            self._require_person("have company")
            _require(portrait != self._visit.portrait, f"{portrait} is there already")
            visit = self._visit
            together = visit.together.onward(0.0 if portrait is None else 1.0, now, _STEP_S)
            self._visit = replace(visit, companion=portrait or visit.companion, together=together)

    def distance(self, metres: float, seconds: float, now: float) -> None:
        """Who is there comes nearer or steps back until ``metres`` from the camera."""
        with self._lock:
            _require(self._visit.subject is not Subject.NOBODY, "nobody is there to come nearer")
            _require(
                NEAREST_METRES <= metres <= FURTHEST_METRES, f"metres must be {NEAREST_METRES} to {FURTHEST_METRES}"
            )
            _require(0 <= seconds <= 60, "seconds must be 0 to 60")
            self._visit = replace(self._visit, metres=self._visit.metres.onward(metres, now, seconds))

    def light(self, level: float) -> None:
        """The hall's light, 1 for the usual; whoever comes next finds it so."""
        _require(DARKEST <= level <= BRIGHTEST, f"level must be {DARKEST} to {BRIGHTEST}")
        with self._lock:
            self._light = level

    def phone(self, text: str | None, now: float) -> None:
        """The person holds a phone with a code of ``text`` before the camera; None puts it away."""
        with self._lock:
            self._require_person("hold a phone")
            _require(text != "", "a phone's code needs a text")
            visit = self._visit
            raised = visit.raised.onward(0.0 if text is None else 1.0, now, _STEP_S)
            self._visit = replace(visit, phone=text or visit.phone, raised=raised)

    def scene(self, at: float) -> Scene:
        with self._lock:
            visit, light = self._visit, self._light
        if visit.subject is Subject.NOBODY:
            return Scene(Subject.NOBODY, "", Pose(), light=light)
        still = standing(at) if visit.subject is Subject.PERSON else held_by_hand(at)
        nearer = Pose(scale=USUAL_METRES / visit.metres.value(at))
        moved = visit.movement.pose(at) if visit.movement else Pose()
        looking = Pose(yaw=visit.yaw.value(at), pitch=visit.pitch.value(at))
        together = visit.together.value(at)
        aside = Pose(dx=_APART[0] * together * nearer.scale)
        return Scene(
            visit.subject,
            visit.portrait,
            still + nearer + moved + looking + aside,
            visit.blink.lids(at) if visit.blink else 0.0,
            Companion(visit.companion, _beside(at, together, nearer)) if together > 0 else None,
            Phone(visit.phone, _in_hand(at, visit.raised.value(at))) if visit.raised.value(at) > 0 else None,
            light,
            visit.bend,
            _playing(visit.device, at - visit.played) if visit.device else STILL,
        )

    def _receive(self, visit: _Visit) -> None:
        with self._lock:
            self._visit = visit

    def _require_person(self, what: str) -> None:
        _require(self._visit.subject is Subject.PERSON, f"no living person is there to {what}")


def _playing(device: Device, since: float) -> Video:
    moment = RECORDING.moment(since)
    return Video(device, moment.pose, moment.lids, moment.number)


def _beside(at: float, together: float, nearer: Pose) -> Pose:
    across = _APART[1] + _OUTSIDE * (1.0 - together)
    return standing(at + _ANOTHER_RHYTHM_S) + nearer + Pose(dx=across * nearer.scale, scale=_BEHIND)


def _in_hand(at: float, raised: float) -> Pose:
    return held_by_hand(at) + Pose(dy=420.0 * (1.0 - raised))


def _require(met: bool, otherwise: str) -> None:
    if not met:
        raise ValueError(otherwise)
