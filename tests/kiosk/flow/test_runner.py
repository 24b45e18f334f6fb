"""The runner carries commands to ports and answers back, forgets on wipe, and keeps its timers to the given clock."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from kiosk.documents.slips import ways_slip
from kiosk.domain.audit_event import EventName
from kiosk.domain.case import HallDecision, Outcome, VoidedNumber
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Frame, Picture
from kiosk.flow.commands import (
    AskStaffChallenge,
    AskStaffWays,
    CheckStaffAnswer,
    CheckStaffPin,
    ClearTimer,
    Command,
    LookUpReceipt,
    PrintPaper,
    QueryRoster,
    ReadCard,
    ReadCode,
    SetTimer,
    StartFace,
    StopFace,
    StopReading,
)
from kiosk.flow.events import (
    CardAnswered,
    CodeAnswered,
    DeviceLost,
    Event,
    FaceLost,
    FaceSeen,
    FaceStarted,
    HealthChecked,
    PaperHandedOver,
    PaperPrinted,
    ReceiptLookedUp,
    RosterAnswered,
    StaffAnswered,
    StaffChallenged,
    StaffWaysTold,
    TimerElapsed,
)
from kiosk.flow.health import CAMERA, PRINTER, Health, health_of
from kiosk.flow.machine import Ending, Transition
from kiosk.flow.runner import Runner
from kiosk.flow.session import PAGE_FIRST_S, Session
from kiosk.flow.session_state import Attract, Serving, SessionState, SessionTimes, Wiping
from kiosk.flow.touches import Button, PaceChosen, Pressed, RollChanged
from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.face_analyser import NoReferenceFace
from kiosk.ports.outbox import KnownReceipt, OutboxRefused
from kiosk.ports.platform import (
    LookUpAnswer,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    ReceiptUnknown,
    RosterAnswer,
)
from kiosk.ports.printer import Handover, PaperLevel, Printed, PrintUnknown, PrintVerdict
from kiosk.ports.roster_snapshot import HeldEntry
from kiosk.ports.staff_authorisation import Authorised, NotAuthorised, StaffPurpose, StaffWay
from tests.kiosk.documents.specimens import ENTRY, NUMBER, SITE
from tests.kiosk.flow.fakes import (
    FakeAnalyser,
    FakeAudit,
    FakeCamera,
    FakeClock,
    FakeCodeReader,
    FakeOutbox,
    FakePlatform,
    FakePrinter,
    FakeReader,
    FakeRoll,
    FakeScanner,
    FakeSnapshot,
    FakeSupervision,
    ManualExecutor,
    fake_ports,
)

GONE = Unavailable("port-gone", "plug it in")
PICTURE = Picture(1, 1, b"\0\0\0")


@dataclass(frozen=True, slots=True)
class Heard:
    """A journey's state that remembers what happened."""

    events: tuple[Event, ...] = ()


@dataclass
class Listening:
    """A journey that does nothing but the commands it is told to."""

    replies: dict[Event, tuple[Command, ...]] = field(default_factory=dict)
    code: str = "listening"
    needed: frozenset[str] = frozenset()

    def begin(self, key: str, at: datetime) -> Transition[Heard]:
        return Transition(Heard())

    def advance(self, state: Heard, event: Event, at: datetime) -> Transition[Heard]:
        return Transition(Heard((*state.events, event)), self.replies.get(event, ()))

    def step(self, state: Heard) -> str:
        return "listening"

    def ending(self, state: Heard) -> Ending | None:
        return None

    def so_far(self, state: Heard) -> Ending:
        return Ending(Outcome.CANCELLED, "left")

    def needs(self, state: Heard) -> frozenset[str]:
        return self.needed

    def staffed(self, state: Heard) -> bool:
        return False

    def closed_by(self, health: Health) -> str | None:
        return None


class Bench:
    """A runner with everything around it under the test's hand."""

    def __init__(
        self, replies: dict[Event, tuple[Command, ...]] | None = None, needed: frozenset[str] = frozenset()
    ) -> None:
        self.clock = FakeClock()
        self.executor = ManualExecutor()
        self.reader = FakeReader()
        self.scanner = FakeScanner()
        self.code_readers: dict[str, FakeCodeReader] = {}
        self.camera = FakeCamera()
        self.analyser = FakeAnalyser()
        self.audit = FakeAudit()
        self.supervision = FakeSupervision()
        self.published: list[SessionState[Heard]] = []
        self.printer, self.outbox, self.roll = FakePrinter(), FakeOutbox(), FakeRoll()
        self.platform = FakePlatform()
        self.snapshot = FakeSnapshot()
        ports = fake_ports(self.reader, self.scanner, self.camera, self.analyser, self.audit, self.code_readers)
        self.runner: Runner[Heard] = Runner(
            Session({Button.START: Listening(replies or {}, needed=needed)}, SessionTimes()),
            replace(
                ports,
                supervision=self.supervision,
                printer=self.printer,
                outbox=self.outbox,
                roll=self.roll,
                platform=self.platform,
                snapshot=self.snapshot,
            ),
            self.clock,
            self.executor,
            lambda: "key",
            self.published.append,
        )
        self.runner.begin()
        self.settle()
        self.runner.post(Pressed(Button.START))
        self.settle()

    def settle(self) -> None:
        """Runs what waits, events and port calls alike, until nothing is left."""
        while True:
            self.executor.run_all()
            if self.runner._events.empty():
                return
            self.runner.turn(0)

    def press(self, button: Button) -> None:
        self.runner.post(Pressed(button))
        self.settle()

    def pass_time(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.runner.turn(0)
        self.settle()

    @property
    def heard(self) -> tuple[Event, ...]:
        assert isinstance(self.runner.state.phase, Serving)
        return self.runner.state.phase.journey.events


def frames(count: int) -> deque[Frame]:
    return deque(Frame(number, number / 25, PICTURE) for number in range(1, count + 1))


def test_the_first_self_check_opens_the_item() -> None:
    bench = Bench()
    assert isinstance(bench.runner.state.phase, Serving)
    assert bench.runner.state.health is not None
    assert bench.runner.state.health.waiting == 2
    assert {event.device for event in bench.audit.events if event.device} >= {"id-card", "camera", "face", "printer"}


def camera_of(bench: Bench) -> DeviceStatus:
    assert bench.runner.state.health is not None
    return bench.runner.state.health.camera


def test_every_change_of_a_device_reaches_the_state_while_nobody_is_served_and_while_somebody_is() -> None:
    bench = Bench()
    bench.supervision.tell(CAMERA, GONE)
    bench.settle()
    assert camera_of(bench) == GONE
    assert isinstance(bench.heard[-1], HealthChecked)
    bench.press(Button.HOME)
    bench.supervision.tell(CAMERA, Ready("back"))
    bench.settle()
    assert isinstance(bench.runner.state.phase, Attract)
    assert camera_of(bench) == Ready("back")
    assert bench.runner.state.health is not None
    assert [report.device for report in bench.runner.state.health.reports] == list(bench.supervision.known)


def test_a_needed_device_that_is_lost_is_the_journey_s_event_until_it_is_back() -> None:
    bench = Bench(needed=frozenset({CAMERA}))
    bench.supervision.tell(PRINTER, GONE)
    bench.settle()
    assert DeviceLost(PRINTER, "port-gone") not in bench.heard
    bench.supervision.tell(CAMERA, GONE)
    bench.settle()
    assert bench.heard[-1] == DeviceLost(CAMERA, "port-gone")
    bench.supervision.tell(CAMERA, Ready())
    bench.settle()
    assert isinstance(bench.heard[-1], HealthChecked)


def test_devices_are_left_in_peace_from_the_first_press_to_the_wipe() -> None:
    bench = Bench()
    assert bench.supervision.quiet
    looks = bench.supervision.looks
    bench.pass_time(45)
    assert bench.supervision.looks == looks
    bench.press(Button.HOME)
    bench.pass_time(PAGE_FIRST_S)
    assert not bench.supervision.quiet
    assert bench.supervision.looks == looks + 1
    bench.pass_time(30)
    assert bench.supervision.looks == looks + 2, "the self-check while nobody is served"


def test_of_two_words_about_the_devices_the_later_is_the_newer() -> None:
    """They are put together off the engine's thread; the one that is late must not bring back what is over."""
    bench = Bench()
    alone: list[bool] = []

    class Outbox(FakeOutbox):
        def waiting(self) -> int:
            alone.append(bench.runner._health_turn.locked())
            return super().waiting()

    bench.runner._ports = replace(bench.runner._ports, outbox=Outbox())
    bench.supervision.tell(CAMERA, GONE)
    bench.supervision.tell(CAMERA, Ready())
    first, second = bench.executor.work.popleft(), bench.executor.work.popleft()
    second()
    first()
    bench.settle()
    assert camera_of(bench) == Ready()
    assert alone == [True, True], "nobody else puts a word together meanwhile"


def test_nothing_opens_before_every_device_was_looked_at() -> None:
    reports = FakeSupervision().reports()
    assert health_of(reports[1:], 0) is None
    health = health_of(reports, 3)
    assert health is not None
    assert (health.waiting, health.printer.paper, health.smart_card) == (3, PaperLevel.UNKNOWN, None)


def test_who_ends_the_engine_hears_of_no_device_any_more() -> None:
    bench = Bench()
    heard = len(bench.supervision.listeners)
    bench.runner.stop()
    bench.runner.run()
    assert len(bench.supervision.listeners) == heard


def test_a_port_s_answer_comes_back_as_an_event() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCard(20.0),)})
    bench.press(Button.AGREE)
    assert bench.heard[-1] == CardAnswered(bench.reader.reading)


def test_a_stopped_reading_is_cancelled_and_its_answer_dropped() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCard(20.0),), Pressed(Button.BACK): (StopReading(),)})
    bench.runner.post(Pressed(Button.AGREE))
    bench.runner.turn(0)
    bench.runner.post(Pressed(Button.BACK))
    bench.runner.turn(0)
    bench.settle()
    assert bench.reader.cancelled[0].is_set()
    assert not any(isinstance(event, CardAnswered) for event in bench.heard)


def test_a_new_reading_takes_the_place_of_the_old_one() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCard(20.0),)})
    for _ in range(2):
        bench.runner.post(Pressed(Button.AGREE))
        bench.runner.turn(0)
    bench.settle()
    assert sum(isinstance(event, CardAnswered) for event in bench.heard) == 1


def test_timers_follow_the_given_clock() -> None:
    bench = Bench({Pressed(Button.AGREE): (SetTimer("step", 5.0),)})
    bench.press(Button.AGREE)
    bench.pass_time(4.9)
    assert TimerElapsed("step") not in bench.heard
    bench.pass_time(0.2)
    assert bench.heard[-1] == TimerElapsed("step")
    bench.pass_time(100)
    assert bench.heard.count(TimerElapsed("step")) == 1


def test_a_timer_set_again_moves_and_a_cleared_one_never_comes() -> None:
    bench = Bench(
        {Pressed(Button.AGREE): (SetTimer("step", 5.0),), Pressed(Button.BACK): (ClearTimer("step"),)},
    )
    bench.press(Button.AGREE)
    bench.pass_time(3)
    bench.press(Button.AGREE)
    bench.pass_time(3)
    assert TimerElapsed("step") not in bench.heard
    bench.press(Button.BACK)
    bench.pass_time(50)
    assert TimerElapsed("step") not in bench.heard


@pytest.mark.story("E-24")
def test_nobody_there_ends_in_the_wipe_and_the_home_page() -> None:
    bench = Bench()
    bench.pass_time(60)
    assert isinstance(bench.runner.state.phase, Serving)
    bench.pass_time(15)
    assert isinstance(bench.runner.state.phase, Attract)
    assert bench.analyser.forgotten == 1


def test_the_citizen_s_pace_comes_back_with_the_start_of_a_face() -> None:
    bench = Bench({Pressed(Button.AGREE): (StartFace(PICTURE),)})
    bench.press(Button.AGREE)
    bench.runner.post(PaceChosen(elder=True))
    bench.press(Button.AGREE)
    paces = [event.pace for event in bench.heard if isinstance(event, FaceStarted)]
    assert paces == [1.0, SessionTimes().elder_factor]


def test_faces_stream_until_told_to_stop() -> None:
    bench = Bench({Pressed(Button.AGREE): (StartFace(PICTURE),)})
    bench.camera.frames = frames(3)

    def stop() -> None:
        bench.runner._carry_out(StopFace())

    bench.camera.after_last = stop
    bench.press(Button.AGREE)
    assert isinstance(bench.heard[1], FaceStarted)
    assert [event.observation.sequence for event in bench.heard if isinstance(event, FaceSeen)] == [1, 2, 3]
    assert not bench.camera.started


def test_a_silent_camera_is_told_once() -> None:
    bench = Bench({Pressed(Button.AGREE): (StartFace(PICTURE),)})
    bench.press(Button.AGREE)
    assert bench.heard[-1] == FaceLost("camera", "stalled")
    assert not bench.camera.started


def test_a_crashed_analyser_is_told_once() -> None:
    bench = Bench({Pressed(Button.AGREE): (StartFace(PICTURE),)})
    bench.camera.frames = frames(3)
    bench.analyser.fault_at = 2
    bench.press(Button.AGREE)
    assert bench.heard[-1] == FaceLost("face", "crashed")


def test_no_reference_means_no_watching() -> None:
    bench = Bench({Pressed(Button.AGREE): (StartFace(PICTURE),)})
    bench.analyser.reference = NoReferenceFace()
    bench.camera.frames = frames(3)
    bench.press(Button.AGREE)
    assert bench.heard[-1] == FaceStarted(NoReferenceFace())
    assert not bench.camera.started


def test_a_code_before_the_camera_is_told_once_and_the_camera_stops() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCode(60.0),)})
    bench.camera.frames = frames(3)
    bench.scanner.codes = (b"a code",)
    bench.press(Button.AGREE)
    assert [event for event in bench.heard if isinstance(event, CodeAnswered)] == [CodeAnswered(CodeSeen(b"a code"))]
    assert not bench.camera.started


def test_a_code_that_is_known_already_is_looked_past_until_time_is_up() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCode(0.0, CodeSeen(b"a code").digest),)})
    bench.camera.frames = frames(3)
    bench.scanner.codes = (b"a code",)
    bench.press(Button.AGREE)
    assert bench.heard[-1] == CodeAnswered(NoCode())


def test_a_camera_that_shows_nothing_reads_no_code() -> None:
    bench = Bench({Pressed(Button.AGREE): (ReadCode(60.0),)})
    bench.press(Button.AGREE)
    assert bench.heard[-1] == CodeAnswered(ScannerFault("stalled"))


class CodeBench(Bench):
    """Presses wait for a code, before the camera and by one scanner that will give ``readings``."""

    def __init__(self, *readings: CodeReading, known: str | None = None) -> None:
        replies: dict[Event, tuple[Command, ...]] = {
            Pressed(Button.AGREE): (ReadCode(60.0, known),),
            Pressed(Button.BACK): (StopFace(),),
        }
        super().__init__(replies)
        self.code_reader = self.code_readers["scanner-1"] = FakeCodeReader(deque(readings))

    @property
    def answers(self) -> list[CodeReading]:
        return [event.reading for event in self.heard if isinstance(event, CodeAnswered)]


def test_a_scanner_that_is_first_ends_the_camera_s_look() -> None:
    bench = CodeBench(CodeSeen(b"by scanner"))
    bench.camera.frames = frames(2)
    bench.camera.after_last = bench.executor.run_all
    bench.press(Button.AGREE)
    assert bench.answers == [CodeSeen(b"by scanner")]
    assert not bench.camera.started


def test_a_camera_that_is_first_ends_the_scanner_s_wait() -> None:
    bench = CodeBench(CodeSeen(b"by scanner"))
    bench.camera.frames = frames(2)
    bench.scanner.codes = (b"by camera",)
    bench.press(Button.AGREE)
    assert bench.answers == [CodeSeen(b"by camera")]
    assert bench.code_reader.cancelled[0].is_set()


def test_a_broken_scanner_leaves_the_camera_looking() -> None:
    bench = CodeBench(ScannerFault("port-gone"))
    bench.camera.frames = frames(2)

    def scanner_breaks() -> None:
        if bench.code_reader.cancelled:
            bench.scanner.codes = (b"by camera",)
        bench.executor.run_all()

    bench.scanner.before_each = scanner_breaks
    bench.press(Button.AGREE)
    assert bench.answers == [CodeSeen(b"by camera")]


def test_a_broken_camera_leaves_the_scanner_waiting() -> None:
    bench = CodeBench(CodeSeen(b"by scanner"))
    bench.press(Button.AGREE)
    assert bench.answers == [CodeSeen(b"by scanner")]


def test_all_broken_is_told_once_by_the_camera_s_word() -> None:
    bench = CodeBench(ScannerFault("port-gone"))
    bench.press(Button.AGREE)
    assert bench.answers == [ScannerFault("stalled")]


def test_a_broken_scanner_is_no_fault_while_the_camera_only_saw_nothing() -> None:
    bench = CodeBench(ScannerFault("port-gone"))
    bench.camera.frames = frames(2)

    def time_passes() -> None:
        bench.clock.seconds += 40

    bench.scanner.before_each = time_passes
    bench.press(Button.AGREE)
    assert bench.answers == [NoCode()]


def test_a_scanner_passes_over_the_code_that_is_known_already() -> None:
    bench = CodeBench(CodeSeen(b"known"), CodeSeen(b"new"), known=CodeSeen(b"known").digest)
    bench.press(Button.AGREE)
    assert bench.answers == [CodeSeen(b"new")]


def test_what_a_scanner_reads_after_the_page_has_gone_is_dropped() -> None:
    bench = CodeBench(CodeSeen(b"late"))
    for button in (Button.AGREE, Button.BACK):
        bench.runner.post(Pressed(button))
        bench.runner.turn(0)
    bench.settle()
    assert bench.code_reader.cancelled[0].is_set()
    assert bench.answers == []


def test_what_a_scanner_reads_late_is_not_the_next_page_s_answer() -> None:
    bench = CodeBench(CodeSeen(b"late"), CodeSeen(b"new"))
    for button in (Button.AGREE, Button.BACK, Button.AGREE):
        bench.runner.post(Pressed(button))
        bench.runner.turn(0)
    bench.settle()
    assert bench.answers == [CodeSeen(b"new")]


@pytest.mark.story("E-24")
@pytest.mark.parametrize("command", [ReadCard(20.0), ReadCode(60.0), StartFace(PICTURE)])
def test_what_a_wiped_session_asked_for_never_reaches_the_next(command: Command) -> None:
    bench = Bench({Pressed(Button.AGREE): (command,)})
    bench.camera.frames = frames(3)
    bench.runner.post(Pressed(Button.AGREE))
    bench.runner.turn(0)
    late: list[Callable[[], None]] = list(bench.executor.work)
    bench.executor.work.clear()
    bench.runner.post(Pressed(Button.HOME))
    bench.runner.turn(0)
    assert isinstance(bench.runner.state.phase, Wiping)
    for work in late:
        work()
    bench.settle()
    assert isinstance(bench.runner.state.phase, Attract)
    bench.press(Button.START)
    assert bench.heard == ()


NUMBERED = replace(ways_slip(SITE, FakeClock().now()), number=NUMBER)


@pytest.mark.story("E-23", "E-24")
@pytest.mark.parametrize(
    ("verdict", "handover"),
    [(PrintUnknown("link-lost"), Handover.NO_PRESENTER), (Printed(9), Handover.RETRACTED)],
)
def test_whoever_walks_away_from_the_printer_leaves_no_number_that_counts_behind(
    verdict: PrintVerdict, handover: Handover
) -> None:
    bench = Bench({Pressed(Button.AGREE): (PrintPaper(NUMBERED, NUMBER.value),)})
    bench.printer.verdict, bench.printer.handover = verdict, handover
    bench.runner.post(Pressed(Button.AGREE))
    bench.runner.turn(0)
    bench.runner.post(Pressed(Button.HOME))
    bench.runner.turn(0)
    bench.settle()
    (record,) = bench.outbox.records
    assert isinstance(record, VoidedNumber)
    assert record.receipt == NUMBER
    bench.press(Button.START)
    assert bench.heard == (), "the next citizen hears nothing of it"


def test_a_paper_s_verdict_and_its_end_come_in_this_order() -> None:
    bench = Bench({Pressed(Button.AGREE): (PrintPaper(NUMBERED, NUMBER.value),)})
    bench.printer.handover = Handover.TAKEN
    bench.press(Button.AGREE)
    assert bench.heard[1:] == (PaperPrinted(Printed(1)), PaperHandedOver(NUMBER.value, Handover.TAKEN))


def test_staff_are_asked_by_the_port() -> None:
    bench = Bench(
        {
            Pressed(Button.AGREE): (
                AskStaffWays(),
                AskStaffChallenge(),
                CheckStaffPin("1024", "246810", StaffPurpose.NEW_NUMBER),
            ),
            Pressed(Button.BACK): (CheckStaffAnswer("00000001", StaffPurpose.NEW_NUMBER),),
        }
    )
    bench.press(Button.AGREE)
    bench.press(Button.BACK)
    answers = [event for event in bench.heard if not isinstance(event, Pressed)]
    assert answers == [
        StaffWaysTold(frozenset(StaffWay)),
        StaffChallenged("12345678"),
        StaffAnswered(Authorised("1024", StaffWay.PIN)),
        StaffAnswered(NotAuthorised(4)),
    ]


def test_a_new_roll_is_counted_and_told_while_nobody_is_served_and_ignored_else() -> None:
    bench = Bench()
    bench.runner.post(RollChanged(80_000))
    bench.settle()
    assert bench.roll.left is None
    bench.press(Button.HOME)
    bench.runner.post(RollChanged(80_000))
    bench.settle()
    health = bench.runner.state.health
    assert health is not None
    assert health.printer.remaining_mm == bench.roll.left == 80_000
    assert health.printer.full_mm == 80_000
    changed = [event for event in bench.audit.events if event.name is EventName.PAPER_CHANGED]
    assert [event.figures for event in changed] == [(("mm", 80_000.0),)]


def test_an_outbox_that_takes_nothing_is_told_with_how_everything_is() -> None:
    bench = Bench()
    bench.outbox.refused = OutboxRefused("too-many-records")
    bench.supervision.tell(CAMERA, Ready("again"))
    bench.settle()
    health = bench.runner.state.health
    assert health is not None
    assert health.refused == "too-many-records"
    told = [(event.device, event.reason) for event in bench.audit.events if event.device == "outbox"]
    assert told == [("outbox", "too-many-records")], "once"


@pytest.mark.parametrize("answer", [PlatformUnavailable("no-link"), ReceiptUnknown(), PlatformRefused("no")])
def test_what_the_terminal_knew_of_a_number_is_asked_for_only_when_the_hall_is_silent(answer: LookUpAnswer) -> None:
    bench = Bench({Pressed(Button.AGREE): (LookUpReceipt(NUMBER),)})
    known = KnownReceipt(HallDecision(NUMBER, Outcome.PENDING, None, None), bench.clock.now())
    bench.outbox.known[NUMBER] = known
    bench.platform.found = answer
    bench.press(Button.AGREE)
    silent = isinstance(answer, PlatformUnavailable)
    assert bench.heard[-1] == ReceiptLookedUp(answer, known if silent else None)


@pytest.mark.parametrize("answer", [PlatformUnavailable("no-link"), NotInRoster(), PlatformRefused("no")])
@pytest.mark.parametrize("area", [None, "示例市城西区"])
def test_a_snapshot_of_the_own_roster_is_asked_only_when_the_hall_is_silent(
    answer: RosterAnswer, area: str | None
) -> None:
    query = QueryRoster(CitizenNumber("11010519491231002X"), PersonName("张明"), area)
    bench = Bench({Pressed(Button.AGREE): (query,)})
    bench.snapshot.held = HeldEntry(ENTRY, bench.clock.now().date())
    bench.platform.roster = answer
    bench.press(Button.AGREE)
    asked = isinstance(answer, PlatformUnavailable) and area is None
    assert bench.heard[-1] == RosterAnswered(answer, bench.snapshot.held if asked else None)


def test_staff_are_called_once_when_paper_runs_low() -> None:
    bench = Bench()
    bench.press(Button.HOME)
    for left in (16_100, 15_900, 15_700):
        bench.roll.left = left
        bench.supervision.tell(CAMERA, Ready(str(left)))
        bench.settle()
    alerts = [event.reason for event in bench.audit.events if event.name is EventName.STAFF_ALERTED]
    assert alerts == ["media-low"]


def test_every_change_is_published_in_order() -> None:
    bench = Bench()
    numbers = [state.number for state in bench.published]
    assert numbers == sorted(numbers)
    assert bench.published[-1] == bench.runner.state


def test_stop_ends_the_run() -> None:
    bench = Bench()
    bench.runner.stop()
    assert not bench.runner.turn(0)
