"""Keys of a wedge scanner as constructed events and as raw 24-byte structs on a pipe; no real node, no real grab."""

import errno
import os
import struct
import threading
from collections.abc import Iterable

import pytest
from evdev import InputEvent, ecodes
from evdev.eventio import EventIO
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner.wedge.driver import WedgeScanner
from devices.code_scanner.wedge.keys import ENTER, NO_CHARACTER, KeyDecoder
from devices.code_scanner.wedge.settings import WedgeSettings
from kiosk.app.system import SystemClock
from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import Ready, Unavailable
from tests.devices.code_scanner.typed_keys import keys_of, pressed, raw, released

NEVER = threading.Event()


def decoded(events: Iterable[InputEvent]) -> bytes:
    return KeyDecoder().characters(events)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_every_printable_character_of_the_us_layout(text: str) -> None:
    assert decoded(keys_of(text)) == text.encode()


def test_the_keypad_and_both_enters() -> None:
    keypad = [f"KEY_KP{digit}" for digit in range(10)] + ["KEY_KPDOT", "KEY_KPMINUS", "KEY_KPPLUS", "KEY_KPSLASH"]
    assert decoded(pressed(name) for name in [*keypad, "KEY_KPASTERISK"]) == b"0123456789.-+/*"
    assert decoded([pressed("KEY_ENTER"), pressed("KEY_KPENTER")]) == ENTER * 2


def test_caps_lock_turns_letters_only_and_shift_turns_them_back() -> None:
    caps = [pressed("KEY_CAPSLOCK"), released("KEY_CAPSLOCK")]
    assert decoded([*caps, *keys_of("a1"), *keys_of("B!"), *caps, *keys_of("aB")]) == b"A1b!aB"


def test_shift_holds_until_the_last_of_both_is_up() -> None:
    left, right = "KEY_LEFTSHIFT", "KEY_RIGHTSHIFT"
    events = [pressed(left), pressed(right), released(left), pressed("KEY_A"), released(right), pressed("KEY_A")]
    assert decoded(events) == b"Aa"


def test_repeats_and_other_events_type_nothing() -> None:
    events = [
        InputEvent(0, 0, ecodes.EV_KEY, ecodes.KEY_A, 2),
        released("KEY_A"),
        pressed("KEY_NUMLOCK"),
        InputEvent(0, 0, ecodes.EV_MSC, ecodes.MSC_SCAN, 4),
        InputEvent(0, 0, ecodes.EV_SYN, ecodes.SYN_REPORT, 0),
        InputEvent(0, 0, ecodes.EV_LED, 1, 1),
    ]
    assert decoded(events) == b""


@pytest.mark.parametrize("name", ["KEY_TAB", "KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_F1", "KEY_HENKAN", "KEY_BACKSPACE"])
def test_a_key_without_a_character_is_told(name: str) -> None:
    assert decoded([pressed(name)]) == NO_CHARACTER


def test_events_the_kernel_dropped_let_go_of_every_modifier() -> None:
    lost = InputEvent(0, 0, ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
    assert decoded([pressed("KEY_LEFTSHIFT"), pressed("KEY_CAPSLOCK"), lost, pressed("KEY_A")]) == NO_CHARACTER + b"a"


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 65535), st.integers(-(2**31), 2**31 - 1))))
def test_no_event_breaks_the_decoder(events: list[tuple[int, int, int]]) -> None:
    typed = decoded(InputEvent(0, 0, *event) for event in events)
    assert set(typed) <= set(range(32, 127)) | set(ENTER) | set(NO_CHARACTER)


class PipeNode(EventIO):
    """Reads raw events from a pipe as ``evdev.InputDevice`` does from its node."""

    def __init__(self) -> None:
        self.fd, self.pen = os.pipe()
        os.set_blocking(self.fd, False)
        self.grabbed = False

    def grab(self) -> None:
        self.grabbed = True

    def close(self) -> None:
        os.close(self.fd)

    def type(self, events: Iterable[InputEvent]) -> None:
        os.write(self.pen, raw(events))


class Types:
    """Never cancels; types once the scanner listens."""

    def __init__(self, node: PipeNode, events: Iterable[InputEvent]) -> None:
        self._node = node
        self._events: Iterable[InputEvent] | None = events

    def is_set(self) -> bool:
        events, self._events = self._events, None
        if events is not None:
            self._node.type(events)
        return False

    def wait(self, timeout: float | None = None) -> bool:
        return False


def read(events: Iterable[InputEvent], timeout_s: float = 10.0) -> CodeReading:
    node = PipeNode()
    scanner = WedgeScanner(WedgeSettings(node="pipe"), SystemClock(), lambda _: node)
    reading = scanner.read_code(timeout_s, Types(node, events))
    scanner.close()
    os.close(node.pen)
    return reading


def test_a_raw_event_is_24_bytes() -> None:
    assert len(raw([pressed("KEY_A")])) == 24 == struct.calcsize("llHHi")


def test_enter_or_silence_ends_a_code() -> None:
    enter = [pressed("KEY_ENTER")]
    assert read([*keys_of("Aa-1"), *enter]) == CodeSeen(b"Aa-1")
    assert read(keys_of("Aa-1")) == CodeSeen(b"Aa-1")


def test_a_code_with_a_strange_key_is_dropped_whole_and_the_next_one_taken() -> None:
    enter = [pressed("KEY_ENTER")]
    events = [*keys_of("ab"), pressed("KEY_LEFTALT"), *keys_of("cd"), *enter, *keys_of("next"), *enter]
    assert read(events) == CodeSeen(b"next")


def test_the_node_is_grabbed_from_the_first_look_on() -> None:
    node = PipeNode()
    scanner = WedgeScanner(WedgeSettings(node="pipe"), SystemClock(), lambda _: node)
    assert not node.grabbed
    assert scanner.status() == Ready()
    assert node.grabbed
    scanner.close()
    os.close(node.pen)


def test_a_node_that_ends_is_a_fault() -> None:
    node = PipeNode()
    scanner = WedgeScanner(WedgeSettings(node="pipe"), SystemClock(), lambda _: node)
    os.close(node.pen)
    assert scanner.read_code(10.0, NEVER) == ScannerFault("node-gone")


@pytest.mark.parametrize(("number", "reason"), [(errno.EBUSY, "node-busy"), (errno.ENODEV, "node-gone")])
def test_a_node_that_cannot_be_grabbed_is_closed_and_told(number: int, reason: str) -> None:
    class Held(PipeNode):
        def grab(self) -> None:
            raise OSError(number, os.strerror(number))

    node = Held()
    scanner = WedgeScanner(WedgeSettings(node="pipe"), SystemClock(), lambda _: node)
    assert scanner.read_code(10.0, NEVER) == ScannerFault(reason)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(node.fd)
    os.close(node.pen)


def test_a_node_that_is_not_there_is_told() -> None:
    scanner = WedgeScanner(WedgeSettings(node="/dev/input/by-id/no-such-scanner-event-kbd"), SystemClock())
    status = scanner.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "node-gone"
    assert scanner.read_code(1.0, NEVER) == ScannerFault("node-gone")


def test_a_file_that_is_no_node_is_told() -> None:
    scanner = WedgeScanner(WedgeSettings(node="/dev/null"), SystemClock())
    assert scanner.read_code(1.0, NEVER) == ScannerFault("node-gone")


def test_time_ends_a_wait() -> None:
    assert read([], 0.05) == NoCode()
