"""The pages of a receipt that is looked up (F-18, E-23)."""

from typing import assert_never

from kiosk.journeys.look_up_receipt import (
    AwaitingReceipt,
    LookingUp,
    LookUp,
    LookUpFinished,
    NotFound,
    ShowingFound,
    Stage,
    TypingReceipt,
)
from kiosk.steps.take_things import Taking
from ui.view_models import code, keypad, message, result, take, waiting
from ui.view_models.page import PageProps
from ui.view_models.steps import unstepped
from ui.view_models.view import View


def derive(journey: LookUp, view: View) -> PageProps:
    return unstepped(_page(journey.stage, view), view.texts("lookup.service"))


def _page(stage: Stage, view: View) -> PageProps:
    match stage:
        case AwaitingReceipt():
            return code.derive_receipt(stage, view)
        case TypingReceipt(wrong):
            return keypad.derive_receipt(wrong, view)
        case LookingUp():
            return waiting.derive("lookup", 3, view)
        case ShowingFound():
            return result.derive_found(stage, view)
        case NotFound(reason):
            return message.derive_not_found(reason, view)
        case Taking():
            return take.derive(stage, "slip", None, False, view)
        case LookUpFinished():
            return waiting.derive_wipe(view)
        case _:
            assert_never(stage)
