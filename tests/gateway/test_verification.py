"""What whoever checks a paper is told, before any page is drawn."""

from datetime import date

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from gateway.app import create_app
from gateway.page import Language, chosen_language
from gateway.settings import GatewaySettings
from gateway.verification import typed_number
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from tests.gateway.serving import serving
from tests.records import SetClock, receipt


@given(
    st.sampled_from(ReceiptKind),
    st.dates(date(2020, 1, 1)),
    st.from_regex(r"[0-9A-Z]{2,8}", fullmatch=True),
    st.integers(1, 99999),
)
def test_a_number_is_read_however_it_is_typed(kind: ReceiptKind, day: date, terminal: str, counter: int) -> None:
    number = compose_receipt_number(kind, day, terminal, counter)
    wide = number.value.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-YLZM"})
    for typed in (number.value, number.value.lower(), number.value.replace("-", ""), f" {number} ", wide):
        assert typed_number(typed) == number


@given(st.text(max_size=80))
def test_other_texts_are_no_number_and_no_trouble(text: str) -> None:
    found = typed_number(text)
    assert found is None or found.value.replace("-", "") in text.upper()


@pytest.mark.parametrize(
    ("wish", "accepted", "language"),
    [
        (None, None, Language.CHINESE),
        (None, "", Language.CHINESE),
        (None, "fr-FR, de;q=0.5", Language.CHINESE),
        (None, "en-US,en;q=0.9,zh-CN;q=0.8", Language.ENGLISH),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", Language.CHINESE),
        (None, "en;q=0.1, ZH-Hans;q=0.7", Language.CHINESE),
        (None, "en;q=0, zh;q=0.1", Language.CHINESE),
        (None, "en;q=x", Language.CHINESE),
        ("en", "zh", Language.ENGLISH),
        ("zh", "en", Language.CHINESE),
        ("fr", "en", Language.ENGLISH),
    ],
)
def test_the_page_speaks_the_readers_language(wish: str | None, accepted: str | None, language: Language) -> None:
    assert chosen_language(wish, accepted) is language


def test_the_virtual_halls_papers_prove_nothing_and_a_real_halls_do(settings: GatewaySettings, clock: SetClock) -> None:
    for sandbox in (True, False):
        with serving(create_app(settings.model_copy(update={"sandbox": sandbox}), clock)) as address:
            for page in (address, f"{address}/{receipt(1)}/AAAA"):
                assert ("演示系统" in requests.get(page, timeout=10).text) == sandbox


@pytest.mark.parametrize(
    "path",
    [
        "/<script>alert(1)<script>/x",
        f"/{receipt(1)}/%3Cscript%3E",
        "/YL-20261120-0317-00001-X/AAAA",
        f"/{receipt(1, '0999')}/AAAA",
        "/?number=%3Cscript%3E&code=%22%3E%3Cscript%3E",
        "/?number=" + "9" * 500 + "&code=" + "9" * 500,
    ],
)
def test_whatever_is_asked_a_page_answers_and_repeats_no_markup(address: str, path: str) -> None:
    answer = requests.get(address + path, timeout=10)
    assert answer.status_code in (200, 404)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
