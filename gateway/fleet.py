"""How a terminal stands, judged by what was last heard of it: which are silent, for how long, and why. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from kiosk.ports.fleet_status import TerminalStatus

SILENT_S = 300.0
"""From so many seconds without a sign of life a terminal is silent."""

CLOCK_OFF_S = 60
"""A terminal whose clock is further off may not sign (E-28)."""

LITTLE_DISK_MB = 512
OLD_RECORD_S = 24 * 3600


class Level(IntEnum):
    """The worst first."""

    RED = 0
    YELLOW = 1
    GREEN = 2


class Silence(Enum):
    """Why nothing is heard: the broker lost the connection; it holds the connection, and no heartbeat comes; the
    terminal is registered, and nothing ever came; it said goodbye."""

    LOST = "lost"
    MISSED = "heartbeat-missed"
    NEVER = "never-seen"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True)
class LastHeard:
    """Times are the gateway's. ``clock_off_s``: how far the terminal's clock was behind."""

    heard_at: datetime | None
    presence: str | None
    presence_at: datetime | None
    status: TerminalStatus | None
    clock_off_s: int | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether the gateway hears the broker: since when, or None and by what it is kept from it."""

    since: datetime | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """``word`` is a stable word: well, closed, trouble, unsure, or the silence's own. ``silence`` is None while the
    terminal is heard, or as long as nobody can say; ``silent_s`` are the seconds since its last sign of life."""

    level: Level
    word: str
    silence: Silence | None = None
    silent_s: float | None = None


def standing(last: LastHeard | None, hearing: Hearing, now: datetime, silent_s: float = SILENT_S) -> Standing:
    """``last`` None: nothing ever came of this registered terminal."""
    if last is None or (last.heard_at is None and last.presence is None):
        return _silent(Silence.NEVER, None) if _surely(hearing, now, silent_s) else Standing(Level.YELLOW, "unsure")
    quiet_s = None if last.heard_at is None else (now - last.heard_at).total_seconds()
    if quiet_s is not None and quiet_s < silent_s:
        return _heard(last, quiet_s)
    if hearing.since is not None and last.presence == "goodbye":
        return _silent(Silence.GOODBYE, quiet_s)
    if hearing.since is not None and last.presence == "lost":
        return _silent(Silence.LOST, quiet_s)
    if _surely(hearing, now, silent_s):
        return _silent(Silence.MISSED, quiet_s)
    return Standing(Level.YELLOW, "unsure", silent_s=quiet_s)


def troubles(status: TerminalStatus, clock_off_s: int | None) -> tuple[str, ...]:
    """Stable words for what a technician should see to, beside devices that are not well."""
    queue = status.queue
    known = (
        (queue is None, "storage"),
        (queue is not None and queue.dead > 0, "dead-records"),
        (queue is not None and (queue.oldest_s or 0) > OLD_RECORD_S, "old-records"),
        (status.paper == "media-low", "paper-low"),
        (status.disk_free_mb < LITTLE_DISK_MB, "little-disk"),
        (clock_off_s is not None and abs(clock_off_s) > CLOCK_OFF_S, "clock"),
    )
    return tuple(word for found, word in known if found)


def _heard(last: LastHeard, quiet_s: float) -> Standing:
    """Within the time in which a terminal is not called silent yet."""
    if last.presence == "goodbye":
        return Standing(Level.YELLOW, Silence.GOODBYE.value, silent_s=quiet_s)
    if last.presence == "lost":
        return Standing(Level.YELLOW, "just-lost", silent_s=quiet_s)
    status = last.status
    if status is None:
        return Standing(Level.YELLOW, "unsure", silent_s=quiet_s)
    if status.closed_by is not None:
        return Standing(Level.YELLOW, "closed", silent_s=quiet_s)
    if troubles(status, last.clock_off_s) or not all(device.ok for device in status.devices):
        return Standing(Level.YELLOW, "trouble", silent_s=quiet_s)
    return Standing(Level.GREEN, "well", silent_s=quiet_s)


def _silent(why: Silence, quiet_s: float | None) -> Standing:
    """Who said goodbye is not missed."""
    return Standing(Level.YELLOW if why is Silence.GOODBYE else Level.RED, why.value, why, quiet_s)


def _surely(hearing: Hearing, now: datetime, silent_s: float) -> bool:
    """A gateway that came to its broker just now has not waited for a heartbeat yet."""
    return hearing.since is not None and (now - hearing.since).total_seconds() >= silent_s
