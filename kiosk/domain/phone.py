"""Mobile phone numbers of the mainland, as typed on a keypad."""

import re

_MOBILE = re.compile(r"1[3-9]\d{9}")


def parse_phone(text: str) -> str | None:
    """The eleven digits (工信部 numbering plan: 1, then 3 to 9), None when it is no mobile number."""
    return text if text.isascii() and _MOBILE.fullmatch(text) else None
