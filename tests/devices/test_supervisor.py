"""All devices at once: nobody waits for one that hangs, every change is told once, sessions are left in peace."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from devices.device_watch import Pace
from devices.supervisor import SupervisionSettings, Supervisor, Watched
from kiosk.app.system import SystemClock, ThreadExecutor
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.supervision import DeviceReport
from tests.kiosk.flow.fakes import FakeClock, ManualExecutor

GONE = Unavailable("port-gone", "plug it in")
PATIENCE_S = 30.0


@dataclass
class Device:
    """Answers what the test says; ``away`` shows to a glance."""

    status: DeviceStatus = field(default_factory=Ready)
    away: bool = False
    asked: int = 0

    def ask(self) -> DeviceStatus:
        self.asked += 1
        return GONE if self.away else self.status

    def glance(self) -> DeviceStatus | None:
        return GONE if self.away else None

    def watched(self, name: str, *, disturbs: bool = False, every_s: float | None = None) -> Watched:
        return Watched(name, self.ask, Pace(every_s=every_s), self.glance, disturbs)


class Bench:
    """A supervisor whose clock and questions are the test's."""

    def __init__(self, *watched: Watched) -> None:
        self.clock = FakeClock()
        self.executor = ManualExecutor()
        self.supervisor = Supervisor(watched, SupervisionSettings(), self.clock, self.executor)
        self.news: list[DeviceReport] = []
        self.supervisor.subscribe(self.news.append)

    def look(self) -> None:
        self.supervisor.look_at_all()
        self.settle()

    def settle(self) -> None:
        """Rounds until nothing more is begun at this time."""
        self.supervisor.turn()
        while self.executor.work:
            self.executor.run_all()
            self.supervisor.turn()

    def pass_time(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(round(seconds / step)):
            self.clock.seconds += step
            self.settle()

    def words(self) -> list[tuple[str, bool, int]]:
        told = [(report.device, isinstance(report.status, Ready), report.failures) for report in self.news]
        self.news.clear()
        return told


def test_every_change_is_told_once_and_what_stays_is_not() -> None:
    reader, camera = Device(), Device()
    bench = Bench(reader.watched("id-card"), camera.watched("camera", every_s=5.0))
    assert bench.words() == []
    bench.look()
    assert bench.words() == [("id-card", True, 0), ("camera", True, 0)]
    bench.pass_time(20)
    bench.look()
    assert bench.words() == []
    assert camera.asked > 4
    assert reader.asked == 2, "seen to be there, it need not be asked"


def test_who_comes_late_hears_how_all_are_now_and_who_leaves_hears_no_more() -> None:
    reader, camera = Device(), Device(GONE)
    bench = Bench(reader.watched("id-card"), camera.watched("camera"))
    bench.look()
    late: list[DeviceReport] = []
    leave = bench.supervisor.subscribe(late.append)
    assert {report.device: report.status for report in late} == {"id-card": Ready(), "camera": GONE}
    assert tuple(late) == bench.supervisor.reports()
    leave()
    camera.status = Ready()
    bench.look()
    assert len(late) == 2


def test_an_unplugged_device_is_lost_within_two_seconds_and_back_within_two() -> None:
    reader = Device()
    bench = Bench(reader.watched("id-card"))
    bench.look()
    bench.words()
    reader.away = True
    bench.pass_time(2.0)
    assert bench.words() == [("id-card", True, 0), ("id-card", True, 1), ("id-card", False, 2)]
    bench.pass_time(120.0)
    assert reader.asked < 12, "a dead device is not asked without end"
    bench.words()
    reader.away = False
    bench.pass_time(2.0)
    assert bench.words() == [("id-card", True, 0)]


def test_a_flicker_is_told_as_one_and_loses_nothing() -> None:
    reader = Device()
    bench = Bench(reader.watched("id-card"))
    bench.look()
    bench.words()
    reader.away = True
    bench.pass_time(1.0)
    reader.away = False
    bench.pass_time(3.0)
    assert bench.words() == [("id-card", True, 0), ("id-card", True, 1), ("id-card", True, 0)]


def test_a_device_that_hangs_delays_no_other() -> None:
    printer, reader = Device(), Device()
    bench = Bench(printer.watched("printer"), reader.watched("id-card"))
    bench.look()
    bench.words()
    bench.supervisor.look_at_all()
    bench.supervisor.turn()
    hanging = bench.executor.work.popleft()
    bench.executor.run_all()
    reader.away = True
    bench.pass_time(2.0)
    assert bench.words() == [("id-card", True, 0), ("id-card", True, 1), ("id-card", False, 2)]
    assert printer.asked == 1, "nobody asks it a second time while it hangs"
    printer.status = GONE
    hanging()
    assert bench.words() == [("printer", True, 1)]


def test_nor_does_one_that_hangs_when_it_is_glanced_at() -> None:
    slot, reader = Device(), Device()
    bench = Bench(slot.watched("smart-card"), reader.watched("id-card"))
    bench.look()
    bench.words()
    bench.clock.seconds += 1.0
    bench.supervisor.turn()
    bench.executor.work.popleft()
    reader.away = slot.away = True
    bench.pass_time(3.0)
    assert {device for device, _, _ in bench.words()} == {"id-card"}


def test_while_somebody_is_served_only_what_is_not_disturbed_is_asked() -> None:
    reader, camera = Device(), Device()
    bench = Bench(reader.watched("id-card", disturbs=True), camera.watched("camera", every_s=5.0))
    bench.look()
    bench.words()
    bench.supervisor.keep_quiet()
    asked = reader.asked, camera.asked
    bench.pass_time(20)
    assert reader.asked == asked[0]
    assert camera.asked > asked[1]
    reader.away = True
    bench.pass_time(2.0)
    assert bench.words() == [("id-card", True, 1), ("id-card", False, 2)]
    assert reader.asked == asked[0]
    reader.away = False
    bench.pass_time(1.0)
    assert bench.words() == [("id-card", True, 0)]
    bench.look()
    assert reader.asked == asked[0] + 1


def test_what_is_lost_when_somebody_comes_is_not_asked_until_he_has_gone() -> None:
    reader = Device(GONE)
    bench = Bench(reader.watched("id-card", disturbs=True))
    bench.look()
    bench.supervisor.keep_quiet()
    bench.pass_time(60)
    assert reader.asked == 1
    reader.status = Ready()
    bench.look()
    assert isinstance(bench.supervisor.reports()[0].status, Ready)


def test_the_next_turn_is_never_later_than_what_is_due() -> None:
    reader, camera = Device(), Device()
    bench = Bench(reader.watched("id-card"), camera.watched("camera", every_s=0.25))
    bench.look()
    assert bench.supervisor.turn() == 0.25
    bench.clock.seconds += 0.25
    assert bench.supervisor.turn() == 0.75, "it is being asked; the next glance comes first"
    bench.executor.run_all()
    assert bench.supervisor.turn() == 0.25


def test_one_look_at_each_device_is_told_in_their_order() -> None:
    first_asked, answer = threading.Event(), threading.Event()

    def slow() -> DeviceStatus:
        first_asked.set()
        assert answer.wait(PATIENCE_S)
        return Ready("slow")

    def quick() -> DeviceStatus:
        assert first_asked.wait(PATIENCE_S), "both are asked at the same time"
        answer.set()
        return GONE

    watched = (Watched("printer", slow, Pace()), Watched("id-card", quick, Pace()))
    supervisor = Supervisor(watched, SupervisionSettings(), SystemClock(), ThreadExecutor())
    told = [(report.device, report.status) for report in supervisor.look_once()]
    assert told == [("printer", Ready("slow")), ("id-card", GONE)]
    supervisor.close()


class Hearing:
    """What a listener heard, waited for."""

    def __init__(self) -> None:
        self._heard: deque[DeviceReport] = deque()
        self._changed = threading.Condition()

    def __call__(self, report: DeviceReport) -> None:
        with self._changed:
            self._heard.append(report)
            self._changed.notify_all()

    def until(self, met: Callable[[DeviceReport], bool]) -> DeviceReport:
        def found() -> DeviceReport | None:
            return next((report for report in self._heard if met(report)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, PATIENCE_S)
            report = found()
            assert report is not None
            self._heard.clear()
            return report


def test_on_its_own_thread_it_tells_of_loss_and_return_and_ends_when_told() -> None:
    reader, hearing = Device(), Hearing()
    settings = SupervisionSettings(glance_s=0.01, confirm_s=0.01, first_pause_s=0.01)
    pace = settings.attached
    watched = (Watched("id-card", reader.ask, pace, reader.glance),)
    supervisor = Supervisor(watched, settings, SystemClock(), ThreadExecutor())
    supervisor.subscribe(hearing)
    supervisor.start()
    supervisor.look_at_all()
    hearing.until(lambda report: isinstance(report.status, Ready))
    reader.away = True
    hearing.until(lambda report: report.status == GONE)
    reader.away = False
    hearing.until(lambda report: isinstance(report.status, Ready))
    supervisor.close()
    assert "supervisor" not in {thread.name for thread in threading.enumerate()}


def test_closing_waits_for_a_question_under_way() -> None:
    asked, answer, answered = threading.Event(), threading.Event(), threading.Event()

    def ask() -> DeviceStatus:
        asked.set()
        assert answer.wait(PATIENCE_S)
        answered.set()
        return Ready()

    supervisor = Supervisor((Watched("printer", ask, Pace()),), SupervisionSettings(), SystemClock(), ThreadExecutor())
    supervisor.start()
    supervisor.look_at_all()
    assert asked.wait(PATIENCE_S)
    closing = threading.Thread(target=supervisor.close)
    closing.start()
    answer.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert answered.is_set()
