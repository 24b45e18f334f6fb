"""The text block: the reference's blocks, contradictions one by one, and any bytes at all."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_card.country import COUNTRY_DIGITS
from devices.id_card.ethnicity import ETHNICITIES
from devices.id_card.sam.text_block import Document, parse_address_records, parse_text_block
from kiosk.domain.citizen_number import CitizenNumber, check_character
from kiosk.domain.foreign_number import ForeignNumber
from kiosk.domain.identity_document import DocumentKind, ForeignPermit, IdentityDocument, ResidencePermit, Sex
from kiosk.domain.person_name import PersonName
from kiosk.ports.id_card import CardContradictory, WrongCard
from simulators.card_reader.card import text_block
from tests.devices.id_card import specimens

TODAY = date(2026, 11, 23)
CARDS: dict[str, dict[str, Any]] = {
    " ": specimens.RESIDENT,
    "J": specimens.PERMIT,
    "I": specimens.FOREIGN_2017,
    "Y": specimens.FOREIGN,
}


def parse(block: bytes) -> Document | CardContradictory | WrongCard:
    return parse_text_block(block, TODAY)


def changed(kind: str = " ", **fields: str) -> Document | CardContradictory | WrongCard:
    return parse(text_block(kind, {**CARDS[kind], **fields}))


def with_check(first_17: str) -> str:
    return first_17 + check_character(first_17)


def test_the_reference_card() -> None:
    assert parse(specimens.RESIDENT_TEXT) == IdentityDocument(
        name=PersonName("测试人甲"),
        number=CitizenNumber("11010519491231002X"),
        sex=Sex.FEMALE,
        ethnicity_code="01",
        address="江西省赣州市章贡区测试路1号",
        authority="赣州市公安局章贡分局",
        valid_from=date(2020, 1, 1),
        valid_to=None,
    )


def test_the_reference_residence_permit() -> None:
    assert parse(specimens.PERMIT_TEXT) == ResidencePermit(
        name=PersonName("测试乙"),
        number=CitizenNumber("810000199001010019"),
        sex=Sex.MALE,
        address="江西省赣州市测试街2号",
        authority="赣州市公安局",
        valid_from=date(2020, 1, 1),
        valid_to=date(2025, 1, 1),
        travel_permit="H00000000",
        times_issued="01",
    )


def test_the_reference_foreign_card_of_2023() -> None:
    assert parse(specimens.FOREIGN_TEXT) == ForeignPermit(
        kind=DocumentKind.FOREIGN_PERMANENT_2023,
        name=PersonName("ZHENGJIAN, YANGBEN"),
        chinese_name=PersonName("证件样本"),
        number=ForeignNumber("931586198001010028"),
        sex=Sex.FEMALE,
        birth_date=date(1980, 1, 1),
        country="PAK",
        valid_from=date(2023, 8, 8),
        valid_to=date(2033, 8, 7),
        earlier_number=ForeignNumber("PAK310080010103"),
    )


def test_a_foreign_card_of_2017() -> None:
    assert changed("I") == ForeignPermit(
        kind=DocumentKind.FOREIGN_PERMANENT_2017,
        name=PersonName("ZHENGJIAN, YANGBEN"),
        chinese_name=PersonName("证件样本"),
        number=ForeignNumber("PAK110180010106"),
        sex=Sex.FEMALE,
        birth_date=date(1980, 1, 1),
        country="PAK",
        valid_from=date(2017, 6, 1),
        valid_to=date(2027, 5, 31),
    )


@pytest.mark.parametrize("kind", ["I", "Y"])
def test_a_foreigner_may_have_no_chinese_name(kind: str) -> None:
    document = changed(kind, name="")
    assert isinstance(document, ForeignPermit)
    assert document.chinese_name is None


def test_a_long_english_name_goes_on_behind_the_dates() -> None:
    document = changed("Y", english_name="A" * 34 + " ", english_name_rest="B" * 11)
    assert isinstance(document, ForeignPermit)
    assert document.name.value == "A" * 34 + " " + "B" * 11


def test_without_an_association_item_no_earlier_number() -> None:
    document = changed("Y", association="")
    assert isinstance(document, ForeignPermit)
    assert document.earlier_number is None


def test_the_other_specimen_number() -> None:
    document = changed("Y", number="932682198501010017", birth="19850101", sex="1", country="SAU", association="")
    assert isinstance(document, ForeignPermit)


@pytest.mark.parametrize("character", ["K", "\0", "j", "i"])
def test_a_kind_nobody_knows_is_a_wrong_card(character: str) -> None:
    block = bytearray(specimens.RESIDENT_TEXT)
    block[248:250] = character.encode("utf-16-le")
    assert parse(bytes(block)) == WrongCard()


def test_an_unknown_kind_is_told_before_any_text_is_decoded() -> None:
    block = bytearray(b"\x00\xd8" * 128)
    block[248:250] = "K".encode("utf-16-le")
    assert parse(bytes(block)) == WrongCard()


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"birth": ""}, "birth-date"),
        ({"birth": "1949123"}, "birth-date"),
        ({"birth": "19490230"}, "birth-date"),
        ({"birth": "１９４９1231"}, "birth-date"),
        ({"sex": "3"}, "sex"),
        ({"sex": ""}, "sex"),
        ({"number": ""}, "number"),
        ({"valid_from": ""}, "validity"),
        ({"valid_to": ""}, "validity"),
        ({"valid_to": "长"}, "validity"),
        ({"valid_to": "20300230"}, "validity"),
        ({"valid_to": "20161231"}, "validity"),
    ],
)
def test_contradictions_of_every_kind_name_their_field(kind: str, fields: dict[str, str], named: str) -> None:
    assert changed(kind, **fields) == CardContradictory(named)


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        (" ", {"number": "110105194912310021"}, "check-digit"),
        (" ", {"number": "11010519491331002X"}, "birth-date"),
        (" ", {"number": "110105491231002"}, "number"),
        (" ", {"number": "1101051949123100 X"}, "number"),
        (" ", {"birth": "19491230"}, "birth-date"),
        (" ", {"number": with_check("10010120261124002"), "birth": "20261124"}, "birth-date"),
        (" ", {"sex": "1"}, "sex"),
        (" ", {"ethnicity": "1"}, "ethnicity"),
        (" ", {"name": ""}, "name"),
        ("J", {"number": "810000199001010018"}, "check-digit"),
        ("J", {"number": with_check("10010119900101001")}, "number"),
        ("J", {"number": with_check("84000019900101001")}, "number"),
        ("J", {"birth": "19900102"}, "birth-date"),
        ("J", {"sex": "2"}, "sex"),
        ("J", {"name": ""}, "name"),
        ("I", {"number": "PAK110180010102"}, "check-digit"),
        ("I", {"number": "PAK11018001010A"}, "number"),
        ("I", {"number": "931586198001010028"[:15]}, "number"),
        ("I", {"country": "SAU"}, "country"),
        ("I", {"country": "PA"}, "country"),
        ("I", {"birth": "20261124"}, "birth-date"),
        ("I", {"english_name": ""}, "name"),
        ("I", {"valid_to": "长期"}, "validity"),
        ("Y", {"number": "931586198001010029"}, "check-digit"),
        ("Y", {"number": with_check("10010119800101002")}, "number"),
        ("Y", {"number": "PAK110180010106"}, "number"),
        ("Y", {"birth": "19800102"}, "birth-date"),
        ("Y", {"sex": "1"}, "sex"),
        ("Y", {"country": "SAU"}, "country"),
        ("Y", {"country": "pak"}, "country"),
        ("Y", {"association": "0"}, "association"),
        ("Y", {"association": "0A0"}, "association"),
        ("Y", {"english_name": ""}, "name"),
        ("Y", {"valid_to": "长期"}, "validity"),
    ],
)
def test_contradictions_of_one_kind_name_their_field(kind: str, fields: dict[str, str], named: str) -> None:
    assert changed(kind, **fields) == CardContradictory(named)


def test_somebody_born_today_is_no_contradiction() -> None:
    assert isinstance(changed(number=with_check("10010120261123002"), birth="20261123"), IdentityDocument)


@pytest.mark.parametrize("area", ["81", "82", "83"])
def test_residence_permits_of_three_areas(area: str) -> None:
    assert isinstance(changed("J", number=with_check(f"{area}000019900101001")), ResidencePermit)


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize("sex", ["0", "9"])
def test_a_sex_not_stated_contradicts_nothing(kind: str, sex: str) -> None:
    document = changed(kind, sex=sex)
    assert isinstance(document, Document)
    assert document.sex is Sex(sex)


def test_an_expired_card_is_still_a_card() -> None:
    document = changed(valid_to="20250101")
    assert isinstance(document, IdentityDocument)
    assert document.expired_on(TODAY)


@pytest.mark.parametrize("name", ["欧阳 测试", "\U00020bb7田测", "测\ue000试", "迪丽·测试", "测 ́试", "測試㐀"])
def test_names_keep_their_code_points(name: str) -> None:
    for kind in (" ", "J"):
        document = changed(kind, name=name)
        assert isinstance(document, IdentityDocument | ResidencePermit)
        assert document.name.value == name
    for kind in ("I", "Y"):
        foreign = changed(kind, name=name)
        assert isinstance(foreign, ForeignPermit)
        assert foreign.chinese_name == PersonName(name)


def test_half_a_character_is_a_contradiction() -> None:
    block = bytearray(specimens.RESIDENT_TEXT)
    block[28:30] = b"\x42\xd8"
    assert parse(bytes(block)) == CardContradictory("name")


def test_local_ethnicity_codes_are_kept() -> None:
    document = changed(ethnicity="91")
    assert isinstance(document, IdentityDocument)
    assert document.ethnicity_code == "91"


def test_the_ethnicity_table() -> None:
    assert len(ETHNICITIES) == 58
    assert len(set(ETHNICITIES.values())) == 58
    names: dict[str, Any] = {"01": "汉", "10": "朝鲜", "21": "佤", "30": "土", "46": "德昂", "56": "基诺", "97": "其他"}
    assert {code: ETHNICITIES[code] for code in names} == names


def test_the_country_table() -> None:
    assert len(COUNTRY_DIGITS) == len(set(COUNTRY_DIGITS.values())) == 249
    assert all(len(digits) == 3 and digits.isdigit() for digits in COUNTRY_DIGITS.values())
    some = {"PAK": "586", "SAU": "682", "CAN": "124", "USA": "840", "GBR": "826", "DEU": "276", "JPN": "392"}
    assert {code: COUNTRY_DIGITS[code] for code in some} == some


def test_letters_outside_the_country_table_are_kept() -> None:
    document = changed("Y", country="XXA")
    assert isinstance(document, ForeignPermit)
    assert document.country == "XXA"


ADDRESSES = ("江西省赣州市南康区测试街道2号", "江西省赣州市测试街1号")


def padded(text: str) -> bytes:
    return text.ljust(35).encode("utf-16-le")


def test_appended_addresses_newest_first() -> None:
    assert parse_address_records(b"") == ()
    assert parse_address_records(b"".join(map(padded, ADDRESSES))) == ADDRESSES
    assert parse_address_records(b"".join(map(padded, (*ADDRESSES, "", "")))) == ADDRESSES


def test_an_address_that_is_no_text_leaves_none() -> None:
    assert parse_address_records(b"\x00\xd8" * 35 + padded(ADDRESSES[1])) == ()


@given(st.binary(min_size=256, max_size=256), st.sampled_from([*CARDS, None]))
def test_any_bytes_get_a_typed_answer(block: bytes, kind: str | None) -> None:
    if kind is not None:
        block = block[:248] + kind.encode("utf-16-le") + block[250:]
    assert isinstance(parse(block), Document | CardContradictory | WrongCard)


@pytest.mark.parametrize("kind", CARDS)
@given(st.integers(0, 255), st.integers(1, 255))
def test_one_garbled_byte_never_makes_another_person(kind: str, at: int, flip: int) -> None:
    block = bytearray(text_block(kind, CARDS[kind]))
    block[at] ^= flip
    document = parse(bytes(block))
    if isinstance(document, Document):
        assert document.number.value == CARDS[kind]["number"]
        assert type(document) is type(changed(kind))


def test_no_document_shows_a_person_in_its_repr() -> None:
    for kind, fields in CARDS.items():
        shown = repr(changed(kind))
        secrets = [fields["number"], fields["name"], fields.get("address"), fields.get("english_name")]
        assert not [secret for secret in secrets if secret and secret in shown]
