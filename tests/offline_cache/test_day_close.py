"""The terminal accounts for each day that is over, once it is over, whatever was off in between."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import apsw
import pytest

from kiosk.domain.case import HallDecision, Outcome, VoidedNumber
from kiosk.domain.china_time import CHINA
from kiosk.domain.day_summary import DayPaper, DayRecord, DaySummary, PaperStanding, RecordStanding
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.ports.outbox import Queued
from kiosk.ports.platform import DeliveryAnswer, PlatformRefused, SealedRecord, Stored
from kiosk.ports.print_journal import JournalEntry, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintVerdict
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from kiosk.wire.record import CASE_KIND, RATING_KIND, REFERRAL_KIND, VOID_KIND
from offline_cache.day_close import CLOSED_FROM, DayClose
from offline_cache.migrations import MIGRATIONS
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.receipts import DurableReceiptIssuer
from tests.offline_cache.parts import Parts, build
from tests.records import START, TERMINAL, Registered, desk_referral, eligibility_case, rating, receipt

DAY = START.date()
MIDNIGHT = datetime(2026, 11, 21, tzinfo=CHINA)


@dataclass
class Terminal:
    """A terminal's storage with a platform that keeps what it is sent; ``refused`` are kinds it never takes."""

    parts: Parts
    registered: Registered
    refused: tuple[str, ...] = ()

    def close(self) -> DayClose:
        return DayClose(self.parts.store, self.parts.outbox, self.parts.audit, self.parts.clock, lambda: 0.0)

    def answer(self, record: SealedRecord) -> DeliveryAnswer:
        if record.kind in self.refused:
            return PlatformRefused("unknown-tag")
        decided = record.kind == CASE_KIND
        return HallDecision(receipt(), Outcome.PASSED, DAY, None) if decided else Stored()

    def days(self) -> list[DaySummary]:
        """The accounts the platform has, as it reads them."""
        terminal = self.registered.terminal
        opened = [
            open_envelope(sent.envelope, self.registered.sealing_key, {terminal.key_id: terminal})
            for sent in self.parts.platform.sent
        ]
        contents = [each.content for each in opened if isinstance(each, OpenedEnvelope)]
        return [content for content in contents if isinstance(content, DaySummary)]

    def issue(self, count: int) -> None:
        issuer = DurableReceiptIssuer(self.parts.store, TERMINAL, self.registered.signing_key, "HTTPS://A.EXAMPLE/")
        for _ in range(count):
            issued = issuer.issue(ReceiptKind.ELIGIBILITY, self.parts.clock.now().astimezone(CHINA))
            assert isinstance(issued, IssuedReceipt)

    def printed(self, counter: int, verdict: PrintVerdict | None) -> None:
        journal, job = DurablePrintJournal(self.parts.store), receipt(counter).value
        assert journal.reserve(JournalEntry(job, "0" * 64, 100, 1, self.parts.clock.now())) is None
        if verdict is not None:
            assert journal.advance(job, PrintStage.PRECHECKED) is None
            assert journal.close(job, verdict) is None

    def until(self, moment: datetime) -> None:
        self.parts.clock.forward((moment - self.parts.clock.now()).total_seconds())


@pytest.fixture
def terminal(parts: Parts, registered: Registered) -> Terminal:
    terminal = Terminal(parts, registered)
    parts.platform.answer = terminal.answer
    return terminal


def test_a_day_with_everything_in_it_is_told_as_it_was(terminal: Terminal) -> None:
    outbox, delivery = terminal.parts.outbox, terminal.parts.delivery
    terminal.issue(5)
    terminal.refused = (RATING_KIND,)
    for record in (eligibility_case("due", 1), rating(1), desk_referral(counter=2)):
        assert isinstance(outbox.put(record), Queued)
    delivery.run_due()
    terminal.printed(1, Printed(100))
    terminal.printed(2, NotPrinted("media-empty"))
    terminal.printed(3, None)
    terminal.parts.platform.cut_off()
    outbox.put(VoidedNumber("void-3", receipt(3), "media-jam", terminal.parts.clock.now(), receipt(4), "1001", "pin"))
    close = terminal.close()
    close.run_due()
    assert terminal.parts.outbox.waiting() == 1
    terminal.until(MIDNIGHT + CLOSED_FROM)
    close.run_due()
    terminal.parts.platform.back()
    terminal.parts.platform.answer = terminal.answer
    terminal.until(MIDNIGHT + timedelta(hours=4))
    for _ in range(3):
        delivery.run_due()
    (day,) = terminal.days()
    assert (day.day, day.issued, day.made_at) == (DAY, 5, MIDNIGHT + CLOSED_FROM)
    assert day.records == (
        DayRecord(receipt(1), CASE_KIND, RecordStanding.SENT, Outcome.PASSED),
        DayRecord(receipt(1), RATING_KIND, RecordStanding.DEAD),
        DayRecord(receipt(2), REFERRAL_KIND, RecordStanding.SENT),
        DayRecord(receipt(3), VOID_KIND, RecordStanding.WAITING, None, receipt(4)),
    )
    assert day.papers == (
        DayPaper(receipt(1), PaperStanding.PRINTED),
        DayPaper(receipt(2), PaperStanding.NOT_PRINTED),
        DayPaper(receipt(3), PaperStanding.OPEN),
    )


def _accounts(terminal: Terminal, close: DayClose) -> list[date]:
    close.run_due()
    terminal.parts.delivery.run_due()
    return [day.day for day in terminal.days()]


def test_nothing_is_told_before_the_day_is_over_and_nothing_twice(terminal: Terminal) -> None:
    terminal.issue(1)
    close = terminal.close()
    terminal.until(MIDNIGHT + CLOSED_FROM - timedelta(seconds=1))
    assert _accounts(terminal, close) == []
    terminal.parts.clock.forward(1)
    assert _accounts(terminal, close) == [DAY]
    terminal.parts.clock.forward(3600)
    assert _accounts(terminal, close) == [DAY]
    assert _accounts(terminal, terminal.close()) == [DAY]
    terminal.parts.clock.forward(24 * 3600)
    assert _accounts(terminal, close) == [DAY]


def test_every_terminal_has_a_moment_of_its_own(terminal: Terminal) -> None:
    terminal.issue(1)
    parts = terminal.parts
    late = DayClose(parts.store, parts.outbox, parts.audit, parts.clock, lambda: 1.0)
    terminal.until(MIDNIGHT + timedelta(hours=3))
    assert _accounts(terminal, late) == []
    terminal.until(MIDNIGHT + timedelta(hours=3, minutes=30))
    assert _accounts(terminal, late) == [DAY]


def test_a_terminal_that_was_off_accounts_for_each_day_it_served(terminal: Terminal) -> None:
    terminal.issue(1)
    terminal.parts.clock.forward(24 * 3600)
    terminal.issue(1)
    terminal.until(MIDNIGHT + timedelta(days=9, hours=12))
    assert _accounts(terminal, terminal.close()) == [DAY, DAY + timedelta(days=1)]


def test_a_day_of_which_something_came_later_is_summed_up_again(terminal: Terminal) -> None:
    terminal.parts.outbox.put(eligibility_case("due", 1))
    terminal.until(MIDNIGHT + timedelta(hours=9))
    assert _accounts(terminal, terminal.close()) == [DAY]
    terminal.parts.clock.forward(60)
    terminal.parts.outbox.put(VoidedNumber("void-1", receipt(1), "media-jam", terminal.parts.clock.now()))
    terminal.parts.clock.forward(60)
    assert _accounts(terminal, terminal.close()) == [DAY, DAY]
    first, second = terminal.days()
    assert first.key != second.key
    assert [record.kind for record in second.records] == [CASE_KIND, VOID_KIND]


def test_what_cannot_be_queued_is_tried_again(terminal: Terminal, registered: Registered) -> None:
    parts = terminal.parts
    terminal.issue(1)
    terminal.until(MIDNIGHT + timedelta(hours=9))
    broken = build(registered, path=registered.gateway_key_file / "terminal.db", clock=parts.clock)
    close = DayClose(parts.store, broken.outbox, parts.audit, parts.clock, lambda: 0.0)
    assert _accounts(terminal, close) == []
    assert not parts.audit.events
    broken.close()
    assert _accounts(terminal, terminal.close()) == [DAY]


def test_numbers_from_before_the_book_was_kept_are_not_accounted_for(registered: Registered) -> None:
    path = registered.folder / "terminal.db"
    with apsw.Connection(str(path)) as old:
        for script in MIGRATIONS[:5]:
            old.execute(script)
        old.execute("PRAGMA user_version=5")
        old.execute("INSERT INTO receipt_counter VALUES ('YL', '2026-11-19', 7)")
    parts = build(registered)
    terminal = Terminal(parts, registered)
    parts.platform.answer = terminal.answer
    terminal.issue(1)
    terminal.until(MIDNIGHT + timedelta(hours=9))
    assert _accounts(terminal, terminal.close()) == [DAY]
    parts.close()
