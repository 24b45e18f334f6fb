"""From the engine's state to the one page that shows it. Pure: the same state and view give the same page."""

from typing import assert_never

from kiosk.flow.session_state import Attract, Serving, SessionState, Wiping
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirm_eligibility import (
    NOTICE_VERSION,
    Confirmation,
    Finished,
    Halt,
    Halted,
    NumberingCase,
    NumberingProof,
    OtherWay,
    ShowingResult,
)
from kiosk.ports.printer import NotPrinted, PrintUnknown
from kiosk.steps.ask_platform import AskingRoster, CheckingOutbox, OfferingOffline
from kiosk.steps.capture_face import Comparing, Cropping, StartingFace, Watching
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, DecodingPhoto
from kiosk.steps.rate import OfferingRating
from kiosk.steps.submit import Delivering, Storing
from kiosk.steps.take_things import Taking
from ui.view_models import (
    capture,
    full_notice,
    help,
    home,
    idle,
    language,
    leave,
    message,
    notice,
    other_way,
    paper_out,
    rating,
    read_card,
    result,
    review,
    take,
    unavailable,
    waiting,
)
from ui.view_models.local import Close, SidePage
from ui.view_models.page import PageProps
from ui.view_models.pages import PAGE_NAMES, props_class
from ui.view_models.view import View, broken_device

PAGES: dict[str, type[PageProps]] = {name: props_class(name) for name in PAGE_NAMES}


def step_of(state: SessionState[Confirmation]) -> tuple[object, ...]:
    """Equal as long as the citizen is at the same step and try; its clock starts anew when it changes."""
    phase = state.phase
    if not isinstance(phase, Serving):
        return (type(phase),)
    stage = phase.journey.stage
    return (state.number, type(stage), stage.attempt if isinstance(stage, AwaitingCard) else 0)


def derive(state: SessionState[Confirmation], view: View) -> PageProps:
    match state.phase:
        case Wiping():
            return waiting.derive_wipe(view)
        case Attract():
            return _side_page(state, view) or home.derive(state.health, view)
        case Serving(journey, _, warned_at):
            if warned_at is not None:
                return idle.derive(warned_at, _card_there(journey), view)
            return _side_page(state, view) or _step_page(journey, view)


def _side_page(state: SessionState[Confirmation], view: View) -> PageProps | None:
    serving = isinstance(state.phase, Serving)
    match view.local.page:
        case None:
            return None
        case SidePage.LANGUAGE:
            return language.derive(view)
        case SidePage.HELP:
            return help.derive(serving, view)
        case SidePage.LEAVE:
            return leave.derive(view) if serving else None
        case SidePage.FULL_NOTICE:
            return full_notice.derive(NOTICE_VERSION, view)
        case SidePage.UNAVAILABLE:
            reason = broken_device(state.health)
            return None if reason is None else unavailable.derive(reason, Close(), view)
        case SidePage.WAYS:
            return other_way.derive_side(view)
        case SidePage.NO_SLIP:
            receipt = state.phase.journey.facts.receipt if isinstance(state.phase, Serving) else None
            return None if receipt is None else paper_out.derive_missing(receipt, view)


def _step_page(journey: Confirmation, view: View) -> PageProps:
    stage, facts = journey.stage, journey.facts
    match stage:
        case ReadingNotice():
            return notice.derive(view)
        case AwaitingCard() | DecodingPhoto():
            return read_card.derive(stage, view)
        case AskingRoster() | CheckingOutbox():
            return waiting.derive("roster", 3, view)
        case OfferingOffline():
            assert facts.document is not None
            return message.derive_offline(facts.document, view)
        case ReviewingStatus(entry):
            assert facts.document is not None
            return review.derive(facts.document, entry, view)
        case StartingFace() | Watching():
            return capture.derive(stage, view)
        case Comparing() | Cropping():
            return waiting.derive("compare", 4, view)
        case NumberingCase() | NumberingProof():
            return waiting.derive("number", 5, view)
        case Storing() | Delivering():
            return waiting.derive("submit", 5, view)
        case ShowingResult(printing=NotPrinted() | PrintUnknown() as verdict):
            assert facts.receipt is not None
            return paper_out.derive(verdict, facts.receipt, view)
        case ShowingResult():
            return result.derive(stage, facts, view)
        case Taking():
            return take.derive(stage, journey.result, view)
        case OfferingRating():
            return rating.derive(view)
        case OtherWay():
            return other_way.derive(stage, view)
        case Halted(Halt.DEVICE_BROKEN):
            return unavailable.derive("closed.device", Pressed(Button.CONTINUE), view)
        case Halted(halt):
            return message.derive_halt(halt, view)
        case Finished():
            return waiting.derive_wipe(view)
        case _:
            assert_never(stage)


def _card_there(journey: Confirmation) -> bool:
    if isinstance(journey.stage, Taking):
        return journey.stage.card_there is not False
    return journey.facts.document is not None and not isinstance(journey.stage, OfferingRating)


_NAMES = {props: name for name, props in PAGES.items()}


def page_of(props: PageProps) -> str:
    return _NAMES[type(props)]
