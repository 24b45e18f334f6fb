"""Records over lines that drop, cut, tear, delay and double at any byte: each arrives once, and none is left behind."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from benchmarks.postgres import cluster
from gateway.sealing_keys import rotate
from kiosk.domain.audit_event import EventName
from kiosk.wire.key_list import KeyList
from simulators.link.spoil import HARMS, WHOLE_REQUEST, Harm, Spoil, Way, dealt
from tests.chaos.terminals import ChaosTerminal, City, chain, city, job

TERMINALS = 4
AT_ONCE = 4
"""Every fourth record is sent at once, as a session does; the pump has the others."""


@pytest.mark.parametrize(
    ("jobs", "wave", "share", "total_s"),
    [(300, 75, 0.4, 0.4), pytest.param(5000, 125, 0.5, 1.0, marks=pytest.mark.nightly)],
    ids=["300", "5000"],
)
def test_every_record_arrives_once(tmp_path: Path, jobs: int, wave: int, share: float, total_s: float) -> None:
    with city(tmp_path, terminals=TERMINALS, total_s=total_s) as place:
        _sent_over_bad_lines(place, jobs, wave, share)


@pytest.mark.nightly
def test_every_record_arrives_once_in_postgresql(tmp_path: Path) -> None:
    with cluster() as server, server.running(), city(tmp_path, terminals=TERMINALS, database=server.url()) as place:
        _sent_over_bad_lines(place, 300, wave=75, share=0.5)


def _sent_over_bad_lines(place: City, jobs: int, wave: int, share: float) -> None:
    """In waves of ``wave`` records a terminal; ``share`` of all connections come to harm."""
    for index, terminal in enumerate(place.terminals):
        terminal.line.spoil(dealt(seed=7 + index, share=share))
    for first in range(1, jobs // TERMINALS + 1, wave):
        counters = range(first, min(first + wave, jobs // TERMINALS + 1))
        place.at_once(partial(_serve, counters=counters))
        place.drain(400, between=lambda done: _checked(place, done))
    _all_arrived_once(place, jobs)
    _every_harm_was_done(place)


def _serve(terminal: ChaosTerminal, counters: range) -> None:
    for counter in counters:
        record = job(terminal, counter)
        terminal.put(record)
        if counter % AT_ONCE == 0:
            terminal.outbox.deliver(record.key, 60.0)


def _checked(place: City, done: int) -> None:
    """Every try was counted on disk; now and then a terminal starts anew."""
    for terminal in place.terminals:
        assert {entry.key: entry.attempts for entry in terminal.queued()} == {
            entry.key: terminal.tries[entry.key] for entry in terminal.queued()
        }
    if done % 3 == 2:
        place.terminals[done // 3 % len(place.terminals)].restart()


def _all_arrived_once(place: City, jobs: int) -> None:
    kept = place.kept()
    assert len(kept) == jobs
    for terminal in place.terminals:
        assert terminal.queued() == (), "no dead letter either"
        own = [record for record in kept if record.terminal == terminal.number]
        assert Counter(record.key for record in own) == Counter(terminal.accepted)
        assert chain(own) == terminal.accepted
        _arrivals_fit(terminal, {record.key: record.arrivals for record in own})


def _arrivals_fit(terminal: ChaosTerminal, arrivals: dict[str, int]) -> None:
    """What the gateway counted is what was sent, what the line doubled with it, and less what the line lost."""
    doubled = sum(times for spoil, times in terminal.line.struck.items() if spoil.harm in WHOLE_REQUEST)
    sent = terminal.tries.total()
    assert len(terminal.accepted) < sum(arrivals.values()) <= sent + doubled
    assert all(1 <= arrived <= 2 * terminal.tries[key] for key, arrived in arrivals.items())
    told = [event for event in terminal.audit.events if event.name is EventName.DELIVERY_FINISHED]
    assert len(told) == sent


def _every_harm_was_done(place: City) -> None:
    struck = {(spoil.harm, spoil.way) for terminal in place.terminals for spoil in terminal.line.struck}
    assert struck == set(HARMS)


@pytest.mark.nightly
def test_what_waits_under_the_key_before_arrives_once_after_a_rotation(tmp_path: Path) -> None:
    with city(tmp_path, terminals=2, total_s=0.4) as place:
        before = {terminal.sealer.gateway_key_id for terminal in place.terminals}
        for terminal in place.terminals:
            terminal.line.cut()
            _put(terminal, range(1, 11))
        turned = rotate(place.key, place.clock.now())
        assert isinstance(turned, KeyList)
        for index, terminal in enumerate(place.terminals):
            terminal.line.restore()
            terminal.line.spoil(dealt(seed=70 + index, share=0.4))
        place.at_once(partial(_turned, key_id=turned.keys[0].key_id))
        for terminal in place.terminals:
            assert terminal.outbox.waiting() == 10, "they still wait under the key before"
            _put(terminal, range(11, 21))
        place.drain(200, between=lambda done: _checked(place, done))
        assert {terminal.sealer.gateway_key_id for terminal in place.terminals} == {turned.keys[0].key_id} != before
        _all_arrived_once(place, 40)


def _turned(terminal: ChaosTerminal, key_id: str) -> None:
    """However often its line fails, the terminal's self-check takes the newer key in the end."""
    for _ in range(50):
        terminal.platform.status()
        if terminal.sealer.gateway_key_id == key_id:
            return
    raise AssertionError(f"still sealing to {terminal.sealer.gateway_key_id}")


def _put(terminal: ChaosTerminal, counters: range) -> None:
    for counter in counters:
        terminal.put(job(terminal, counter))


@pytest.mark.parametrize(
    ("harm", "steps"),
    [
        (Harm.RESET, {Way.TO_GATEWAY: 397, Way.BACK: 71}),
        pytest.param(Harm.RESET, {Way.TO_GATEWAY: 1}, marks=pytest.mark.nightly),
        pytest.param(Harm.RESET, {Way.BACK: 1}, marks=pytest.mark.nightly),
        pytest.param(Harm.TRUNCATE, {Way.TO_GATEWAY: 1}, marks=pytest.mark.nightly),
        pytest.param(Harm.TRUNCATE, {Way.BACK: 1}, marks=pytest.mark.nightly),
    ],
)
def test_wherever_a_line_breaks_the_record_arrives_once(tmp_path: Path, harm: Harm, steps: dict[Way, int]) -> None:
    with city(tmp_path, terminals=1, total_s=10.0) as place:
        (terminal,) = place.terminals
        broken = {way: _broken_at_every(place, harm, way, step) for way, step in steps.items()}
        kept = place.kept()
        assert all(broken[way] * step > 250 for way, step in steps.items())
        assert chain(kept) == terminal.accepted
        assert len(kept) == len(terminal.accepted)
        assert terminal.tries.total() == len(kept) + sum(broken.values())
        assert sum(record.arrivals for record in kept) == len(kept) + broken.get(Way.BACK, 0)


def _broken_at_every(place: City, harm: Harm, way: Way, step: int) -> int:
    """A case for every ``step``-th byte, until the line would break later than the last; how often it broke."""
    (terminal,) = place.terminals
    before = terminal.line.struck.total()
    broken = 0
    while terminal.line.struck.total() == before + broken:
        terminal.line.spoil(iter((Spoil(harm, way, broken * step),)))
        broken += 1
        terminal.put(job(terminal, len(terminal.accepted) * 10 + 10))
        place.drain(20)
    return terminal.line.struck.total() - before


@pytest.mark.nightly
def test_a_picture_arrives_once_wherever_its_line_breaks(tmp_path: Path) -> None:
    with city(tmp_path, terminals=1, total_s=10.0) as place:
        (terminal,) = place.terminals
        for counter, at in enumerate(range(0, 56_000, 8_999)):
            terminal.line.spoil(iter((Spoil(Harm.RESET, Way.TO_GATEWAY, at),)))
            terminal.put(job(terminal, counter * 10 + 5))
            place.drain(20)
        kept = place.kept()
        assert terminal.line.struck.total() == len(kept) == 7
        assert [record.arrivals for record in kept] == [1] * 7
