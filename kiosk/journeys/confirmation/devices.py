"""Which devices a confirmation still needs at each stage (E-27). A way that works without a device is never closed by
it: staff can be asked, and a number typed, whatever is broken. An analyser that gives out at work costs an attempt, and
the capture itself notices it."""

from typing import assert_never

from kiosk.flow.health import CAMERA, FACE, FACE_SERVICE
from kiosk.journeys.confirmation.stages import (
    Confirmation,
    FetchingReference,
    Finished,
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
from kiosk.steps import (
    ask_platform,
    capture_face,
    confirm_self,
    consent,
    identify,
    rate,
    show_code,
    submit,
    take_things,
    type_number,
)

NOTHING: frozenset[str] = frozenset()
TO_TAKE_A_FACE = frozenset({CAMERA, FACE})
TO_READ_A_CARD = FACE_SERVICE - TO_TAKE_A_FACE


def needed(state: Confirmation) -> frozenset[str]:
    stage = state.stage
    match stage:
        case IdentifyingHelper() | consent.ReadingNotice() | identify.AwaitingCard():
            return FACE_SERVICE
        case identify.ChoosingIdentity():
            return TO_READ_A_CARD
        case confirm_self.ReviewingStatus(entry):
            return NOTHING if entry.confirmed_this_window else TO_TAKE_A_FACE
        case (
            identify.DecodingPhoto()
            | show_code.AwaitingCode()
            | show_code.ResolvingCode()
            | ask_platform.AskingRoster()
            | ask_platform.ChoosingArea()
            | ask_platform.CheckingOutbox()
            | ask_platform.OfferingOffline()
            | FetchingReference()
            | OfferingUnmatched()
        ):
            return TO_TAKE_A_FACE
        case capture_face.StartingFace() | capture_face.Watching():
            return frozenset({CAMERA})
        case (
            type_number.TypingNumber()
            | capture_face.ChoosingAction()
            | capture_face.Comparing()
            | capture_face.ComparingHelper()
            | capture_face.Cropping()
            | OfferingAppeal()
            | OtherWay()
            | NumberingCase()
            | NumberingProof()
            | NumberingSlip()
            | submit.Storing()
            | submit.Delivering()
            | ShowingResult()
            | take_things.Taking()
            | rate.OfferingRating()
            | Halted()
            | Finished()
        ):
            return NOTHING
        case _:
            assert_never(stage)
