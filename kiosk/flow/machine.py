"""The shape of every state machine here: a state and an event give a new state and commands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from kiosk.domain.case import Outcome
from kiosk.flow.commands import Command
from kiosk.flow.events import Event
from kiosk.flow.health import Health

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """Where a machine goes and what it asks for on the way, in order."""

    state: S
    commands: tuple[Command, ...] = ()

    def into(self, wrap: Callable[[S], T]) -> "Transition[T]":
        """The same commands with the state wrapped, as a journey does with its steps."""
        return Transition(wrap(self.state), self.commands)


@dataclass(frozen=True, slots=True)
class Ending:
    """A journey is over: with which outcome, and why in a stable word for the log."""

    outcome: Outcome
    reason: str


class Journey(Protocol[S]):
    """One thing a citizen does, from its first page to its last. Pure: no clock, no port, no Qt."""

    @property
    def code(self) -> str: ...

    def begin(self, key: str, at: datetime) -> Transition[S]:
        """``key`` is the session's permanent idempotency key."""

    def advance(self, state: S, event: Event, at: datetime) -> Transition[S]: ...

    def step(self, state: S) -> str:
        """A stable word for the log."""

    def ending(self, state: S) -> Ending | None:
        """Not None once nothing remains to be done but the wipe."""

    def so_far(self, state: S) -> Ending:
        """How the case stands if the citizen leaves now."""

    def needs(self, state: S) -> frozenset[str]:
        """The devices, by the log's names, without which what remains cannot be done (E-27). While one of them is lost
        the journey gets ``DeviceLost``."""

    def staffed(self, state: S) -> bool:
        """Whether the page waits for somebody of the staff, who may have to go to the desk meanwhile."""

    def closed_by(self, health: Health) -> str | None:
        """What keeps this journey from being begun now: the name of a device or ``clock``; None when nothing does."""
