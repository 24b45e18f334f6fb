"""What every page is derived from, beside the engine's state."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.site import Site
from kiosk.flow.health import Health, closed_by
from kiosk.flow.session_state import SessionTimes
from ui.texts import Texts
from ui.view_models.local import Local


@dataclass(frozen=True, slots=True)
class View:
    """``elapsed_s`` counts from when the present step began; ``elder`` is the citizen's pace and type size."""

    texts: Texts
    local: Local
    site: Site
    times: SessionTimes
    now: datetime
    elapsed_s: float
    elder: bool

    def stretched(self, seconds: float) -> float:
        return seconds * (self.times.elder_factor if self.elder else 1.0)


def broken_device(health: Health | None) -> str | None:
    """The text key of the reason why the terminal cannot serve, None when it can (E-27, E-28)."""
    if health is None:
        return "closed.checking"
    closed = closed_by(health)
    return None if closed is None else f"closed.{closed}"
