"""Codes and requests by which a terminal is set up, and when a certificate is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire.enrolment import (
    EnrolmentCode,
    RenewalRequest,
    certificate_request,
    is_signed,
    key_id_in,
    make_code,
    parse_code,
    renewal_due,
    signed_renewal,
)
from tests.gateway.trust import present_clock, secured_hall

MADE = datetime(2026, 11, 20, tzinfo=UTC)
CODE = EnrolmentCode("0123456789ABCDEF", "GHJKMNPQRSTVWXYZ")


def test_a_code_is_shown_in_eight_groups_and_says_nothing_in_a_log() -> None:
    assert CODE.text() == "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ"
    assert "0123" not in repr(CODE)


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ",
        " 0123 4567 89ab cdef ghjk mnpq rstv wxyz\n",
        "OI23456789abcdefghjkmnpqrstvwxyz",
        "ol23-456789ABCDEFGHJKMNPQRSTVWXYZ",
    ],
)
def test_a_code_is_taken_as_people_type_it(typed: str) -> None:
    assert parse_code(typed) == CODE


@given(st.text(max_size=40))
def test_anything_else_is_no_code(typed: str) -> None:
    code = parse_code(typed)
    assert code is None or parse_code(code.text()) == code


@pytest.mark.parametrize("typed", ["", CODE.text()[:-1], CODE.text() + "0", CODE.text().replace("A", "U")])
def test_a_code_that_is_not_whole_is_none(typed: str) -> None:
    assert parse_code(typed) is None


def test_a_code_fits_its_own_authority_and_no_other(tmp_path: Path) -> None:
    own, other = (secured_hall(tmp_path / name, present_clock()).authority() for name in ("a", "b"))
    code = make_code(own.certificate)
    assert parse_code(code.text()) == code
    assert code.fits(own.certificate)
    assert not code.fits(other.certificate)
    assert make_code(own.certificate).secret != code.secret


def test_a_request_is_its_signers_and_nobody_elses() -> None:
    signing_key, tls_key = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    asked = RenewalRequest(
        terminal_key_id="0" * 16, request=certificate_request("0317", "0" * 16, tls_key), made_at=MADE
    )
    signed = signed_renewal(asked, signing_key)
    assert is_signed(signed, signing_key.public_key())
    assert not is_signed(signed, Ed25519PrivateKey.generate().public_key())
    assert not is_signed(asked, signing_key.public_key())
    later = signed.model_copy(update={"made_at": MADE + timedelta(seconds=1)})
    assert not is_signed(later, signing_key.public_key())


def test_a_certificate_names_the_terminal_and_its_key_whatever_was_asked_for(tmp_path: Path) -> None:
    clock = present_clock()
    authority = secured_hall(tmp_path / "hall", clock).authority()
    asked = certificate_request("0999", "f" * 16, ec.generate_private_key(ec.SECP256R1()))
    pem = authority.issue(x509.load_pem_x509_csr(asked.encode()), "0317", "a" * 16, clock.now())
    issued = x509.load_pem_x509_certificate(pem.encode())
    assert key_id_in(issued) == "a" * 16
    assert issued.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value == "0317"
    assert not issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert key_id_in(authority.certificate) is None


@pytest.mark.parametrize(("days", "due"), [(0, False), (59.9, False), (60, True), (90, True), (500, True)])
def test_a_certificate_is_due_from_two_thirds_of_its_life_on(days: float, due: bool) -> None:
    assert renewal_due(MADE, MADE + timedelta(days=90), MADE + timedelta(days=days)) is due
