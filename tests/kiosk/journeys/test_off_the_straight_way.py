"""What a citizen meets off the straight way: detours, refusals, limits and other people's decisions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kiosk.documents.receipt import ReferralReason
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.face import FaceAction
from kiosk.domain.paper import Band
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.flow.commands import SetTimer, StopFace
from kiosk.flow.events import CardAnswered, PlateChecked
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import Halt, Halted, OfferingUnmatched, OtherWay, ShowingResult
from kiosk.ports.face_analyser import NoReferenceFace
from kiosk.ports.id_card import CardContradictory, NoCard, PermitRead
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.platform import NameMismatch, PlatformRefused, PlatformUnavailable, RosterFound
from kiosk.ports.receipt_issuer import NoReceipt
from kiosk.steps.capture_face import Watching
from kiosk.steps.rate import OfferingRating
from kiosk.steps.take_things import Taking
from tests.kiosk.documents import reading
from tests.kiosk.journeys.telling import ended
from tests.kiosk.journeys.visit import DUE, FOREIGN_READ, NOW, Visit, World, at_camera

NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0317", 42)
PASSED = HallDecision(NUMBER, Outcome.PASSED, NOW.date(), date(2027, 11, 30))


def test_a_chip_portrait_without_a_face_is_staff_s_to_compare_and_no_fault_of_the_machine() -> None:
    visit = Visit(World(reference=NoReferenceFace()))
    visit.press(Button.START, Button.AGREE, Button.CONFIRM_SELF)
    assert visit.stage == OfferingUnmatched()
    assert StopFace() in visit.commands
    assert not any(event.name is EventName.DEVICE_UNAVAILABLE for event in visit.logged)


def test_detours_use_up_tries_and_each_try_asks_its_own_turn() -> None:
    visit = at_camera(World())
    asked: list[FaceAction] = []
    for attempt in (1, 2):
        assert isinstance(visit.stage, Watching)
        assert visit.stage.attempt == attempt
        asked.extend(visit.stage.plan.actions(visit.stage.attempt))
        visit.press(Button.OTHER_WAY, Button.BACK)
    assert isinstance(visit.stage, Watching)
    assert asked == [FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT]
    visit.press(Button.OTHER_WAY, Button.BACK)
    detour: object = visit.stage
    assert detour == OtherWay(None), "no fourth try by a detour"
    visit.press(Button.CONTINUE)
    assert visit.ending == ("CANCELLED", "other-way")


def test_what_the_hall_will_never_take_goes_to_a_person() -> None:
    visit = at_camera(World(delivery=PlatformRefused("receipt-reused")))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert (visit.stage.outcome, visit.stage.referral) == (Outcome.REFERRED, ReferralReason.STAFF)
    assert reading.band(visit.papers[0]) is Band.REFERRED


def test_a_decision_about_another_receipt_is_not_this_citizen_s() -> None:
    other = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0317", 7)
    visit = at_camera(World(delivery=replace(PASSED, receipt=other)))
    visit.stand_before_camera()
    assert isinstance(visit.stage, ShowingResult)
    assert visit.stage.outcome is Outcome.PENDING


def test_confirmed_elsewhere_meanwhile_shows_the_hall_s_dates() -> None:
    visit = at_camera(World(delivery=HallDecision(NUMBER, Outcome.CANCELLED, NOW.date(), date(2027, 11, 30))))
    visit.stand_before_camera()
    (paper,) = visit.papers
    assert (reading.band(paper), reading.key_fact(paper)) == (Band.INFORMATION, "2027年11月30日")


def test_at_the_outbox_limit_nothing_is_offered_that_could_not_be_kept() -> None:
    visit = Visit(World(roster=PlatformUnavailable("no-link"), storage=OutboxRefused("too-many-records")))
    visit.press(Button.START, Button.AGREE)
    assert visit.stage == Halted(Halt.NOT_STORED)
    assert "OfferingOffline" not in visit.stages


def test_a_proof_has_a_record_that_can_be_looked_up() -> None:
    visit = Visit(World(roster=RosterFound(replace(DUE, confirmed_this_window=True))))
    visit.press(Button.START, Button.AGREE, Button.PRINT_PROOF)
    (proof,) = visit.proofs
    assert (proof.receipt, proof.due_on) == (NUMBER, DUE.due_on)
    assert visit.papers[0].number == NUMBER


def test_a_proof_that_cannot_be_recorded_is_not_printed() -> None:
    known = RosterFound(replace(DUE, confirmed_this_window=True))
    visit = Visit(World(roster=known, storage=OutboxRefused("storage-full")))
    visit.press(Button.START, Button.AGREE, Button.PRINT_PROOF)
    assert visit.stage == Halted(Halt.NOT_STORED)
    assert not visit.papers


def test_nobody_at_the_card_reader_is_a_walk_away() -> None:
    visit = Visit(World(cards=[]))
    visit.press(Button.START, Button.AGREE)
    idle_set = visit.commands.count(SetTimer("idle", 60.0))
    visit.happen(CardAnswered(NoCard()))
    assert visit.commands.count(SetTimer("idle", 60.0)) == idle_set
    visit.elapse("idle")
    visit.elapse("idle-countdown")
    assert visit.ending[0] == "CANCELLED"


def test_taking_everything_waits_for_the_reader_s_word() -> None:
    visit = at_camera(World(delivery=PASSED, plate_empty=[]))
    visit.stand_before_camera()
    visit.press(Button.CONTINUE, Button.CONTINUE)
    assert visit.stage == Taking(None, going=True), "the reader has not answered yet"
    visit.happen(PlateChecked(True))
    assert isinstance(visit.stage, OfferingRating)


@pytest.mark.story("E-02", "E-25")
@pytest.mark.parametrize(
    ("card", "reason"),
    [(FOREIGN_READ, "wrong-document"), (CardContradictory("sex"), "card-at-odds")],
)
def test_a_card_that_cannot_be_used_is_not_left_behind_either(
    card: PermitRead | CardContradictory, reason: str
) -> None:
    visit = Visit(World(cards=[card], plate_empty=[False, True]))
    visit.press(Button.START, Button.AGREE, Button.CONTINUE)
    assert "Taking" in visit.stages
    assert ended(visit) == ("REFERRED", reason)


@pytest.mark.story("E-25", "E-29")
def test_who_leaves_an_unread_card_on_the_reader_for_another_way_is_reminded_too() -> None:
    visit = Visit(World(cards=[], plate_empty=[False, True]))
    visit.press(Button.START, Button.AGREE, Button.OTHER_WAY, Button.CONTINUE)
    assert "Taking" in visit.stages
    assert ended(visit) == ("CANCELLED", "other-way")


REFUSED = OutboxRefused("storage-full")
PROVEN = RosterFound(replace(DUE, confirmed_this_window=True))


def _slip(world: World) -> Visit:
    visit = Visit(replace(world, roster=NameMismatch()))
    visit.press(Button.START, Button.AGREE, Button.PRINT_SLIP)
    return visit


def _proof(world: World) -> Visit:
    visit = Visit(replace(world, roster=PROVEN))
    visit.press(Button.START, Button.AGREE, Button.PRINT_PROOF)
    return visit


def _home_visit(world: World) -> Visit:
    visit = Visit(world)
    visit.press(Button.START_HOME_VISIT, Button.CONTINUE)
    visit.type("13800002071")
    visit.pick(0)
    return visit


@pytest.mark.parametrize(("ask", "what"), [(_slip, "name-differs"), (_proof, "proof"), (_home_visit, "home-visit")])
def test_every_numbered_record_is_told_to_the_log_kept_or_not(ask: Callable[[World], Visit], what: str) -> None:
    kept = _told(ask(World()), EventName.RECORD_QUEUED)
    assert kept == [(NUMBER.value, what, None)]
    refused = _told(ask(World(storage=REFUSED)), EventName.RECORD_NOT_QUEUED)
    assert refused == [(NUMBER.value, None, "storage-full")]
    unnumbered = _told(ask(World(receipt=NoReceipt("counter-broken"))), EventName.RECORD_NOT_QUEUED)
    assert unnumbered == [(None, None, "counter-broken")]


def _told(visit: Visit, name: EventName) -> list[tuple[str | None, str | None, str | None]]:
    return [(event.receipt, event.outcome, event.reason) for event in visit.logged if event.name is name]


def test_a_card_forgotten_in_a_hurry_is_still_asked_for() -> None:
    visit = at_camera(World(delivery=PASSED, plate_empty=[]))
    visit.stand_before_camera()
    visit.press(Button.CONTINUE, Button.CONTINUE)
    visit.happen(PlateChecked(False))
    assert visit.stage == Taking(True, checks=1)
