"""The whole terminal but its window: one pensioner through all of it, and what each broken thing does to him."""

import pytest

from gateway.sandbox import SandboxPerson
from kiosk.audit.log import first_break
from kiosk.domain.case import HallDecision, Outcome
from kiosk.flow.touches import Button
from kiosk.journeys.confirmation.stages import Halt, Halted, ShowingResult
from kiosk.ports.printer import Printed
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity, Trouble
from kiosk.steps.print_paper import PaperOwed
from kiosk.steps.rate import OfferingRating
from kiosk.steps.take_things import Taking
from tests.terminal.conftest import Visitor

People = dict[str, SandboxPerson]


def test_a_pensioner_from_the_first_touch_to_the_wipe(visitor: Visitor, people: People) -> None:
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.reaches(AwaitingCard)
    visitor.lays_card(people["due"])
    visitor.reaches(ReviewingStatus)
    visitor.press(Button.CONFIRM_SELF)
    result = visitor.reaches(ShowingResult)
    assert isinstance(result, ShowingResult)
    assert result.outcome is Outcome.PASSED
    assert result.decision is not None
    receipt = result.decision.receipt
    visitor._until(lambda _: isinstance(_printing(visitor), Printed), "the paper")
    visitor.press(Button.CONTINUE)
    visitor.reaches(Taking)
    visitor.world("card-reader", "remove-card")
    visitor.press(Button.CONTINUE)
    visitor.reaches(OfferingRating)
    visitor.press(Button.SKIP_RATING)
    visitor.at_home()
    found = visitor.terminal.ports.platform.look_up(receipt)
    assert isinstance(found, HallDecision)
    assert found.outcome is Outcome.PASSED
    log = visitor.training.settings.log
    assert first_break(log) is None
    for person in people.values():
        assert person.number.value not in log.read_text(encoding="utf-8")
        assert person.name.value not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["bad-checksum", "truncate", "over-long"])
def test_a_card_line_that_garbles_leads_to_other_ways(visitor: Visitor, people: People, kind: str) -> None:
    visitor.world("card-reader", "fault", kind=kind, lasting=True, command="3001")
    visitor.lays_card(people["due"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.lays_card_again(people["due"], 2)
    visitor.lays_card_again(people["due"], 3)
    assert visitor.reaches(ChoosingIdentity) == ChoosingIdentity(Trouble.CARD)


def test_a_reader_that_falls_silent_is_told_as_broken(visitor: Visitor, people: People) -> None:
    visitor.world("card-reader", "fault", kind="silence", lasting=True, command="3001")
    visitor.lays_card(people["due"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    assert visitor.reaches(Halted) == Halted(Halt.DEVICE_BROKEN)


def test_a_card_that_contradicts_itself_ends_at_the_desk(visitor: Visitor, people: People) -> None:
    visitor.lays_card(people["due"], birth="19500101")
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    assert visitor.reaches(Halted) == Halted(Halt.CARD_AT_ODDS)


def test_a_cut_network_is_noticed_and_offered_a_way_round(visitor: Visitor, people: People) -> None:
    visitor.world("link", "cut")
    visitor.lays_card(people["overdue"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.reaches(OfferingOffline)


def test_a_printer_without_paper_leaves_the_result_valid(visitor: Visitor, people: People) -> None:
    visitor.world("printer", "paper-out")
    visitor.lays_card(people["confirmed"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.reaches(ReviewingStatus)
    visitor.press(Button.PRINT_PROOF)
    visitor.reaches(ShowingResult)
    visitor._until(lambda _: isinstance(_printing(visitor), PaperOwed), "the verdict")


def _printing(visitor: Visitor) -> object:
    phase = visitor.states[-1].phase
    stage = getattr(getattr(phase, "journey", None), "stage", None)
    return getattr(stage, "printing", None)
