"""The way out that every page offers: what else can be done than here, on the screen and on paper, and back (E-29)."""

from dataclasses import replace
from datetime import datetime

from kiosk.documents.slips import ways_slip
from kiosk.domain.case import Outcome
from kiosk.domain.site import Site
from kiosk.flow.commands import StopFace, StopReading
from kiosk.flow.events import Event
from kiosk.flow.machine import Ending, Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation.moves import Move, go, leave, stay, take
from kiosk.journeys.confirmation.stages import Confirmation, OtherWay
from kiosk.steps import ask_platform, capture_face, confirm_self, consent, identify, print_paper, show_code


def begin(state: Confirmation) -> Move:
    """From any stage the citizen may come back to; elsewhere nothing changes."""
    stage = state.stage
    match stage:
        case identify.AwaitingCard() | identify.ChoosingIdentity():
            return Transition(replace(state, stage=OtherWay(stage)), (StopReading(),))
        case show_code.AwaitingCode() | capture_face.ChoosingAction():
            return Transition(replace(state, stage=OtherWay(stage)), (StopFace(),))
        case capture_face.StartingFace() | capture_face.Watching():
            back = stage if capture_face.may_resume(stage) else None
            return Transition(replace(state, stage=OtherWay(back)), (StopFace(),))
        case consent.ReadingNotice() | confirm_self.ReviewingStatus() | ask_platform.OfferingOffline():
            return go(state, OtherWay(stage))
        case _:
            return Transition(state)


def advance(site: Site, state: Confirmation, stage: OtherWay, event: Event, at: datetime) -> Move:
    printing = stage.printing
    match event:
        case Pressed(Button.BACK) if printing is None or not isinstance(printing, print_paper.Printing):
            return _back(state, stage)
        case Pressed(Button.PRINT_SLIP) if printing is None:
            begun = print_paper.begin(ways_slip(site, at), f"ways-{state.facts.key[:8]}")
            return begun.into(lambda now: replace(state, stage=replace(stage, printing=now)))
        case Pressed(Button.CONTINUE):
            return leave(state, Ending(Outcome.CANCELLED, "other-way"))
    if printing is None:
        return Transition(state)
    move = print_paper.advance(site, printing, event, at)
    if isinstance(move.state, print_paper.OnPaper) and not isinstance(printing, print_paper.OnPaper):
        return take(replace(state, leaving=Ending(Outcome.CANCELLED, "other-way")), True, move)
    return stay(state, replace(stage, printing=move.state), move)


def _back(state: Confirmation, stage: OtherWay) -> Move:
    match stage.back:
        case identify.AwaitingCard():
            return identify.begin().into(lambda again: replace(state, stage=again))
        case identify.ChoosingIdentity(trouble):
            return identify.offer_others(trouble).into(lambda again: replace(state, stage=again))
        case show_code.AwaitingCode(offered=offered):
            return show_code.begin(offered).into(lambda again: replace(state, stage=again))
        case capture_face.StartingFace() | capture_face.Watching() as left:
            return capture_face.resume(left).into(lambda again: replace(state, stage=again))
        case None:
            return Transition(state)
        case back:
            return go(state, back)
