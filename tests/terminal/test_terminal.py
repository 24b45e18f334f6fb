"""The whole terminal but its window: one pensioner through all of it, and what each broken thing does to him."""

import json

import pytest

from gateway.sandbox import STAFF_NUMBER, STAFF_PIN, SandboxPerson
from kiosk.audit.log import first_break
from kiosk.domain.case import HallDecision, Outcome
from kiosk.flow.touches import Button, Typed
from kiosk.journeys.confirmation.stages import Halt, Halted, ShowingResult
from kiosk.ports.print_journal import JournalEntry
from kiosk.ports.printer import NotPrinted, Printed
from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.steps.ask_platform import OfferingOffline
from kiosk.steps.authorise_staff import TypingStaffNumber
from kiosk.steps.confirm_self import ReviewingStatus
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity, Trouble
from kiosk.steps.print_paper import AskingStaff, OnPaper, PaperInDoubt, PaperOwed, number_in_doubt
from kiosk.steps.rate import OfferingRating
from kiosk.steps.take_things import Taking
from tests.eventually import eventually
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
    visitor._until(lambda _: isinstance(_printing(visitor), OnPaper), "the paper")
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
    assert visitor.reaches(OfferingOffline) == OfferingOffline()


def test_a_printer_without_paper_leaves_the_result_valid(visitor: Visitor, people: People) -> None:
    visitor.world("printer", "paper-out")
    visitor.lays_card(people["confirmed"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.reaches(ReviewingStatus)
    visitor.press(Button.PRINT_PROOF)
    visitor.reaches(ShowingResult)
    visitor._until(lambda _: isinstance(_printing(visitor), PaperOwed), "the verdict")
    owed = _printing(visitor)
    assert isinstance(owed, PaperOwed)
    assert owed.verdict == NotPrinted("media-empty")
    assert visitor.reaches(ShowingResult).outcome is Outcome.CANCELLED


def test_a_paper_that_jams_half_way_costs_its_number_and_staff_give_it_a_new_one(
    visitor: Visitor, people: People
) -> None:
    visitor.world("printer", "jam", after_rows=300)
    visitor.lays_card(people["confirmed"])
    visitor.press(Button.START)
    visitor.press(Button.AGREE)
    visitor.reaches(ReviewingStatus)
    visitor.press(Button.PRINT_PROOF)
    visitor.reaches(ShowingResult)
    visitor._until(lambda _: isinstance(_printing(visitor), PaperInDoubt), "the doubt")
    doubt = _printing(visitor)
    assert isinstance(doubt, PaperInDoubt)
    void = number_in_doubt(doubt)
    assert void is not None
    for done in ("cover-open", "mend", "cover-close"):
        visitor.world("printer", done)
    visitor.press(Button.STAFF)
    visitor._until(lambda _: _asking(visitor) == TypingStaffNumber(StaffPurpose.NEW_NUMBER), "the staff's page")
    visitor.post(Typed(STAFF_NUMBER))
    visitor.post(Typed(STAFF_PIN))
    visitor._until(lambda _: isinstance(_printing(visitor), OnPaper), "the new paper")
    paper = _printing(visitor)
    assert isinstance(paper, OnPaper)
    renewed = paper.printing.renewed
    assert renewed is not None
    assert renewed.number != void
    visitor.press(Button.HOME)
    visitor.at_home()
    log = visitor.training.settings.log

    def told(receipt: str) -> list[str]:
        lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
        return [line["event"] for line in lines if line.get("receipt") == receipt]

    assert told(void.value)[-2:] == ["number-voided", "print-finished"]
    assert told(renewed.number.value) == ["number-renewed", "print-finished"]
    assert eventually(lambda: told(f"void-{void}") == ["print-finished"]), "for the staff's file, whoever has left"
    notice = visitor.terminal.ports.journal.latest(f"void-{void}")
    assert isinstance(notice, JournalEntry)
    assert isinstance(notice.verdict, Printed)
    assert first_break(log) is None


def _asking(visitor: Visitor) -> object:
    printing = _printing(visitor)
    return printing.asking if isinstance(printing, AskingStaff) else None


def _printing(visitor: Visitor) -> object:
    phase = visitor.states[-1].phase
    stage = getattr(getattr(phase, "journey", None), "stage", None)
    return getattr(stage, "printing", None)
