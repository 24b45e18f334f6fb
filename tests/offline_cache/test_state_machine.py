"""Any order of accepting, trying, sending, crashing, starting again and wrong clocks.

Nothing is lost, nothing comes twice, nobody's records overtake each other, and every one leaves in the end. One that
the hall takes never, sealed with a key of before, is a dead letter then, and holds up neither the others nor the
offline path."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.outbox import OutboxRefused, Queued, Record
from kiosk.ports.platform import DeliveryAnswer, PlatformUnavailable, SealedRecord, Stored
from kiosk.wire.record import CASE_KIND
from offline_cache.queue import EntryState, LimitReached, QueueEntry, entries
from offline_cache.settings import DeliverySettings
from tests.offline_cache.parts import DECIDED, NO_LINK, FakePlatform, Parts, build
from tests.records import SetClock, eligibility_case, rating, register

DAY_S = 86_400.0
ROUNDS_TO_THE_END = 200
DELIVERY = DeliverySettings(start_window_s=30, holding_faults=3)

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""No disk is needed here: what is synced and what is not, tests/durability proves."""

PEOPLE = ("due", "due-2", "due-3")


class Way(Enum):
    """What becomes of a record on its way."""

    UP = "up"
    DOWN = "down"
    ANSWER_LOST = "answer lost"
    ASKED_FOR_QUIET = "asked for quiet"


@dataclass
class Hall:
    """The gateway's promise: the first arrival of a key is kept, later ones change nothing. Those in ``never`` were
    sealed with a key that it revoked."""

    way: Way = Way.UP
    never: set[str] = field(default_factory=set)
    kept: dict[str, bytes] = field(default_factory=dict)

    def status(self) -> DeviceStatus:
        return Unavailable("no-link", "check the cable") if self.way is Way.DOWN else Ready()

    def answer(self, record: SealedRecord) -> DeliveryAnswer:
        if self.way is Way.DOWN:
            return NO_LINK
        if self.way is Way.ASKED_FOR_QUIET:
            return PlatformUnavailable("busy", retry_after_s=120.0)
        if record.key in self.never:
            return PlatformUnavailable("revoked")
        assert self.kept.setdefault(record.key, record.envelope) == record.envelope, "another try sent other bytes"
        if self.way is Way.ANSWER_LOST:
            return PlatformUnavailable("timeout")
        return DECIDED if record.kind == CASE_KIND else Stored()


class OutboxMachine(RuleBasedStateMachine):
    """``accepted`` is what the outbox has said it will deliver: keys in their order, each with whose case it is,
    a rating with its case."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.registered = register(self.folder)
        self.clock, self.hall = SetClock(), Hall()
        self.accepted: dict[str, str] = {}
        self.records: dict[str, Record] = {}
        self.lives = 0
        self.parts = self._start(self.folder / "life-0.db")

    def _start(self, path: Path) -> Parts:
        platform = FakePlatform(self.hall.answer, self.hall.status())
        return build(self.registered, path=path, clock=self.clock, platform=platform, delivery=DELIVERY)

    @rule(slug=st.sampled_from(PEOPLE), offline=st.booleans(), pictured=st.booleans())
    def accept_a_case(self, slug: str, offline: bool, pictured: bool) -> None:
        number = len(self.accepted) + 1
        crop = bytes(40_000) if pictured else None
        case = eligibility_case(slug, number, key=f"case-{number}", offline=offline, crop=crop)
        self._accept(case, slug, may_be_closed=offline)

    @rule(slug=st.sampled_from(PEOPLE))
    def accept_a_case_under_a_key_of_before(self, slug: str) -> None:
        number = len(self.accepted) + 1
        self.hall.never.add(f"case-{number}")
        self._accept(eligibility_case(slug, number, key=f"case-{number}"), slug)

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def accept_a_rating_of_a_case(self, data: st.DataObject) -> None:
        cases = [key for key in self.accepted if key.startswith("case-")]
        key = data.draw(st.sampled_from(cases))
        stars = rating(int(key.removeprefix("case-")), key=f"rating-{len(self.accepted) + 1}")
        self._accept(stars, key)

    def _accept(self, record: Record, about: str, may_be_closed: bool = False) -> None:
        answer = self.parts.outbox.put(record)
        if may_be_closed and answer == OutboxRefused(LimitReached.AGE.value):
            return
        assert answer == Queued(record.key)
        self.accepted[record.key] = about
        self.records[record.key] = record

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def accept_one_that_waits_once_more(self, data: st.DataObject) -> None:
        waiting = self._waiting()
        if waiting:
            key = data.draw(st.sampled_from(waiting))
            assert self.parts.outbox.put(self.records[key]) == Queued(key)
            assert self._waiting() == waiting

    @rule(way=st.sampled_from(Way), later_s=st.sampled_from((0.0, 20.0, 400.0)))
    def send_what_is_due(self, way: Way, later_s: float) -> None:
        self._change_the_way(way)
        self.clock.forward(later_s)
        self.parts.delivery.run_due()

    @precondition(lambda self: self.accepted)
    @rule(way=st.sampled_from(Way), data=st.data())
    def send_while_the_citizen_waits(self, way: Way, data: st.DataObject) -> None:
        waiting = self._waiting()
        if waiting:
            self._change_the_way(way)
            self.parts.delivery.deliver(data.draw(st.sampled_from(waiting)))

    def _change_the_way(self, way: Way) -> None:
        self.hall.way = way
        self.parts.platform.device = self.hall.status()

    @rule()
    def begin_a_try_that_never_ends(self) -> None:
        key = self.parts.queue.next_due()
        if key is not None:
            self.parts.queue.lease(key)

    @rule(seconds=st.sampled_from((20.0, 700.0, 9 * DAY_S)), back=st.booleans())
    def set_the_clock(self, seconds: float, back: bool) -> None:
        self.clock.forward(-seconds if back else seconds)

    @rule()
    def start_again(self) -> None:
        self.parts.close()
        self.parts = self._start(self.parts.storage.path)

    @rule()
    def crash(self) -> None:
        """The next life finds file and WAL as they are now; what this one still does to them comes too late."""
        self.lives += 1
        before, after = self.parts.storage.path, self.folder / f"life-{self.lives}.db"
        for suffix in ("", "-wal"):
            found = Path(f"{before}{suffix}")
            if found.exists():
                shutil.copyfile(found, f"{after}{suffix}")
        self.parts.close()
        self.parts = self._start(after)

    @invariant()
    def nothing_is_lost_and_nothing_invented(self) -> None:
        held = {entry.key for entry in self._entries()}
        assert held | self.hall.kept.keys() == self.accepted.keys()

    @invariant()
    def nobody_overtakes(self) -> None:
        """Of each person's cases the hall has a beginning, in their order, and a rating only after its case. Those it
        never takes do not count."""
        arrived, never = list(self.hall.kept), self.hall.never
        for whose in PEOPLE:
            mine = [key for key, about in self.accepted.items() if about == whose and key not in never]
            mine_there = [key for key in arrived if self.accepted[key] == whose]
            assert mine_there == mine[: len(mine_there)]
        for place, key in enumerate(arrived):
            assert self.accepted[key] in (*PEOPLE, *arrived[:place], *never)

    def _waiting(self) -> list[str]:
        return [entry.key for entry in self._entries() if entry.state is not EntryState.DEAD]

    def _entries(self) -> tuple[QueueEntry, ...]:
        if not self.parts.storage.path.exists():
            return ()
        found = entries(self.parts.storage.path, self.clock.now())
        assert isinstance(found, tuple), found
        assert all(entry.key in self.hall.never for entry in found if entry.state is EntryState.DEAD)
        return found

    def teardown(self) -> None:
        try:
            self._every_record_leaves_in_the_end()
        finally:
            self.parts.close()
            shutil.rmtree(self.folder)

    def _every_record_leaves_in_the_end(self) -> None:
        self._change_the_way(Way.UP)
        for _ in range(ROUNDS_TO_THE_END):
            self.parts.delivery.run_due()
            if not self.parts.outbox.waiting():
                break
            self.clock.forward(60)
        assert self.parts.outbox.waiting() == 0, "some are stuck"
        assert {entry.key for entry in self._entries()} == self.hall.never
        assert self.parts.queue.obstacle() is None
        self.nothing_is_lost_and_nothing_invented()
        self.nobody_overtakes()
        digests = {hashlib.sha256(envelope).digest() for envelope in self.hall.kept.values()}
        assert len(digests) == len(self.accepted) - len(self.hall.never)


def test_any_order_of_events() -> None:
    run_state_machine_as_test(OutboxMachine, settings=settings(max_examples=25, stateful_step_count=30))


@pytest.mark.nightly
def test_very_many_orders_of_events() -> None:
    run_state_machine_as_test(OutboxMachine, settings=settings(max_examples=500, stateful_step_count=50))
