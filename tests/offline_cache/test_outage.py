"""What the terminal waits for stands on disk: a restart neither forgets nor lengthens it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.audit_event import EventName
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.platform import PlatformUnavailable
from offline_cache.outage import (
    OPEN,
    Link,
    LinkPhase,
    Move,
    Pauses,
    may_try,
    next_move,
    on_answer,
    on_asked,
    on_silence,
    on_start,
)
from offline_cache.settings import DeliverySettings
from offline_cache.store import StorageTrouble
from tests.offline_cache.parts import DECIDED, NO_LINK, FakePlatform, Parts, build
from tests.records import Registered, SetClock, eligibility_case

PAUSES = Pauses(first_s=5, cap_s=600, window_s=600, asked_cap_s=3600)
WINDOW = DeliverySettings(first_delay_s=0, start_window_s=600, backoff_s=5)
NO_WINDOW = DeliverySettings(first_delay_s=0, start_window_s=0, backoff_s=5)
NOW = 1_000_000.0

_jitter = st.floats(0, 1)
_links = st.builds(
    Link,
    st.sampled_from(LinkPhase),
    st.just(NOW),
    st.floats(0, 2 * NOW),
    st.integers(0, 500),
    st.just("no-link"),
)


def _restarted(parts: Parts) -> Parts:
    parts.close()
    return build(parts.registered, clock=parts.clock, platform=parts.platform, delivery=WINDOW)


def _phase(parts: Parts) -> LinkPhase:
    link = parts.queue.link()
    assert not isinstance(link, StorageTrouble)
    return link.phase


def _sent(parts: Parts) -> int:
    parts.delivery.run_due()
    return len(parts.platform.sent)


@given(_links, _jitter, st.floats(-10, 1e9))
def test_whatever_happens_nothing_waits_longer_than_the_longest_pause(link: Link, jitter: float, asked: float) -> None:
    for after in (
        link,
        on_start(link, NOW, PAUSES, jitter),
        on_silence(link, NOW, PAUSES, jitter, "no-link"),
        on_asked(link, NOW, PAUSES, jitter, asked, "busy"),
        on_answer(link, NOW, PAUSES, jitter),
    ):
        assert next_move(after, NOW, PAUSES) is not Move.WAIT or after.until <= NOW + PAUSES.horizon_s


@given(st.integers(1, 500), _jitter)
def test_a_silent_platform_is_asked_within_a_pause_that_doubles_up_to_the_cap(probes: int, jitter: float) -> None:
    down = Link(LinkPhase.DOWN, NOW, NOW, probes, "no-link")
    after = on_silence(down, NOW, PAUSES, jitter, "timeout")
    assert (after.phase, after.probes, after.reason) == (LinkPhase.DOWN, probes + 1, "timeout")
    assert 0 <= after.until - NOW <= min(600, 5 * 2 ** min(probes, 32))


@given(st.floats(0, 1e6), _jitter)
def test_what_the_platform_asks_for_is_waited_and_a_part_of_ones_own_more(asked: float, jitter: float) -> None:
    link = on_asked(OPEN, NOW, PAUSES, jitter, asked, "busy")
    least = min(asked, PAUSES.asked_cap_s)
    assert least <= link.until - NOW + 1e-6
    assert link.until - NOW <= least + min(600, least) + 1e-6
    assert may_try(link, link.until, PAUSES)
    if least > 1:
        assert not may_try(link, NOW + least / 2, PAUSES)


def test_a_street_that_gets_its_power_back_does_not_start_at_once(registered: Registered) -> None:
    parts = build(registered, delivery=WINDOW)
    parts.outbox.put(eligibility_case())
    assert _sent(parts) == 0
    assert _phase(parts) is LinkPhase.RETURNING
    parts.clock.forward(299)
    assert _sent(parts) == 0
    parts.clock.forward(2)
    assert _sent(parts) == 1
    assert _phase(parts) is LinkPhase.OPEN
    parts.close()


def test_a_terminal_that_starts_again_and_again_still_sends_at_the_moment_first_drawn(registered: Registered) -> None:
    parts = build(registered, delivery=WINDOW)
    parts.outbox.put(eligibility_case())
    for _ in range(5):
        assert _sent(parts) == 0
        parts.clock.forward(59)
        parts = _restarted(parts)
    assert _sent(parts) == 0
    parts.clock.forward(6)
    assert _sent(parts) == 1
    parts.close()


def test_an_outage_outlives_a_restart(registered: Registered) -> None:
    parts = build(registered, delivery=NO_WINDOW)
    parts.outbox.put(eligibility_case())
    parts.platform.cut_off()
    for _ in range(9):
        parts.delivery.run_due()
        parts.clock.forward(600)
    before = parts.queue.link()
    probes = parts.platform.probes
    parts = _restarted(parts)
    assert parts.queue.link() == before
    assert isinstance(before, Link)
    assert (before.phase, before.reason, before.probes) == (LinkPhase.DOWN, "no-link", 9)
    parts.delivery.run_due()
    assert parts.platform.probes == probes + 1, "the tenth probe, not the first"
    assert (parts.queue.link(), len(parts.platform.sent)) == (
        replace(before, until=parts.clock.now().timestamp() + 300, probes=10),
        1,
    )
    parts.close()


def test_retry_after_keeps_the_whole_terminal_quiet_also_for_a_citizen_and_over_a_restart(
    registered: Registered,
) -> None:
    parts = build(registered, delivery=NO_WINDOW)
    for counter, slug in enumerate(("due", "due-2"), 1):
        parts.outbox.put(eligibility_case(slug, counter, key=slug))
    parts.platform.answer = lambda _: PlatformUnavailable("too-many-requests", 120.0)
    assert _sent(parts) == 1
    assert parts.platform.probes == 0, "it answered: there is nothing to probe"
    parts.platform.answer = lambda _: DECIDED
    parts = _restarted(parts)
    parts.clock.forward(119)
    assert _sent(parts) == 1
    for key in ("due", "due-2"):
        assert parts.outbox.deliver(key, 5.0) == PlatformUnavailable("asked-to-wait")
    assert len(parts.platform.sent) == 1
    parts.clock.forward(2)
    assert parts.outbox.deliver("due-2", 5.0) == DECIDED
    assert [record.key for record in parts.platform.sent] == ["due", "due-2"]
    parts.close()


def test_a_retry_after_beyond_reason_is_cut(registered: Registered) -> None:
    parts = build(registered, delivery=NO_WINDOW)
    parts.outbox.put(eligibility_case())
    parts.platform.answer = lambda _: PlatformUnavailable("server-error", 1e9)
    parts.delivery.run_due()
    parts.clock.forward(3601)
    assert _sent(parts) == 2
    parts.close()


def test_a_clock_that_was_set_back_does_not_keep_the_line_closed(parts: Parts) -> None:
    parts.outbox.put(eligibility_case())
    parts.platform.cut_off()
    parts.delivery.run_due()
    parts.platform.back()
    parts.clock.forward(-86400 * 400)
    assert _sent(parts) == 2
    assert parts.outbox.waiting() == 0


def test_a_citizen_is_tried_for_while_the_backlog_waits_its_turn(registered: Registered) -> None:
    """The start window is for what waited in the outage, not for who stands at the machine."""
    parts = build(registered, delivery=WINDOW)
    parts.outbox.put(eligibility_case("due", key="old"))
    assert _sent(parts) == 0
    parts.outbox.put(eligibility_case("due-2", 2, key="new"))
    assert parts.outbox.deliver("new", 5.0) == DECIDED
    assert [record.key for record in parts.platform.sent] == ["new"]
    parts.close()


@pytest.mark.parametrize("pause", [0.0, 1.0])
def test_a_round_ends_whatever_the_dice_say(registered: Registered, pause: float) -> None:
    parts = build(registered, jitter=pause)
    parts.platform.answer = lambda _: PlatformUnavailable("server-error")
    parts.outbox.put(eligibility_case())
    assert _sent(parts) == 1
    parts.close()


def test_what_brought_a_stop_is_told_once(parts: Parts) -> None:
    parts.platform.answer = lambda _: NO_LINK
    parts.platform.device = Unavailable("no-link", "check the cable")
    parts.outbox.put(eligibility_case())
    for _ in range(3):
        parts.delivery.run_due()
    parts.platform.device = Ready()
    told = [event for event in parts.audit.events if event.name is EventName.DELIVERY_FINISHED]
    assert [event.reason for event in told] == ["no-link"]


class Meanwhile(SetClock):
    """Runs what is set as ``then`` once, when the time is asked for next: what another thread does at that moment."""

    then: Callable[[], object] | None = None

    def now(self) -> datetime:
        then, self.then = self.then, None
        if then is not None:
            then()
        return super().now()


class AskedMeanwhile(FakePlatform):
    """The same when the status is asked for."""

    then: Callable[[], object] | None = None

    def status(self) -> DeviceStatus:
        then, self.then = self.then, None
        if then is not None:
            then()
        return super().status()


def _hear_of_quiet(parts: Parts, key: str) -> None:
    """A citizen's try of ``key``."""
    before, parts.platform.answer = parts.platform.answer, lambda _: PlatformUnavailable("busy", 600.0)
    parts.delivery.attempt(key)
    parts.platform.answer = before


def test_the_pump_writes_nothing_over_what_a_citizen_s_try_heard_since_it_read_the_line(registered: Registered) -> None:
    clock = Meanwhile()
    parts = build(registered, clock=clock, delivery=WINDOW)
    for number, slug in enumerate(("due", "due-2"), 1):
        parts.outbox.put(eligibility_case(slug, number, key=slug))
    parts.delivery.run_due()
    clock.forward(301)
    assert _phase(parts) is LinkPhase.RETURNING
    clock.then = lambda: _hear_of_quiet(parts, "due")
    parts.delivery.run_due()
    assert [record.key for record in parts.platform.sent] == ["due"]
    assert _phase(parts) is LinkPhase.ASKED
    parts.close()


@pytest.mark.parametrize("silent", [False, True])
def test_the_answer_to_a_probe_does_not_undo_what_a_citizen_s_try_heard_meanwhile(
    registered: Registered, silent: bool
) -> None:
    platform = AskedMeanwhile()
    parts = build(registered, platform=platform, delivery=NO_WINDOW)
    for number, slug in enumerate(("due", "due-2"), 1):
        parts.outbox.put(eligibility_case(slug, number, key=slug))
    platform.cut_off()
    parts.delivery.run_due()
    assert _phase(parts) is LinkPhase.DOWN
    parts.clock.forward(3600)
    if not silent:
        platform.back()
    platform.then = lambda: _hear_of_quiet(parts, "due-2")
    parts.delivery.run_due()
    assert len(platform.sent) == 2
    assert _phase(parts) is LinkPhase.ASKED
    parts.close()


def test_a_record_that_fails_does_not_undo_what_a_citizen_s_try_heard_meanwhile(registered: Registered) -> None:
    platform = AskedMeanwhile()
    parts = build(registered, platform=platform, delivery=NO_WINDOW)
    for number, slug in enumerate(("due", "due-2"), 1):
        parts.outbox.put(eligibility_case(slug, number, key=slug))
    platform.cut_off()
    platform.then = lambda: _hear_of_quiet(parts, "due-2")
    parts.delivery.run_due()
    assert _phase(parts) is LinkPhase.ASKED
    parts.close()


def test_a_record_that_a_citizen_s_thread_just_sends_is_not_blamed_for_it(parts: Parts) -> None:
    parts.outbox.put(eligibility_case(key="one"))

    def leased_between() -> bool:
        parts.queue.lease("one")
        return False

    parts.delivery.run_due(leased_between)
    assert (parts.platform.sent, parts.platform.probes) == ([], 0)
    faults = parts.store.read(lambda connection: connection.execute("SELECT faults FROM record").get)
    assert faults == 0
