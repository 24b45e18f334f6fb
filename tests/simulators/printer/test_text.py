"""Text in ink: the built-in font's cells, where the host puts them and how large."""

import numpy as np
import numpy.typing as npt
import pytest

from simulators.printer.font import character_dots
from simulators.printer.line import NARROW, WIDE
from simulators.printer.personality import CLONE
from tests.eventually import eventually
from tests.simulators.printer.conftest import PlugIn
from tests.simulators.printer.host import CUT, ONE_DOT, Host

PRINTED = b"\x1bJ\x18"
LACKING = "\ufffd"


def paper_of(host: Host, data: bytes) -> npt.NDArray[np.bool_]:
    """True where it is black."""
    host.socket.sendall(ONE_DOT + data + CUT)
    assert eventually(lambda: len(host.printer.mechanism.papers) == 1)
    assert host.printer.state()["unknown"] == 0
    return np.asarray(host.paper() == 0)


def test_every_character_has_ink_of_its_own() -> None:
    cells = [character_dots(character, WIDE).tobytes() for character in "社保参保证明镕䶮"]
    assert len(set(cells)) == 7
    letters = [character_dots(chr(code), NARROW) for code in range(0x21, 0x7F)]
    assert all(cell.shape == (24, 12) for cell in letters)
    assert len({cell.tobytes() for cell in letters}) == len(letters)
    assert not character_dots(" ", NARROW).any()


def test_text_stands_where_the_host_puts_it(plug_in: PlugIn) -> None:
    paper = paper_of(plug_in(dots=200), b"\x1b$\x0a\x00" + "社A".encode("gb18030") + b"\x1b$\x64\x00B" + PRINTED)
    expected = np.zeros((24, 200), dtype=np.bool_)
    expected[:, 10:34] = character_dots("社", WIDE)
    expected[:, 34:46] = character_dots("A", NARROW)
    expected[:, 100:112] = character_dots("B", NARROW)
    assert np.array_equal(paper[:24], expected)
    assert not paper[24:].any()


@pytest.mark.parametrize("size", [b"\x1d!\x11", b"\x1b!\x30"])
def test_double_size_is_every_dot_twice(plug_in: PlugIn, size: bytes) -> None:
    paper = paper_of(plug_in(), size + "社".encode("gb18030") + b"\n")
    twice = character_dots("社", WIDE).repeat(2, axis=0).repeat(2, axis=1)
    assert np.array_equal(paper[:48, :48], twice)


def test_what_the_font_lacks_is_a_frame(plug_in: PlugIn) -> None:
    host = plug_in(personality=CLONE)
    paper = paper_of(host, "社镕".encode("gb18030") + PRINTED)
    assert np.array_equal(paper[:24, :24], character_dots("社", WIDE))
    assert np.array_equal(paper[:24, 24:48], character_dots(LACKING, WIDE))
    assert host.printer.state()["text"] == ["社" + LACKING]


def test_outside_of_chinese_bytes_are_letters(plug_in: PlugIn) -> None:
    host = plug_in()
    paper_of(host, b"\x1c.\xc9\xe7" + b"\x1c&\xc9\xe7" + PRINTED)
    assert host.printer.state()["text"] == ["╔τ社"]
