"""MOD 37,36 against three published licence identifiers (GB/T 36904-2018), then the receipt's own form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.receipt_number import (
    ReceiptKind,
    ReceiptNumber,
    compose_receipt_number,
    mod_37_36,
    parse_receipt_number,
)

TERMINALS = st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=8)


@pytest.mark.parametrize(
    ("identifier", "check"),
    [
        ("11100000000013338W011.11430000006122244L.20230000403.001", "U"),
        ("11100000MB03271699022.340100.000000016.001", "9"),
        ("11100000000013338W009.11330105002500287C.2025052201.002", "0"),
    ],
)
def test_published_check_characters(identifier: str, check: str) -> None:
    assert mod_37_36(identifier.replace(".", "")) == check


@given(st.dates(min_value=date(2000, 1, 1)), TERMINALS, st.integers(1, 99_999))
def test_a_composed_number_is_read_back(day: date, terminal: str, counter: int) -> None:
    number = compose_receipt_number(ReceiptKind.ELIGIBILITY, day, terminal, counter)
    assert parse_receipt_number(f" {str(number).lower()} ") == number


@given(st.integers(1, 99_999), st.data())
def test_one_wrong_digit_is_noticed(counter: int, data: st.DataObject) -> None:
    number = str(compose_receipt_number(ReceiptKind.ELIGIBILITY, date(2026, 11, 20), "A1", counter))
    position = data.draw(st.sampled_from([at for at, character in enumerate(number) if character.isdigit()]))
    shift = data.draw(st.integers(1, 9))
    wrong = number[:position] + str((int(number[position]) + shift) % 10) + number[position + 1 :]
    assert parse_receipt_number(wrong) is None


@pytest.mark.parametrize(("terminal", "counter"), [("A", 1), ("A1", 100_000), ("a-1", 1), ("A12345678", 1)])
def test_what_cannot_be_a_number_is_refused(terminal: str, counter: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        compose_receipt_number(ReceiptKind.ELIGIBILITY, date(2026, 11, 20), terminal, counter)


def test_other_scripts_digits_are_no_digits() -> None:
    assert parse_receipt_number("YL-２０２６１１２０-0317-00042-1") is None


def test_a_number_tells_its_kind_and_its_terminal() -> None:
    for kind in ReceiptKind:
        number = compose_receipt_number(kind, date(2026, 11, 20), "0317", 42)
        assert (number.kind, number.terminal) == (kind, "0317")


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert parse_receipt_number(text) is None or isinstance(parse_receipt_number(text), ReceiptNumber)
