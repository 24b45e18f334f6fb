"""What is noticed beside the asked actions: signs of a print, a screen, a stopped or looping feed, an empty infrared
picture. None of them asks anything of the citizen."""

from dataclasses import dataclass, field, replace
from math import hypot
from statistics import median

from kiosk.domain.face import FaceObservation
from kiosk.face.geometry import FaceShape, Movement
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProvenReason

_STILL_PX = 0.5
"""The mesh looks where it saw the face last and settles by fractions of a pixel on the very same picture."""


@dataclass(frozen=True, slots=True)
class Sway:
    """How far the head goes along with what moves beside it: sums of a regression in pixels."""

    beside: float = 0.0
    both: float = 0.0

    def with_step(self, face: tuple[float, float], beside: tuple[float, float]) -> "Sway":
        return Sway(
            self.beside + beside[0] ** 2 + beside[1] ** 2,
            self.both + face[0] * beside[0] + face[1] * beside[1],
        )

    def together(self, settings: FaceSettings) -> float:
        """1: face and surroundings move as one, 0: each for itself. 0 while too little has moved to tell."""
        return self.both / self.beside if self.beside >= settings.backdrop_movement_px2 else 0.0


@dataclass(frozen=True, slots=True)
class Passive:
    """Everything noticed so far, over all tries."""

    settings: FaceSettings
    frames: int = 0
    two_faces: int = 0
    second_faces: int = 0
    crowded: bool = False
    eye_distance: float = 0.0
    flat_s: float = 0.0
    flat_stretch: float = 0.0
    frozen: int = 0
    frozen_most: int = 0
    repeated: int = 0
    moire: tuple[float, ...] = ()
    bezel: tuple[float, ...] = ()
    advice: tuple[float, ...] = ()
    sway: Sway = Sway()
    moving: int = 0
    stalled: int = 0
    infrared: int = 0
    infrared_alive: int = 0
    _last: FaceShape | None = field(repr=False, default=None)
    _steps: tuple[float, float] = (0.0, 0.0)

    def seen(self, observation: FaceObservation, shape: FaceShape | None) -> "Passive":
        """After one more frame."""
        passive = self._counted(observation, shape)._feed(observation, shape)._pictures(observation)
        if shape is not None and self._last is not None:
            passive = passive._swayed(observation, self._last, shape)._paced(self._last, shape)
        return replace(passive, _last=shape)

    def flat(self, moved: Movement, seconds: float) -> "Passive":
        """Moved as a plane for these ``seconds``."""
        return replace(self, flat_s=self.flat_s + seconds, flat_stretch=max(self.flat_stretch, moved.stretch))

    def verdict(self) -> NotProvenReason | None:
        """What cannot be a living person before a camera, whatever else is seen."""
        settings = self.settings
        if self.frozen_most >= settings.frozen_frames:
            return NotProvenReason.FROZEN
        if self.repeated >= settings.frozen_frames:
            return NotProvenReason.REPEATED
        if self.infrared >= settings.infrared_frames and self.infrared_alive < self.infrared / 2:
            return NotProvenReason.NO_INFRARED
        if len(self.screen_signs()) >= settings.screen_signs:
            return NotProvenReason.SCREEN
        return None

    def screen_signs(self) -> tuple[str, ...]:
        """Each may have an innocent cause; two together are a screen or something else held before the camera."""
        settings = self.settings
        signs = {
            "moire": _usually(self.moire, settings.moire, settings),
            "bezel": _usually(self.bezel, settings.bezel, settings),
            "backdrop": self.sway.together(settings) >= settings.backdrop_together,
            "beat": self.beat >= settings.beat,
        }
        return tuple(name for name, seen in signs.items() if seen)

    @property
    def beat(self) -> float:
        """Share of a movement's frames in which the face stood still between two that moved: a video's own rate seen
        at the camera's."""
        return self.stalled / self.moving if self.moving >= self.settings.beat_frames else 0.0

    def figures(self) -> dict[str, float]:
        return {
            "frames": float(self.frames),
            "frames_with_two_faces": float(self.two_faces),
            "second_faces": float(self.second_faces),
            "eye_distance_px": self.eye_distance,
            "flat_seconds": self.flat_s,
            "flat_stretch": self.flat_stretch,
            "frozen": float(self.frozen_most),
            "repeated": float(self.repeated),
            "moire": _middle(self.moire),
            "bezel": _middle(self.bezel),
            "backdrop_together": self.sway.together(self.settings),
            "beat": self.beat,
            **({"advice": _middle(self.advice)} if self.advice else {}),
            **({"infrared": self.infrared_alive / self.infrared} if self.infrared else {}),
        }

    def _counted(self, observation: FaceObservation, shape: FaceShape | None) -> "Passive":
        crowded = observation.faces > 1
        return replace(
            self,
            frames=self.frames + 1,
            two_faces=self.two_faces + crowded,
            second_faces=self.second_faces + (crowded and not self.crowded),
            crowded=crowded,
            eye_distance=self.eye_distance if shape is None else shape.eye_distance,
        )

    def _feed(self, observation: FaceObservation, shape: FaceShape | None) -> "Passive":
        """Pixels that came before: standing still when the face did not move either, else a loop."""
        if shape is None or not observation.traits.repeated:
            return replace(self, frozen=0)
        still = self._last is None or hypot(*_step(self._last, shape)) < _STILL_PX
        if not still:
            return replace(self, frozen=0, repeated=self.repeated + 1)
        return replace(self, frozen=self.frozen + 1, frozen_most=max(self.frozen_most, self.frozen + 1))

    def _pictures(self, observation: FaceObservation) -> "Passive":
        traits, look = observation.traits, observation.infrared
        alive = look is not None and look.face and look.texture >= self.settings.infrared_texture
        return replace(
            self,
            moire=_with(self.moire, traits.moire),
            bezel=_with(self.bezel, traits.bezel),
            advice=_with(self.advice, traits.advice),
            infrared=self.infrared + (look is not None and observation.landmarks is not None),
            infrared_alive=self.infrared_alive + (alive and observation.landmarks is not None),
        )

    def _swayed(self, observation: FaceObservation, last: FaceShape, shape: FaceShape) -> "Passive":
        beside, step = observation.traits.backdrop, _step(last, shape)
        near = max(abs(step[0]), abs(step[1])) <= self.settings.max_jump * last.eye_distance
        return self if beside is None or not near else replace(self, sway=self.sway.with_step(step, beside))

    def _paced(self, last: FaceShape, shape: FaceShape) -> "Passive":
        step = hypot(shape.nose - last.nose, shape.drop - last.drop)
        first, second = self._steps
        around = (first + step) / 2
        moving = min(first, step) >= self.settings.beat_step
        stalled = moving and second <= self.settings.beat_still * around
        return replace(self, _steps=(second, step), moving=self.moving + moving, stalled=self.stalled + stalled)


def _step(last: FaceShape, shape: FaceShape) -> tuple[float, float]:
    (x, y), (last_x, last_y) = shape.centre, last.centre
    return x - last_x, y - last_y


def _with(values: tuple[float, ...], value: float | None) -> tuple[float, ...]:
    return values if value is None else (*values, value)


def _usually(values: tuple[float, ...], limit: float, settings: FaceSettings) -> bool:
    """At least half of enough looks."""
    return len(values) >= settings.screen_looks and _middle(values) >= limit


def _middle(values: tuple[float, ...]) -> float:
    return float(median(values)) if values else 0.0
