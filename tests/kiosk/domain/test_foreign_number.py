"""Published specimens of 2023 and a made-up number of 2017."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.citizen_number import NumberProblem
from kiosk.domain.foreign_number import ForeignNumber, check_digit_2017, earlier_number, parse_foreign_number

OF_2017 = "PAK110180010106"
OF_2023 = "931586198001010028"


@pytest.mark.parametrize("text", [OF_2017, OF_2023, "932682198501010017"])
def test_valid_numbers(text: str) -> None:
    assert parse_foreign_number(text) == ForeignNumber(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NumberProblem.LENGTH),
        (OF_2017 + "0", NumberProblem.LENGTH),
        ("pak110180010106", NumberProblem.CHARACTERS),
        ("PA1110180010106", NumberProblem.CHARACTERS),
        ("PAK11018001010６", NumberProblem.CHARACTERS),
        ("PAK110180010107", NumberProblem.CHECK_DIGIT),
        ("11010519491231002X", NumberProblem.CHARACTERS),
        ("931586198001010029", NumberProblem.CHECK_DIGIT),
        ("931586198013010028", NumberProblem.BIRTH_DATE),
    ],
)
def test_problems(text: str, problem: NumberProblem) -> None:
    assert parse_foreign_number(text) is problem


def test_the_check_digit_by_hand() -> None:
    """P 25x7, A 10x3, K 20x1, then 1x7 1x3 0x1 1x7 8x3 0x1 0x7 1x3 0x1 1x7 0x3: 276."""
    assert check_digit_2017("PAK11018001010") == "6"


def test_the_number_somebody_had_before() -> None:
    earlier = earlier_number(ForeignNumber(OF_2023), "PAK", "123")
    assert earlier.value[:14] == "PAK" + "31" + "12" + "800101" + "3"
    assert parse_foreign_number(earlier.value) == earlier


def test_only_the_masked_form_is_shown() -> None:
    assert repr(ForeignNumber(OF_2017)) == "ForeignNumber(PAK********0106)"
    assert repr(ForeignNumber(OF_2023)) == "ForeignNumber(931***********0028)"


@given(st.text(alphabet="0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_every_single_digit_error_changes_the_check_digit(digits: str, position: int, shift: int) -> None:
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert check_digit_2017("PAK" + wrong) != check_digit_2017("PAK" + digits)


@given(st.text(max_size=20))
def test_any_text_gets_a_typed_answer(text: str) -> None:
    assert isinstance(parse_foreign_number(text), ForeignNumber | NumberProblem)
