"""The pages of a request for a visit at home (E-32)."""

from typing import assert_never

from kiosk.journeys.request_home_visit import (
    ChoosingDay,
    Explaining,
    HomeVisit,
    NumberingVisit,
    ShowingVisit,
    TypingPhone,
    VisitFinished,
    VisitHalted,
)
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity, DecodingPhoto
from kiosk.steps.print_paper import AskingStaff, PaperInDoubt, PaperOwed, Renumbering, receipt_on
from kiosk.steps.take_things import Taking
from ui.view_models import choices, keypad, message, paper_out, read_card, result, take, waiting
from ui.view_models.page import PageProps
from ui.view_models.steps import unstepped
from ui.view_models.view import View


def derive(journey: HomeVisit, view: View) -> PageProps:
    return unstepped(_page(journey, view), view.texts("visit.service"))


def _page(journey: HomeVisit, view: View) -> PageProps:
    stage = journey.stage
    match stage:
        case Explaining():
            return message.derive_visit(view)
        case AwaitingCard() | DecodingPhoto():
            return read_card.derive_for("absent", stage, view)
        case TypingPhone(wrong=wrong):
            return keypad.derive_phone(wrong, view)
        case ChoosingDay(days=days):
            return choices.derive_day(days, view)
        case NumberingVisit():
            return waiting.derive("number", 5, view)
        case ShowingVisit(receipt, _, PaperOwed() | PaperInDoubt() | AskingStaff() | Renumbering() as printing):
            return paper_out.derive(printing, receipt_on(printing, receipt), view)
        case ShowingVisit():
            return result.derive_visit(stage, view)
        case Taking():
            printed = None if journey.shown is None else journey.shown.printing
            return take.derive(stage, "receipt", "id", True, view, printed)
        case VisitHalted(reason):
            return message.derive_visit_halt(reason, view)
        case VisitFinished() | ChoosingIdentity():
            return waiting.derive_wipe(view)
        case _:
            assert_never(stage)
