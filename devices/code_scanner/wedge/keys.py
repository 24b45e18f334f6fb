"""Keys of a scanner that types its codes, as the characters they stand for on a US keyboard.

Key codes are those of Linux's ``input-event-codes.h``.
"""

from collections.abc import Iterable

from evdev import InputEvent

ENTER = b"\r"
NO_CHARACTER = b"\xff"
"""Stands for a key that types nothing a code may hold. No UTF-8 text has this byte, so that the code around it is
dropped whole."""

_SYN, _KEY = 0, 1
_SYN_DROPPED = 3
_RELEASED, _PRESSED = 0, 1

_ENTERS = frozenset({28, 96})
_SHIFTS = frozenset({42, 54})
_CAPS_LOCK = 58
_NUM_LOCK = 69

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"),
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
"""First key code of a row, its characters, and those with shift; the last three rows are the keypad's."""

_CHARACTERS = {
    first + at: pair for first, plain, shifted in _ROWS for at, pair in enumerate(zip(plain, shifted, strict=True))
}


class KeyDecoder:
    """Remembers which modifiers hold from one event to the next. Num lock is taken as on."""

    def __init__(self) -> None:
        self._shifts: set[int] = set()
        self._caps = False

    def characters(self, events: Iterable[InputEvent]) -> bytes:
        """ASCII, ``ENTER`` and ``NO_CHARACTER``, in the order of the key presses."""
        return b"".join(self._character(event) for event in events)

    def _character(self, event: InputEvent) -> bytes:
        if (event.type, event.code) == (_SYN, _SYN_DROPPED):
            self._shifts.clear()
            self._caps = False
            return NO_CHARACTER
        if event.type != _KEY:
            return b""
        if event.code in _SHIFTS:
            (self._shifts.discard if event.value == _RELEASED else self._shifts.add)(event.code)
            return b""
        return self._typed(event.code) if event.value == _PRESSED else b""

    def _typed(self, key: int) -> bytes:
        if key == _CAPS_LOCK:
            self._caps = not self._caps
        if key in (_CAPS_LOCK, _NUM_LOCK):
            return b""
        if key in _ENTERS:
            return ENTER
        if key not in _CHARACTERS:
            return NO_CHARACTER
        plain, shifted = _CHARACTERS[key]
        upper = bool(self._shifts) != (self._caps and plain.isalpha())
        return (shifted if upper else plain).encode()
