"""The pages of the pension confirmation, one for each of its stages (domain.md 5.1, 5.2)."""

from typing import assert_never

from kiosk.domain.identity_document import IdentityWay
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation.stages import (
    Confirmation,
    Facts,
    FetchingReference,
    Finished,
    Halt,
    Halted,
    IdentifyingHelper,
    NumberingCase,
    NumberingProof,
    NumberingSlip,
    OfferingAppeal,
    OfferingUnmatched,
    OtherWay,
    ShowingResult,
)
from kiosk.steps.ask_platform import AskingRoster, CheckingOutbox, ChoosingArea, OfferingOffline
from kiosk.steps.capture_face import (
    ChoosingAction,
    Comparing,
    ComparingHelper,
    Cropping,
    StartingFace,
    Watching,
)
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.consent import ReadingNotice
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity, DecodingPhoto
from kiosk.steps.print_paper import AskingStaff, PaperInDoubt, PaperOwed, Renumbering, receipt_on
from kiosk.steps.rate import OfferingRating
from kiosk.steps.show_code import AwaitingCode, ResolvingCode
from kiosk.steps.submit import Delivering, Storing
from kiosk.steps.take_things import Taking
from kiosk.steps.type_number import TypingNumber
from ui.view_models import (
    capture,
    choices,
    code,
    keypad,
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
from ui.view_models.page import PageProps
from ui.view_models.view import View


def derive(journey: Confirmation, view: View) -> PageProps:
    stage, facts = journey.stage, journey.facts
    match stage:
        case IdentifyingHelper(AwaitingCard() | DecodingPhoto() as reading):
            return read_card.derive_for("helper", reading, view)
        case ReadingNotice():
            return notice.derive(view)
        case AwaitingCard() | DecodingPhoto():
            return read_card.derive(stage, view)
        case ChoosingIdentity():
            return choices.derive_identity(stage, view)
        case AwaitingCode():
            return code.derive_card(stage, view)
        case ResolvingCode(issuer=issuer):
            return waiting.derive("code", 2, view, name=code.name_of(issuer, view.texts))
        case TypingNumber():
            return keypad.derive_number(stage, view)
        case AskingRoster() | CheckingOutbox():
            return waiting.derive("roster", 3, view)
        case ChoosingArea():
            return choices.derive_area(stage, view)
        case OfferingOffline(held):
            assert facts.document is not None
            return message.derive_offline(facts.document, held, view)
        case ReviewingStatus():
            assert facts.document is not None
            helper = None if facts.helper is None else facts.helper.who
            return review.derive(facts.document, facts.way, stage, helper, view)
        case FetchingReference():
            return waiting.derive("reference", 4, view)
        case OfferingUnmatched():
            social = facts.way is IdentityWay.SOCIAL_SECURITY_CARD
            return message.derive_keeping("unmatched", view, "title_social" if social else "title")
        case StartingFace() | Watching():
            return capture.derive(stage, view)
        case ChoosingAction():
            return choices.derive_action(stage, view)
        case Comparing() | ComparingHelper() | Cropping():
            return waiting.derive("compare", 4, view)
        case OfferingAppeal():
            return message.derive_keeping("appeal", view)
        case NumberingCase() | NumberingProof() | NumberingSlip():
            return waiting.derive("number", 5, view)
        case Storing() | Delivering():
            return waiting.derive("submit", 5, view)
        case ShowingResult(printing=PaperOwed() | PaperInDoubt() | AskingStaff() | Renumbering() as printing):
            assert facts.receipt is not None
            return paper_out.derive(printing, receipt_on(printing, facts.receipt), view)
        case ShowingResult():
            return result.derive(stage, facts, view)
        case Taking():
            shown = journey.result
            word, printed = ("sheet", None) if shown is None else (result.word_of(shown), shown.printing)
            return take.derive(stage, word, _card_laid(stage, facts), facts.receipt is not None, view, printed)
        case OfferingRating():
            return rating.derive(view)
        case OtherWay():
            return other_way.derive(stage, view)
        case Halted(Halt.DEVICE_BROKEN):
            return unavailable.derive("closed.device", Pressed(Button.CONTINUE), view)
        case Halted(halt):
            return message.derive_halt(halt, view)
        case Finished() | IdentifyingHelper():
            return waiting.derive_wipe(view)
        case _:
            assert_never(stage)


def _card_laid(stage: Taking, facts: Facts) -> str | None:
    """The card of this session. Where nothing was printed, the page is there for the card alone."""
    if facts.document is not None and facts.way is IdentityWay.SOCIAL_SECURITY_CARD:
        return "social"
    by_card = facts.document is not None and facts.way is IdentityWay.ID_CARD
    laid = by_card or facts.typed is not None or facts.helper is not None or not stage.paper
    return "id" if laid else None
