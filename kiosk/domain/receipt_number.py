"""Receipt numbers: ``YL-20261120-<terminal>-00042-<check>``, valid the moment the terminal issues them. A certificate's
number begins with ``ZM``."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(r"(YL|ZM)-([0-9]{8})-([0-9A-Z]{2,8})-([0-9]{5})-([0-9A-Z])")

_TYPED = re.compile(r"(YL)([0-9]{8})([0-9A-Z]{2,8})([0-9]{5})([0-9A-Z])")


class ReceiptKind(Enum):
    """The first two letters of a receipt number."""

    ELIGIBILITY = "YL"
    CERTIFICATE = "ZM"


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """A number whose form and check character are right."""

    value: str

    @property
    def kind(self) -> ReceiptKind:
        return ReceiptKind(self.value.split("-")[0])

    @property
    def terminal(self) -> str:
        """The registered number of the terminal that issued it."""
        return self.value.split("-")[2]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Verification:
    """What lets anybody check a receipt: the text of its QR and a short code to type.

    ``qr_text`` is upper-case URL, number and signature in QR alphanumeric characters; it holds no personal number.
    """

    qr_text: str
    short_code: str


def mod_37_36(text: str) -> str:
    """ISO 7064 MOD 37,36 check character of ``text`` (digits and capitals)."""
    remainder = 36
    for character in text:
        total = (remainder + _ALPHABET.index(character)) % 36 or 36
        remainder = total * 2 % 37
    return _ALPHABET[(37 - remainder) % 36]


def parse_typed_receipt(text: str) -> ReceiptNumber | None:
    """As ``parse_receipt_number``, for a number typed with or without its hyphens."""
    form = _TYPED.fullmatch("".join(text.upper().replace("-", "").split()))
    return None if form is None else parse_receipt_number("-".join(form.groups()))


def receipt_in_code(text: str) -> ReceiptNumber | None:
    """The number in a receipt's QR text (address, number, signature); whether it was really issued, the hall tells."""
    parts = text.strip().rsplit("/", 2)
    return parse_receipt_number(parts[1]) if len(parts) == 3 else None


def compose_receipt_number(kind: ReceiptKind, day: date, terminal: str, counter: int) -> ReceiptNumber:
    """``terminal`` is the registered number (2 to 8 digits or capitals), ``counter`` 1 to 99,999."""
    stem = (kind.value, f"{day:%Y%m%d}", terminal, f"{counter:05d}")
    number = "-".join((*stem, mod_37_36("".join(stem))))
    if counter < 1 or not _FORM.fullmatch(number):
        raise ValueError(f"not a receipt number: {number}")
    return ReceiptNumber(number)


def parse_receipt_number(text: str) -> ReceiptNumber | None:
    """The number when form and check character hold, else None."""
    text = text.strip().upper()
    form = _FORM.fullmatch(text)
    if form is None or mod_37_36("".join(form.groups()[:4])) != form.group(5):
        return None
    return ReceiptNumber(text)
