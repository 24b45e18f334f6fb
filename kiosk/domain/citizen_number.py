"""The citizen number of GB 11643-1999 (公民身份号码)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


class NumberProblem(Enum):
    """Why a text is not a citizen number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth-date"
    CHECK_DIGIT = "check-digit"


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """A valid 18-character number; its repr shows the masked form only."""

    value: str

    def __repr__(self) -> str:
        return f"CitizenNumber({self.masked})"

    @property
    def masked(self) -> str:
        """First three and last four characters, as on receipts (domain 5.4)."""
        return f"{self.value[:3]}{'*' * 11}{self.value[-4:]}"

    @property
    def birth_date(self) -> date:
        return date.fromisoformat(f"{self.value[6:10]}-{self.value[10:12]}-{self.value[12:14]}")

    @property
    def is_male(self) -> bool:
        return int(self.value[16]) % 2 == 1


def check_character(first_17: str) -> str:
    """ISO 7064 MOD 11-2 check character over the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def parse_citizen_number(text: str) -> CitizenNumber | NumberProblem:
    """Accepts 18 characters, the last a digit or X; the birth date must exist."""
    text = text.upper()
    if len(text) != 18:
        return NumberProblem.LENGTH
    if not (text.isascii() and text[:17].isdigit() and (text[17].isdigit() or text[17] == "X")):
        return NumberProblem.CHARACTERS
    try:
        date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return NumberProblem.BIRTH_DATE
    if check_character(text[:17]) != text[17]:
        return NumberProblem.CHECK_DIGIT
    return CitizenNumber(text)
