"""The chip's portrait by the reader maker's own library, which this process never loads.

A child of its own, with an interpreter of its own, decodes one photo and ends: a library that crashes, hangs, eats
memory or writes where it should not costs that photo. Starting it and decoding takes about 20 ms, once a session; kept
warm it would hold the last citizen's photo in memory.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import ceil
from pathlib import Path
from typing import IO

from devices.photo_decoder.maker import library, worker
from devices.photo_decoder.maker.bitmap import picture_of
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.photo_decoder import PhotoUndecodable

NOT_STARTED = "decoder-not-started"
LATE = "decoder-late"
CRASHED = "decoder-crashed"
ENDED = "decoder-ended"
NO_LICENCE = "licence-missing"
BAD_PICTURE = "picture-broken"

_PHOTO_BYTES = 1024
_PROBE = ChipPhoto(bytes.fromhex("574C66007E003200").ljust(_PHOTO_BYTES, b"\0"))
"""The header of a chip photo and nothing behind it."""

_TURNS_PROBE_AWAY = (worker.REFUSED, worker.NO_PICTURE, BAD_PICTURE)
_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  folders made in it are for this user alone
_PREFIX = "kiosk-photo-"
_GLANCE_S = 0.05
"""A child that left another process behind ends without closing the pipe: so often it is looked at itself."""

_OTHER_BUILD = "ask the reader's maker for the library built for this processor, and for 64 bits"
_REMEDIES = {
    library.MISSING: "check photo_decoder.library",
    library.NOT_A_LIBRARY: "photo_decoder.library must name a shared library (.so) for Linux",
    library.OTHER_PROCESSOR: _OTHER_BUILD,
    worker.UNLOADABLE: "run `ldd` on the library and install what it misses",
    worker.NO_ENTRY: "the library has no such function: set photo_decoder.entry as its manual says",
    worker.UNLICENSED: "fit the licence for this reader into photo_decoder.licence_folder",
    worker.NO_MEMORY: "raise photo_decoder.memory_mb",
    NO_LICENCE: "check photo_decoder.licence_folder",
    CRASHED: "try a real card: some libraries crash on the probe alone; else ask the reader's maker",
    LATE: "raise photo_decoder.deadline_s, or ask the reader's maker",
}
_OTHER_REMEDY = "try a real card with `kiosk card read`; else ask the reader's maker"


class MakerPhotoDecoder:
    """``kiosk.ports.photo_decoder.PhotoDecoder``. Calls may come from any thread; each has a child of its own."""

    def __init__(self, settings: MakerDecoderSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def status(self) -> DeviceStatus:
        """Looks at the file and decodes a blank probe; a library that turns the probe away in order is ready."""
        trouble = library.trouble_with(self._settings.library)
        if trouble is None:
            answer = self.decode(_PROBE)
            if isinstance(answer, Picture):
                return Ready(f"{self._settings.library.name} decodes the probe")
            if answer.reason in _TURNS_PROBE_AWAY:
                return Ready(f"{self._settings.library.name} answers; only a real card shows a picture")
            trouble = answer.reason
        return Unavailable(trouble, _REMEDIES.get(trouble, _OTHER_REMEDY))

    def decode(self, photo: ChipPhoto) -> Picture | PhotoUndecodable:
        if len(photo.data) != _PHOTO_BYTES:
            return PhotoUndecodable("no-chip-photo")
        if not self._settings.library.is_file():
            return PhotoUndecodable(library.MISSING)
        deadline = self._clock.monotonic() + self._settings.deadline_s
        try:
            with _scratch_folder() as folder:
                if not self._lay_licence(folder):
                    return PhotoUndecodable(NO_LICENCE)
                word, data = self._run(photo.data, folder, deadline)
        except OSError:
            return PhotoUndecodable(NOT_STARTED)
        if word != worker.OK:
            return PhotoUndecodable(word)
        return picture_of(data, self._settings.flip) or PhotoUndecodable(BAD_PICTURE)

    def _lay_licence(self, folder: Path) -> bool:
        source = self._settings.licence_folder
        if source is None:
            return True
        try:
            for file in source.iterdir():
                if file.is_file():
                    shutil.copyfile(file, folder / file.name)
        except OSError:
            return False
        return True

    def _run(self, photo: bytes, folder: Path, deadline: float) -> tuple[str, bytes]:
        """The child's word and the bytes of its picture."""
        child = subprocess.Popen(  # noqa: S603  our own interpreter and our own script
            self._command(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=self._environment(folder),
            start_new_session=True,
        )
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            _hand_over(child.stdin, photo)
            answer = self._answer(child, child.stdout, deadline)
            if answer is None:
                return LATE, b""
            return answer if answer != ("", b"") else (self._ending(child, deadline), b"")
        finally:
            _end(child)

    def _command(self, folder: Path) -> list[str]:
        settings = self._settings
        return [
            *(sys.executable, "-I", "-S", "-B", worker.__file__),
            *(str(settings.library.resolve()), settings.entry, str(folder)),
            *(str(settings.memory_mb << 20), str(ceil(settings.deadline_s) + 1)),
            _licence(settings.module_number).hex(),
        ]

    def _environment(self, folder: Path) -> dict[str, str]:
        """Nothing of the terminal's own; libraries that this one needs may lie beside it."""
        beside = str(self._settings.library.resolve().parent)
        return {"LD_LIBRARY_PATH": beside, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C"}

    def _answer(self, child: subprocess.Popen[bytes], stream: IO[bytes], deadline: float) -> tuple[str, bytes] | None:
        """Word and picture; both empty when the child has ended without them, None when they are not there in time."""
        data = b""
        while (wanted := _whole_length(data)) > len(data):
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return None
            ended = child.poll() is not None
            if select.select([stream], [], [], 0 if ended else min(left, _GLANCE_S))[0]:
                part = os.read(stream.fileno(), wanted - len(data))
                ended, data = not part, data + part
            if ended:
                return "", b""
        head, _ = worker.ANSWER_HEAD.unpack_from(data)
        return head.rstrip(b"\0").decode("ascii", "replace"), data[worker.ANSWER_HEAD.size :]

    def _ending(self, child: subprocess.Popen[bytes], deadline: float) -> str:
        """Why a child that gave no answer ended."""
        try:
            code = child.wait(max(0.0, deadline - self._clock.monotonic()))
        except subprocess.TimeoutExpired:
            return LATE
        return CRASHED if code < 0 else ENDED


def _whole_length(data: bytes) -> int:
    """Bytes of the whole answer, as far as ``data`` tells."""
    if len(data) < worker.ANSWER_HEAD.size:
        return worker.ANSWER_HEAD.size
    return worker.ANSWER_HEAD.size + min(int(worker.ANSWER_HEAD.unpack_from(data)[1]), worker.MOST_PICTURE_BYTES)


def _hand_over(stream: IO[bytes], photo: bytes) -> None:
    """A photo fits the pipe whole, so that writing cannot wait; a child that is gone already shows in its answer."""
    try:
        stream.write(photo)
        stream.close()
    except BrokenPipeError:
        return


def _end(child: subprocess.Popen[bytes]) -> None:
    """The child and whatever it has started beside itself."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()


def _licence(module_number: str) -> bytes:
    """The first twelve bytes of the module's number as the reader sends it (GA/T 467): two numbers of two bytes, two
    of four."""
    if not module_number:
        return bytes(12)
    kind, rest = module_number.split(".")
    maker, day, first, _ = rest.split("-")
    numbers = ((kind, 2), (maker, 2), (day, 4), (first, 4))
    return b"".join((int(text) & ((1 << 8 * size) - 1)).to_bytes(size, "little") for text, size in numbers)


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """A folder in memory that only this user may enter, gone with all files afterwards."""
    place = _MEMORY_FOLDER if os.access(_MEMORY_FOLDER, os.W_OK) else Path(tempfile.gettempdir())
    _clear_leftovers(place)
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _clear_leftovers(place: Path) -> None:
    """Folders of terminals that were killed while a photo was being decoded."""
    for folder in place.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)
