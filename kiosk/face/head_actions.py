"""Actions of the head: it goes where it is asked to, with the parallax of a head, and comes back.

A turn, a nod and every place of the dot are the same thing, a way for the nose: to one side, down, or towards the dot.
"""

from dataclasses import dataclass, field, replace
from math import cos, hypot, pi, sin
from random import Random

from kiosk.domain.face import FaceAction, FaceObservation
from kiosk.face.geometry import FaceShape, Movement
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Hint

Way = tuple[float, float]
"""Where the nose goes on the un-mirrored picture: x to the right, y down, of length 1."""

_ONE_WAY: dict[FaceAction, Way] = {
    FaceAction.TURN_LEFT: (1.0, 0.0),
    FaceAction.TURN_RIGHT: (-1.0, 0.0),
    FaceAction.NOD: (0.0, 1.0),
}


def ways_of(action: FaceAction, settings: FaceSettings, seed: int) -> tuple[Way, ...]:
    """One for a turn or a nod; for the dot so many places as the settings say, each a quarter of a circle or more from
    the one before and none straight up, where spectacles mirror the lamps."""
    if action is not FaceAction.FOLLOW_DOT:
        return (_ONE_WAY[action],)
    random, places = Random(seed), list(range(_PLACES))
    ways = [random.choice([place for place in places if place not in _UPWARDS])]
    while len(ways) < settings.dot_places:
        apart = [place for place in places if place not in _UPWARDS and _apart(place, ways[-1]) >= _PLACES // 4]
        ways.append(random.choice(apart))
    return tuple((cos(2 * pi * place / _PLACES), sin(2 * pi * place / _PLACES)) for place in ways)


def _apart(one: int, other: int) -> int:
    """Places between them on the shorter way round."""
    return min((one - other) % _PLACES, (other - one) % _PLACES)


_PLACES = 8
_UPWARDS = frozenset({6})


@dataclass(frozen=True, slots=True)
class Look:
    """One frame within an action."""

    observation: FaceObservation
    shape: FaceShape
    moved: Movement

    @property
    def away(self) -> float:
        """How far the nose is from where it was at the beginning, in eye distances."""
        return hypot(self.moved.shift, self.moved.sink)


@dataclass(frozen=True, slots=True)
class Peaks:
    """The figures of the movement at its furthest, for the evidence."""

    shift: float = 0.0
    residual: float = 0.0
    witness: int = 0


@dataclass(frozen=True, slots=True)
class HeadWatch:
    """Feed ``seen`` every frame. ``reached`` counts the ways gone; ``asked_at`` is since when the next one is asked."""

    action: FaceAction
    ways: tuple[Way, ...]
    settings: FaceSettings
    asked_at: float
    reached: int = 0
    peaks: tuple[Peaks, ...] = ()
    wrong_way: int = 0
    early: int = 0
    hasty: bool = False
    share: float = 0.0
    _in_row: int = 0
    _relief: float = 0.0
    _due: float = 0.0
    _rest_needed: bool = False
    _centred_since: float | None = None
    _at: float = 0.0
    _peak: Peaks = field(default_factory=Peaks)

    @property
    def back(self) -> bool:
        """All ways gone, and the face has been at the centre again for a moment."""
        since = self._centred_since
        return self.gone and since is not None and self._at - since >= self.settings.centre_hold_s

    @property
    def gone(self) -> bool:
        return self.reached == len(self.ways)

    @property
    def solidity(self) -> float:
        """Relief seen by relief due, over all the frames in which the head was on its way: 0.8 to 1 for heads, at most
        0.72 for sheets bent to a tube, near 0 for flat ones."""
        return self._relief / self._due if self._due else 0.0

    @property
    def progress(self) -> float:
        return min(1.0, (self.reached + self.share * (not self.gone)) / len(self.ways))

    @property
    def hint(self) -> Hint | None:
        if self.gone:
            return Hint.BACK_TO_CENTRE
        if self._rest_needed:
            return Hint.OTHER_SIDE if self._centred_since is not None else Hint.BACK_TO_CENTRE
        return Hint.SLOWER if self.hasty else None

    @property
    def dot(self) -> Way | None:
        """Where the dot stands on the citizen's mirrored picture; in the middle once all its places were followed."""
        if self.action is not FaceAction.FOLLOW_DOT:
            return None
        if self.gone:
            return 0.0, 0.0
        x, y = self.ways[self.reached]
        return -x, y

    def seen(self, look: Look) -> "HeadWatch":
        watch = self._centre(look)
        return watch if watch.gone else watch._judged(look)

    def _centre(self, look: Look) -> "HeadWatch":
        at = look.observation.at
        if look.away > self.settings.centre_shift:
            return replace(self, _at=at, _centred_since=None)
        since = at if self._centred_since is None else self._centred_since
        rested = self._rest_needed and at - since >= self.settings.wrong_way_rest_s
        return replace(self, _at=at, _centred_since=since, _rest_needed=self._rest_needed and not rested)

    def _judged(self, look: Look) -> "HeadWatch":
        way = self.ways[self.reached]
        asked = _along(way, look.moved.shift, look.moved.sink)
        reach = self._reach
        watch = replace(self._weighed(look), share=min(1.0, max(0.0, asked) / reach))
        if self._went_early(look, asked):
            return replace(watch, early=self.early + 1, _rest_needed=True, _in_row=0)
        moved = head_moved(look.moved, way, self.settings, reach)
        if self._one_way and (moved and asked < 0):
            return replace(watch, wrong_way=self.wrong_way + (not self._rest_needed), _rest_needed=True, _in_row=0)
        solid = watch.solidity >= self.settings.solidity
        if not (moved and solid) or asked < reach or self._rest_needed:
            hasty = self.hasty or (self._one_way and self._in_row > 0)
            return replace(watch, _in_row=0, hasty=hasty and not self._rest_needed)
        return watch._counted(look, asked)

    def _weighed(self, look: Look) -> "HeadWatch":
        """Large movements weigh more: near the centre both figures are noise."""
        if look.away < self.settings.solid_from:
            return self
        weight = look.away
        return replace(
            self, _relief=self._relief + weight * look.moved.relief, _due=self._due + weight * look.moved.due
        )

    def _counted(self, look: Look, asked: float) -> "HeadWatch":
        peak, moved = self._peak, look.moved
        if asked > peak.shift:
            peak = Peaks(asked, moved.residual, look.observation.sequence)
        in_row = self._in_row + 1
        if in_row < self.settings.turn_frames:
            return replace(self, _in_row=in_row, _peak=peak)
        return replace(
            self,
            reached=self.reached + 1,
            peaks=(*self.peaks, peak),
            share=0.0,
            hasty=False,
            asked_at=look.observation.at,
            _in_row=0,
            _peak=Peaks(),
        )

    def _went_early(self, look: Look, asked: float) -> bool:
        """Under way before anybody could have answered."""
        soon = look.observation.at - self.asked_at < self.settings.reaction_s
        return self._one_way and soon and not self._rest_needed and asked > self.settings.centre_shift

    @property
    def _one_way(self) -> bool:
        return self.action is not FaceAction.FOLLOW_DOT

    @property
    def _reach(self) -> float:
        match self.action:
            case FaceAction.NOD:
                return self.settings.nod_shift
            case FaceAction.FOLLOW_DOT:
                return self.settings.dot_shift
            case _:
                return self.settings.turn_shift


def head_moved(moved: Movement, way: Way, settings: FaceSettings, reach: float) -> bool:
    """Nose, mesh and parallax agree that a head moved along the line of ``way``, to either end of it."""
    along = _along(way, moved.shift, moved.sink)
    turned = _along(way, moved.yaw, moved.pitch)
    share = reach / settings.turn_shift
    nose = abs(along) >= reach and abs(along) >= settings.dot_cosine * hypot(moved.shift, moved.sink)
    mesh = abs(turned) >= share * settings.turn_yaw_deg and turned * along > 0
    return nose and mesh and moved.residual >= share * settings.turn_residual


def _along(way: Way, x: float, y: float) -> float:
    return way[0] * x + way[1] * y
