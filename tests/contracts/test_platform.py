"""The platform contract (``kiosk.ports.platform``): against the real gateway, and against whatever else may answer."""

import base64
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import requests
from PIL import Image

from gateway.app import create_app
from gateway.sandbox import OTHER_AREA
from gateway.settings import GatewaySettings
from kiosk.domain.case import Finding, HallDecision, Outcome
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.settings import PlatformSettings
from kiosk.ports.code_scanner import MAX_CODE_BYTES
from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.outbox import Record
from kiosk.ports.platform import (
    CodeExpired,
    CodeHolder,
    DocumentBlocked,
    IdentityPaused,
    NameMismatch,
    NoReference,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    ReceiptUnknown,
    ReferenceFound,
    RosterFound,
    SealedRecord,
    Stored,
)
from kiosk.wire.envelope import FIRST
from kiosk.wire.messages import MAX_ANSWER_BYTES, DocumentMessage, HolderMessage, ReferenceMessage
from kiosk.wire.record import kind_of
from tests.gateway.serving import serving
from tests.kiosk.platform.hostile import Reply, answering
from tests.records import (
    TERMINAL,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    home_visit,
    person,
    proof,
    rating,
    receipt,
    register,
)

E_CARD = "social-security-card"


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
def other(registered: Registered, tmp_path: Path) -> Registered:
    """Another terminal of the same hall."""
    (tmp_path / "other").mkdir()
    other = register(tmp_path / "other", number="0318")
    return replace(other, sealing_key=registered.sealing_key, gateway=registered.gateway)


@pytest.fixture
def address(registered: Registered, other: Registered, gateway_clock: SetClock, tmp_path: Path) -> Iterator[str]:
    """The real gateway. Its pictures are red where the person's are of one colour, so that a swap of channels shows."""
    (tmp_path / "portraits").mkdir()
    Image.new("RGB", (410, 480), (200, 40, 20)).save(tmp_path / "portraits" / "grace_hopper.jpg")
    settings = GatewaySettings(
        database=f"sqlite:///{registered.folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file, other.terminal_file),
        sandbox=True,
        portraits=tmp_path / "portraits",
    )
    with serving(create_app(settings, gateway_clock)) as address:
        yield address


@pytest.fixture
def platform(registered: Registered, clock: SetClock, address: str) -> HttpHallPlatform:
    return _client(registered, clock, address)


def _code(address: str, slug: str = "due", issuer: str = E_CARD) -> bytes:
    """What the phone of this person shows in the issuer's app."""
    wish = {"number": person(slug).number.value, "issuer": issuer}
    return str(requests.post(f"{address}/v1/sandbox/codes", json=wish, timeout=10).json()["code"]).encode()


def _is_the_sandbox_portrait(picture: Picture) -> bool:
    blue, green, red = (int(picture.pixels[place]) for place in range(3))
    near = abs(blue - 20) < 8 and abs(green - 40) < 8 and abs(red - 200) < 8
    return near and (picture.width, picture.height, len(picture.pixels)) == (205, 240, 205 * 240 * 3)


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
    renamed = person("renamed")
    assert platform.query_roster(renamed.number, renamed.name) == NameMismatch()


def test_the_roster_of_another_area_is_asked_by_its_name(platform: HttpHallPlatform) -> None:
    citizen = person("other-area")
    assert platform.query_roster(citizen.number, citizen.name) == NotInRoster()
    answer = platform.query_roster(citizen.number, citizen.name, OTHER_AREA)
    assert isinstance(answer, RosterFound)
    assert (answer.entry.area, answer.entry.other_place) == (OTHER_AREA, False)


def test_a_person_of_another_province_is_found_here(platform: HttpHallPlatform) -> None:
    citizen = person("other-province")
    answer = platform.query_roster(citizen.number, citizen.name)
    assert isinstance(answer, RosterFound)
    assert answer.entry.other_place


def test_a_card_reported_lost_is_told(platform: HttpHallPlatform) -> None:
    citizen = person("reported-lost")
    assert platform.query_roster(citizen.number, citizen.name) == DocumentBlocked()


def test_after_a_suspected_spoof_the_person_is_paused_at_every_terminal(
    platform: HttpHallPlatform, registered: Registered, other: Registered, clock: SetClock, address: str
) -> None:
    citizen = person("due-2")
    decision = platform.deliver(_sealed(registered, eligibility_case("due-2", finding=Finding.SPOOF_SUSPECTED)))
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.REFERRED
    for terminal in (platform, _client(other, clock, address)):
        assert terminal.query_roster(citizen.number, citizen.name) == IdentityPaused()


def test_a_code_tells_its_holder_once(
    platform: HttpHallPlatform, other: Registered, clock: SetClock, address: str
) -> None:
    code = _code(address)
    holder = platform.resolve_code(code, E_CARD)
    assert isinstance(holder, CodeHolder)
    assert holder.document == person("due").document(clock.now().date())
    assert _is_the_sandbox_portrait(holder.picture)
    assert platform.resolve_code(code, E_CARD) == CodeExpired()
    assert _client(other, clock, address).resolve_code(code, E_CARD) == CodeExpired()


def test_a_code_is_worth_a_minute(
    platform: HttpHallPlatform, clock: SetClock, gateway_clock: SetClock, address: str
) -> None:
    in_time, late = _code(address), _code(address, "overdue")
    for each in (clock, gateway_clock):
        each.forward(60)
    assert isinstance(platform.resolve_code(in_time, E_CARD), CodeHolder)
    for each in (clock, gateway_clock):
        each.forward(1)
    assert platform.resolve_code(late, E_CARD) == CodeExpired()


@pytest.mark.parametrize("issuer", ["mobile-platform", "ctid"])
def test_a_code_is_known_to_its_own_issuer_only(platform: HttpHallPlatform, address: str, issuer: str) -> None:
    code = _code(address, issuer=issuer)
    assert platform.resolve_code(code, E_CARD) == CodeExpired()
    holder = platform.resolve_code(code, issuer)
    assert isinstance(holder, CodeHolder)
    assert holder.document.number == person("due").number
    assert platform.resolve_code(_code(address), issuer) == CodeExpired()


def test_an_issuer_nobody_has_a_way_to_is_refused_for_good(platform: HttpHallPlatform, address: str) -> None:
    assert platform.resolve_code(_code(address), "city-app") == PlatformRefused("issuer-unknown")


@pytest.mark.parametrize("code", [b"", b"0", b"https://example.org/", bytes(MAX_CODE_BYTES), bytes(MAX_CODE_BYTES + 1)])
def test_what_is_no_cards_code_is_nobodys(platform: HttpHallPlatform, code: bytes) -> None:
    assert platform.resolve_code(code, E_CARD) == CodeExpired()


def test_the_sandbox_shows_codes_of_its_people_only(address: str) -> None:
    place = f"{address}/v1/sandbox/codes"
    assert requests.post(place, json={"number": "100101195203140037"}, timeout=10).status_code == 404
    of_another = {"number": person("due").number.value, "issuer": "city-app"}
    assert requests.post(place, json=of_another, timeout=10).status_code == 404
    assert requests.post(place, json={}, timeout=10).status_code == 422
    assert _code(address) != _code(address)


def test_the_platforms_own_picture_of_a_person(platform: HttpHallPlatform) -> None:
    citizen = person("due")
    answer = platform.fetch_reference(citizen.number, citizen.name)
    assert isinstance(answer, ReferenceFound)
    assert _is_the_sandbox_portrait(answer.picture)
    assert platform.fetch_reference(citizen.number, PersonName("张三")) == NoReference()
    stranger = person("stranger")
    assert platform.fetch_reference(stranger.number, stranger.name) == NoReference()


def test_a_case_is_decided_and_can_be_looked_up(platform: HttpHallPlatform, registered: Registered) -> None:
    case = eligibility_case()
    assert platform.look_up(case.receipt) == ReceiptUnknown()
    decision = platform.deliver(_sealed(registered, case))
    assert isinstance(decision, HallDecision)
    assert decision.outcome is Outcome.PASSED
    assert platform.look_up(case.receipt) == decision


def test_a_suspended_payment_resumes_on_a_day_that_is_told(platform: HttpHallPlatform, registered: Registered) -> None:
    case = replace(eligibility_case("suspended"), resume=True)
    decision = platform.deliver(_sealed(registered, case))
    assert isinstance(decision, HallDecision)
    assert (decision.outcome, decision.resumes_on) == (Outcome.PASSED, date(2026, 12, 1))
    assert platform.look_up(case.receipt) == decision


def test_the_second_of_two_terminals_is_told_the_dates_of_the_first(
    platform: HttpHallPlatform, registered: Registered, other: Registered, clock: SetClock, address: str
) -> None:
    first = platform.deliver(_sealed(registered, eligibility_case(terminal=TERMINAL)))
    late = eligibility_case(terminal="0318")
    second = _client(other, clock, address).deliver(_sealed(other, late))
    assert isinstance(first, HallDecision)
    assert second == HallDecision(late.receipt, Outcome.CANCELLED, first.confirmed_on, first.next_due)


def test_what_goes_to_a_desk_is_stored_and_can_be_looked_up(
    platform: HttpHallPlatform, registered: Registered, address: str
) -> None:
    slip, visit = desk_referral(), home_visit(counter=2)
    for record in (slip, visit, slip):
        assert platform.deliver(_sealed(registered, record)) == Stored()
        assert platform.look_up(record.receipt) == HallDecision(record.receipt, Outcome.REFERRED, None, None)
    told = requests.get(f"{address}/v1/receipts/{visit.receipt.value}", timeout=10).text
    for personal in (visit.phone, visit.document.number.value, visit.document.name.value, visit.document.address):
        assert personal not in told


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
    (tmp_path / "unknown").mkdir()
    other = register(tmp_path / "unknown")
    envelope = other.sealer(SetClock()).seal_record(eligibility_case(), FIRST).data
    assert platform.deliver(SealedRecord("key", "eligibility-case", envelope)) == PlatformUnavailable("other-gateway")
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
            lambda: platform.resolve_code(b"a code", E_CARD),
            lambda: platform.fetch_reference(citizen.number, citizen.name),
            lambda: platform.deliver(SealedRecord("key", "rating", b"sealed")),
            lambda: platform.look_up(receipt()),
        )
        for ask in asks:
            assert ask() == PlatformUnavailable(reason)
        status = platform.status()
        assert isinstance(status, Unavailable)
        assert status.reason == reason


def _jpeg(width: int, height: int, form: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new("L", (width, height), 90).save(stream, form)
    return stream.getvalue()


_GOOD = _jpeg(240, 240)
_PICTURES: dict[str, str] = {
    "nothing": "",
    "not base64": "never base64!",
    "other than ASCII": "图片",
    "no picture": base64.b64encode(b"the face of nobody").decode(),
    "half of one": base64.b64encode(_GOOD[: len(_GOOD) // 2]).decode(),
    "of another form": base64.b64encode(_jpeg(24, 24, "PNG")).decode(),
    "wider than a portrait": base64.b64encode(_jpeg(1025, 8)).decode(),
    "higher than a portrait": base64.b64encode(_jpeg(8, 1025)).decode(),
    "longer than agreed": base64.b64encode(_GOOD + bytes(10 * 1024)).decode(),
}


@pytest.mark.parametrize("name", _PICTURES)
def test_a_picture_that_is_none_is_not_the_agreed_message(registered: Registered, clock: SetClock, name: str) -> None:
    citizen = person()
    document = DocumentMessage.of(citizen.document(clock.now().date())).model_dump(mode="json")
    holder = {"answer": "holder", "document": document, "picture": _PICTURES[name]}
    reference = {"answer": "reference", "picture": _PICTURES[name]}
    with answering(_says(_http("200 OK", json.dumps(holder).encode()))) as address:
        answer = _client(registered, clock, address).resolve_code(b"a code", E_CARD)
    assert answer == PlatformUnavailable("not-the-agreed-message")
    with answering(_says(_http("200 OK", json.dumps(reference).encode()))) as address:
        found = _client(registered, clock, address).fetch_reference(citizen.number, citizen.name)
    assert found == PlatformUnavailable("not-the-agreed-message")


def test_the_longest_agreed_answer_is_taken(registered: Registered, clock: SetClock) -> None:
    document = DocumentMessage.of(person().document(clock.now().date()))
    longest = document.model_copy(update={"name": "𠀀" * 64, "address": "𠀀" * 256, "authority": "𠀀" * 256})
    padded = base64.b64encode(_GOOD + bytes(10 * 1024 - len(_GOOD))).decode()
    message = HolderMessage(document=longest, picture=padded).model_dump_json().encode()
    with answering(_says(_http("200 OK", message))) as address:
        assert isinstance(_client(registered, clock, address).resolve_code(b"a code", E_CARD), CodeHolder)


def test_a_holder_without_a_number_that_holds_is_nobody(registered: Registered, clock: SetClock) -> None:
    document = DocumentMessage.of(person().document(clock.now().date()))
    nobody = document.model_copy(update={"number": "110105194912310021"})
    message = HolderMessage(document=nobody, picture=base64.b64encode(_GOOD).decode()).model_dump_json().encode()
    with answering(_says(_http("200 OK", message))) as address:
        answer = _client(registered, clock, address).resolve_code(b"a code", E_CARD)
    assert answer == PlatformUnavailable("not-the-agreed-message")


def test_an_answer_to_another_question_is_wrong(registered: Registered, clock: SetClock) -> None:
    citizen = person()
    picture = ReferenceMessage(picture=base64.b64encode(_GOOD).decode()).model_dump_json().encode()
    with answering(_says(_http("200 OK", picture))) as address:
        platform = _client(registered, clock, address)
        assert platform.query_roster(citizen.number, citizen.name) == PlatformUnavailable("wrong-answer")
        assert platform.resolve_code(b"a code", E_CARD) == PlatformUnavailable("wrong-answer")
    with answering(_says(_http("200 OK", b'{"answer":"code-expired"}'))) as address:
        platform = _client(registered, clock, address)
        assert platform.fetch_reference(citizen.number, citizen.name) == PlatformUnavailable("wrong-answer")


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


def test_the_last_answer_tells_whether_the_platform_is_there(
    registered: Registered, clock: SetClock, address: str
) -> None:
    """Without asking again; whoever asked, and whatever."""
    platform = _client(registered, clock, address)
    assert platform.present() is None
    someone = person("due")
    assert isinstance(platform.query_roster(someone.number, someone.name), RosterFound)
    assert platform.present() is None
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        cut_off = _client(registered, clock, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        assert isinstance(cut_off.look_up(receipt()), PlatformUnavailable)
    gone = cut_off.present()
    assert isinstance(gone, Unavailable)
    assert gone.reason == "refused"


def test_nobody_listening_is_refused(registered: Registered, clock: SetClock) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        platform = _client(registered, clock, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        assert platform.look_up(receipt()) == PlatformUnavailable("refused")


def test_nothing_of_the_citizen_is_on_the_line(registered: Registered, clock: SetClock) -> None:
    heard: list[bytes] = []
    citizen = person()

    def listen(connection: socket.socket, request: bytes, _over: threading.Event) -> None:
        heard.append(request)

    with answering(listen) as address:
        platform = _client(registered, clock, address)
        platform.query_roster(citizen.number, citizen.name, "示范市城西区")
        platform.resolve_code(b"a-code-of-the-phone", E_CARD)
        platform.fetch_reference(citizen.number, citizen.name)
    kinds = (b"roster-query", b"holder-query", b"reference-query")
    for kind, request in zip(kinds, heard, strict=True):
        assert kind in request
        for personal in (citizen.number.value, citizen.name.value, "示范市城西区", "a-code-of-the-phone"):
            assert personal.encode() not in request
            assert base64.b64encode(personal.encode()) not in request
