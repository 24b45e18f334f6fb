"""The platform contract (``kiosk.ports.platform``): against the real gateway, and against whatever else may answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.app import create_app
from gateway.settings import GatewaySettings
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.person_name import PersonName
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.outbox import Record
from kiosk.ports.platform import (
    NameMismatch,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    ReceiptUnknown,
    RosterFound,
    SealedRecord,
    Stored,
)
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import MAX_ANSWER_BYTES
from kiosk.wire.record import kind_of
from tests.gateway.serving import serving
from tests.kiosk.platform.hostile import Reply, answering
from tests.records import Registered, SetClock, eligibility_case, person, proof, rating, receipt, register


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


@pytest.fixture
def gateway_clock() -> SetClock:
    return SetClock()


@pytest.fixture
def platform(registered: Registered, clock: SetClock, gateway_clock: SetClock) -> Iterator[HttpHallPlatform]:
    settings = GatewaySettings(
        database=f"sqlite:///{registered.folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
    )
    with serving(create_app(settings, gateway_clock)) as address:
        yield _client(registered, clock, address)


def _client(registered: Registered, clock: SetClock, address: str, total_s: float = 8.0) -> HttpHallPlatform:
    settings = PlatformSettings(address=address, registration=registered.gateway_file, connect_s=2, total_s=total_s)
    return HttpHallPlatform(settings, registered.sealer(clock), clock)


def _sealed(registered: Registered, record: Record) -> SealedRecord:
    envelope = registered.sealer(SetClock()).seal_record(record, FIRST)
    return SealedRecord(record.key, kind_of(record), envelope.data)


def test_a_platform_that_is_there_is_ready(platform: HttpHallPlatform) -> None:
    assert platform.status() == Ready("sandbox")


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_clock_that_is_off_is_told(platform: HttpHallPlatform, gateway_clock: SetClock, seconds: float) -> None:
    gateway_clock.forward(seconds)
    status = platform.status()
    assert isinstance(status, Unavailable)
    assert status.reason == CLOCK_DRIFT


def test_the_roster_knows_its_people(platform: HttpHallPlatform) -> None:
    for slug, status in (("due", RosterStatus.DUE_SOON), ("suspended", RosterStatus.SUSPENDED)):
        citizen = person(slug)
        answer = platform.query_roster(citizen.number, citizen.name)
        assert isinstance(answer, RosterFound)
        assert answer.entry.status is status
        assert not answer.entry.confirmed_this_window


def test_the_roster_does_not_know_others(platform: HttpHallPlatform) -> None:
    assert platform.query_roster(CitizenNumber("100101195203140037"), PersonName("张三")) == NotInRoster()
    assert platform.query_roster(person("due").number, PersonName("张三")) == NameMismatch()


def test_a_case_is_decided_and_can_be_looked_up(platform: HttpHallPlatform, registered: Registered) -> None:
    case = eligibility_case()
    assert platform.look_up(case.receipt) == ReceiptUnknown()
    decision = platform.deliver(_sealed(registered, case))
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.PASSED
    assert platform.look_up(case.receipt) == decision


def test_a_printed_proof_can_be_looked_up(platform: HttpHallPlatform, registered: Registered) -> None:
    slip = proof()
    assert platform.deliver(_sealed(registered, slip)) == Stored()
    assert platform.look_up(slip.receipt) == HallDecision(
        slip.receipt, Outcome.CANCELLED, slip.confirmed_on, slip.due_on
    )


def test_a_record_sent_again_gets_the_same_answer(platform: HttpHallPlatform, registered: Registered) -> None:
    record = _sealed(registered, eligibility_case())
    assert platform.deliver(record) == platform.deliver(record)
    stars = _sealed(registered, rating())
    assert platform.deliver(stars) == platform.deliver(stars) == Stored()


def test_another_record_under_a_used_key_is_refused(platform: HttpHallPlatform, registered: Registered) -> None:
    platform.deliver(_sealed(registered, eligibility_case(key="one")))
    answer = platform.deliver(_sealed(registered, eligibility_case(key="one", offline=True)))
    assert answer == PlatformRefused("key-reused")


def test_a_damaged_record_may_come_again(platform: HttpHallPlatform, registered: Registered) -> None:
    record = _sealed(registered, eligibility_case())
    cut = SealedRecord(record.key, record.kind, record.envelope[:-10])
    assert platform.deliver(cut) == PlatformUnavailable("damaged")
    assert isinstance(platform.deliver(record), HallDecision)


def test_a_terminal_nobody_registered_keeps_its_records(
    platform: HttpHallPlatform, registered: Registered, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = register(tmp_path / "other")
    envelope = other.sealer(SetClock()).seal_record(eligibility_case(), FIRST).data
    assert platform.deliver(SealedRecord("key", "eligibility-case", envelope)) == PlatformRefused("other-gateway")
    stranger = Registered(other.folder, other.signing_key, registered.sealing_key, other.terminal, registered.gateway)
    assert platform.deliver(_sealed(stranger, eligibility_case())) == PlatformUnavailable("unknown-terminal")


def _says(data: bytes) -> Reply:
    return lambda connection, _request, _over: connection.sendall(data)


def _http(status: str, body: bytes, header: bytes = b"") -> bytes:
    length = b"" if b"Content-Length" in header or b"chunked" in header else b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + status.encode() + b"\r\nConnection: close\r\n" + length + header + b"\r\n" + body


def _drips(data: bytes) -> Reply:
    def reply(connection: socket.socket, _request: bytes, over: threading.Event) -> None:
        for byte in data * 1000:
            if over.wait(0.02):
                return
            connection.sendall(bytes([byte]))

    return reply


def _silent(_connection: socket.socket, _request: bytes, over: threading.Event) -> None:
    over.wait(30)


def _hangs_up(_connection: socket.socket, _request: bytes, _over: threading.Event) -> None:
    """Says nothing at all."""


_STORED = b'{"answer":"stored","key":"key"}'
_HOSTILE: dict[str, tuple[Reply, str]] = {
    "HTML": (_says(_http("200 OK", b"<html>Please log in</html>")), "not-the-agreed-message"),
    "half a JSON": (_says(_http("200 OK", _STORED[:-5])), "not-the-agreed-message"),
    "unknown member": (_says(_http("200 OK", _STORED[:-1] + b',"x":1}')), "not-the-agreed-message"),
    "unknown answer": (_says(_http("200 OK", b'{"answer":"fine"}')), "not-the-agreed-message"),
    "no body": (_says(_http("200 OK", b"")), "not-the-agreed-message"),
    "500": (_says(_http("500 Oops", b"Internal Server Error")), "server-error"),
    "503 with a good body": (_says(_http("503 Busy", _STORED)), "server-error"),
    "502 with a refusal": (_says(_http("502 Bad", b'{"answer":"refusal","reason":"x","final":true}')), "server-error"),
    "404 page": (_says(_http("404 Not Found", b"<h1>404</h1>")), "not-the-agreed-message"),
    "refusal with 200": (
        _says(_http("200 OK", b'{"answer":"refusal","reason":"x","final":true}')),
        "not-the-agreed-message",
    ),
    "redirect": (_says(_http("302 Found", b"", b"Location: http://127.0.0.1:9/\r\n")), "not-the-agreed-message"),
    "nothing": (_hangs_up, "no-link"),
    "silence": (_silent, "timeout"),
    "not HTTP": (_says(b"220 mail ready\r\n"), "no-link"),
    "length too long": (_says(_http("200 OK", _STORED, b"Content-Length: 999\r\n")), "incomplete"),
    "length too short": (_says(_http("200 OK", _STORED, b"Content-Length: 9\r\n")), "not-the-agreed-message"),
    "length no number": (_says(_http("200 OK", _STORED, b"Content-Length: many\r\n")), "incomplete"),
    "broken chunk": (_says(_http("200 OK", b"zz\r\nnonsense", b"Transfer-Encoding: chunked\r\n")), "incomplete"),
    "compressed": (_says(_http("200 OK", b"\x1f\x8b\x08", b"Content-Encoding: gzip\r\n")), "not-the-agreed-message"),
    "oversize": (_says(_http("200 OK", b" " * (MAX_ANSWER_BYTES + 1))), "oversize"),
    "endless": (_says(_http("200 OK", b" " * 4_000_000, b"Content-Length: 999999999999\r\n")), "oversize"),
    "endless header": (_says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), "no-link"),
    "dripping header": (_drips(b"HTTP/1.1 200 OK\r\nX-Y: Z\r\n"), "timeout"),
    "dripping body": (_drips(_http("200 OK", b" ", b"Content-Length: 9999\r\n")), "timeout"),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_whatever_answers_it_is_told_in_one_word(registered: Registered, clock: SetClock, name: str) -> None:
    reply, reason = _HOSTILE[name]
    with answering(reply) as address:
        platform = _client(registered, clock, address, total_s=0.4 if reason == "timeout" else 8.0)
        citizen = person()
        asks: tuple[Callable[[], object], ...] = (
            lambda: platform.query_roster(citizen.number, citizen.name),
            lambda: platform.deliver(SealedRecord("key", "rating", b"sealed")),
            lambda: platform.look_up(receipt()),
        )
        for ask in asks:
            assert ask() == PlatformUnavailable(reason)
        status = platform.status()
        assert isinstance(status, Unavailable)
        assert status.reason == reason


def _decision_on(number: str, key: str) -> bytes:
    members = f'"key":{key},"receipt":"{number}","outcome":"PASSED","confirmed_on":null,"next_due":null'
    return f'{{"answer":"decision",{members}}}'.encode()


@pytest.mark.parametrize(
    "answer",
    [
        b'{"answer":"stored","key":"another"}',
        b'{"answer":"not-in-roster"}',
        _decision_on("YL", '"key"'),
        _decision_on(receipt().value, '"another"'),
        _decision_on(receipt().value, "null"),
    ],
)
def test_an_agreed_message_in_the_wrong_place_is_no_acknowledgement(
    registered: Registered, clock: SetClock, answer: bytes
) -> None:
    with answering(_says(_http("200 OK", answer))) as address:
        platform = _client(registered, clock, address)
        assert platform.deliver(SealedRecord("key", "rating", b"x")) == PlatformUnavailable("wrong-answer")


def test_a_decision_under_the_records_own_key_counts(registered: Registered, clock: SetClock) -> None:
    answer = _decision_on(receipt().value, '"key"')
    with answering(_says(_http("200 OK", answer))) as address:
        platform = _client(registered, clock, address)
        decision = platform.deliver(SealedRecord("key", "eligibility-case", b"x"))
        assert decision == HallDecision(receipt(), Outcome.PASSED, None, None)
        assert platform.look_up(receipt(2)) == PlatformUnavailable("wrong-answer")


def test_an_answer_in_chunks_is_as_good(registered: Registered, clock: SetClock) -> None:
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(_STORED), _STORED)
    with answering(_says(_http("200 OK", chunks, b"Transfer-Encoding: chunked\r\n"))) as address:
        assert _client(registered, clock, address).deliver(SealedRecord("key", "rating", b"x")) == Stored()


def test_nobody_listening_is_no_link(registered: Registered, clock: SetClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    platform = _client(registered, clock, address)
    assert platform.look_up(receipt()) == PlatformUnavailable("no-link")


def test_nothing_of_the_citizen_is_on_the_line(registered: Registered, clock: SetClock) -> None:
    requests: list[bytes] = []
    citizen = person()

    def listen(connection: socket.socket, request: bytes, _over: threading.Event) -> None:
        requests.append(request)

    with answering(listen) as address:
        _client(registered, clock, address).query_roster(citizen.number, citizen.name)
    assert b"roster-query" in requests[0]
    assert citizen.number.value.encode() not in requests[0]
    assert citizen.name.value.encode() not in requests[0]
