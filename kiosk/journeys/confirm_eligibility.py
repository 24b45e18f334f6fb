"""养老保险待遇领取资格确认: the whole journey on one page (domain.md 5.1 to 5.4).

(helper's card) -> notice -> card, electronic card or typed number -> roster -> status -> face -> receipt number
-> record -> result and paper -> take -> rating
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from kiosk.codes.issuers import SOCIAL_SECURITY_CARD, CodeBook, CodeIssuer, Use
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import Consent, DeskReason, Helper, Outcome
from kiosk.domain.identity_document import IdentityDocument, IdentityWay
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.domain.site import Site
from kiosk.face.settings import FaceSettings
from kiosk.flow.commands import CropFace, FetchReference, IssueReceipt, Log, StopFace, StopReading
from kiosk.flow.events import DeviceLost, Event, PaperHandedOver, ReferenceAnswered
from kiosk.flow.health import Health, closed_by
from kiosk.flow.machine import Ending, S, Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation import closing, detour, devices
from kiosk.journeys.confirmation.moves import Move, go, halt, leave, number_case, number_slip, stay, then
from kiosk.journeys.confirmation.stages import (
    APPEAL_VERSION,
    NOTICE_VERSION,
    OFFLINE_VERSION,
    UNMATCHED_VERSION,
    Confirmation,
    Facts,
    FetchingReference,
    Finished,
    Halt,
    Halted,
    HelperOnDuty,
    IdentifyingHelper,
    NumberingCase,
    NumberingProof,
    NumberingSlip,
    OfferingAppeal,
    OfferingUnmatched,
    OtherWay,
    ShowingResult,
)
from kiosk.ports.platform import ReferenceFound
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

_DAYS_A_YEAR = 365.2425


class ConfirmEligibility:
    """The journey for one site. ``helped``: a 帮办人员 operates it for the citizen and lays the own card first."""

    code = "confirm_eligibility"

    def __init__(self, site: Site, face: FaceSettings, codes: CodeBook, *, helped: bool = False) -> None:
        self._site = site
        self._face = face
        self._codes = codes
        self._helped = helped

    def begin(self, key: str, at: datetime) -> Move:
        facts = Facts(key, at)
        if self._helped:
            return identify.begin().into(lambda reading: Confirmation(IdentifyingHelper(reading), facts))
        return consent.begin(NOTICE_VERSION).into(lambda stage: Confirmation(stage, facts))

    def staffed(self, state: Confirmation) -> bool:
        return isinstance(state.stage, ShowingResult) and isinstance(state.stage.printing, print_paper.AskingStaff)

    def closed_by(self, health: Health) -> str | None:
        return closed_by(health)

    def needs(self, state: Confirmation) -> frozenset[str]:
        return devices.needed(state)

    def step(self, state: Confirmation) -> str:
        return type(state.stage).__name__

    def ending(self, state: Confirmation) -> Ending | None:
        return state.stage.ending if isinstance(state.stage, Finished) else None

    def so_far(self, state: Confirmation) -> Ending:
        if state.leaving is not None:
            return state.leaving
        if isinstance(state.stage, Halted):
            return Ending(Outcome.REFERRED, state.stage.halt.value)
        if state.result is not None:
            return Ending(state.result.outcome, state.result.reason)
        if isinstance(state.stage, submit.Storing | submit.Delivering):
            return Ending(Outcome.PENDING, "left-while-delivering")
        return Ending(Outcome.CANCELLED, f"left-at-{self.step(state)}")

    def advance(self, state: Confirmation, event: Event, at: datetime) -> Move:
        stage = state.stage
        if event == Pressed(Button.OTHER_WAY):
            return detour.begin(state)
        if isinstance(event, DeviceLost):
            return halt(state, Halt.DEVICE_BROKEN, Transition(state, (StopReading(), StopFace())))
        if isinstance(event, PaperHandedOver):
            return closing.on_handover(self._site, state, event, at)
        match stage:
            case IdentifyingHelper(reading):
                return self._after_helper(state, identify.advance(reading, event))
            case consent.ReadingNotice():
                return self._after_notice(state, consent.advance(stage, event, at))
            case identify.AwaitingCard() | identify.DecodingPhoto() | identify.ChoosingIdentity():
                return self._after_card(state, identify.advance(stage, event))
            case show_code.AwaitingCode() | show_code.ResolvingCode():
                return self._after_code(state, show_code.advance(stage, event, self._codes))
            case type_number.TypingNumber():
                return self._after_typing(state, type_number.advance(stage, event))
            case (
                ask_platform.AskingRoster()
                | ask_platform.ChoosingArea()
                | ask_platform.CheckingOutbox()
                | ask_platform.OfferingOffline()
            ):
                return self._after_roster(state, ask_platform.advance(stage, event), at)
            case confirm_self.ReviewingStatus():
                return self._after_review(state, confirm_self.advance(stage, event))
            case FetchingReference() | OfferingUnmatched():
                return self._without_reference(state, event, at)
            case (
                capture_face.StartingFace()
                | capture_face.Watching()
                | capture_face.ChoosingAction()
                | capture_face.Comparing()
                | capture_face.ComparingHelper()
                | capture_face.Cropping()
            ):
                return self._after_capture(state, capture_face.advance(stage, event))
            case OfferingAppeal(appeal):
                return self._on_appeal(state, appeal, event, at)
            case OtherWay():
                return detour.advance(self._site, state, stage, event, at)
            case NumberingCase() | NumberingProof() | NumberingSlip():
                return closing.after_numbering(self._site, state, stage, event, at)
            case submit.Storing() | submit.Delivering():
                return closing.after_submit(self._site, state, submit.advance(stage, event), at)
            case ShowingResult():
                return closing.on_result(self._site, state, stage, event, at)
            case take_things.Taking():
                return closing.after_taking(state, take_things.advance(stage, event))
            case rate.OfferingRating():
                return closing.after_rating(state, rate.advance(stage, event), at)
            case Halted(why):
                return closing.on_halt(state, why, event)
            case Finished():
                return Transition(state)
            case _:
                assert_never(stage)

    def _after_helper(
        self, state: Confirmation, move: Transition[identify.IdentifyState | identify.IdentifyResult]
    ) -> Move:
        match move.state:
            case identify.Identified(document, _, portrait):
                return _with_helper(state, document, portrait, move)
            case identify.SocialCardIdentified(document):
                return _with_helper(state, document, None, move)
            case identify.AwaitingCard() | identify.DecodingPhoto() as reading:
                return stay(state, IdentifyingHelper(reading), move)
            case identify.ReaderBroken():
                return halt(state, Halt.DEVICE_BROKEN, move)
            case _:
                return Transition(replace(state, stage=Halted(Halt.HELPER_CARD)), (*move.commands, StopReading()))

    def _after_notice(self, state: Confirmation, move: Transition[consent.ReadingNotice | consent.Consented]) -> Move:
        match move.state:
            case consent.Consented(given):
                begun = identify.begin()
                facts = replace(state.facts, consent=given)
                return Transition(Confirmation(begun.state, facts), (*move.commands, *begun.commands))
            case stage:
                return stay(state, stage, move)

    def _after_card(
        self, state: Confirmation, move: Transition[identify.IdentifyState | identify.IdentifyResult]
    ) -> Move:
        match move.state:
            case identify.Identified(document, photo, reference):
                portrait_from = None if reference is None else document.valid_from
                facts = replace(
                    state.facts, document=document, photo=photo, reference=reference, portrait_from=portrait_from
                )
                return self._ask_roster(replace(state, facts=facts), document, move)
            case identify.SocialCardIdentified(document):
                facts = replace(state.facts, way=IdentityWay.SOCIAL_SECURITY_CARD, document=document)
                return self._ask_roster(replace(state, facts=facts), document, move)
            case identify.CodeWanted():
                return then(state, show_code.begin(self._codes.tokens_for(Use.IDENTITY)), move)
            case identify.NumberWanted():
                return then(state, type_number.begin(), move)
            case identify.WrongDocument():
                return halt(state, Halt.WRONG_DOCUMENT, move)
            case identify.CardAtOdds():
                return halt(state, Halt.CARD_AT_ODDS, move)
            case identify.ReaderBroken():
                return halt(state, Halt.DEVICE_BROKEN, move)
            case stage:
                return stay(state, stage, move)

    def _after_code(self, state: Confirmation, move: Transition[show_code.CodeState | show_code.CodeResult]) -> Move:
        match move.state:
            case show_code.CodeIdentified(issuer, document, picture):
                facts = replace(state.facts, way=_way_of(issuer), document=document, reference=picture)
                return self._ask_roster(replace(state, facts=facts), document, move)
            case show_code.CodeNotTaken():
                return then(state, identify.offer_others(identify.Trouble.CODE), move)
            case show_code.CodeOffline():
                return then(state, identify.offer_others(identify.Trouble.OFFLINE), move)
            case show_code.CardWanted():
                return then(state, identify.begin(), move)
            case show_code.CameraBroken():
                return halt(state, Halt.DEVICE_BROKEN, move)
            case stage:
                return stay(state, stage, move)

    def _after_typing(
        self,
        state: Confirmation,
        move: Transition[type_number.TypingNumber | type_number.NumberTyped | type_number.TypingLeft],
    ) -> Move:
        match move.state:
            case type_number.NumberTyped(number):
                typed = replace(state, facts=replace(state.facts, typed=number))
                return number_slip(typed, DeskReason.CARD_NOT_READ, move)
            case type_number.TypingLeft():
                return then(state, identify.offer_others(identify.Trouble.CARD), move)
            case stage:
                return stay(state, stage, move)

    def _ask_roster(self, state: Confirmation, document: IdentityDocument, move: Transition[S]) -> Move:
        helper = state.facts.helper
        if helper is not None and helper.who.number == document.number:
            unknown = replace(
                state.facts, way=IdentityWay.ID_CARD, document=None, photo=None, reference=None, portrait_from=None
            )
            return then(replace(state, facts=unknown), identify.ask_for_another(), move)
        return then(state, ask_platform.begin(document, self._site.other_areas), move)

    def _after_roster(
        self, state: Confirmation, move: Transition[ask_platform.AskState | ask_platform.AskResult], at: datetime
    ) -> Move:
        match move.state:
            case ask_platform.RosterKnown(entry, as_of):
                known = replace(state, facts=replace(state.facts, entry=entry, entry_as_of=as_of))
                return then(known, confirm_self.begin(entry, as_of), move)
            case ask_platform.OfflineAgreed(held):
                facts = replace(state.facts, offline=True, keeping=Consent(OFFLINE_VERSION, at))
                if held is not None:
                    facts = replace(facts, entry=held.entry, entry_as_of=held.as_of)
                return self._begin_capture(replace(state, facts=facts))
            case ask_platform.OfflineClosed():
                return halt(state, Halt.NOT_STORED, move)
            case ask_platform.NotListed():
                return halt(state, Halt.NOT_LISTED, move)
            case ask_platform.NameDiffers():
                return halt(state, Halt.NAME_DIFFERS, move)
            case ask_platform.CardBlocked():
                return halt(state, Halt.CARD_BLOCKED, move)
            case ask_platform.DeskMustCheck():
                return halt(state, Halt.DESK_MUST_CHECK, move)
            case stage:
                return stay(state, stage, move)

    def _after_review(
        self, state: Confirmation, move: Transition[confirm_self.ReviewingStatus | confirm_self.ReviewResult]
    ) -> Move:
        match move.state:
            case confirm_self.ConfirmedSelf():
                return self._begin_face(state)
            case confirm_self.ProofWanted():
                return Transition(replace(state, stage=NumberingProof()), (IssueReceipt(ReceiptKind.ELIGIBILITY),))
            case confirm_self.NotWanted():
                already = state.facts.entry is not None and state.facts.entry.confirmed_this_window
                return leave(state, Ending(Outcome.CANCELLED, "already-confirmed" if already else "not-wanted"))
            case stage:
                return stay(state, stage, move)

    def _begin_face(self, state: Confirmation) -> Move:
        document = state.facts.document
        assert document is not None
        if state.facts.reference is not None:
            return self._begin_capture(state)
        if self._site.reference_from_platform:
            return Transition(
                replace(state, stage=FetchingReference()), (FetchReference(document.number, document.name),)
            )
        return go(state, OfferingUnmatched())

    def _without_reference(self, state: Confirmation, event: Event, at: datetime) -> Move:
        match state.stage, event:
            case FetchingReference(), ReferenceAnswered(ReferenceFound(picture)):
                return self._begin_capture(replace(state, facts=replace(state.facts, reference=picture)))
            case FetchingReference(), ReferenceAnswered():
                return go(state, OfferingUnmatched())
            case OfferingUnmatched(), Pressed(Button.AGREE):
                facts = replace(state.facts, reference=None, keeping=Consent(UNMATCHED_VERSION, at))
                return self._begin_capture(replace(state, facts=facts))
            case OfferingUnmatched(), Pressed(Button.DECLINE):
                return leave(state, Ending(Outcome.CANCELLED, "picture-not-wanted"))
            case _:
                return Transition(state)

    def _begin_capture(self, state: Confirmation) -> Move:
        facts = state.facts
        plan = capture_face.CapturePlan(
            facts.reference,
            self._face,
            int(facts.key.replace("-", ""), 16),
            keep_crop=facts.keeping is not None,
            helper=None if facts.helper is None else facts.helper.portrait,
            photo_years=_photo_years(facts),
            two_actions=facts.offline or facts.reference is None,
        )
        return capture_face.begin(plan).into(lambda stage: replace(state, stage=stage))

    def _after_capture(
        self, state: Confirmation, move: Transition[capture_face.CaptureState | capture_face.CaptureResult]
    ) -> Move:
        match move.state:
            case capture_face.CaptureFinished() as capture:
                return number_case(state, capture, move)
            case capture_face.AppealNeeded() as appeal:
                return stay(state, OfferingAppeal(appeal), move)
            case capture_face.ReferenceUnusable():
                blind = replace(state, facts=replace(state.facts, reference=None, portrait_from=None))
                return stay(blind, OfferingUnmatched(), move)
            case capture_face.FaceUnavailable():
                return halt(state, Halt.DEVICE_BROKEN, move)
            case stage:
                return stay(state, stage, move)

    def _on_appeal(self, state: Confirmation, appeal: capture_face.AppealNeeded, event: Event, at: datetime) -> Move:
        match event:
            case Pressed(Button.AGREE):
                facts = replace(state.facts, keeping=Consent(APPEAL_VERSION, at))
                cropping = capture_face.Cropping(appeal.liveness, appeal.comparison)
                return Transition(replace(state, stage=cropping, facts=facts), (CropFace(appeal.sequence),))
            case Pressed(Button.DECLINE):
                capture = capture_face.CaptureFinished(appeal.liveness, appeal.comparison, None)
                return number_case(state, capture, Transition(state))
            case _:
                return Transition(state)


def _with_helper(
    state: Confirmation, document: IdentityDocument, portrait: Picture | None, move: Transition[S]
) -> Move:
    helper = HelperOnDuty(Helper(document.name, document.number), portrait)
    begun = consent.begin(NOTICE_VERSION)
    present = Log(AuditEvent(EventName.HELPER_PRESENT))
    facts = replace(state.facts, helper=helper)
    return Transition(Confirmation(begun.state, facts), (*move.commands, present, *begun.commands))


def _way_of(issuer: CodeIssuer) -> IdentityWay:
    return IdentityWay.E_CARD if issuer.id == SOCIAL_SECURITY_CARD else IdentityWay.PHONE_CODE


def _photo_years(facts: Facts) -> float | None:
    """The portrait is as old as the card it lies in."""
    if facts.portrait_from is None:
        return None
    return (facts.opened_at.date() - facts.portrait_from).days / _DAYS_A_YEAR
