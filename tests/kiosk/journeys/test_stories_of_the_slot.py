"""Stories of the slot for social-security cards, beside the reader for identity cards (domain.md 5.1 step 3, E-01)."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import Finding, Outcome
from kiosk.domain.identity_document import IdentityWay
from kiosk.flow.commands import AwaitCardRemoval, DecodePhoto, QueryRoster, ReadCard, ReadSmartCard, StopReading
from kiosk.flow.events import CardAnswered, SmartCardAnswered
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import OfferingUnmatched
from kiosk.ports.id_card import CardContradictory, CardUnreadable, NoCard, ReaderFault, WrongCard
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReading
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.identify import AwaitingCard, CardHint, ChoosingIdentity, Trouble
from tests.kiosk.journeys.telling import decided, words
from tests.kiosk.journeys.visit import CARD, DOCUMENT, NOW, SOCIAL_CARD, Visit, World


def before_the_readers(world: World | None = None) -> Visit:
    visit = Visit(world or World(cards=[]))
    visit.press(Button.START, Button.AGREE)
    return visit


def test_both_readers_wait_and_the_card_in_the_slot_tells_who_it_is() -> None:
    visit = before_the_readers(World(cards=[], slot=[SOCIAL_CARD]))
    assert visit.asked(ReadCard)
    assert visit.asked(ReadSmartCard)
    assert StopReading() in visit.commands, "the other reader stops"
    assert isinstance(visit.stage, ReviewingStatus)
    (asked,) = visit.asked(QueryRoster)
    assert (asked.number, asked.name) == (DOCUMENT.number, DOCUMENT.name)
    assert not visit.asked(DecodePhoto), "the card has no portrait"


def test_without_a_picture_to_compare_with_staff_compare_and_the_record_says_how_he_was_known() -> None:
    visit = before_the_readers(World(cards=[], slot=[SOCIAL_CARD], delivery=decided(Outcome.PENDING)))
    visit.press(Button.CONFIRM_SELF)
    assert visit.standing_at() == OfferingUnmatched()
    visit.press(Button.AGREE)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert (case.identified_by, case.finding) == (IdentityWay.SOCIAL_SECURITY_CARD, Finding.NOT_COMPARED)
    assert case.chip_photo is None
    visit.press(Button.CONTINUE)
    assert AwaitCardRemoval(5.0, slot=True) in visit.commands, "the slot is looked at too"


def test_nothing_about_the_police_is_said_of_an_expired_social_security_card() -> None:
    expired = replace(SOCIAL_CARD, card=replace(SOCIAL_CARD.card, valid_to=date(2026, 11, 1)))
    visit = before_the_readers(World(cards=[], slot=[expired], delivery=decided(Outcome.PENDING)))
    visit.press(Button.CONFIRM_SELF, Button.AGREE)
    visit.stand_before_camera()
    (case,) = visit.cases
    assert case.document_expired
    assert case.document.expired_on(NOW.date())
    assert not [paper for paper in visit.papers if "派出所" in words(paper)]


@pytest.mark.story("E-01")
@pytest.mark.parametrize(
    ("reading", "noted"),
    [
        (IssuerNeeded(), "issuer-needed"),
        (WrongCard(), "no-social-security-card"),
        (CardUnreadable("card-mute"), "card-mute"),
        (CardContradictory("birth-date"), "contradictory-birth-date"),
    ],
)
def test_a_card_in_the_slot_that_is_of_no_use_costs_no_try(reading: SmartCardReading, noted: str) -> None:
    visit = before_the_readers()
    visit.happen(SmartCardAnswered(reading))
    assert visit.stage == AwaitingCard(1, CardHint.SOCIAL_CARD)
    assert visit.reasons(EventName.CARD_NOT_READ) == [noted]
    assert len(visit.asked(ReadSmartCard)) == 2, "another card may be put in"
    visit.happen(CardAnswered(CARD))
    assert isinstance(visit.stage, ReviewingStatus), "the identity card is read as ever"


@pytest.mark.story("E-27")
def test_a_broken_slot_leaves_the_reader_for_identity_cards() -> None:
    visit = before_the_readers()
    visit.happen(SmartCardAnswered(ReaderFault("unplugged")))
    assert visit.stage == AwaitingCard(1, CardHint.FIRST)
    visit.happen(CardAnswered(CARD))
    assert isinstance(visit.stage, ReviewingStatus)


@pytest.mark.story("E-01")
def test_the_slot_still_waits_when_the_identity_card_was_not_read_in_three_tries() -> None:
    visit = before_the_readers(World(cards=[CardUnreadable("read")] * 3, plate_empty=[]))
    assert visit.stage == ChoosingIdentity(Trouble.CARD)
    visit.happen(SmartCardAnswered(IssuerNeeded()))
    assert visit.stage == ChoosingIdentity(Trouble.CARD)
    visit.happen(SmartCardAnswered(SOCIAL_CARD))
    assert isinstance(visit.stage, ReviewingStatus)


def test_an_empty_slot_says_nothing() -> None:
    visit = before_the_readers()
    visit.happen(SmartCardAnswered(NoCard()))
    assert visit.stage == AwaitingCard(1, CardHint.FIRST)
    assert not visit.reasons(EventName.CARD_NOT_READ)


@pytest.mark.story("E-19")
def test_a_helper_may_use_the_own_social_security_card() -> None:
    visit = Visit(World(cards=[], slot=[SOCIAL_CARD]))
    visit.press(Button.START_HELPED)
    assert visit.asked(ReadSmartCard)
    assert "ReadingNotice" in visit.stages
