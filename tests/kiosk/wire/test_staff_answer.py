"""Terminal and staff page come to the same eight digits, and nobody else does."""

import hmac
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.wire.staff_answer import (
    is_eight_digits,
    secret_at_gateway,
    secret_at_terminal,
    staff_answer,
    terminal_staff_key,
)
from tests.records import TERMINAL, register

SIGNING_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SEALING_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
SECRET = secret_at_terminal(SIGNING_KEY, SEALING_KEY.public_key())
NEW_NUMBER = StaffPurpose.NEW_NUMBER


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_both_sides_hold_the_same_secret(seed: bytes, other_seed: bytes) -> None:
    signing_key = Ed25519PrivateKey.from_private_bytes(seed)
    sealing_key = X25519PrivateKey.from_private_bytes(other_seed)
    staff_key = terminal_staff_key(signing_key).public_key()
    assert secret_at_terminal(signing_key, sealing_key.public_key()) == secret_at_gateway(sealing_key, staff_key)


def test_the_registrations_are_all_they_need(tmp_path: Path) -> None:
    registered = register(tmp_path)
    assert registered.terminal.staff_key is not None
    at_terminal = secret_at_terminal(registered.signing_key, registered.gateway.public_key)
    assert secret_at_gateway(registered.sealing_key, registered.terminal.staff_key) == at_terminal


def test_the_answer_is_the_hmac_of_purpose_terminal_and_challenge() -> None:
    digest = hmac.new(SECRET, b"kiosk staff answer, version 1\nnew-number\n0317\n00000042", sha256).hexdigest()
    assert staff_answer(SECRET, NEW_NUMBER, TERMINAL, "00000042") == str(int(digest, 16))[-8:]
    assert staff_answer(SECRET, NEW_NUMBER, TERMINAL, "00000042") == "78247401"


def test_another_terminal_challenge_or_key_has_another_answer() -> None:
    other_secret = secret_at_terminal(Ed25519PrivateKey.from_private_bytes(bytes(32)), SEALING_KEY.public_key())
    answers = {
        staff_answer(SECRET, NEW_NUMBER, TERMINAL, "00000042"),
        staff_answer(SECRET, NEW_NUMBER, TERMINAL, "00000043"),
        staff_answer(SECRET, NEW_NUMBER, "0318", "00000042"),
        staff_answer(other_secret, NEW_NUMBER, TERMINAL, "00000042"),
    }
    assert len(answers) == 4


@given(st.integers(0, 10**8 - 1))
def test_an_answer_always_has_eight_digits(challenge: int) -> None:
    assert is_eight_digits(staff_answer(SECRET, NEW_NUMBER, TERMINAL, f"{challenge:08d}"))


@pytest.mark.parametrize("challenge", ["", "1234567", "123456789", "1234567a", "１２３４５６７８", "²²²²²²²²"])
def test_other_challenges_have_no_answer(challenge: str) -> None:
    with pytest.raises(ValueError, match="eight digits"):
        staff_answer(SECRET, NEW_NUMBER, TERMINAL, challenge)


def test_a_key_that_is_no_point_gives_no_secret() -> None:
    nowhere = X25519PublicKey.from_public_bytes(bytes(32))
    with pytest.raises(ValueError, match=r"."):
        secret_at_gateway(SEALING_KEY, nowhere)
