"""Step: the citizen types the identity number, for a slip that a desk checks (E-01). A typed number proves nobody."""

from dataclasses import dataclass

from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, parse_citizen_number
from kiosk.flow.events import Event
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed, Typed


@dataclass(frozen=True, slots=True)
class TypingNumber:
    """``problem`` is what was wrong with what was sent last."""

    problem: NumberProblem | None = None


@dataclass(frozen=True, slots=True)
class NumberTyped:
    number: CitizenNumber


@dataclass(frozen=True, slots=True)
class TypingLeft:
    """Back to the other ways of saying who one is."""


def begin() -> Transition[TypingNumber]:
    return Transition(TypingNumber())


def advance(state: TypingNumber, event: Event) -> Transition[TypingNumber | NumberTyped | TypingLeft]:
    match event:
        case Typed(text):
            number = parse_citizen_number(text)
            return Transition(NumberTyped(number) if isinstance(number, CitizenNumber) else TypingNumber(number))
        case Pressed(Button.BACK):
            return Transition(TypingLeft())
        case _:
            return Transition(state)
