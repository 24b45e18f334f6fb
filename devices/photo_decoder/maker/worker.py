"""The child process that runs the maker's library on one photo. Uses the standard library alone.

Started as a script: ``worker.py LIBRARY ENTRY FOLDER MEMORY_BYTES CPU_SECONDS LICENCE_HEX``. The 1,024 bytes of the
photo come in on standard input; the answer leaves on what was standard output: a word of 32 bytes, the length of the
picture in four, the picture as the library gave it. The library itself finds the null device there.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

ANSWER_HEAD = struct.Struct(">32sI")
MOST_PICTURE_BYTES = 1 << 16

OK = "ok"
UNLOADABLE = "library-unloadable"
NO_ENTRY = "entry-missing"
REFUSED = "decoder-refused"
UNLICENSED = "decoder-unlicensed"
NO_PICTURE = "picture-missing"
NO_MEMORY = "decoder-memory"

_PHOTO_BYTES = 1024
_FRAME_BYTES = 1295
_FRAME_START = bytes.fromhex("AAAAAA9669 0508 000090 01000400")
_BLANK_TEXT = " ".encode("utf-16-le") * 128
_FILE_LIMIT = 1 << 20
_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE = 1, 4
"""Of prctl(2). A process that is not dumpable leaves no core, whatever takes cores on this machine."""

_SERIAL, _USB = 1, 2
_LICENCE_MISMATCH = -5


class RefusedError(Exception):
    """The library gave no picture; the argument is the word."""


def main(arguments: list[str]) -> None:
    library, entry, folder, memory, seconds, licence = arguments
    answer = os.dup(sys.stdout.fileno())
    photo = sys.stdin.buffer.read(_PHOTO_BYTES)
    _confine(int(memory), int(seconds))
    word, picture = _outcome(library, lambda loaded: ENTRIES[entry](loaded, photo, folder, bytes.fromhex(licence)))
    _send(answer, word, picture)
    os._exit(0)


def _confine(memory: int, seconds: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(null, stream.fileno())
    os.close(null)
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _FILE_LIMIT),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(limit, (value, value))
    process_control = ctypes.CDLL(None).prctl
    process_control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    process_control(_SET_DUMPABLE, 0)


def _outcome(library: str, decode: Callable[[ctypes.CDLL], bytes]) -> tuple[str, bytes]:
    try:
        loaded = ctypes.CDLL(library)
    except OSError:
        return UNLOADABLE, b""
    try:
        return OK, decode(loaded)
    except RefusedError as refusal:
        return str(refusal), b""
    except AttributeError:
        return NO_ENTRY, b""
    except MemoryError:
        return NO_MEMORY, b""


def _send(answer: int, word: str, picture: bytes) -> None:
    data = memoryview(ANSWER_HEAD.pack(word.encode(), len(picture)) + picture)
    while data:
        data = data[os.write(answer, data) :]


def _unpack(library: ctypes.CDLL, photo: bytes, _folder: str, _licence: bytes) -> bytes:
    function = library._Unpack
    picture = ctypes.create_string_buffer(MOST_PICTURE_BYTES)
    length = ctypes.c_int(MOST_PICTURE_BYTES)
    if function(ctypes.create_string_buffer(photo, len(photo)), len(photo), picture, ctypes.byref(length)) != 1:
        raise RefusedError(REFUSED)
    return picture.raw[: max(0, length.value)]


def _get_bmp(interface: int) -> Callable[[ctypes.CDLL, bytes, str, bytes], bytes]:
    def decode(library: ctypes.CDLL, photo: bytes, folder: str, _licence: bytes) -> bytes:
        function = library.GetBmp
        result = function(_photo_file(photo, folder), interface)
        if result != 1:
            raise RefusedError(UNLICENSED if result == _LICENCE_MISMATCH else REFUSED)
        return _picture_file(folder)

    return decode


def _dewlt(library: ctypes.CDLL, photo: bytes, folder: str, _licence: bytes) -> bytes:
    if library.dewlt(_photo_file(photo, folder)) < 0:
        raise RefusedError(REFUSED)
    return _picture_file(folder)


def _wlt_get_bmp(library: ctypes.CDLL, photo: bytes, folder: str, licence: bytes) -> bytes:
    """The library wants the reader's whole answer; its text is not needed and stays blank."""
    initialise, get_picture = library.wltInit, library.wltGetBMP
    if initialise(os.fsencode(folder)) not in (0, 1):
        raise RefusedError(UNLICENSED)
    frame = _FRAME_START + _BLANK_TEXT + photo
    frame += bytes([_check_byte(frame[5:])])
    if get_picture(ctypes.create_string_buffer(frame, _FRAME_BYTES), ctypes.create_string_buffer(licence, 12)) != 1:
        raise RefusedError(REFUSED)
    return _picture_file(folder)


ENTRIES: dict[str, Callable[[ctypes.CDLL, bytes, str, bytes], bytes]] = {
    "unpack": _unpack,
    "get_bmp_serial": _get_bmp(_SERIAL),
    "get_bmp_usb": _get_bmp(_USB),
    "dewlt": _dewlt,
    "wlt_get_bmp": _wlt_get_bmp,
}


def _check_byte(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
    return check


def _photo_file(photo: bytes, folder: str) -> bytes:
    path = Path(folder, "zp.wlt")
    path.write_bytes(photo)
    return os.fsencode(path)


def _picture_file(folder: str) -> bytes:
    """What the library has written beside the photo."""
    try:
        with Path(folder, "zp.bmp").open("rb") as file:
            return file.read(MOST_PICTURE_BYTES)
    except OSError as trouble:
        raise RefusedError(NO_PICTURE) from trouble


if __name__ == "__main__":
    main(sys.argv[1:])
