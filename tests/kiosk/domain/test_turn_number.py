"""A turn's number is read back, and one wrong digit or another kind of number is not one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.domain.turn_number import TurnKind, TurnNumber, compose_turn_number, parse_turn_number

DAY = date(2026, 11, 20)


@given(st.sampled_from(TurnKind), st.integers(1, 99_999))
def test_a_composed_number_is_read_back(kind: TurnKind, counter: int) -> None:
    number = compose_turn_number(kind, DAY, "0790", counter)
    assert parse_turn_number(f" {number.value.lower()}\r\n") == number
    assert number.kind is kind


@given(st.integers(1, 99_999), st.data())
def test_one_wrong_digit_is_noticed(counter: int, data: st.DataObject) -> None:
    number = compose_turn_number(TurnKind.TICKET, DAY, "0790", counter).value
    position = data.draw(st.sampled_from([at for at, character in enumerate(number) if character.isdigit()]))
    shift = data.draw(st.integers(1, 9))
    wrong = number[:position] + str((int(number[position]) + shift) % 10) + number[position + 1 :]
    assert parse_turn_number(wrong) is None


@pytest.mark.parametrize(("hall", "counter"), [("A", 1), ("A1", 100_000), ("A1", 0), ("a-1", 1)])
def test_what_cannot_be_a_number_is_refused(hall: str, counter: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        compose_turn_number(TurnKind.APPOINTMENT, DAY, hall, counter)


def test_a_receipt_is_no_turn() -> None:
    assert parse_turn_number(compose_receipt_number(ReceiptKind.ELIGIBILITY, DAY, "0317", 1).value) is None


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert parse_turn_number(text) is None or isinstance(parse_turn_number(text), TurnNumber)
