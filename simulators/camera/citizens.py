"""The genuine before the camera: living citizens who do as asked, each stratum in its own way and light."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from simulators.camera.answering import Manner, Range
from simulators.camera.band import Band
from simulators.camera.light import under_light
from simulators.camera.performance import Performance, another
from simulators.camera.pose import Pose, standing
from simulators.camera.renderer import Renderer
from simulators.portraits import Image


@dataclass(frozen=True, slots=True)
class Stratum:
    """``scale`` is 1 at the usual distance; ``aside`` bounds to both sides how the head is held: degrees of yaw, pitch
    and roll, pixels across and down. ``tremor_deg`` is the swing of a head that trembles at 4 to 6 Hz."""

    manner: Manner = field(default_factory=Manner)
    light: Range = (1.0, 1.0)
    scale: Range = (0.95, 1.1)
    aside: tuple[float, float, float, float, float] = (2.0, 2.0, 1.5, 12.0, 6.0)
    tremor_deg: Range = (0.0, 0.0)
    glasses: bool = False


STRATA: Final = {
    "plain": Stratum(),
    "dim": Stratum(light=(0.15, 0.3)),
    "bright": Stratum(light=(1.8, 2.7)),
    "near": Stratum(scale=(1.25, 1.4)),
    "far": Stratum(scale=(0.83, 0.9)),
    "pose": Stratum(aside=(8.0, 6.0, 7.0, 60.0, 20.0)),
    "glasses": Stratum(glasses=True),
    "tremor": Stratum(tremor_deg=(0.6, 1.6)),
    "slow": Stratum(Manner(reaction_s=(2.8, 3.2), turn_s=(3.5, 5.0), nod_s=(3.0, 4.5), blinks_s=(2.4, 3.2))),
    "no-blink": Stratum(Manner(blink_every_s=None)),
    "small-turn": Stratum(Manner(turn_deg=(13.0, 15.0))),
}


class Citizen(Performance):
    def __init__(self, renderer: Renderer, random: random.Random, stratum: Stratum, victim: str = "") -> None:
        super().__init__(renderer, random, stratum.manner, victim)
        self._light = random.uniform(*stratum.light)
        self._glasses = stratum.glasses
        yaw, pitch, roll, dx, dy = (random.uniform(-most, most) for most in stratum.aside)
        self._rest = Pose(yaw, pitch, roll, dx, dy, random.uniform(*stratum.scale))
        self._tremor = random.uniform(*stratum.tremor_deg)
        self._tremor_hz = random.uniform(4.0, 6.0)

    def _seen(self, at: float, band: Band) -> Image:
        behind = self._renderer.hall(band)
        lids = self._answering.lids(at)
        seen = self._renderer.person(self.portrait, self._pose(at), lids, behind, band, self._glasses)
        return under_light(seen, self._light) if band is Band.VISIBLE else seen

    def _pose(self, at: float) -> Pose:
        return standing(self._since + at) + self._rest + self._trembling(at) + self._answering.pose(at)

    def _trembling(self, at: float) -> Pose:
        phase = 2 * math.pi * self._tremor_hz * at
        return Pose(yaw=self._tremor * math.sin(phase), pitch=0.5 * self._tremor * math.sin(phase + 1.0))


class OtherPerson(Citizen):
    """Obeys everything, with somebody else's card on the reader."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, STRATA["plain"])
        self.portrait = another(self.victim, random)
        renderer.prepare(self.portrait)


def citizen_of(stratum: Stratum) -> Callable[[Renderer, random.Random], Citizen]:
    return lambda renderer, random: Citizen(renderer, random, stratum)
