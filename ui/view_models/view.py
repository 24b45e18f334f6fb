"""What every page is derived from, beside the engine's state."""

import re
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.site import Site
from kiosk.flow.health import Health, closed_by
from kiosk.flow.session_state import SessionTimes
from ui.texts import Texts
from ui.view_models.local import Local

_TIME_RANGE = re.compile(r"\d{1,2}[:：]\d{2}\s*\S{1,2}\s*\d{1,2}[:：]\d{2}")


@dataclass(frozen=True, slots=True)
class View:
    """``elapsed_s`` counts from when the present step began; ``elder`` is the citizen's pace. The type size is that of
    ``texts``, which is the large one in black with large type too (黑底大字). ``slot``: a social-security card can be
    read too; ``scanner``: a code can be read beside the camera too; ``prints``: there is a printer with paper for one
    more paper at least."""

    texts: Texts
    local: Local
    site: Site
    times: SessionTimes
    now: datetime
    elapsed_s: float
    elder: bool
    slot: bool = False
    scanner: bool = False
    prints: bool = True

    @property
    def desk_hours(self) -> str:
        """The hall's own words, each time range kept on one line."""
        return _TIME_RANGE.sub(lambda found: "\u00a0".join(found[0].split()), self.site.desk_hours)

    def dated(self, head: str = "") -> str:
        """The head of a page with desk, hours or phones: of which day they are (数据日期), where they are the hall's
        own profile's; ``head`` where the settings speak."""
        as_of = self.site.as_of
        return head if as_of is None else self.texts("site.as_of", day=as_of.isoformat())

    def of_step(self, seconds: float) -> float:
        """A step's own waiting time at the citizen's pace."""
        return self.times.of_step(seconds, self.elder)

    def stretched(self, seconds: float) -> float:
        return seconds * (self.times.elder_factor if self.elder else 1.0)


def broken_device(health: Health | None) -> str | None:
    """The text key of the reason why the terminal cannot serve, None when it can (E-27, E-28)."""
    if health is None:
        return "closed.checking"
    closed = closed_by(health)
    return None if closed is None else f"closed.{closed}"
