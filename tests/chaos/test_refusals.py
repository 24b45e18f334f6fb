"""What no registered terminal sealed for this gateway is refused over HTTP with its reason, and nothing is stored."""

import base64
import hashlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, create_engine

from gateway.app import create_app
from gateway.settings import GatewaySettings
from kiosk.wire.envelope import MAX_ENVELOPE_BYTES, MAX_HEADER_BYTES
from kiosk.wire.messages import HolderQuery, RefusalMessage, RosterEntryMessage, RosterQuery
from tests.chaos.forging import Parts, envelope, opened, parts, resealed
from tests.chaos.receiving import CASE, GENUINE, Place
from tests.gateway.serving import serving
from tests.records import Registered, SetClock, eligibility_case, person, receipt, register

OTHER = "0318"
STRANGER = Ed25519PrivateKey.generate()
ELSEWHERE = X25519PrivateKey.generate()
"""Another gateway's key."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("hall")
    own, other = _known_at_one_gateway(folder)
    database, clock = f"sqlite:///{folder}/hall.db", SetClock()
    settings = GatewaySettings(
        database=database, key=own.gateway_key_file, terminals=(own.terminal_file, other.terminal_file), sandbox=True
    )
    engine, tables = create_engine(database), MetaData()
    with serving(create_app(settings, clock)) as address:
        tables.reflect(engine)
        taken = envelope(parts(GENUINE, "0317", own.signing_key, own.gateway.public_key))
        place = Place(own, other, address, engine, tables, clock, taken)
        assert place.send(taken)[0] == 200, "what is forged here differs from the genuine in one thing only"
        yield place
    engine.dispose()


def _known_at_one_gateway(folder: Path) -> tuple[Registered, Registered]:
    own = register(folder)
    beside = folder / "other"
    beside.mkdir()
    (beside / "gateway.pem").write_bytes(own.gateway_key_file.read_bytes())
    (beside / "gateway.pem").chmod(0o600)
    return own, register(beside, number=OTHER)


Forge = Callable[[Place], bytes]


def _named(parts: Parts, **names: object) -> Parts:
    return replace(parts, names={**parts.names, **names})


def _saying(parts: Parts, **body: object) -> Parts:
    return replace(parts, body={**parts.body, **body})


def _by_stranger(place: Place) -> Parts:
    return replace(place.parts(), signing_key=STRANGER)


def _for_elsewhere(place: Place) -> Parts:
    return parts(CASE, "0317", place.own.signing_key, ELSEWHERE.public_key())


def _stolen_by_other_gateway(place: Place) -> bytes:
    """Signature and body as another gateway got them."""
    return opened(envelope(_for_elsewhere(place)), ELSEWHERE)


def _long(place: Place) -> bytes:
    return envelope(place.parts(), bytes(MAX_ENVELOPE_BYTES))


NEVER: dict[str, tuple[str, Forge]] = {
    "forged by a stranger": ("forged", lambda p: envelope(_by_stranger(p))),
    "without a signature": ("forged", lambda p: envelope(p.parts(), p.parts().sealed(bytes(64)))),
    "with the signature of another record": (
        "forged",
        lambda p: envelope(p.parts(), p.parts().sealed(_saying(p.parts(), previous="1" * 64).signature())),
    ),
    "signed anew by another terminal": (
        "forged",
        lambda p: envelope(replace(p.parts(), signing_key=p.other.signing_key)),
    ),
    "another terminal's record as one's own": (
        "receipt-of-other-terminal",
        lambda p: envelope(parts(CASE, OTHER, p.other.signing_key, p.own.gateway.public_key)),
    ),
    "passed on by another gateway under our name": (
        "forged",
        lambda p: resealed(_stolen_by_other_gateway(p), p.parts()),
    ),
    "sealed to another gateway under our name": (
        "not-sealed-for-us",
        lambda p: envelope(replace(p.parts(), gateway_key=ELSEWHERE.public_key())),
    ),
    "sealed bytes of nobody": ("not-sealed-for-us", lambda p: envelope(p.parts(), bytes(900))),
    "too short to be sealed": ("not-sealed-for-us", lambda p: envelope(p.parts(), b"x")),
    "a key put on afterwards": ("not-sealed-for-us", lambda p: envelope(p.parts(), key="case-2")),
    "a kind put on afterwards": ("not-sealed-for-us", lambda p: envelope(p.parts(), kind="rating")),
    "a key that is not its record's": ("bad-content", lambda p: envelope(_named(p.parts(), key="case-2"))),
    "a kind that is not its record's": ("bad-content", lambda p: envelope(_named(p.parts(), kind="rating"))),
    "a kind that does not exist": ("bad-content", lambda p: envelope(_named(p.parts(), kind="new"))),
    "a query's kind over a record": ("bad-content", lambda p: envelope(_named(p.parts(), kind="roster-query"))),
    "content that is none": ("bad-content", lambda p: envelope(_saying(p.parts(), content="{}"))),
    "content in one member too many": (
        "bad-content",
        lambda p: envelope(_saying(p.parts(), content=p.parts().body["content"][:-1] + ',"more":1}')),
    ),
    "a body in one member too many": ("bad-content", lambda p: envelope(_saying(p.parts(), more=1))),
    "a time without a zone": ("bad-content", lambda p: envelope(_saying(p.parts(), made_at="2026-11-20T10:30:00"))),
    "a previous digest that is none": ("bad-content", lambda p: envelope(_saying(p.parts(), previous="first"))),
    "another suite": ("unknown-suite", lambda p: envelope(_named(p.parts(), suite="sm2/sm4"))),
    "another version": ("not-an-envelope", lambda p: envelope(_named(p.parts(), version=2))),
    "a terminal that cannot be": ("not-an-envelope", lambda p: envelope(_named(p.parts(), terminal="a terminal"))),
    "a key that cannot be": ("not-an-envelope", lambda p: envelope(_named(p.parts(), key="../../etc/passwd"))),
    "a header in one member too many": ("not-an-envelope", lambda p: envelope(p.parts(), more=1)),
    "no length": ("not-an-envelope", lambda p: envelope(p.parts(), length=0)),
    "a length beyond any": ("not-an-envelope", lambda p: envelope(p.parts(), length=10**12)),
    "longer than any envelope": ("too-long", lambda p: _long(p) + bytes(MAX_HEADER_BYTES)),
    "a key used for another record": (
        "key-reused",
        lambda p: envelope(
            parts(eligibility_case("due", 8, key=GENUINE.key), "0317", p.own.signing_key, p.own.gateway.public_key)
        ),
    ),
    "a receipt used for another record": (
        "receipt-reused",
        lambda p: envelope(
            parts(eligibility_case("due", 7, key="case-3"), "0317", p.own.signing_key, p.own.gateway.public_key)
        ),
    ),
    "a receipt of another terminal": (
        "receipt-of-other-terminal",
        lambda p: envelope(
            parts(replace(CASE, receipt=receipt(1, OTHER)), "0317", p.own.signing_key, p.own.gateway.public_key)
        ),
    ),
}
"""Refused for ever: what it is, the reason, how it is made."""

PERHAPS_LATER: dict[str, tuple[str, Forge]] = {
    "sealed to another gateway": ("other-gateway", lambda p: envelope(_for_elsewhere(p))),
    "passed on by another gateway": (
        "other-gateway",
        lambda p: resealed(
            _stolen_by_other_gateway(p), replace(_for_elsewhere(p), gateway_key=p.own.gateway.public_key)
        ),
    ),
    "an unknown terminal": (
        "unknown-terminal",
        lambda p: envelope(parts(CASE, "0999", STRANGER, p.own.gateway.public_key)),
    ),
    "another terminal's number over one's own key": (
        "unknown-terminal",
        lambda p: envelope(parts(CASE, "0317", p.other.signing_key, p.own.gateway.public_key)),
    ),
    "a digest that is not its own": ("damaged", lambda p: envelope(p.parts(), sha256="0" * 64)),
    "one byte less than its length": ("damaged", lambda p: envelope(p.parts())[:-1]),
    "one byte more than its length": ("damaged", lambda p: envelope(p.parts()) + b"\0"),
    "a header without end": ("damaged", lambda p: b"{" * (MAX_HEADER_BYTES * 64)),
}
"""Refused for now: the terminal keeps the record and tries again."""


@pytest.mark.parametrize("what", NEVER)
def test_what_is_not_genuine_is_refused_for_ever(place: Place, what: str) -> None:
    reason, forge = NEVER[what]
    before = place.stored()
    assert place.send(forge(place)) == (422, RefusalMessage(reason=reason, final=True))
    assert place.stored() == before


@pytest.mark.parametrize("what", PERHAPS_LATER)
def test_what_may_be_well_another_time_is_refused_for_now(place: Place, what: str) -> None:
    reason, forge = PERHAPS_LATER[what]
    before = place.stored()
    assert place.send(forge(place)) == (422, RefusalMessage(reason=reason, final=False))
    assert place.stored() == before


def test_a_record_cut_short_anywhere_is_asked_for_again(place: Place) -> None:
    """Never refused for ever: on the terminal's disk it is whole."""
    whole = envelope(place.parts())
    before = place.stored()
    header = whole.index(b"\n")
    for length in sorted({0, 1, header - 1, header, header + 1, *range(0, len(whole), 61), len(whole) - 1}):
        status, answer = place.send(whole[:length])
        assert (status, answer) == (422, RefusalMessage(reason="damaged", final=False)), length
    assert place.stored() == before


@pytest.mark.parametrize("missing", [1, 100, 2000])
def test_a_connection_that_ends_within_a_record_leaves_nothing(place: Place, missing: int) -> None:
    whole = envelope(place.parts())
    before = place.stored()
    host, port = place.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        head = f"POST /v1/records HTTP/1.1\r\nHost: hall\r\nContent-Length: {len(whole)}\r\nConnection: close\r\n\r\n"
        wire.sendall(head.encode() + whole[:-missing])
        wire.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: wire.recv(4096), b""))
    assert b" 200 " not in answer.split(b"\r\n")[0]
    assert place.stored() == before


def test_any_other_bytes_are_refused(place: Place) -> None:
    before = place.stored()

    @settings(max_examples=25)
    @given(st.binary(max_size=2000) | st.builds(lambda line, rest: line + b"\n" + rest, st.binary(), st.binary()))
    def refused(body: bytes) -> None:
        status, answer = place.send(body)
        assert status == 422
        assert isinstance(answer, RefusalMessage)
        assert answer.reason in {"damaged", "not-an-envelope"}

    refused()
    assert place.stored() == before


def test_one_bit_is_enough_to_be_refused(place: Place) -> None:
    whole = envelope(place.parts())
    before = place.stored()

    @settings(max_examples=60)
    @given(where=st.integers(0, len(whole) - 1), bit=st.integers(0, 7))
    def refused(where: int, bit: int) -> None:
        spoiled = bytearray(whole)
        spoiled[where] ^= 1 << bit
        status, answer = place.send(bytes(spoiled))
        assert status == 422
        assert isinstance(answer, RefusalMessage)

    refused()
    assert place.stored() == before


def test_one_bit_lost_on_the_way_is_no_reason_to_refuse_for_ever(place: Place) -> None:
    """The terminal tells the digest of what it sends: what arrives otherwise is sent again."""
    whole = envelope(place.parts())
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(whole).digest()).decode()}:"
    before = place.stored()
    for where in range(0, len(whole), 37):
        spoiled = bytearray(whole)
        spoiled[where] ^= 1
        assert place.send(bytes(spoiled), digest=digest) == (422, RefusalMessage(reason="damaged", final=False))
    assert place.stored() == before


@pytest.mark.parametrize("path", ["/v1/roster", "/v1/holders", "/v1/references", "/v1/certificates"])
def test_the_doors_for_questions_refuse_the_same(place: Place, path: str) -> None:
    before = place.stored()
    for what in ("forged by a stranger", "sealed bytes of nobody", "another suite"):
        reason, forge = NEVER[what]
        assert place.send(forge(place), path) == (422, RefusalMessage(reason=reason, final=True))
    for what in ("an unknown terminal", "sealed to another gateway", "a digest that is not its own"):
        reason, forge = PERHAPS_LATER[what]
        assert place.send(forge(place), path) == (422, RefusalMessage(reason=reason, final=False))
    assert place.stored() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/records"), ("PUT", "/v1/records"), ("DELETE", "/v1/records"), ("POST", "/v1/nothing")],
)
def test_other_doors_are_shut(place: Place, method: str, path: str) -> None:
    before = place.stored()
    answer = requests.request(method, place.address + path, data=envelope(place.parts()), timeout=60)
    assert answer.status_code in {404, 405}
    assert place.stored() == before


def test_a_record_played_back_counts_for_nothing(place: Place) -> None:
    """The same answer each time, and never a second record."""
    before = place.stored()
    answers = [place.send(place.taken) for _ in range(3)]
    assert {status for status, _ in answers} == {200}
    assert len({repr(answer and answer.model_dump()) for _, answer in answers}) == 1
    assert place.stored() == before


def test_a_record_sealed_anew_by_its_own_terminal_is_the_same_record(place: Place) -> None:
    before = place.stored()
    assert place.send(place.taken) == place.send(place.own.sealer(place.clock).seal_record(GENUINE, "1" * 64).data)
    assert place.stored() == before


def test_a_question_played_back_is_stale_minutes_later(place: Place) -> None:
    citizen = person("due")
    query = RosterQuery(number=citizen.number.value, name=citizen.name.value)
    asked = place.own.sealer(place.clock).seal_query(query, "asking-1").data
    assert isinstance(place.send(asked, "/v1/roster")[1], RosterEntryMessage)
    late = SetClock(place.clock.now())
    late.forward(-301)
    overheard = place.own.sealer(late).seal_query(query, "asking-0").data
    assert place.send(overheard, "/v1/roster") == (422, RefusalMessage(reason="stale-query", final=False))
    late.forward(602)
    hurried = place.own.sealer(late).seal_query(query, "asking-2").data
    assert place.send(hurried, "/v1/roster") == (422, RefusalMessage(reason="stale-query", final=False))


def test_a_code_played_back_is_spent(place: Place) -> None:
    wish = {"number": person("due").number.value}
    code = requests.post(f"{place.address}/v1/sandbox/codes", json=wish, timeout=60).json()["code"]
    asked = (
        place.own.sealer(place.clock).seal_query(HolderQuery.of(code.encode(), "social-security-card"), "asking").data
    )
    assert place.send(asked, "/v1/holders")[0] == 422, "this gateway has no pictures to give"
    answer = place.send(asked, "/v1/holders")[1]
    assert answer is not None
    assert answer.model_dump()["answer"] == "code-expired"
