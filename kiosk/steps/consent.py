"""Step: the notice about the face, and the citizen's free choice (domain.md 5.1 step 2, E-29)."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.case import Consent
from kiosk.flow.events import Event
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed


@dataclass(frozen=True, slots=True)
class ReadingNotice:
    """The notice of text version ``version`` stands on the screen."""

    version: str


@dataclass(frozen=True, slots=True)
class Consented:
    consent: Consent


def begin(version: str) -> Transition[ReadingNotice]:
    return Transition(ReadingNotice(version))


def advance(state: ReadingNotice, event: Event, at: datetime) -> Transition[ReadingNotice | Consented]:
    match event:
        case Pressed(Button.AGREE):
            return Transition(Consented(Consent(state.version, at)))
        case _:
            return Transition(state)
