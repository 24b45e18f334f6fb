"""The list of issuers is complete by itself, a site changes it by entries, and what could not work is told."""

import tomllib
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kiosk.codes.issuers import SOCIAL_SECURITY_CARD, CodeIssuer, CodeKind, Use, book_of

FU_TONG = CodeIssuer("mobile-platform", "赣服通", "Ganfutong", CodeKind.TOKEN, (Use.IDENTITY,), prefixes=("GFT",))
ISSUER: TypeAdapter[CodeIssuer] = TypeAdapter(CodeIssuer)


def test_the_product_s_own_list_knows_every_kind_and_takes_the_electronic_card() -> None:
    book = book_of()
    assert [issuer.id for issuer in book.tokens_for(Use.IDENTITY)] == [SOCIAL_SECURITY_CARD]
    assert {issuer.id for issuer in book.issuers} >= {"mobile-platform", "ctid"}
    for kind in set(CodeKind) - {CodeKind.TOKEN}:
        assert book.of_kind(kind).kind is kind


def test_a_site_s_entry_replaces_the_one_of_its_id_and_others_are_added() -> None:
    another = CodeIssuer("city-app", "市民码", "city app", CodeKind.TOKEN, (Use.IDENTITY,), shortest=40, longest=40)
    book = book_of((another, FU_TONG))
    assert [issuer.zh for issuer in book.tokens_for(Use.IDENTITY)] == ["电子社保卡", "赣服通", "市民码"]
    assert len(book.issuers) == len(book_of().issuers) + 1


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ((FU_TONG, FU_TONG), "same id"),
        ((CodeIssuer("mobile-platform", "赣服通", "Ganfutong", CodeKind.TOKEN, (Use.IDENTITY,)),), "tell them apart"),
        ((CodeIssuer(SOCIAL_SECURITY_CARD, "电子社保卡", "electronic card", CodeKind.TOKEN),), "identity"),
        ((CodeIssuer("own-receipt", "回执", "receipt", CodeKind.RECEIPT),), "one issuer of the kind receipt"),
        ((CodeIssuer("receipt", "回执", "receipt", CodeKind.TICKET),), "one issuer of the kind"),
    ],
    ids=["twice", "no form", "no identity", "two receipts", "no receipt"],
)
def test_a_book_whose_codes_could_not_be_told_apart_is_none(site: tuple[CodeIssuer, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        book_of(site)


@pytest.mark.parametrize(
    "change",
    [
        'id = "Mobile Platform"',
        'id = "$(reboot)"',
        f'id = "{"a" * 49}"',
        'zh = ""',
        'zh = "一二三四五六七八九"',
        'en = "two\\nlines"',
        'en = "\\u202Egnp.exe"',
        'kind = "cheque"',
        'uses = ["payment"]',
        'prefixes = [""]',
        "shortest = 0",
        "longest = 5000",
        "shortest = 9\nlongest = 8",
        'kind = "receipt"\nprefixes = ["YL"]',
    ],
)
def test_an_entry_that_cannot_be_is_refused(change: str) -> None:
    entry: dict[str, Any] = {"id": "mobile-platform", "zh": "赣服通", "en": "Ganfutong", "kind": "token"}
    assert ISSUER.validate_python(entry)
    with pytest.raises(ValidationError):
        ISSUER.validate_python(entry | tomllib.loads(change))
