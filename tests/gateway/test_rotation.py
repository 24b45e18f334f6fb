"""A whole rotation of sealing keys, with records waiting under the key before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from gateway.sealing_keys import SealingKeys, listed_keys, rotate
from kiosk.platform.renewals import Renewals, key_file_beside
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.outbox import Record
from kiosk.ports.platform import PlatformUnavailable, SealedRecord
from kiosk.wire.envelope import FIRST, Sealer
from kiosk.wire.key_list import KeyList
from kiosk.wire.keys import KeyUnusable, load_or_create_signing_key
from kiosk.wire.record import kind_of
from tests.gateway.trust import SecuredHall, mode, present_clock, secured_hall, settled
from tests.kiosk.platform.hostile import Reply, answering
from tests.records import SetClock, desk_referral


@pytest.fixture
def clock() -> SetClock:
    return present_clock()


@pytest.fixture
def hall(tmp_path: Path, clock: SetClock) -> SecuredHall:
    return secured_hall(tmp_path / "hall", clock)


def _sealed(sealer: Sealer, record: Record) -> SealedRecord:
    return SealedRecord(record.key, kind_of(record), sealer.seal_record(record, FIRST).data)


def _turn(hall: SecuredHall, days: int = 90) -> KeyList:
    keys = rotate(hall.settings.key, hall.clock.now(), days)
    assert isinstance(keys, KeyList)
    return keys


def test_what_waits_under_the_key_before_is_opened_and_what_comes_is_sealed_to_the_new(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    with hall.serving() as address:
        sealer = terminal.sealer()
        platform = terminal.platform(address, sealer)
        assert platform.status() == Ready()
        first = sealer.gateway_key_id
        waiting = [_sealed(sealer, desk_referral(counter=counter)) for counter in (1, 2)]
        newest = _turn(hall).keys[0].key_id
        on_its_way = platform.deliver(waiting[0])
        assert platform.status() == Ready()
        assert sealer.gateway_key_id == newest != first
        fresh = _sealed(sealer, desk_referral(counter=3))
        assert b'"gateway_key_id":"%s"' % newest.encode() in fresh.envelope.split(b"\n")[0]
        answers = [on_its_way, *(platform.deliver(each) for each in (waiting[1], fresh))]
    assert not any(isinstance(answer, PlatformUnavailable) for answer in answers)
    assert len({str(answer) for answer in answers}) == 1
    restarted = terminal.sealer()
    terminal.platform(address, restarted)
    assert restarted.gateway_key_id == newest


def test_a_key_is_destroyed_when_its_time_is_over_and_the_first_stays(hall: SecuredHall, clock: SetClock) -> None:
    certificate_key = load_or_create_signing_key(hall.settings.certificate_key)
    assert not isinstance(certificate_key, KeyUnusable)
    keys = SealingKeys.load(hall.settings.key, certificate_key, clock)
    assert isinstance(keys, SealingKeys)
    first = keys.newest_id()
    second = _turn(hall, days=10).keys[0].key_id
    file = hall.settings.key.with_suffix(f".{second}.pem")
    assert (keys.newest_id(), mode(file)) == (second, 0o600)
    assert keys.private(first) is not None
    clock.forward(timedelta(days=10).total_seconds())
    assert keys.private(first) is None
    third = _turn(hall, days=1).keys[0].key_id
    clock.forward(timedelta(days=1).total_seconds())
    kept = _turn(hall, days=1)
    assert second not in {key.key_id for key in kept.keys}
    assert not file.exists()
    assert hall.settings.key.exists()
    assert keys.private(third) is not None
    assert (kept.number, listed_keys(hall.settings.key)) == (4, kept)


def test_no_stranger_s_list_and_no_old_one_turns_a_terminal(hall: SecuredHall, clock: SetClock, tmp_path: Path) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    kept = key_file_beside(terminal.folder / "gateway.registration.json")
    sealer = terminal.sealer()
    with hall.serving() as address:
        lists = []
        for _ in range(2):
            _turn(hall)
            assert terminal.platform(address, sealer).status() == Ready()
            lists.append(kept.read_bytes())
    stranger = secured_hall(tmp_path / "stranger", clock)
    for _ in range(4):
        _turn(stranger)
    newest = sealer.gateway_key_id
    with stranger.serving(hall.server_files()) as address:
        status = terminal.platform(address, sealer).status()
        strange = requests.get(f"{address}/v1/keys", verify=str(terminal.folder / "ca.crt"), timeout=10).content
    assert isinstance(status, Unavailable)
    forged = lists[1].replace(b'\\"number\\":3', b'\\"number\\":9')
    assert forged != lists[1]
    for said in (lists[0], lists[1], strange, forged, b"", b"null"):
        with answering(_says(said)) as address:
            plain = replace(terminal.line(address), authority=None, certificate=None, key=None)
            renewals = Renewals(plain, terminal.identity(), sealer, clock)
            assert renewals.key_trouble("0123456789abcdef") == "other-gateway"
    assert (sealer.gateway_key_id, kept.read_bytes()) == (newest, lists[1])


def test_whoever_asks_while_another_turns_the_key_finds_the_hall_ready(hall: SecuredHall, tmp_path: Path) -> None:
    """The supervisor and the delivery of records both ask."""
    terminal = settled(tmp_path / "terminal", hall)
    sealer = terminal.sealer()
    with hall.serving() as address, ThreadPoolExecutor(4) as askers:
        platform = terminal.platform(address, sealer)
        for _ in range(3):
            newest = _turn(hall).keys[0].key_id
            asked = [askers.submit(platform.status) for _ in range(4)]
            assert [each.result() for each in asked] == [Ready()] * 4
            assert sealer.gateway_key_id == newest
    assert [each.name for each in terminal.folder.glob("*.keys.json*")] == ["gateway.registration.keys.json"]


def test_a_terminal_whose_disk_takes_no_list_goes_on_with_its_key_while_that_is_opened(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    in_the_way = key_file_beside(terminal.folder / "gateway.registration.json")
    in_the_way.unlink(missing_ok=True)
    in_the_way.mkdir()
    sealer = terminal.sealer()
    before = sealer.gateway_key_id
    with hall.serving() as address:
        platform = terminal.platform(address, sealer)
        newest = _turn(hall, days=10).keys[0].key_id
        assert platform.status() == Ready()
        assert sealer.gateway_key_id == before
        answer = platform.deliver(_sealed(sealer, desk_referral()))
        assert not isinstance(answer, PlatformUnavailable)
        clock.forward(timedelta(days=10).total_seconds())
        status = platform.status()
        assert isinstance(status, Unavailable)
        assert status.reason == "other-gateway"
        in_the_way.rmdir()
        assert platform.status() == Ready()
    assert sealer.gateway_key_id == newest


def test_while_the_list_cannot_be_had_the_newest_that_is_known_counts(
    hall: SecuredHall, clock: SetClock, tmp_path: Path
) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    key_file_beside(terminal.folder / "gateway.registration.json").unlink(missing_ok=True)
    sealer = terminal.sealer()
    with answering(_says(b"", "503 Busy")) as address:
        plain = replace(terminal.line(address), authority=None, certificate=None, key=None)
        never_had_one = Renewals(plain, terminal.identity(), sealer, clock)
        assert never_had_one.key_trouble("0123456789abcdef") == "server-error"
        with hall.serving() as secured:
            _turn(hall)
            assert terminal.platform(secured, sealer).status() == Ready()
        has_one = Renewals(plain, terminal.identity(), sealer, clock)
        assert has_one.key_trouble("0123456789abcdef") is None
    assert has_one.key_trouble("0123456789abcdef") is None, "the line is gone"


def _says(body: bytes, status: str = "200 OK") -> Reply:
    head = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status.encode(), len(body))
    return lambda connection, _request, _over: connection.sendall(head + body)


def test_a_list_that_is_damaged_on_the_disk_leaves_the_registrations_key(hall: SecuredHall, tmp_path: Path) -> None:
    terminal = settled(tmp_path / "terminal", hall)
    pinned = terminal.sealer().gateway_key_id
    kept = key_file_beside(terminal.folder / "gateway.registration.json")
    for damaged in (b"", b"{}", b'{"answer":"gateway-keys","keys":"{}","signature":"AAAA"}'):
        kept.write_bytes(damaged)
        sealer = terminal.sealer()
        terminal.platform("https://127.0.0.1:1", sealer)
        assert sealer.gateway_key_id == pinned


def test_a_gateway_goes_on_with_its_keys_while_the_list_cannot_be_read(hall: SecuredHall, clock: SetClock) -> None:
    certificate_key = load_or_create_signing_key(hall.settings.certificate_key)
    assert not isinstance(certificate_key, KeyUnusable)
    keys = SealingKeys.load(hall.settings.key, certificate_key, clock)
    assert isinstance(keys, SealingKeys)
    newest = _turn(hall).keys[0].key_id
    assert keys.newest_id() == newest
    hall.settings.key.with_suffix(".keys.json").write_text("half a li")
    assert keys.newest_id() == newest
    assert listed_keys(hall.settings.key) == KeyUnusable("not-a-key-list")
