"""EF05 and EF06: what makes a card, what contradicts itself, and that no bytes get past the checks."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.smart_card.pcsc.files import parse_card, record_value
from kiosk.domain.identity_document import Sex
from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.ports.id_card import CardContradictory, CardUnreadable
from tests.devices.smart_card.recordings import RECORDS

Files = dict[int, bytes]
GOOD: Files = {int(tag, 16): bytes.fromhex(record[4:]) for tag, record in RECORDS.items()}
NUMBER, NAME, REST, SEX, ETHNICITY, BIRTH = 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0D
AREA, VERSION, ISSUED, EXPIRES, CARD_NUMBER = 0x01, 0x03, 0x05, 0x06, 0x07


def parsed_with(tag: int, value: bytes) -> SocialSecurityCard | CardContradictory | CardUnreadable:
    return parse_card(GOOD | {tag: value})


def named(first: bytes, rest: bytes | None) -> str:
    files = GOOD | {NAME: first}
    del files[REST]
    parsed = parse_card(files if rest is None else files | {REST: rest})
    assert isinstance(parsed, SocialSecurityCard)
    return parsed.name.value


def test_a_record_is_tag_length_and_value() -> None:
    assert record_value(bytes.fromhex("0302414200")) == (3, b"AB")
    assert record_value(bytes.fromhex("0300")) == (3, b"")
    assert record_value(bytes.fromhex("030541")) is None
    assert record_value(b"\x03") is None


@pytest.mark.parametrize(("text", "version"), [(b"1.00", 1), (b"2.00", 2), (b"3.00", 3)])
def test_versions(text: bytes, version: int) -> None:
    parsed = parsed_with(VERSION, text)
    assert isinstance(parsed, SocialSecurityCard)
    assert parsed.version == version


def test_names() -> None:
    assert named("测试人甲".encode("gbk").ljust(30, b"\x00"), b"\x00" * 20) == "测试人甲"
    assert named("测试人甲".encode("gbk").ljust(30, b" "), b" " * 20) == "测试人甲"
    assert named("测试人甲".encode("gbk"), None) == "测试人甲"
    long = "阿卜杜热合曼·买买提依明·吐尔逊江·测试"
    encoded = long.encode("gbk")
    assert len(encoded) > 30
    assert named(encoded[:30], encoded[30:].ljust(20, b"\x00")) == long
    assert named(b"A" + encoded[:29], encoded[29:].ljust(20, b"\x00")) == "A" + long
    assert named("吴䶮".encode("gb18030").ljust(30, b"\x00"), None) == "吴䶮"


def test_sex_is_a_character_or_a_number() -> None:
    for value, sex in ((b"2", Sex.FEMALE), (b"\x02", Sex.FEMALE), (b"0", Sex.UNKNOWN), (b"\x09", Sex.NOT_STATED)):
        parsed = parsed_with(SEX, value)
        assert isinstance(parsed, SocialSecurityCard)
        assert parsed.sex is sex


@pytest.mark.parametrize(
    ("tag", "value", "field"),
    [
        (NUMBER, b"110105194912310021", "check-digit"),
        (NUMBER, b"11010519491331002X", "birth-date"),
        (NUMBER, b"11010519491231002", "number"),
        (NUMBER, b"1101051949123100\xa3\xb2", "number"),
        (BIRTH, bytes.fromhex("19491230"), "birth-date"),
        (BIRTH, bytes.fromhex("194912"), "birth-date"),
        (BIRTH, bytes.fromhex("1949123F"), "birth-date"),
        (SEX, b"1", "sex"),
        (SEX, b"\x11", "sex"),
        (SEX, b"", "sex"),
        (ETHNICITY, b"\x0a", "ethnicity"),
        (NAME, b"\x00" * 30, "name"),
        (NAME, b"\xb2\xe2\xca", "name"),
        (NAME, b"\xb2\xe2\x07", "name"),
        (REST, b"\xff\x41", "name"),
        (VERSION, b"4.00", "version"),
        (VERSION, b"3.0", "version"),
        (ISSUED, bytes.fromhex("20200230"), "validity"),
        (EXPIRES, bytes.fromhex("20191231"), "validity"),
        (EXPIRES, bytes.fromhex("FFFFFFFF"), "validity"),
        (CARD_NUMBER, b"\x00" * 9, "card-number"),
        (CARD_NUMBER, b"T0000 001", "card-number"),
        (AREA, bytes.fromhex("36F7"), "area-code"),
    ],
)
def test_what_contradicts_itself_is_told_by_its_field(tag: int, value: bytes, field: str) -> None:
    assert parsed_with(tag, value) == CardContradictory(field)


def test_a_card_is_valid_for_one_day_at_least() -> None:
    assert isinstance(parsed_with(EXPIRES, GOOD[ISSUED]), SocialSecurityCard)


@pytest.mark.parametrize("tag", [tag for tag in GOOD if tag != REST])
def test_a_missing_record_is_told_by_its_tag(tag: int) -> None:
    assert parse_card({other: value for other, value in GOOD.items() if other != tag}) == CardUnreadable(
        f"no-record-{tag:02x}"
    )


def check_character(number: str) -> str:
    """ISO 7064 MOD 11-2, the long way."""
    total = 0
    for digit in number[:17]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


BYTES = st.integers(0, 255).map(lambda byte: bytes((byte,)))
LIKELY = st.sampled_from(
    [(SEX, 0, b"1"), (SEX, 0, b"\x01"), (SEX, 0, b"9"), (BIRTH, 3, b"\x30"), (ISSUED, 1, b"\x31"), (VERSION, 0, b"4")]
)
MUTATIONS = st.lists(
    LIKELY | st.tuples(st.sampled_from(sorted(GOOD)), st.integers(0, 29), BYTES | st.binary(max_size=3)), max_size=4
)
"""Tag, place and what stands there instead of the byte."""


@settings(max_examples=5000)
@given(MUTATIONS, st.sets(st.sampled_from(sorted(GOOD)), max_size=1))
def test_mutated_files_never_raise_and_never_pass_a_card_that_contradicts_itself(
    mutations: list[tuple[int, int, bytes]], dropped: set[int]
) -> None:
    files = {tag: value for tag, value in GOOD.items() if tag not in dropped}
    for tag, place, instead in mutations:
        value = files.get(tag, b"")
        at = place % (len(value) + 1)
        files[tag] = value[:at] + instead + value[at + 1 :]
    parsed = parse_card(files)
    if not isinstance(parsed, SocialSecurityCard):
        assert isinstance(parsed, CardContradictory | CardUnreadable)
        return
    number = parsed.number.value
    assert check_character(number) == number[17]
    assert files[BIRTH].hex() == number[6:14]
    assert date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    assert parsed.sex in (Sex.UNKNOWN, Sex.NOT_STATED, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)
    assert parsed.issued_on <= parsed.valid_to
    assert parsed.version in (1, 2, 3)
    assert parsed.area_code.isdecimal()
    assert len(parsed.area_code) == 6
    assert parsed.name.value.strip("\x00 ")
    assert parsed.card_number


@settings(max_examples=1000)
@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.binary(max_size=40)))
def test_any_bytes_are_answered(files: Files) -> None:
    assert isinstance(parse_card(GOOD | files), SocialSecurityCard | CardContradictory | CardUnreadable)
