"""The action of the eyes: two blinks on being asked."""

from dataclasses import dataclass, replace

from kiosk.face.blinks import BlinkWatch, OpenEyes
from kiosk.face.head_actions import Look
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Hint


@dataclass(frozen=True, slots=True)
class BlinkAction:
    """Feed ``seen`` every frame. Blinks under way before anybody could have answered do not count."""

    watch: BlinkWatch
    settings: FaceSettings
    asked_at: float
    _away: bool = False
    _at: float = 0.0

    @property
    def count(self) -> int:
        first = self.asked_at + self.settings.reaction_s
        return sum(blink.at >= first for blink in self.watch.blinks)

    @property
    def gone(self) -> bool:
        return self.count >= self.settings.blinks

    @property
    def back(self) -> bool:
        """Enough blinks, and the eyes have been open again for a moment."""
        if not self.gone:
            return False
        last = self.watch.blinks[-1]
        return self._at - last.at - last.seconds >= self.settings.centre_hold_s

    @property
    def progress(self) -> float:
        return min(1.0, self.count / self.settings.blinks)

    @property
    def hint(self) -> Hint | None:
        return Hint.LOOK_HERE if self._away else None

    @property
    def witnesses(self) -> tuple[int, ...]:
        """Frames right after the lids opened, eyes to the camera."""
        return tuple(blink.until for blink in self.watch.blinks[-1:])

    def seen(self, look: Look) -> "BlinkAction":
        away = look.away > self.settings.turn_shift
        return replace(self, watch=self.watch.seen(look.observation, look.shape), _away=away, _at=look.observation.at)


def begin_blinks(usual: OpenEyes, settings: FaceSettings, at: float) -> BlinkAction:
    return BlinkAction(BlinkWatch(usual, settings), settings, at)
