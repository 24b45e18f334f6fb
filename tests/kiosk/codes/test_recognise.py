"""Whatever is held out gets an answer; what is ours never leaves for another platform; a token goes to its issuer."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.codes.issuers import SOCIAL_SECURITY_CARD, CodeBook, CodeIssuer, CodeKind, Use, book_of
from kiosk.codes.recognise import Misplaced, OwnPaper, Recognised, Token, Unknown, recognise
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number
from kiosk.domain.turn_number import TurnKind, TurnNumber, compose_turn_number
from kiosk.ports.code_scanner import MAX_CODE_BYTES
from kiosk.wire.paper_check import PaperKeys
from kiosk.wire.receipt_code import verification
from tests.records import START, receipt

KEY, EARLIER_KEY, OTHER_KEY, GATEWAY_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3, 4)
)
URL = "https://hy.shili.example"
PHONE = CodeIssuer("mobile-platform", "赣服通", "Ganfutong", CodeKind.TOKEN, (Use.IDENTITY,), prefixes=("GFT:", "{"))
CTID = CodeIssuer("ctid", "网证", "CTID", CodeKind.TOKEN, prefixes=("CTID",))
CATCH_ALL = CodeIssuer("catch-all", "万能码", "anything", CodeKind.TOKEN, (Use.IDENTITY, Use.LOOK_UP), longest=1000)
KEYS = PaperKeys({"0317": (EARLIER_KEY.public_key(), KEY.public_key())}, GATEWAY_KEY.public_key())
BOOK = book_of((PHONE, CTID), KEYS)
GREEDY = book_of((CATCH_ALL,), KEYS)
"""A site has claimed nearly every payload for one issuer."""

USES = st.sampled_from(Use)
NUMBERS = st.builds(
    compose_receipt_number,
    st.sampled_from(ReceiptKind),
    st.just(START.date()),
    st.sampled_from(("0317", "0318", "AB")),
    st.integers(1, 99_999),
)


def code(number: ReceiptNumber, key: Ed25519PrivateKey | None = None) -> bytes:
    """Signed by who may sign it, unless told."""
    own = GATEWAY_KEY if number.kind is ReceiptKind.CERTIFICATE else KEY
    return verification(number, key or own, URL).qr_text.encode()


def judged(number: ReceiptNumber) -> bool:
    """Whether keys that may sign it are at hand: the gateway's signs every certificate."""
    return number.kind is ReceiptKind.CERTIFICATE or number.terminal == "0317"


@given(st.binary(max_size=MAX_CODE_BYTES + 8), USES, st.sampled_from((BOOK, GREEDY)))
def test_any_bytes_get_an_answer(payload: bytes, use: Use, book: CodeBook) -> None:
    found = recognise(payload, book, use)
    assert isinstance(found, Recognised)
    if isinstance(found, Token):
        assert found.payload == payload
        assert use in found.issuer.uses


@given(st.text(max_size=60), st.text(max_size=110), NUMBERS, USES, st.sampled_from((BOOK, GREEDY)))
def test_what_is_ours_is_never_a_token(
    address: str, rest: str, number: ReceiptNumber, use: Use, book: CodeBook
) -> None:
    payload = f"{address}/{number}/{rest.replace('/', '')}".encode("utf-8", "replace")
    found = recognise(payload, book, use)
    assert isinstance(found, OwnPaper | Misplaced)
    if isinstance(found, OwnPaper):
        assert found.number == number
        assert found.genuine is (False if judged(number) else None)


@given(NUMBERS)
def test_a_paper_of_a_known_terminal_is_genuine_and_one_of_another_is_not_judged(number: ReceiptNumber) -> None:
    for payload in (code(number), code(number).lower(), b" " + code(number) + b"\r\n"):
        found = recognise(payload, BOOK, Use.LOOK_UP)
        assert isinstance(found, OwnPaper)
        assert (found.number, found.genuine) == (number, True if judged(number) else None)
        assert code(number).endswith(b"/" + found.signature.encode())


def test_a_key_the_terminal_had_before_is_as_good() -> None:
    found = recognise(code(receipt(), EARLIER_KEY), BOOK, Use.LOOK_UP)
    assert isinstance(found, OwnPaper)
    assert found.genuine


@pytest.mark.parametrize(
    "payload",
    [
        code(receipt(7), OTHER_KEY),
        code(receipt(7), GATEWAY_KEY),
        code(compose_receipt_number(ReceiptKind.CERTIFICATE, START.date(), "0317", 7), KEY),
        code(receipt(7)).replace(receipt(7).value.encode(), receipt(8).value.encode()),
        code(receipt(7))[:-1],
        b"https://evil.example/" + receipt(7).value.encode() + b"/<img src=x onerror=alert(1)>",
    ],
    ids=[
        "signed by another",
        "by the gateway",
        "certificate by the terminal",
        "another number",
        "cut short",
        "no signature at all",
    ],
)
def test_a_paper_that_its_terminal_did_not_sign_is_told_from_one(payload: bytes) -> None:
    found = recognise(payload, BOOK, Use.LOOK_UP)
    assert isinstance(found, OwnPaper)
    assert found.genuine is False


@pytest.mark.parametrize("kind", TurnKind)
def test_a_turn_s_number_is_for_the_page_of_arrivals(kind: TurnKind) -> None:
    number = compose_turn_number(kind, START.date(), "0790", 12)
    payload = number.value.encode()
    found: Recognised = recognise(payload, BOOK, Use.ARRIVAL)
    assert found == number
    assert isinstance(found, TurnNumber)
    for use in (Use.IDENTITY, Use.LOOK_UP):
        elsewhere = recognise(payload, BOOK, use)
        assert isinstance(elsewhere, Misplaced)
        assert elsewhere.issuer.kind.name == kind.name
    wrong = payload[:-1] + (b"0" if payload[-1:] != b"0" else b"1")
    assert recognise(wrong, BOOK, Use.ARRIVAL) == Unknown()


def test_a_receipt_is_no_one_s_identity_and_the_page_can_name_it() -> None:
    found = recognise(code(receipt()), BOOK, Use.IDENTITY)
    assert isinstance(found, Misplaced)
    assert found.issuer.zh == "回执码"


@pytest.mark.parametrize(
    ("payload", "issuer"),
    [
        (b"GFT:abc", "mobile-platform"),
        (b'{"v":1}', "mobile-platform"),
        (b"gft:abc", SOCIAL_SECURITY_CARD),
        (b"whatever else", SOCIAL_SECURITY_CARD),
        (bytes(range(256)), SOCIAL_SECURITY_CARD),
    ],
)
def test_a_token_goes_to_the_issuer_whose_form_it_has_or_to_the_one_without(payload: bytes, issuer: str) -> None:
    found = recognise(payload, BOOK, Use.IDENTITY)
    assert isinstance(found, Token)
    assert found.issuer.id == issuer
    assert payload.decode("latin-1") not in repr(found)


def test_a_token_the_site_knows_but_does_not_take_is_named_and_sent_nowhere() -> None:
    assert recognise(b"CTID-1", BOOK, Use.IDENTITY) == Misplaced(CTID)
    assert recognise(b"GFT:abc", BOOK, Use.LOOK_UP) == Misplaced(PHONE)


def test_of_two_forms_that_fit_the_page_s_own_counts() -> None:
    wide = replace(CTID, id="wide", prefixes=("C",), uses=(Use.IDENTITY,))
    assert recognise(b"CTID-1", book_of((CTID, wide)), Use.IDENTITY) == Token(wide, b"CTID-1")


@pytest.mark.parametrize("payload", [b"", bytes(MAX_CODE_BYTES + 1), b"GFT:" + bytes(MAX_CODE_BYTES)])
def test_nothing_and_too_much_are_no_code(payload: bytes) -> None:
    assert recognise(payload, BOOK, Use.IDENTITY) == Unknown()


def test_where_every_token_has_a_form_another_payload_is_nobody_s() -> None:
    card = CodeIssuer(SOCIAL_SECURITY_CARD, "电子社保卡", "electronic card", CodeKind.TOKEN, (Use.IDENTITY,), ("SSC",))
    assert recognise(b"something", book_of((card,)), Use.IDENTITY) == Unknown()
