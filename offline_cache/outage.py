"""How the way to the platform stands, and what may be sent by it. Pure; the row that holds it outlives a restart.

Times are wall time in seconds since 1970. A clock that was set back never makes anything wait longer than the longest
pause: a time further ahead than that counts as come.
"""

from dataclasses import dataclass
from enum import Enum


class LinkPhase(Enum):
    """OPEN: records go. DOWN: the platform does not answer, at ``until`` it is asked again. ASKED: it asked not to be
    asked before ``until`` (Retry-After). RETURNING: it answers, or the terminal has just started; records go from
    ``until`` on, a moment drawn at random, so that a street that gets its power or its line back does not come at
    once."""

    OPEN = "open"
    DOWN = "down"
    ASKED = "asked"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Link:
    """``since`` is when the phase began to be another one than OPEN, ``probes`` how often the platform was found
    silent, ``reason`` its stable word."""

    phase: LinkPhase
    since: float
    until: float
    probes: int = 0
    reason: str = ""


OPEN = Link(LinkPhase.OPEN, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds. ``window_s`` is the width of the random start, ``asked_cap_s`` the longest that is waited because the
    platform asked for it."""

    first_s: float
    cap_s: float
    window_s: float
    asked_cap_s: float

    @property
    def horizon_s(self) -> float:
        """Nothing is ever put off further than this."""
        return max(self.cap_s, self.window_s, 2 * self.asked_cap_s)


class Move(Enum):
    """What the pump does now."""

    WAIT = "wait"
    PROBE = "probe"
    SEND = "send"


def pause_s(tries: int, first_s: float, cap_s: float, jitter: float) -> float:
    """Seconds after ``tries`` of them: a random part (``jitter``, 0 to 1) of a pause that doubles up to the cap."""
    return jitter * min(cap_s, first_s * 2.0 ** min(tries - 1, 32))


def next_move(link: Link, now: float, pauses: Pauses) -> Move:
    if now < link.until <= now + pauses.horizon_s:
        return Move.WAIT
    return Move.PROBE if link.phase is LinkPhase.DOWN else Move.SEND


def may_try(link: Link, now: float, pauses: Pauses) -> bool:
    """Whether a record may be tried for a citizen who waits: whenever the platform has not asked for quiet."""
    return link.phase is not LinkPhase.ASKED or next_move(link, now, pauses) is Move.SEND


def on_start(link: Link, now: float, pauses: Pauses, jitter: float) -> Link:
    """A start draws its moment, unless one drawn before, or an outage, still stands."""
    if next_move(link, now, pauses) is Move.WAIT or link.phase is LinkPhase.DOWN:
        return link
    return _returning(link, now, pauses, jitter)


def on_silence(link: Link, now: float, pauses: Pauses, jitter: float, reason: str) -> Link:
    """The platform did not answer."""
    probes = link.probes + 1 if link.phase is LinkPhase.DOWN else 1
    until = now + pause_s(probes, pauses.first_s, pauses.cap_s, jitter)
    return Link(LinkPhase.DOWN, _since(link, now), until, probes, reason)


def on_asked(link: Link, now: float, pauses: Pauses, jitter: float, seconds: float, reason: str) -> Link:
    """The platform asked for ``seconds`` of quiet. All terminals hear the same figure: each adds a part of its own."""
    asked_s = min(max(seconds, 0.0), pauses.asked_cap_s)
    until = now + asked_s + jitter * min(pauses.window_s, asked_s)
    return Link(LinkPhase.ASKED, _since(link, now), until, link.probes, reason)


def on_answer(link: Link, now: float, pauses: Pauses, jitter: float) -> Link:
    """A platform that was silent answers again."""
    return _returning(link, now, pauses, jitter)


def _returning(link: Link, now: float, pauses: Pauses, jitter: float) -> Link:
    return Link(LinkPhase.RETURNING, _since(link, now), now + jitter * pauses.window_s, 0, link.reason)


def _since(link: Link, now: float) -> float:
    return now if link.phase is LinkPhase.OPEN else link.since
