"""A case from the terminal's outbox over HTTP to the gateway's decision, with nothing replaced."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests

from kiosk.domain.case import HallDecision, Outcome
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.outbox import Queued
from kiosk.ports.platform import PlatformUnavailable, ReceiptUnknown, RosterFound, Stored
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.queue import RecordQueue
from offline_cache.settings import DeliverySettings, StorageSettings
from offline_cache.store import Store
from tests.kiosk.platform.hostile import answering, bad_line
from tests.records import RecordedAudit, Registered, SetClock, eligibility_case, person, rating

OFFLINE = "http://127.0.0.1:9"


@dataclass
class Terminal:
    platform: HttpHallPlatform
    delivery: Delivery
    outbox: SealedOutbox


@pytest.fixture
def terminal(registered: Registered, clock: SetClock) -> Iterator[Callable[[str], Terminal]]:
    """Starts the terminal's program on its one database file; a new start finds what the last one left."""
    stores: list[Store] = []

    def start(address: str) -> Terminal:
        storage = StorageSettings(
            path=registered.folder / "terminal.db", delivery=DeliverySettings(first_delay_s=0, start_window_s=0)
        )
        store = Store(storage.path, storage.max_bytes)
        stores.append(store)
        sealer = registered.sealer(clock)
        platform = HttpHallPlatform(
            PlatformSettings(address=address, registration=registered.gateway_file), sealer, clock
        )
        queue = RecordQueue(store, storage, clock)
        delivery = Delivery(queue, platform, RecordedAudit(), clock, lambda: 0.5, storage.delivery)
        return Terminal(platform, delivery, SealedOutbox(queue, sealer, delivery))

    yield start
    for store in stores:
        store.close()


def test_online_case_passes_and_is_rated(address: str, terminal: Callable[[str], Terminal]) -> None:
    hall = terminal(address)
    citizen = person("due")
    found = hall.platform.query_roster(citizen.number, citizen.name)
    assert isinstance(found, RosterFound)
    assert not found.entry.confirmed_this_window

    case = eligibility_case("due")
    assert hall.outbox.put(case) == Queued(case.key)
    decision = hall.outbox.deliver(case.key, 8.0)
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.PASSED
    assert decision.receipt == case.receipt
    assert hall.outbox.waiting() == 0
    assert hall.platform.look_up(case.receipt) == decision

    again = hall.platform.query_roster(citizen.number, citizen.name)
    assert isinstance(again, RosterFound)
    assert again.entry.confirmed_this_window
    assert again.entry.due_on == decision.next_due

    stars = rating()
    hall.outbox.put(stars)
    assert hall.outbox.deliver(stars.key, 8.0) == Stored()


@pytest.mark.story("E-20", "E-26")
def test_offline_case_is_kept_over_a_restart_and_delivered_once(
    address: str, terminal: Callable[[str], Terminal], clock: SetClock
) -> None:
    cut_off = terminal(OFFLINE)
    case = eligibility_case("due", offline=True, crop=b"\xff\xd8 a face")
    assert cut_off.outbox.put(case) == Queued(case.key)
    assert cut_off.outbox.deliver(case.key, 8.0) == PlatformUnavailable("refused")
    assert cut_off.outbox.waiting() == 1

    back = terminal(address)
    assert back.platform.look_up(case.receipt) == ReceiptUnknown()
    clock.forward(30)
    back.delivery.run_due()
    back.delivery.run_due()

    assert back.outbox.waiting() == 0
    decision = back.platform.look_up(case.receipt)
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.PASSED
    assert _arrivals(address) == {case.receipt.value: (1, 1)}


@pytest.mark.story("E-21", "E-22")
def test_a_lost_answer_leads_to_one_record_and_its_decision(
    address: str, terminal: Callable[[str], Terminal], clock: SetClock
) -> None:
    """The platform has the case but the terminal cannot know: the citizen leaves with PENDING, the answer comes."""
    losses = iter([True])
    with answering(bad_line(address, lambda request: (request, not next(losses, False)))) as line:
        hall = terminal(line)
        case = eligibility_case("due")
        hall.outbox.put(case)
        assert isinstance(hall.outbox.deliver(case.key, 8.0), PlatformUnavailable)
        assert hall.outbox.waiting() == 1
        clock.forward(30)
        hall.delivery.run_due()
        assert hall.outbox.waiting() == 0
        decision = hall.platform.look_up(case.receipt)
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.PASSED
    assert _arrivals(address) == {case.receipt.value: (1, 2)}


@pytest.mark.story("E-21")
def test_a_request_cut_on_its_way_is_not_kept_and_comes_again_whole(
    address: str, terminal: Callable[[str], Terminal], clock: SetClock
) -> None:
    cuts = iter([True])
    with answering(bad_line(address, lambda request: (request[:-100] if next(cuts, False) else request, True))) as line:
        hall = terminal(line)
        case = eligibility_case("due")
        hall.outbox.put(case)
        assert isinstance(hall.outbox.deliver(case.key, 8.0), PlatformUnavailable)
        assert _arrivals(address) == {}
        clock.forward(30)
        hall.delivery.run_due()
        assert hall.outbox.waiting() == 0
    assert _arrivals(address) == {case.receipt.value: (1, 1)}


def _arrivals(address: str) -> dict[str, tuple[int, int]]:
    """Receipt to records kept and times sent."""
    rows = requests.get(f"{address}/v1/sandbox/records", timeout=5).json()
    return {row["receipt"]: (row["records"], row["arrivals"]) for row in rows}
