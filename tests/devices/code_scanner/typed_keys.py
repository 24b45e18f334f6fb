"""What a wedge scanner types, as the kernel's input events, after the names in Linux's input-event-codes.h."""

import struct
from collections.abc import Iterable

from evdev import InputEvent, ecodes

_NAMES = {
    " ": "SPACE", "-": "MINUS", "=": "EQUAL", "[": "LEFTBRACE", "]": "RIGHTBRACE", "\\": "BACKSLASH",
    ";": "SEMICOLON", "'": "APOSTROPHE", "`": "GRAVE", ",": "COMMA", ".": "DOT", "/": "SLASH",
}  # fmt: skip
_SHIFTED = {
    "!": "1", "@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7", "*": "8", "(": "9", ")": "0",
    "_": "-", "+": "=", "{": "[", "}": "]", "|": "\\", ":": ";", '"': "'", "~": "`", "<": ",", ">": ".", "?": "/",
}  # fmt: skip


def pressed(name: str) -> InputEvent:
    return InputEvent(1700000000, 1, ecodes.EV_KEY, ecodes.ecodes[name], 1)


def released(name: str) -> InputEvent:
    return InputEvent(1700000000, 2, ecodes.EV_KEY, ecodes.ecodes[name], 0)


def keys_of(text: str) -> list[InputEvent]:
    """Each character pressed and released, with shift around it where it needs one."""
    events = []
    for letter in text:
        plain = _SHIFTED.get(letter, letter.lower())
        name = f"KEY_{_NAMES.get(plain, plain.upper())}"
        stroke = [pressed(name), InputEvent(1700000000, 1, ecodes.EV_SYN, ecodes.SYN_REPORT, 0), released(name)]
        shifted = letter in _SHIFTED or letter.isupper()
        events += [pressed("KEY_LEFTSHIFT"), *stroke, released("KEY_LEFTSHIFT")] if shifted else stroke
    return events


def raw(events: Iterable[InputEvent]) -> bytes:
    """``struct input_event`` of 64-bit Linux: seconds, microseconds, type, code, value; 24 bytes each."""
    return b"".join(struct.pack("llHHi", e.sec, e.usec, e.type, e.code, e.value) for e in events)
