"""The number of a foreign permanent resident's identity card: 15 characters on cards of 2017, 18 on those of 2023.

2017: three letters of the country, 12 digits, the last a check digit. 2023: ``9``, two digits of the province, three of
the country (GB/T 2659), birth date, three digits of a sequence, MOD 11-2 check character as in GB 11643.
"""

import re
from dataclasses import dataclass

from kiosk.domain.citizen_number import CitizenNumber, NumberProblem, parse_citizen_number

_FORM_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_WEIGHTS_2017 = (7, 3, 1)
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """A number whose form and check character are right; its repr shows the masked form only."""

    value: str

    def __repr__(self) -> str:
        return f"ForeignNumber({self.masked})"

    @property
    def masked(self) -> str:
        """First three and last four characters, as a citizen number is shown."""
        return f"{self.value[:3]}{'*' * (len(self.value) - 7)}{self.value[-4:]}"


def check_digit_2017(first_14: str) -> str:
    """Digits and capitals count 0 to 35, weighted 7, 3, 1 over and over; the sum's last digit."""
    total = sum(_VALUES.index(character) * _WEIGHTS_2017[at % 3] for at, character in enumerate(first_14))
    return str(total % 10)


def parse_foreign_number(text: str) -> ForeignNumber | NumberProblem:
    """Accepts both forms, capitals only; the birth date in one of 2023 must exist."""
    match len(text):
        case 15:
            return _parse_2017(text)
        case 18:
            return _parse_2023(text)
        case _:
            return NumberProblem.LENGTH


def earlier_number(number: ForeignNumber, country: str, association: str) -> ForeignNumber:
    """The number of 2017 of somebody who now has ``number`` of 2023.

    ``country`` is three capitals, ``association`` the three digits a card of 2023 carries for this purpose.
    """
    new = number.value
    first_14 = country + new[1:3] + association[:2] + new[8:14] + association[2]
    return ForeignNumber(first_14 + check_digit_2017(first_14))


def _parse_2017(text: str) -> ForeignNumber | NumberProblem:
    if not _FORM_2017.fullmatch(text):
        return NumberProblem.CHARACTERS
    return ForeignNumber(text) if check_digit_2017(text[:14]) == text[14] else NumberProblem.CHECK_DIGIT


def _parse_2023(text: str) -> ForeignNumber | NumberProblem:
    number = parse_citizen_number(text)
    if not isinstance(number, CitizenNumber):
        return number
    return ForeignNumber(number.value) if number.value.startswith("9") else NumberProblem.CHARACTERS
