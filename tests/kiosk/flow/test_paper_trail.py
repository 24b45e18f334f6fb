"""Every paper is followed to its end, and no number stays good whose paper is in doubt."""

from dataclasses import dataclass, replace

import pytest

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import VoidedNumber
from kiosk.domain.paper import Paper
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.domain.void_reasons import TAKEN_BACK
from kiosk.flow.commands import PrintPaper
from kiosk.flow.events import Event, PaperHandedOver, PaperPrinted
from kiosk.flow.paper_trail import PaperTrail
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.printer import Handover, NotPrinted, Printed, PrintUnknown, PrintVerdict
from tests.kiosk.documents.specimens import specimens
from tests.kiosk.flow.fakes import FakeAudit, FakeClock, FakeJournal, FakeOutbox, FakePrinter

NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, FakeClock().now().date(), "0317", 42)
PAPER: Paper = replace(next(iter(specimens().values())), number=NUMBER)


@dataclass
class Told:
    events: list[Event]
    outbox: FakeOutbox
    journal: FakeJournal
    audit: FakeAudit
    printer: FakePrinter

    @property
    def names(self) -> list[EventName]:
        return [event.name for event in self.audit.events]


def follow(
    verdict: PrintVerdict,
    handover: Handover = Handover.NO_PRESENTER,
    *,
    job: str = NUMBER.value,
    paper: Paper = PAPER,
    then: PrintPaper | None = None,
    refused: OutboxRefused | None = None,
) -> Told:
    told = Told([], FakeOutbox(refused), FakeJournal(), FakeAudit(), FakePrinter(verdict, handover))
    trail = PaperTrail(told.printer, told.journal, told.outbox, told.audit, FakeClock())
    trail.follow(PrintPaper(paper, job, then), told.events.append)
    return told


def test_a_printed_paper_keeps_its_number_and_is_followed_out_of_the_printer() -> None:
    told = follow(Printed(9), Handover.TAKEN)
    assert told.events == [PaperPrinted(Printed(9)), PaperHandedOver(NUMBER.value, Handover.TAKEN)]
    assert (told.outbox.records, told.journal.settled) == ([], [])
    assert told.names == [EventName.PAPER_HANDED_OVER]


def test_what_was_not_printed_keeps_its_number_too() -> None:
    told = follow(NotPrinted("media-empty"))
    assert told.events == [PaperPrinted(NotPrinted("media-empty"))]
    assert (told.outbox.records, told.names) == ([], [])


@pytest.mark.parametrize(
    ("verdict", "handover", "reason"),
    [
        (PrintUnknown("link-lost"), Handover.NO_PRESENTER, "link-lost"),
        (Printed(9), Handover.RETRACTED, TAKEN_BACK),
    ],
)
def test_a_number_in_doubt_is_void_before_anybody_hears_of_it(
    verdict: PrintVerdict, handover: Handover, reason: str
) -> None:
    told = follow(verdict, handover)
    assert told.outbox.records == [VoidedNumber(f"void-{NUMBER}", NUMBER, reason, FakeClock().now())]
    assert told.journal.settled == [NUMBER.value]
    assert EventName.NUMBER_VOIDED in told.names


def test_a_number_that_cannot_be_made_void_now_stays_unsettled_for_the_next_start() -> None:
    told = follow(PrintUnknown("link-lost"), refused=OutboxRefused("storage-full"))
    assert told.journal.settled == []
    assert told.names == [EventName.RECORD_NOT_QUEUED, EventName.STAFF_ALERTED]
    assert told.events == [PaperPrinted(PrintUnknown("link-lost"))], "the citizen is told all the same"


@pytest.mark.parametrize(("job", "paper"), [("copy-1", PAPER), ("ways-1", replace(PAPER, number=None))])
def test_a_copy_and_a_paper_without_number_make_nothing_void(job: str, paper: Paper) -> None:
    told = follow(PrintUnknown("link-lost"), job=job, paper=paper)
    assert told.outbox.records == []
    assert told.journal.settled == [job]


NOTICE = PrintPaper(PAPER, f"void-{NUMBER}")


def test_the_notice_comes_after_the_paper_is_out_and_nobody_hears_of_it() -> None:
    told = follow(Printed(9), Handover.TAKEN, then=NOTICE)
    assert told.printer.printed == [NUMBER.value, NOTICE.job]
    assert told.events == [PaperPrinted(Printed(9)), PaperHandedOver(NUMBER.value, Handover.TAKEN)]
    assert told.names == [EventName.PAPER_HANDED_OVER, EventName.PRINT_FINISHED, EventName.PAPER_HANDED_OVER]
    finished = told.audit.events[1]
    assert (finished.receipt, finished.outcome, finished.reason) == (NOTICE.job, "Printed", None)


@pytest.mark.parametrize("verdict", [NotPrinted("media-empty"), PrintUnknown("link-lost")])
def test_no_notice_follows_a_paper_that_may_not_be_out(verdict: PrintVerdict) -> None:
    assert follow(verdict, then=NOTICE).printer.printed == [NUMBER.value]


@pytest.mark.parametrize("verdict", [NotPrinted("paper-too-short"), PrintUnknown("link-lost")])
def test_a_notice_that_was_not_printed_or_is_in_doubt_makes_no_number_void(verdict: NotPrinted | PrintUnknown) -> None:
    told = Told([], FakeOutbox(), FakeJournal(), FakeAudit(), FakePrinter())

    def gets_worse() -> None:
        told.printer.verdict = Printed(9) if len(told.printer.printed) == 1 else verdict

    told.printer.before_verdict = gets_worse
    trail = PaperTrail(told.printer, told.journal, told.outbox, told.audit, FakeClock())
    trail.follow(PrintPaper(PAPER, NUMBER.value, NOTICE), told.events.append)
    assert told.printer.printed == [NUMBER.value, NOTICE.job]
    assert not told.outbox.records
    assert told.audit.events[-1].reason == verdict.reason
    assert told.journal.settled == ([NOTICE.job] if isinstance(verdict, PrintUnknown) else [])
