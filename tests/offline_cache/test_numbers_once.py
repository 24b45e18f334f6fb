"""Whatever happens in whatever order, power cuts included: a number that may be on a paper is not reserved again."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kiosk.ports.print_journal import JournalEntry, NumberUsed, PrintStage
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown
from kiosk.printing.recovery import settle_journal
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from tests.records import START, receipt

JOBS = st.sampled_from([receipt().value, "slip-1"])
ON_PAPER = (PrintStage.SENDING, PrintStage.SENT, PrintStage.ACKNOWLEDGED)


class Papers(RuleBasedStateMachine):
    """Drives the journal as a driver does; keeps beside it what may be on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.on_paper: set[str] = set()
        self.open: dict[str, PrintStage] = {}
        self._start()

    def _start(self) -> None:
        self.store = Store(Path(self.folder.name) / "terminal.db", 1024 * 1024)
        self.journal = DurablePrintJournal(self.store)

    @rule(job=JOBS)
    def reserve(self, job: str) -> None:
        answer = self.journal.reserve(JournalEntry(job, "ab" * 32, 1200, 5, START))
        if job in self.on_paper or job in self.open:
            assert isinstance(answer, NumberUsed)
        else:
            assert answer is None
            self.open[job] = PrintStage.RESERVED

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(sorted(self.open)))
        order = list(PrintStage)
        later = order[order.index(self.open[job]) + 1 : order.index(PrintStage.PRESENTED)]
        if not later:
            return
        stage = later[0]
        assert self.journal.advance(job, stage) is None
        self.open[job] = stage
        if stage in ON_PAPER:
            self.on_paper.add(job)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(sorted(self.open)))
        stage = self.open.pop(job)
        printed = stage is PrintStage.ACKNOWLEDGED
        untouched = stage in (PrintStage.RESERVED, PrintStage.PRECHECKED)
        verdict = Printed(1) if printed else NotPrinted("media-empty") if untouched else PrintUnknown("media-jam")
        assert self.journal.close(job, verdict) is None

    @rule(voids=st.booleans())
    def power_cut(self, voids: bool) -> None:
        self.store.close()
        self._start()
        settle_journal(self.journal, lambda *_: voids)
        assert self.journal.unfinished() == ()
        self.open.clear()

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


Papers.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
test_a_number_is_on_one_paper_only = Papers.TestCase
