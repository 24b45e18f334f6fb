"""What the reader's status byte SW3 means to the host (GA/T 467-2019 and vendor manuals)."""

OK = 0x90
CARD_FOUND = 0x9F
NOTHING_THERE = 0x91
"""The item asked for is not on the card."""

NO_CARD = 0x80
NOT_SELECTED = 0x81
NOT_AN_IDENTITY_CARD = 0x40

SLIPS = {0x10: "repeated-in-vain", 0x11: "repeated-in-vain", 0x24: "unrecognised"}
"""The line or the module slipped: the same command again may succeed."""

DEVICE_FAULTS = {0x60: "self-test", 0x66: "not-authorised", 0x21: "command-refused", 0x23: "command-refused"}

CARD_TROUBLES = {
    0x31: "card-rejects-reader",
    0x32: "reader-rejects-card",
    0x33: "message-check",
    0x41: "read",
    0x47: "random-number",
    NO_CARD: "card-gone",
    NOT_SELECTED: "select",
}

RESET_MAY_HELP = frozenset({SLIPS[0x24], DEVICE_FAULTS[0x60], DEVICE_FAULTS[0x66]})
"""Words of the troubles that sit in the module itself."""


def trouble_word(status: int) -> str:
    """A stable word for logs, for every status that is not success."""
    return (CARD_TROUBLES | DEVICE_FAULTS | SLIPS).get(status, f"status-{status:02x}")
