"""A receipt can be checked by anybody and made by its terminal alone."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]
from qrcode.util import MODE_ALPHA_NUM, QRData  # type: ignore[import-untyped]

from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.wire.paper_check import PaperKeys, Standing, check_paper
from kiosk.wire.receipt_code import short_code, verification
from tests.records import START, TERMINAL, receipt

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = PaperKeys({TERMINAL: (KEY.public_key(),)}, None)
URL = "https://hall.example/v"


def test_the_qr_is_alphanumeric_and_within_49_modules() -> None:
    longest = compose_receipt_number(ReceiptKind.ELIGIBILITY, START.date(), "ABCD1234", 99_999)
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(verification(longest, KEY, URL).qr_text.encode(), mode=MODE_ALPHA_NUM, check_data=True))
    code.make()
    assert code.modules_count <= 49


def test_the_terminals_own_code_is_accepted_and_others_are_not() -> None:
    text = verification(receipt(42), KEY, URL).qr_text
    assert check_paper(text, KEYS) == (receipt(42), Standing.GENUINE)
    others = PaperKeys({TERMINAL: (Ed25519PrivateKey.generate().public_key(),)}, None)
    assert check_paper(text, others) == (receipt(42), Standing.FORGED)
    other = text.replace(receipt(42).value, receipt(43).value)
    assert check_paper(other, KEYS) == (receipt(43), Standing.FORGED)


@pytest.mark.parametrize("text", ["", "/", "HTTPS://HALL.EXAMPLE/V/YL-1/AAAA", "a/b/" + "!" * 103])
def test_other_texts_are_no_receipts(text: str) -> None:
    assert check_paper(text, KEYS) is None
    good = verification(receipt(), KEY, URL).qr_text
    assert check_paper(good[:-103] + "1" * 103, KEYS) == (receipt(), Standing.FORGED)


def test_the_short_code_can_be_read_aloud_and_differs() -> None:
    codes = {short_code(receipt(counter), KEY) for counter in range(1, 200)}
    assert len(codes) == 199
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code) for code in codes)
    assert verification(receipt(1), KEY, URL).short_code == short_code(receipt(1), KEY)


@pytest.mark.parametrize("url", ["https://" + "a" * 100 + ".example", "https://hall.example/v?x=1"])
def test_an_address_that_does_not_fit_is_told_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        verification(receipt(), KEY, url)
