"""The text block: the reference's blocks, contradictions one by one, and any bytes at all."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_card.ethnicity import ETHNICITIES
from devices.id_card.sam.text_block import parse_text_block
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.identity_document import DocumentKind, IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.ports.id_card import CardContradictory, WrongCard
from simulators.card_reader.card import text_block
from tests.devices.id_card import specimens


def changed(**fields: str) -> IdentityDocument | CardContradictory | WrongCard:
    return parse_text_block(text_block(" ", {**specimens.RESIDENT, **fields}))


def test_the_reference_card() -> None:
    assert parse_text_block(specimens.RESIDENT_TEXT) == IdentityDocument(
        name=PersonName("测试人甲"),
        number=CitizenNumber("11010519491231002X"),
        sex=Sex.FEMALE,
        ethnicity_code="01",
        address="江西省赣州市章贡区测试路1号",
        authority="赣州市公安局章贡分局",
        valid_from=date(2020, 1, 1),
        valid_to=None,
    )


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        (specimens.PERMIT_TEXT, DocumentKind.HK_MACAO_TAIWAN_PERMIT),
        (specimens.FOREIGN_TEXT, DocumentKind.FOREIGN_PERMANENT_2023),
        (text_block("I", specimens.FOREIGN_2017), DocumentKind.FOREIGN_PERMANENT_2017),
    ],
)
def test_other_kinds_are_wrong_cards(block: bytes, kind: DocumentKind) -> None:
    assert parse_text_block(block) == WrongCard(kind)


@pytest.mark.parametrize("kind", ["K", "", "j"])
def test_a_kind_nobody_knows_is_a_wrong_card(kind: str) -> None:
    block = bytearray(specimens.RESIDENT_TEXT)
    block[248:250] = (kind or "\0").encode("utf-16-le")
    assert parse_text_block(bytes(block)) == WrongCard()


@pytest.mark.parametrize("kind", ["J", "I", "Y"])
def test_the_kind_is_decided_before_any_text_is_decoded(kind: str) -> None:
    block = bytearray(b"\x00\xd8" * 128)
    block[248:250] = kind.encode("utf-16-le")
    assert parse_text_block(bytes(block)) == WrongCard(DocumentKind(kind))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"number": "110105194912310021"}, "check-digit"),
        ({"number": "11010519491331002X"}, "birth-date"),
        ({"number": "110105491231002"}, "number"),
        ({"number": "1101051949123100 X"}, "number"),
        ({"birth": "19491230"}, "birth-date"),
        ({"birth": "1949123"}, "birth-date"),
        ({"birth": ""}, "birth-date"),
        ({"birth": "１９４９1231"}, "birth-date"),
        ({"sex": "1"}, "sex"),
        ({"sex": "3"}, "sex"),
        ({"sex": ""}, "sex"),
        ({"ethnicity": "1"}, "ethnicity"),
        ({"name": ""}, "name"),
        ({"valid_from": ""}, "validity"),
        ({"valid_to": ""}, "validity"),
        ({"valid_to": "长"}, "validity"),
        ({"valid_to": "20300230"}, "validity"),
        ({"valid_to": "20191231"}, "validity"),
    ],
)
def test_contradictions_name_their_field(fields: dict[str, str], named: str) -> None:
    assert changed(**fields) == CardContradictory(named)


@pytest.mark.parametrize("sex", ["0", "9"])
def test_a_sex_not_stated_contradicts_nothing(sex: str) -> None:
    document = changed(sex=sex)
    assert isinstance(document, IdentityDocument)
    assert document.sex is Sex(sex)


def test_an_expired_card_is_still_a_card() -> None:
    document = changed(valid_to="20250101")
    assert isinstance(document, IdentityDocument)
    assert document.expired_on(date(2026, 11, 23))


@pytest.mark.parametrize("name", ["欧阳 测试", "\U00020bb7田测", "测\ue000试", "迪丽·测试", "测 ́试"])
def test_names_keep_their_code_points(name: str) -> None:
    document = changed(name=name)
    assert isinstance(document, IdentityDocument)
    assert document.name.value == name


def test_half_a_character_is_a_contradiction() -> None:
    block = bytearray(specimens.RESIDENT_TEXT)
    block[28:30] = b"\x42\xd8"
    assert parse_text_block(bytes(block)) == CardContradictory("name")


def test_local_ethnicity_codes_are_kept() -> None:
    document = changed(ethnicity="91")
    assert isinstance(document, IdentityDocument)
    assert document.ethnicity_code == "91"


def test_the_ethnicity_table() -> None:
    assert len(ETHNICITIES) == 58
    assert len(set(ETHNICITIES.values())) == 58
    names: dict[str, Any] = {"01": "汉", "10": "朝鲜", "21": "佤", "30": "土", "46": "德昂", "56": "基诺", "97": "其他"}
    assert {code: ETHNICITIES[code] for code in names} == names


@given(st.binary(min_size=256, max_size=256))
def test_any_bytes_get_a_typed_answer(block: bytes) -> None:
    assert isinstance(parse_text_block(block), IdentityDocument | CardContradictory | WrongCard)


@given(st.integers(0, 255), st.integers(1, 255))
def test_one_garbled_byte_never_makes_another_person(at: int, flip: int) -> None:
    block = bytearray(specimens.RESIDENT_TEXT)
    block[at] ^= flip
    document = parse_text_block(bytes(block))
    if isinstance(document, IdentityDocument):
        assert document.number.value == "11010519491231002X"
