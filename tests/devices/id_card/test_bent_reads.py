"""Whole reads over streams bent in every way: always a typed answer in time, and never a card that is none."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.settings import SamSettings
from kiosk.ports.id_card import CardRead, PermitRead
from simulators.card_reader.card import text_block
from tests.devices.id_card import specimens
from tests.devices.id_card.bending import bend, mended, pieces
from tests.devices.id_card.scripted_line import Arrivals, FakeClock, FakeWait, ScriptedLine, spread

PROMISE_S = 3.0
TODAY = "20261123"
SETTINGS = SamSettings(port="tcp:reader.invalid:4001", read_appended_address=True)
HEAD = bytes.fromhex("00009001000400")
TEXTS = (
    specimens.RESIDENT_TEXT,
    specimens.PERMIT_TEXT,
    specimens.FOREIGN_TEXT,
    text_block("I", specimens.FOREIGN_2017),
)
FOUND = bytes.fromhex("AAAAAA9669000800009F0000000097")
SELECTED = bytes.fromhex("AAAAAA9669000C00009000000000000000009C")
ADDRESS = mended(bytes.fromhex("000090") + specimens.PERMIT_TEXT[52:122])
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)


def mod_11_2(number: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in number]
    return sum(value * weight for value, weight in zip(values, WEIGHTS, strict=True)) % 11 == 1


def mod_10_731(number: str) -> bool:
    total = sum(int(character, 36) * (7, 3, 1)[at % 3] for at, character in enumerate(number[:14]))
    return total % 10 == int(number[14])


def is_honest(text: bytes) -> bool:
    """The reference's cross-checks, written once more: whatever a chip says twice, it says alike."""

    def at(offset: int, width: int) -> str:
        return text[offset : offset + width].decode("utf-16-le", "replace").rstrip(" \0")

    kind = text[248:250].decode("utf-16-le", "replace")
    valid_from, valid_to = at(188, 16), at(204, 16)
    in_order = valid_to == "长期" or (len(valid_to) == 8 and valid_to >= valid_from)
    number = at(122, 30 if kind == "I" else 36).upper()
    birth, sex, country = (at(220, 16), at(120, 2), at(152, 6)) if kind == "I" else (at(36, 16), at(30, 2), at(242, 6))
    named = at(0, 120) if kind == "I" else at(52, 70) + at(220, 22) if kind == "Y" else at(0, 30)
    if not (in_order and named and len(birth) == 8 and birth <= TODAY and sex in ("0", "1", "2", "9")):
        return False
    if not re.fullmatch("[A-Z]{3}[0-9]{12}" if kind == "I" else "[0-9]{17}[0-9X]", number):
        return False
    if kind == "I":
        return mod_10_731(number) and number[:3] == country
    parity = sex in ("0", "9") or int(number[16]) % 2 == int(sex) % 2
    begins = {" ": ("",), "J": ("81", "82", "83"), "Y": ("9",)}[kind]
    of_country = kind != "Y" or country != "PAK" or number[3:6] == "586"
    return mod_11_2(number) and number[6:14] == birth and parity and number.startswith(begins) and of_country


def honest_cards(stream: bytes) -> list[tuple[bytes, bytes]]:
    """Text and photo of every whole answer in ``stream`` whose length, check byte and cross-checks are right."""
    cards = []
    start = stream.find(b"\xaa\xaa\x96\x69")
    while start >= 0:
        counted = stream[start + 4 : start + 1294]
        if counted.startswith(b"\x05\x08") and len(counted) == 1290 and reduce(xor, counted) == 0:
            sw, lengths = counted[4:5], counted[5:9]
            if (sw, lengths) == (b"\x90", b"\x01\x00\x04\x00") and is_honest(counted[9:265]):
                cards.append((counted[9:265], counted[265:1289]))
        start = stream.find(b"\xaa\xaa\x96\x69", start + 1)
    return cards


@dataclass(frozen=True)
class Bent:
    """The card; the orders for its fields, after which its answer is mended, half of them making digits of digits;
    the orders for the answers on the line, and for ``which`` of them; how the line cuts and spreads them."""

    card: int
    field_orders: bytes
    line_orders: bytes
    which: int
    count: int
    gap_ms: int

    def streams(self) -> dict[int, bytes]:
        text = bytearray(TEXTS[self.card])
        for at in range(0, len(self.field_orders) - 1, 2):
            place, change = self.field_orders[at : at + 2]
            if change < 128:
                text[place & 0xFE] ^= change % 8
            else:
                text[place] ^= change
        whole = {0x2001: FOUND, 0x2002: SELECTED, 0x3001: mended(HEAD + text + specimens.PHOTO), 0x3003: ADDRESS}
        for at, command in enumerate(whole):
            if self.which >> at & 1:
                whole[command] = bend(whole[command], self.line_orders)
        return whole

    def arrivals(self, stream: bytes) -> Arrivals:
        return spread(pieces(stream, self.count), self.gap_ms / 1000)


BENT = st.builds(
    Bent,
    st.integers(0, 3),
    st.binary(max_size=12),
    st.binary(max_size=25),
    st.integers(0, 15),
    st.integers(1, 40),
    st.sampled_from((0, 0, 0, 1, 30, 240, 260, 900)),
)


def check_read(bent: Bent) -> None:
    streams = bent.streams()
    clock = FakeClock()
    line = ScriptedLine(clock, lambda command: bent.arrivals(streams.get(command, b"")))
    reader = SamReader(SETTINGS, clock, transport=line, wait=clock.wait)
    reading = reader.read_card(0, FakeWait(clock))
    assert clock.passed_s <= PROMISE_S + 1e-6
    assert max((line.heard.count(command) for command in (0x2001, 0x3001, 0x3003)), default=0) <= 6
    if isinstance(reading, CardRead | PermitRead):
        told = [bytes(stream) for command, stream in line.told if command == 0x3001]
        number = reading.document.number.value.encode("utf-16-le")
        assert any(
            photo == reading.photo.data and number in _upper(text)
            for stream in told
            for text, photo in honest_cards(stream)
        )


def _upper(text: bytes) -> bytes:
    """A small x at the end of a number counts as the capital."""
    return text.replace("x".encode("utf-16-le"), "X".encode("utf-16-le"))


@pytest.mark.parametrize("card", range(4))
def test_the_oracle_takes_the_unbent_cards(card: int) -> None:
    straight = Bent(card, b"", b"", 0, 1, 0)
    ((text, photo),) = honest_cards(straight.streams()[0x3001])
    assert (text, photo) == (TEXTS[card], specimens.PHOTO)
    assert text[248:250].decode("utf-16-le") == " JYI"[card]
    check_read(straight)


@settings(max_examples=5_000)
@given(BENT)
def test_no_bent_read_gets_a_card_through(bent: Bent) -> None:
    check_read(bent)


@pytest.mark.nightly
@settings(max_examples=200_000)
@given(BENT)
def test_no_bent_read_gets_a_card_through_at_length(bent: Bent) -> None:
    check_read(bent)
