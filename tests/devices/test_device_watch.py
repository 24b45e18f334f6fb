"""One device: two bad looks lose it, back-off tries it again, and news is only what is new."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from devices.device_watch import DeviceWatch, Look, Pace, look_of
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import PaperLevel, PrinterStatus

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
GONE = Unavailable("port-gone", "plug it in")
SILENT = Unavailable("no-answer", "switch it on")


def wall(at: float) -> datetime:
    return START + timedelta(seconds=at)


def asked(watch: DeviceWatch, status: DeviceStatus, at: float) -> DeviceWatch:
    return watch.asked(Look(status, at, wall(at)))


def glanced(watch: DeviceWatch, seen: DeviceStatus | None, at: float, *, quiet: bool = False) -> DeviceWatch:
    return watch.glanced(seen, at, wall(at), quiet=quiet)


def ready(pace: Pace = Pace()) -> DeviceWatch:  # noqa: B008  a frozen value
    return asked(DeviceWatch("id-card", pace), Ready("serial 1"), 0.0)


def told(watch: DeviceWatch) -> tuple[DeviceStatus, int]:
    assert watch.report is not None
    return watch.report.status, watch.report.failures


def test_the_first_answer_is_believed() -> None:
    never = DeviceWatch("id-card", Pace())
    assert told(asked(never, SILENT, 0.0)) == (SILENT, 1)
    assert told(asked(never, Ready("serial 1"), 0.0)) == (Ready("serial 1"), 0)
    assert glanced(never, GONE, 0.0) == never, "a glance alone makes no report"


def test_one_bad_look_is_a_flicker_and_two_are_a_loss_since_the_first() -> None:
    once = asked(ready(), GONE, 10.0)
    assert told(once) == (Ready("serial 1"), 1)
    assert once.ask_at == 11.0
    over = asked(once, Ready("serial 1"), 11.0)
    assert told(over) == (Ready("serial 1"), 0)
    assert over.report is not None
    assert over.report.since == wall(0.0)
    assert over.report.last_error is not None
    assert (over.report.last_error.what, over.report.last_error.at) == (GONE, wall(10.0))
    lost = asked(once, SILENT, 11.0)
    assert told(lost) == (SILENT, 2)
    assert lost.report is not None
    assert lost.report.since == wall(10.0)


def test_a_lost_device_is_tried_again_after_growing_pauses_up_to_the_longest() -> None:
    watch, at, pauses = asked(asked(ready(), GONE, 0.0), GONE, 1.0), 1.0, []
    for _ in range(8):
        assert watch.ask_at is not None
        pauses.append(watch.ask_at - at)
        at = watch.ask_at
        watch = asked(watch, GONE, at)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    back = asked(watch, Ready(), at + 3)
    assert told(back) == (Ready(), 0)
    assert back.report is not None
    assert back.report.since == wall(at + 3)
    again = asked(asked(back, GONE, at + 10), GONE, at + 11)
    assert again.ask_at == at + 12, "the back-off begins anew"


def test_a_loss_keeps_its_beginning_whatever_its_reason_becomes() -> None:
    lost = asked(asked(ready(), GONE, 5.0), GONE, 6.0)
    other = asked(lost, SILENT, 7.0)
    assert told(other) == (SILENT, 3)
    assert other.report is not None
    assert other.report.since == wall(5.0)


def test_a_device_that_is_well_is_asked_on_request_or_at_its_pace() -> None:
    assert ready().ask_at is None
    assert ready(Pace(every_s=5.0)).ask_at == 5.0
    assert ready().wanted(7.0).due(7.0)


def test_seen_to_be_away_it_is_asked_at_once_and_seen_to_be_back_again() -> None:
    away = glanced(ready(), GONE, 10.0)
    assert told(away) == (Ready("serial 1"), 0), "the question decides, not the glance"
    assert away.due(10.0)
    assert away.report is not None
    assert away.report.last_error is not None, "but it is remembered"
    assert away.report.last_error.what == GONE
    assert glanced(away, GONE, 10.5) == away
    lost = asked(asked(away, GONE, 10.0), GONE, 11.0)
    for at in (12.0, 13.0, 14.0):
        lost = glanced(lost, GONE, at)
    assert told(lost) == (GONE, 2), "a glance at a lost device is no failure"
    assert not lost.due(11.9)
    late = replace(lost, ask_at=100.0)
    assert glanced(late, None, 15.0).due(15.0)
    assert not glanced(glanced(late, None, 15.0), None, 16.0).gone


def test_a_glance_that_can_say_nothing_changes_nothing() -> None:
    for watch in (ready(), asked(ready(), SILENT, 1.0), asked(asked(ready(), SILENT, 1.0), SILENT, 2.0)):
        assert glanced(watch, None, 3.0) == watch


def test_while_it_must_not_be_asked_two_glances_a_second_apart_lose_it() -> None:
    once = glanced(ready(), GONE, 10.0, quiet=True)
    assert told(once) == (Ready("serial 1"), 1)
    assert told(glanced(once, GONE, 10.4, quiet=True)) == (Ready("serial 1"), 1), "too soon to count"
    assert told(glanced(once, GONE, 11.0, quiet=True)) == (GONE, 2)
    assert told(glanced(once, None, 11.0, quiet=True))[1] == 0, "it was a flicker"


def test_while_it_must_not_be_asked_coming_back_counts() -> None:
    lost = glanced(glanced(ready(), GONE, 10.0, quiet=True), GONE, 11.0, quiet=True)
    assert told(glanced(lost, None, 12.0, quiet=True)) == (Ready(), 0)
    silent = asked(asked(ready(), SILENT, 1.0), SILENT, 2.0)
    assert told(glanced(silent, None, 3.0, quiet=True)) == (SILENT, 2), "that it is there was never in doubt"
    assert told(glanced(silent, Ready(), 3.0, quiet=True)) == (Ready(), 0)


def test_time_alone_is_no_news() -> None:
    watch = ready()
    later = asked(watch, Ready("serial 1"), 30.0)
    assert later.report == watch.report
    assert later.report is not None
    assert later.report.looked_at == wall(30.0)


def test_a_printer_tells_its_paper_too() -> None:
    answer = PrinterStatus(Ready("80 mm"), PaperLevel.LOW, 12_000)
    watch = DeviceWatch("printer", Pace()).asked(look_of(answer, 0.0, START, 0.2))
    assert watch.report is not None
    assert (watch.report.status, watch.report.paper, watch.report.took_s) == (Ready("80 mm"), PaperLevel.LOW, 0.2)
    assert watch.report.remaining_mm == 12_000


STATUS = st.sampled_from((Ready(), Ready("other"), GONE, SILENT))
SEEN = st.one_of(
    st.tuples(st.just("asked"), STATUS, st.booleans()),
    st.tuples(st.just("glanced"), st.one_of(st.none(), STATUS), st.booleans()),
)


@given(st.lists(st.tuples(st.floats(0.01, 5.0), SEEN), max_size=60))
def test_whatever_is_seen_the_report_holds_together(
    story: list[tuple[float, tuple[str, DeviceStatus | None, bool]]],
) -> None:
    watch, at = DeviceWatch("id-card", Pace()), 0.0
    for pause, (way, status, quiet) in story:
        at += pause
        before = watch.report
        if way == "asked":
            assert status is not None
            watch = asked(watch, status, at)
        else:
            watch = glanced(watch, status, at, quiet=quiet)
        now = watch.report
        if now is None:
            continue
        assert now.since <= wall(at)
        if isinstance(now.status, Unavailable):
            assert now.failures >= 1
            assert now.last_error is not None
            assert now.since <= now.last_error.at
            assert watch.ask_at is not None
            assert watch.ask_at <= at + 30.0, "a lost device is never given up"
            if before is not None and isinstance(before.status, Ready):
                assert before.failures == 1, "one flicker is no loss"
        else:
            assert now.failures <= 1
            assert now.failures == 0 or now.last_error is not None
        if before is not None and type(before.status) is type(now.status):
            assert now.since == before.since
