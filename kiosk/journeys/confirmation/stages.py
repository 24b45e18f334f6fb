"""Where a confirmation can stand, as values: what is known so far, and the stage the citizen is at."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from kiosk.documents.receipt import ReferralReason
from kiosk.domain.case import Consent, DeskReason, HallDecision, Helper, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterEntry
from kiosk.domain.identity_document import ChipPhoto, IdentityDocument, IdentityWay
from kiosk.domain.picture import Picture
from kiosk.flow.machine import Ending
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps import (
    ask_platform,
    capture_face,
    confirm_self,
    consent,
    identify,
    print_paper,
    rate,
    show_code,
    submit,
    take_things,
    type_number,
)

NOTICE_VERSION = "2026-11"
"""Version of the notice before a face is taken; the texts that follow ask to keep one sealed picture."""
OFFLINE_VERSION = "offline-2026-11"
UNMATCHED_VERSION = "unmatched-2026-11"
APPEAL_VERSION = "appeal-2026-11"


class Halt(Enum):
    """Why the case goes to the desk; each has a page that says what to do next."""

    WRONG_DOCUMENT = "wrong-document"
    CARD_AT_ODDS = "card-at-odds"
    CARD_BLOCKED = "card-blocked"
    HELPER_CARD = "helper-card"
    NOT_LISTED = "not-listed"
    NAME_DIFFERS = "name-differs"
    DESK_MUST_CHECK = "desk-must-check"
    DEVICE_BROKEN = "device-broken"
    NOT_STORED = "not-stored"


SLIPS = {
    Halt.NOT_LISTED: DeskReason.NOT_LISTED,
    Halt.NAME_DIFFERS: DeskReason.NAME_DIFFERS,
    Halt.DESK_MUST_CHECK: DeskReason.DESK_MUST_CHECK,
}
"""Halts for which a slip with a number is printed, so that the desk has the case at hand."""


@dataclass(frozen=True, slots=True)
class HelperOnDuty:
    """Who helps, with the portrait of the own card where it can be decoded."""

    who: Helper
    portrait: Picture | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far. Lives in memory for the session only. ``portrait_from`` is the first day of the card whose
    portrait is the reference, None with another reference or none. ``entry_as_of`` is the day of the roster's word,
    None where the hall itself said it."""

    key: str
    opened_at: datetime
    helper: HelperOnDuty | None = None
    consent: Consent | None = None
    keeping: Consent | None = None
    way: IdentityWay = IdentityWay.ID_CARD
    document: IdentityDocument | None = None
    typed: CitizenNumber | None = None
    photo: ChipPhoto | None = None
    reference: Picture | None = None
    portrait_from: date | None = None
    entry: RosterEntry | None = None
    entry_as_of: date | None = None
    offline: bool = False
    capture: capture_face.CaptureFinished | None = None
    receipt: IssuedReceipt | None = None


@dataclass(frozen=True, slots=True)
class IdentifyingHelper:
    """The helper's own card is read before anything is asked of the citizen (E-19)."""

    reading: identify.IdentifyState


@dataclass(frozen=True, slots=True)
class OtherWay:
    """The citizen asked for another way; ``back`` is the step he may return to, None when its last try is used up.
    ``printing`` is set once the ways are being printed."""

    back: (
        consent.ReadingNotice
        | identify.AwaitingCard
        | identify.ChoosingIdentity
        | show_code.AwaitingCode
        | ask_platform.OfferingOffline
        | confirm_self.ReviewingStatus
        | capture_face.StartingFace
        | capture_face.Watching
        | capture_face.ChoosingAction
        | None
    )
    printing: print_paper.PrintState | None = None


@dataclass(frozen=True, slots=True)
class FetchingReference:
    """The chip portrait cannot be decoded here; the platform may have a picture."""


@dataclass(frozen=True, slots=True)
class OfferingUnmatched:
    """Nothing to compare with: taken in with a sealed picture, and staff compare (no decoder, no reference)."""


@dataclass(frozen=True, slots=True)
class OfferingAppeal:
    """Three comparisons did not match: staff look, with one picture if the citizen agrees (E-16, E-17)."""

    appeal: capture_face.AppealNeeded


@dataclass(frozen=True, slots=True)
class NumberingCase:
    pass


@dataclass(frozen=True, slots=True)
class NumberingProof:
    """The proof of an earlier confirmation gets its number, and the number its record."""


@dataclass(frozen=True, slots=True)
class NumberingSlip:
    """A slip for the desk gets its number, and the number its record."""

    reason: DeskReason


@dataclass(frozen=True, slots=True)
class ShowingResult:
    """``outcome`` CANCELLED stands for the proof of an earlier confirmation (E-07): nothing new was decided.
    ``referral`` says why a person looks at a case that is REFERRED; ``reason`` is the log's word for the ending;
    ``slip`` is set when this is a slip for the desk."""

    outcome: Outcome
    decision: HallDecision | None
    referral: ReferralReason | None
    printing: print_paper.PrintState
    reason: str = "finished"
    slip: DeskReason | None = None


@dataclass(frozen=True, slots=True)
class Halted:
    halt: Halt


@dataclass(frozen=True, slots=True)
class Finished:
    ending: Ending


Stage = (
    IdentifyingHelper
    | consent.ReadingNotice
    | identify.IdentifyState
    | show_code.CodeState
    | type_number.TypingNumber
    | ask_platform.AskState
    | confirm_self.ReviewingStatus
    | FetchingReference
    | OfferingUnmatched
    | capture_face.CaptureState
    | OfferingAppeal
    | OtherWay
    | NumberingCase
    | NumberingProof
    | NumberingSlip
    | submit.SubmitState
    | ShowingResult
    | take_things.Taking
    | rate.OfferingRating
    | Halted
    | Finished
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The journey's state. ``result`` is kept once shown, for the pages and the rating that follow it; ``leaving`` is
    how the case stands once the card is taken, where nothing is rated."""

    stage: Stage
    facts: Facts
    result: ShowingResult | None = field(default=None)
    leaving: Ending | None = None
