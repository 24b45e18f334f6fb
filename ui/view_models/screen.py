"""From the engine's state to the one page that shows it. Pure: the same state and view give the same page."""

from dataclasses import replace

from kiosk.flow.session_state import Attract, Serving, Wiping
from kiosk.journeys.confirmation.stages import NOTICE_VERSION, Confirmation
from kiosk.journeys.look_up_receipt import LookUp
from kiosk.journeys.request_home_visit import HomeVisit
from kiosk.journeys.states import JourneyState, TerminalState
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps.identify import AwaitingCard
from kiosk.steps.print_paper import AskingStaff, receipt_on
from kiosk.steps.rate import OfferingRating
from kiosk.steps.show_code import AwaitingCode
from kiosk.steps.take_things import Taking
from ui.view_models import (
    confirmation,
    devices,
    full_notice,
    help,
    home,
    home_visit,
    idle,
    keypad,
    language,
    leave,
    look_up,
    other_way,
    paper_out,
    unavailable,
    waiting,
)
from ui.view_models.local import Close, SidePage
from ui.view_models.page import PageProps
from ui.view_models.pages import PAGE_NAMES, props_class
from ui.view_models.view import View, broken_device

PAGES: dict[str, type[PageProps]] = {name: props_class(name) for name in PAGE_NAMES}


def step_of(state: TerminalState) -> tuple[object, ...]:
    """Equal as long as the citizen is at the same step and try; its clock starts anew when it changes."""
    phase = state.phase
    if not isinstance(phase, Serving):
        return (type(phase),)
    stage = phase.journey.stage
    attempt = stage.attempt if isinstance(stage, AwaitingCard | AwaitingCode) else 0
    printing = getattr(stage, "printing", None)
    asking = type(printing.asking) if isinstance(printing, AskingStaff) else None
    return (state.number, type(stage), attempt, getattr(stage, "problem", None), asking)


def derive(state: TerminalState, view: View) -> PageProps:
    props = _page(state, view)
    return props if props.title_in_content else replace(props, helper=view.texts.by_clause(props.helper))


def _page(state: TerminalState, view: View) -> PageProps:
    match state.phase:
        case Wiping():
            return waiting.derive_wipe(view)
        case Attract():
            return _side_page(state, view) or home.derive(state.health, view)
        case Serving(journey, _, warned_at):
            if warned_at is not None:
                return idle.derive(warned_at, _card_there(journey), view)
            return _side_page(state, view) or _step_page(journey, view)


def _side_page(state: TerminalState, view: View) -> PageProps | None:
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
        case SidePage.DEVICES:
            return None if serving else devices.derive(state.health, view)
        case SidePage.PAPER_CHANGE:
            return None if serving else keypad.derive_roll(view)
        case SidePage.NO_SLIP:
            receipt = _receipt(state.phase.journey) if isinstance(state.phase, Serving) else None
            return None if receipt is None else paper_out.derive_missing(receipt, view)


def _step_page(journey: JourneyState, view: View) -> PageProps:
    match journey:
        case Confirmation():
            return confirmation.derive(journey, view)
        case HomeVisit():
            return home_visit.derive(journey, view)
        case LookUp():
            return look_up.derive(journey, view)


def _receipt(journey: JourneyState) -> IssuedReceipt | None:
    match journey:
        case Confirmation(facts=facts, result=result):
            first = facts.receipt
            return first if first is None or result is None else receipt_on(result.printing, first)
        case HomeVisit(shown=shown):
            return None if shown is None else receipt_on(shown.printing, shown.receipt)
        case LookUp():
            return None


def _card_there(journey: JourneyState) -> bool:
    """Whether a card may lie on the reader, as far as the engine knows."""
    if isinstance(journey.stage, Taking):
        return journey.stage.card_there is not False
    match journey:
        case Confirmation(stage=stage, facts=facts):
            return facts.document is not None and not isinstance(stage, OfferingRating)
        case HomeVisit(stage=stage):
            return getattr(stage, "document", None) is not None
        case LookUp():
            return False


_NAMES = {props: name for name, props in PAGES.items()}


def page_of(props: PageProps) -> str:
    return _NAMES[type(props)]
