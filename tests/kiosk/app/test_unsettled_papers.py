"""What the last run left of papers is settled, logged and told before anybody is served."""

from dataclasses import replace

from kiosk.app.unsettled_papers import settle_unsettled_papers
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import VoidedNumber
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.domain.void_reasons import INTERRUPTED
from kiosk.ports.outbox import OutboxRefused
from kiosk.ports.print_journal import JournalEntry, JournalTrouble, PrintStage
from tests.kiosk.flow.fakes import (
    FakeAnalyser,
    FakeAudit,
    FakeCamera,
    FakeClock,
    FakeJournal,
    FakeOutbox,
    FakeReader,
    FakeScanner,
    fake_ports,
)

NOW = FakeClock().now()
NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0317", 42)
CUT_OFF = JournalEntry(NUMBER.value, "0f", 1500, 6, NOW, PrintStage.SENDING, 3)


def settled(journal: FakeJournal, outbox: FakeOutbox) -> FakeAudit:
    audit = FakeAudit()
    ports = fake_ports(FakeReader(), FakeScanner(), FakeCamera(), FakeAnalyser(), audit, {})
    settle_unsettled_papers(replace(ports, journal=journal, outbox=outbox), FakeClock())
    return audit


def test_a_paper_cut_off_in_the_middle_makes_its_number_void_and_one_not_begun_does_not() -> None:
    never_begun = replace(CUT_OFF, job="ways-1f1e1d1c", stage=PrintStage.RESERVED, band=0)
    journal, outbox = FakeJournal((never_begun, CUT_OFF)), FakeOutbox()
    audit = settled(journal, outbox)
    assert outbox.records == [VoidedNumber(f"void-{NUMBER}", NUMBER, INTERRUPTED, NOW)]
    assert journal.settled == [never_begun.job, NUMBER.value]
    finished = [(e.receipt, e.outcome, e.reason) for e in audit.events if e.name is EventName.PRINT_FINISHED]
    assert finished == [("ways-1f1e1d1c", "NotPrinted", INTERRUPTED), (NUMBER.value, "PrintUnknown", INTERRUPTED)]


def test_what_cannot_be_made_void_waits_for_the_next_start() -> None:
    journal = FakeJournal((CUT_OFF,))
    audit = settled(journal, FakeOutbox(OutboxRefused("storage-full")))
    assert journal.settled == []
    assert [e.reason for e in audit.events if e.name is EventName.STAFF_ALERTED] == ["number-not-voided"]


def test_a_journal_that_cannot_be_read_is_told() -> None:
    audit = settled(FakeJournal(JournalTrouble("storage-damaged")), FakeOutbox())
    assert [(e.name, e.reason) for e in audit.events] == [(EventName.STAFF_ALERTED, "storage-damaged")]
