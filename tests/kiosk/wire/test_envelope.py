"""Only what a registered terminal signed for this gateway is opened, and nothing makes the opening raise."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire import keys
from kiosk.wire.envelope import FIRST, MAX_ENVELOPE_BYTES, EnvelopeProblem, EnvelopeRefused, Sealer
from kiosk.wire.messages import RosterQuery
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from kiosk.wire.receipt_code import short_code
from kiosk.wire.record import encode_record
from kiosk.wire.record_messages import MAX_CROP_BYTES
from tests.records import START, TERMINAL, Registered, SetClock, eligibility_case, person, rating, register


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Registered:
    return register(tmp_path_factory.mktemp("keys"))


def _open(registered: Registered, data: bytes) -> OpenedEnvelope | EnvelopeRefused:
    return open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})


def _refused(registered: Registered, data: bytes) -> EnvelopeProblem:
    answer = _open(registered, data)
    assert isinstance(answer, EnvelopeRefused)
    return answer.problem


def test_a_sealed_record_opens_with_its_facts_and_its_chain(registered: Registered) -> None:
    case = eligibility_case(crop=b"\xff\xd8 face")
    first = registered.sealer(SetClock()).seal_record(case, FIRST)
    second = registered.sealer(SetClock()).seal_record(rating(), first.digest)
    opened, follower = _open(registered, first.data), _open(registered, second.data)
    assert isinstance(opened, OpenedEnvelope)
    assert isinstance(follower, OpenedEnvelope)
    assert opened.content == case
    assert (opened.terminal.terminal, opened.key, opened.made_at) == (TERMINAL, case.key, START)
    assert opened.receipt_code == short_code(case.receipt, registered.signing_key)
    assert (opened.previous, follower.previous) == (FIRST, opened.digest)


def test_sealing_twice_keeps_the_content_digest_only(registered: Registered) -> None:
    case = eligibility_case()
    once, twice = (registered.sealer(SetClock()).seal_record(case, FIRST) for _ in range(2))
    opened, again = _open(registered, once.data), _open(registered, twice.data)
    assert isinstance(opened, OpenedEnvelope)
    assert isinstance(again, OpenedEnvelope)
    assert once.data != twice.data
    assert opened.content_digest == again.content_digest


def test_nothing_of_the_citizen_is_readable(registered: Registered) -> None:
    case = eligibility_case(crop=b"a face in a picture")
    data = registered.sealer(SetClock()).seal_record(case, FIRST).data
    for secret in (case.document.number.value, case.document.name.value, case.document.address, "a face in"):
        assert secret.encode() not in data


def test_the_longest_record_fits(registered: Registered) -> None:
    sealed = registered.sealer(SetClock()).seal_record(eligibility_case(crop=bytes(MAX_CROP_BYTES)), FIRST)
    assert len(sealed.data) < MAX_ENVELOPE_BYTES
    assert isinstance(_open(registered, sealed.data), OpenedEnvelope)


def test_a_forger_with_the_gateways_public_key_is_refused(registered: Registered) -> None:
    """The right seal, the registered names, another signature."""
    forger = Sealer(TERMINAL, Ed25519PrivateKey.generate(), registered.gateway, SetClock())
    assert _refused(registered, forger.seal_record(eligibility_case(), FIRST).data) is EnvelopeProblem.UNKNOWN_TERMINAL
    forger._terminal_key_id = registered.terminal.key_id
    assert _refused(registered, forger.seal_record(eligibility_case(), FIRST).data) is EnvelopeProblem.FORGED


def test_a_terminal_cannot_speak_for_another(registered: Registered) -> None:
    other = Sealer("0318", registered.signing_key, registered.gateway, SetClock())
    assert _refused(registered, other.seal_record(eligibility_case(), FIRST).data) is EnvelopeProblem.UNKNOWN_TERMINAL


def test_another_gateways_envelope_is_refused(registered: Registered) -> None:
    key = X25519PrivateKey.generate()
    other = keys.GatewayKey(keys.key_id(key.public_key()), key.public_key())
    sealed = Sealer(TERMINAL, registered.signing_key, other, SetClock()).seal_record(eligibility_case(), FIRST)
    assert _refused(registered, sealed.data) is EnvelopeProblem.OTHER_GATEWAY


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("key", "another-key", EnvelopeProblem.NOT_SEALED_FOR_US),
        ("kind", "rating", EnvelopeProblem.NOT_SEALED_FOR_US),
        ("suite", "sm2/sm4", EnvelopeProblem.UNKNOWN_SUITE),
        ("sha256", "0" * 64, EnvelopeProblem.DAMAGED),
        ("length", 17, EnvelopeProblem.DAMAGED),
        ("version", 2, EnvelopeProblem.NOT_AN_ENVELOPE),
        ("terminal", "terminal", EnvelopeProblem.NOT_AN_ENVELOPE),
        ("surprise", 1, EnvelopeProblem.NOT_AN_ENVELOPE),
    ],
)
def test_a_changed_header_is_refused(
    registered: Registered, member: str, value: object, problem: EnvelopeProblem
) -> None:
    line, _, sealed = registered.sealer(SetClock()).seal_record(eligibility_case(), FIRST).data.partition(b"\n")
    header = json.loads(line) | {member: value}
    assert _refused(registered, json.dumps(header).encode() + b"\n" + sealed) is problem


def test_a_cut_request_is_damaged_and_may_come_again(registered: Registered) -> None:
    data = registered.sealer(SetClock()).seal_record(eligibility_case(), FIRST).data
    assert _refused(registered, data[:-1]) is EnvelopeProblem.DAMAGED
    assert _refused(registered, data + b"x") is EnvelopeProblem.DAMAGED
    assert _refused(registered, data[:50]) is EnvelopeProblem.DAMAGED
    assert _refused(registered, b"") is EnvelopeProblem.DAMAGED


@pytest.mark.parametrize(
    ("key", "kind"), [("another", "rating"), ("rating-1", "eligibility-case"), ("rating-1", "new")]
)
def test_a_content_its_header_does_not_name_is_refused(registered: Registered, key: str, kind: str) -> None:
    content = encode_record(rating(key="rating-1"))
    sealed = registered.sealer(SetClock())._seal(key, kind, content, FIRST, {"receipt_code": None})
    assert _refused(registered, sealed.data) is EnvelopeProblem.BAD_CONTENT


def test_a_query_is_sealed_too(registered: Registered) -> None:
    citizen = person()
    query = RosterQuery(number=citizen.number.value, name=citizen.name.value)
    opened = _open(registered, registered.sealer(SetClock()).seal_query(query, "asking-1").data)
    assert isinstance(opened, OpenedEnvelope)
    assert opened.content == query


_SPOILS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4)


@given(_SPOILS, st.integers(0, 3), st.binary(max_size=8))
def test_spoiled_bytes_never_open_and_never_raise(spoils: list[tuple[int, int]], way: int, inserted: bytes) -> None:
    registered, data = _spoilt_sample()
    spoiled = bytearray(data)
    for place, value in spoils:
        spoiled[place % len(data)] = value
    place = spoils[0][0] % len(data)
    if way == 1:
        del spoiled[place:]
    elif way == 2:
        spoiled[place:place] = inserted
    if bytes(spoiled) != data:
        assert isinstance(_open(registered, bytes(spoiled)), EnvelopeRefused)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    registered, _ = _spoilt_sample()
    assert isinstance(_open(registered, data), EnvelopeRefused)


_SAMPLE: list[tuple[Registered, bytes]] = []


@pytest.fixture(autouse=True, scope="module")
def _sample(registered: Registered, tmp_path_factory: pytest.TempPathFactory) -> None:
    _SAMPLE[:] = [(registered, registered.sealer(SetClock()).seal_record(eligibility_case(), FIRST).data)]


def _spoilt_sample() -> tuple[Registered, bytes]:
    return _SAMPLE[0]


def test_the_sample_itself_opens(tmp_path: Path) -> None:
    registered, data = _spoilt_sample()
    assert isinstance(_open(registered, data), OpenedEnvelope)
