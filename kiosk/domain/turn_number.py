"""Numbers a hall gives out for somebody's turn: ``YY-20261120-<hall>-00042-<check>`` for an appointment (预约),
``PH-...`` for a queue ticket (排队号). Form and check character are those of a receipt number."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from kiosk.domain.receipt_number import mod_37_36

_FORM = re.compile(r"(YY|PH)-([0-9]{8})-([0-9A-Z]{2,8})-([0-9]{5})-([0-9A-Z])")


class TurnKind(Enum):
    """The first two letters of the number."""

    APPOINTMENT = "YY"
    TICKET = "PH"


@dataclass(frozen=True, slots=True)
class TurnNumber:
    """A number whose form and check character are right."""

    value: str

    @property
    def kind(self) -> TurnKind:
        return TurnKind(self.value.split("-")[0])


def compose_turn_number(kind: TurnKind, day: date, hall: str, counter: int) -> TurnNumber:
    """``hall`` is the registered number of who gives it out (2 to 8 digits or capitals), ``counter`` 1 to 99,999."""
    stem = (kind.value, f"{day:%Y%m%d}", hall, f"{counter:05d}")
    number = "-".join((*stem, mod_37_36("".join(stem))))
    if counter < 1 or not _FORM.fullmatch(number):
        raise ValueError(f"not a turn's number: {number}")
    return TurnNumber(number)


def parse_turn_number(text: str) -> TurnNumber | None:
    """The number when form and check character hold, else None."""
    text = text.strip().upper()
    form = _FORM.fullmatch(text)
    if form is None or mod_37_36("".join(form.groups()[:4])) != form.group(5):
        return None
    return TurnNumber(text)
