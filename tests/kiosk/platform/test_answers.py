"""What an answer's head tells: how late it is there, when to ask again, and whether what was sent came whole."""

import base64
import gc
import hashlib
import json
import socket
import threading
import weakref
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.exchange import LONGEST_RETRY_AFTER_S
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.platform import DeliveryAnswer, NotInRoster, PlatformUnavailable, SealedRecord, Stored
from tests.kiosk.platform.hostile import Reply, answering
from tests.records import START, Registered, SetClock, person, receipt, register

STORED = b'{"answer":"stored","key":"key"}'
NOT_IN_ROSTER = b'{"answer":"not-in-roster"}'


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


def _client(registered: Registered, address: str) -> HttpHallPlatform:
    settings = PlatformSettings(address=address, registration=registered.gateway_file)
    return HttpHallPlatform(settings, registered.sealer(SetClock()), SetClock())


def _answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers))
    return head.encode() + b"\r\n\r\n" + body


def _each(*answers: bytes) -> Reply:
    """One after the other."""
    waiting: Iterator[bytes] = iter(answers)
    return lambda connection, _request, _over: connection.sendall(next(waiting))


def _date(seconds: float) -> str:
    return f"Date: {format_datetime(START + timedelta(seconds=seconds))}"


def _refusal(reason: str) -> bytes:
    return json.dumps({"answer": "refusal", "reason": reason, "final": False}).encode()


def _ask(platform: HttpHallPlatform) -> object:
    return platform.query_roster(person().number, person().name)


@pytest.mark.parametrize("seconds", [-62, 61, 86400])
def test_a_clock_that_any_answer_shows_to_be_off_signs_no_more(registered: Registered, seconds: float) -> None:
    health = {
        "answer": "health",
        "now": START.isoformat(),
        "gateway_key_id": registered.gateway.key_id,
        "sandbox": False,
    }
    heard: list[bytes] = []
    answers = iter(
        (
            _answer(STORED, "200 OK", _date(seconds)),
            _answer(json.dumps(health).encode(), "200 OK", _date(0)),
            _answer(NOT_IN_ROSTER, "200 OK", _date(0)),
        )
    )

    def reply(connection: socket.socket, request: bytes, _over: threading.Event) -> None:
        heard.append(request)
        connection.sendall(next(answers))

    with answering(reply) as address:
        platform = _client(registered, address)
        assert platform.deliver(SealedRecord("key", "rating", b"sealed")) == Stored()
        gone = platform.present()
        assert isinstance(gone, Unavailable)
        assert gone.reason == CLOCK_DRIFT
        assert _ask(platform) == PlatformUnavailable(CLOCK_DRIFT)
        assert len(heard) == 1
        assert platform.status() == Ready()
        assert platform.present() is None
        assert _ask(platform) == NotInRoster()


@pytest.mark.parametrize(
    "header",
    [
        _date(-60),
        _date(60),
        "Date: yesterday",
        "Date: Sun, 06 Nov 1994",
        "Date: Mon, 01 Jan 9999999999 00:00:00 GMT",
        "X: y",
    ],
)
def test_a_clock_that_is_right_or_not_known_to_be_wrong_goes_on(registered: Registered, header: str) -> None:
    with answering(_each(_answer(STORED, "200 OK", header))) as address:
        platform = _client(registered, address)
        assert platform.deliver(SealedRecord("key", "rating", b"sealed")) == Stored()
        assert platform.present() is None


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("503 Busy", _refusal("database-down"), "database-down"),
        ("507 Full", _refusal("storage-full"), "storage-full"),
        ("429 Slowly", _refusal("too-many-requests"), "too-many-requests"),
        ("503 Busy", b"<html>", "server-error"),
        ("500 Oops", _refusal("database-down"), "server-error"),
        ("404 No", b"<html>", "not-the-agreed-message"),
    ],
)
def test_what_the_platform_says_of_its_troubles_is_told_with_the_time_to_wait(
    registered: Registered, status: str, body: bytes, reason: str
) -> None:
    with answering(_each(_answer(body, status, "Retry-After: 30"))) as address:
        platform = _client(registered, address)
        assert platform.look_up(receipt()) == PlatformUnavailable(reason, 30.0)
        gone = platform.present()
        assert isinstance(gone, Unavailable)
        assert (gone.reason, bool(gone.remedy)) == (reason, True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("999999999", LONGEST_RETRY_AFTER_S),
        ("99999999999999999999", None),
        ("-5", None),
        ("soon", None),
        ("Mon, 01 Jan 9999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2026 00:00:00 -99999999999999", None),
        ("٣", None),
        (format_datetime(START + timedelta(seconds=90)), 90.0),
        (format_datetime(START - timedelta(seconds=90)), 0.0),
        (format_datetime(START + timedelta(days=400)), LONGEST_RETRY_AFTER_S),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(
    registered: Registered, text: str, seconds: float | None
) -> None:
    answer = _answer(_refusal("database-down"), "503 Busy", _date(0), f"Retry-After: {text}")
    with answering(_each(answer)) as address:
        assert _client(registered, address).look_up(receipt()) == PlatformUnavailable("database-down", seconds)


def test_a_body_travels_with_its_digest(registered: Registered) -> None:
    heard: list[bytes] = []

    def listen(connection: socket.socket, request: bytes, _over: threading.Event) -> None:
        heard.append(request)
        connection.sendall(_answer(STORED))

    with answering(listen) as address:
        _client(registered, address).deliver(SealedRecord("key", "rating", b"sealed"))
    digest = base64.b64encode(hashlib.sha256(b"sealed").digest())
    assert b"Content-Digest: sha-256=:%s:\r\n" % digest in heard[0]


def test_a_name_nobody_knows_is_told_apart(registered: Registered, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    gone = _client(registered, "http://hall.invalid:8321").status()
    assert isinstance(gone, Unavailable)
    assert gone.reason == "name-not-found"


class Citizen:
    """Somebody a question is about."""


def _asks_about(_citizen: Citizen, platform: HttpHallPlatform) -> DeliveryAnswer:
    return platform.deliver(SealedRecord("key", "rating", b"sealed"))


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("said", [b"", b"nothing that is HTTP\r\n\r\n"])
def test_a_question_that_fails_holds_nobody_it_was_about(registered: Registered, said: bytes) -> None:
    citizen = Citizen()
    held = weakref.ref(citizen)
    with answering(_each(said)) as address:
        assert isinstance(_asks_about(citizen, _client(registered, address)), PlatformUnavailable)
    del citizen
    assert held() is None


@pytest.mark.usefixtures("no_collector")
def test_a_question_that_reaches_nobody_holds_nobody_it_was_about(registered: Registered) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    citizen = Citizen()
    held = weakref.ref(citizen)
    assert _asks_about(citizen, _client(registered, address)) == PlatformUnavailable("refused")
    del citizen
    assert held() is None


def test_settings_without_the_key_of_their_certificate_are_none() -> None:
    with pytest.raises(ValueError, match="belong together"):
        PlatformSettings(address="https://hall.example", registration=Path("a"), certificate=Path("b"))
