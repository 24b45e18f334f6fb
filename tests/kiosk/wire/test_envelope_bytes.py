"""The bytes inside an envelope: JSON as the plain way would make it, and those of terminals of before still open."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.case import Consent, EligibilityCase
from kiosk.wire.envelope import EARLIER_SUITE, FIRST, SUITE, EnvelopeProblem, EnvelopeRefused
from kiosk.wire.opening import open_envelope
from kiosk.wire.record import decode_record, encode_record
from tests.records import START, TERMINAL, Registered, SetClock, eligibility_case, register

HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
PURPOSE = b"kiosk record, version 1\n"


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


def _json(members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@given(crop=st.none() | st.binary(max_size=300))
def test_a_picture_stands_in_the_record_as_json_would_write_it(crop: bytes | None) -> None:
    case = eligibility_case(crop=crop, key='a key with "crop":""')
    encoded = encode_record(case)
    members = json.loads(encoded)
    assert members["crop"] == (None if crop is None else base64.b64encode(crop).decode())
    assert encoded == _json(members)
    assert decode_record(encoded) == case


def test_the_body_is_the_json_it_seems_to_be(registered: Registered) -> None:
    """Quotes, backslashes and line feeds in the content are escaped as JSON's own writer escapes them."""
    consent = Consent('"quoted" \\ and\n', START)
    case = replace(eligibility_case("rare-name", crop=b"\xff\xd8 face"), consent=consent)
    body = _opened_body(registered, registered.sealer(SetClock()).seal_record(case, FIRST).data)
    assert body == _json(json.loads(body))
    assert decode_record(json.loads(body)["content"].encode()) == case


def test_what_a_terminal_sealed_before_the_suite_changed_is_taken(registered: Registered) -> None:
    case = eligibility_case(crop=b"\xff\xd8 face")
    opened = _open(registered, _sealed(registered, case, EARLIER_SUITE, lambda body: body))
    assert not isinstance(opened, EnvelopeRefused)
    assert opened.content == case


@pytest.mark.parametrize(
    ("suite", "digest"),
    [(SUITE, lambda body: body), (EARLIER_SUITE, lambda body: hashlib.sha256(body).digest())],
)
def test_a_suite_is_signed_its_own_way(registered: Registered, suite: str, digest: Any) -> None:
    answer = _open(registered, _sealed(registered, eligibility_case(), suite, digest))
    assert answer == EnvelopeRefused(EnvelopeProblem.FORGED)


def test_a_signature_of_one_suite_is_none_of_the_other(registered: Registered) -> None:
    """Also where the signer is made to sign a digest that he takes for a body."""
    body_of_other = _sealed(registered, eligibility_case(), SUITE, lambda body: hashlib.sha256(body).digest())
    assert not isinstance(_open(registered, body_of_other), EnvelopeRefused)
    renamed = body_of_other.replace(SUITE.encode(), EARLIER_SUITE.encode(), 1)
    assert isinstance(_open(registered, renamed), EnvelopeRefused)


def _open(registered: Registered, data: bytes) -> Any:
    return open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})


def _opened_body(registered: Registered, data: bytes) -> bytes:
    header = json.loads(data.partition(b"\n")[0])
    names = _json({name: value for name, value in header.items() if name not in ("length", "sha256")})
    return HPKE.decrypt(data[-header["length"] :], registered.sealing_key, info=names)[64:]


def _sealed(registered: Registered, case: EligibilityCase, suite: str, digest: Any) -> bytes:
    """Made by the description, not by the sealer; ``digest`` is what is signed of the body."""
    names = {
        "version": 1,
        "suite": suite,
        "gateway_key_id": registered.gateway.key_id,
        "terminal_key_id": registered.terminal.key_id,
        "terminal": TERMINAL,
        "key": case.key,
        "kind": "eligibility-case",
    }
    members = {"made_at": START.isoformat(), "previous": FIRST, "receipt_code": None}
    body = _json({**members, "content": encode_record(case).decode()})
    signing_key: Ed25519PrivateKey = registered.signing_key
    signature = signing_key.sign(PURPOSE + _json(names) + b"\n" + digest(body))
    sealed = HPKE.encrypt(signature + body, registered.gateway.public_key, info=_json(names))
    header = {**names, "length": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    return _json(header) + b"\n" + sealed
