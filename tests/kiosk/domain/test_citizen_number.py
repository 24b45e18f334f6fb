"""Vectors of GB 11643-1999 (the standard's own sample) and made-up numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, check_character, parse_citizen_number

SPECIMEN = "11010519491231002X"


@pytest.mark.parametrize("text", [SPECIMEN, "810000199001010019", "931586198001010028", "932682198501010017"])
def test_valid_numbers(text: str) -> None:
    assert parse_citizen_number(text) == CitizenNumber(text)


def test_small_x_is_accepted_and_kept_as_capital() -> None:
    assert parse_citizen_number(SPECIMEN.lower()) == CitizenNumber(SPECIMEN)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NumberProblem.LENGTH),
        (SPECIMEN + "0", NumberProblem.LENGTH),
        ("110105491231002", NumberProblem.LENGTH),
        ("1101051949123100２X", NumberProblem.CHARACTERS),
        ("11010519491231X02X", NumberProblem.CHARACTERS),
        ("11010519491231002Y", NumberProblem.CHARACTERS),
        ("11010519490231002X", NumberProblem.BIRTH_DATE),
        ("110105194912310021", NumberProblem.CHECK_DIGIT),
        ("11010519491231003X", NumberProblem.CHECK_DIGIT),
    ],
)
def test_problems(text: str, problem: NumberProblem) -> None:
    assert parse_citizen_number(text) is problem


def test_what_the_number_tells() -> None:
    number = CitizenNumber(SPECIMEN)
    assert number.birth_date == date(1949, 12, 31)
    assert not number.is_male
    assert CitizenNumber("810000199001010019").is_male


def test_only_the_masked_form_is_shown() -> None:
    assert repr(CitizenNumber(SPECIMEN)) == "CitizenNumber(110***********002X)"


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_every_single_digit_error_changes_the_check_character(digits: str, position: int, shift: int) -> None:
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert check_character(wrong) != check_character(digits)


@given(st.text(max_size=20))
def test_any_text_gets_a_typed_answer(text: str) -> None:
    assert isinstance(parse_citizen_number(text), CitizenNumber | NumberProblem)
