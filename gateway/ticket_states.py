"""The states of a ticket and the steps between them: pure."""

from enum import Enum


class TicketState(Enum):
    """已受理, 已交办, 已答复, 已办结."""

    ACCEPTED = "ACCEPTED"
    ASSIGNED = "ASSIGNED"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


class TicketOrigin(Enum):
    """What it came of. LOW_RATING: a grade of 2 or 1 (差评, domain.md 2.1); HOTLINE: 12345; DESK: told to staff."""

    LOW_RATING = "LOW_RATING"
    HOTLINE = "HOTLINE"
    DESK = "DESK"


_NEXT = {
    TicketState.ACCEPTED: frozenset({TicketState.ASSIGNED}),
    TicketState.ASSIGNED: frozenset({TicketState.ASSIGNED, TicketState.ANSWERED}),
    TicketState.ANSWERED: frozenset({TicketState.ASSIGNED, TicketState.CLOSED}),
    TicketState.CLOSED: frozenset[TicketState](),
}


def may_become(state: TicketState, wanted: TicketState) -> bool:
    """Nothing is closed without an answer; an answer that does not satisfy is assigned again."""
    return wanted in _NEXT[state]
