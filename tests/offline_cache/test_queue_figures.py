"""How many records wait, how many need a person, and how old the oldest is that waits."""

from kiosk.ports.fleet_status import QueueFigures
from kiosk.ports.platform import PlatformRefused
from offline_cache.queue_figures import queue_figures
from offline_cache.store import StorageTrouble
from tests.offline_cache.parts import Parts
from tests.records import eligibility_case


def figures(parts: Parts) -> QueueFigures | StorageTrouble:
    return queue_figures(parts.store, parts.clock.now())


def test_an_empty_queue(parts: Parts) -> None:
    assert figures(parts) == QueueFigures(0, 0, None)


def test_the_age_is_that_of_the_oldest_that_waits(parts: Parts) -> None:
    parts.platform.cut_off()
    parts.outbox.put(eligibility_case(key="one"))
    parts.clock.forward(3600)
    parts.outbox.put(eligibility_case("due-2", 2, key="two"))
    parts.clock.forward(60)
    assert figures(parts) == QueueFigures(2, 0, 3660)


def test_what_was_refused_is_counted_by_itself(parts: Parts) -> None:
    parts.platform.answer = lambda _: PlatformRefused("key-reused")
    parts.outbox.put(eligibility_case(key="one"))
    parts.delivery.run_due()
    assert figures(parts) == QueueFigures(0, 1, None)


def test_what_was_delivered_is_counted_no_more(parts: Parts) -> None:
    parts.outbox.put(eligibility_case(key="one"))
    parts.delivery.run_due()
    assert figures(parts) == QueueFigures(0, 0, None)
