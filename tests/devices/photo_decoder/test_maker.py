"""The maker's decoder in its child process: small libraries compiled here do what good and bad ones do."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.photo_decoder.maker.bitmap import BMP_BYTES, RAW_BYTES
from devices.photo_decoder.maker.driver import MakerPhotoDecoder
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.photo_decoder import PhotoUndecodable
from tests.devices.photo_decoder.libraries import PHOTO, compile_library

MODULE_NUMBER = "05.01-20240101-0000123456-0000007890"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("decoders")

    return lambda name: compile_library(name, folder)


@pytest.fixture
def decoder(compiled: Callable[[str], Path]) -> Callable[..., MakerPhotoDecoder]:
    def with_library(name: str, entry: str = "unpack", **options: Any) -> MakerPhotoDecoder:
        values = {"library": compiled(name), "entry": entry, "deadline_s": 20, **options}
        return MakerPhotoDecoder(MakerDecoderSettings.model_validate(values), SystemClock())

    return with_library


Decoder = Callable[..., MakerPhotoDecoder]


def painted(flip_rows: bool = False, flip_columns: bool = False) -> bytes:
    rows, columns = np.mgrid[:126, :102]
    pixels = np.stack([columns, rows, np.full_like(rows, PHOTO.data[9])], axis=-1).astype(np.uint8)
    return pixels[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1].tobytes()


def scratch_folders() -> list[Path]:
    return list(Path("/dev/shm").glob(f"kiosk-photo-{os.getpid()}-*"))


@pytest.fixture
def licence_folder(tmp_path: Path) -> Path:
    (tmp_path / "license.lic").write_bytes(b"made up")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("bmp", "unpack"),
        ("top-down", "unpack"),
        ("raw", "unpack"),
        ("get-bmp", "get_bmp_serial"),
        ("dewlt", "dewlt"),
        ("talks", "unpack"),
        ("litters", "unpack"),
    ],
)
def test_a_good_library_gives_the_picture_top_row_first(decoder: Decoder, name: str, entry: str) -> None:
    assert decoder(name, entry).decode(PHOTO) == Picture(102, 126, painted())
    assert scratch_folders() == []


def test_a_licensed_library_gets_its_files_the_frame_and_the_module_s_number(
    decoder: Decoder, licence_folder: Path
) -> None:
    options = {"licence_folder": licence_folder, "module_number": MODULE_NUMBER}
    assert decoder("wlt-get-bmp", "wlt_get_bmp", **options).decode(PHOTO) == Picture(102, 126, painted())
    assert [path.name for path in licence_folder.iterdir()] == ["license.lic"]
    assert decoder("wlt-get-bmp", "wlt_get_bmp").decode(PHOTO) == PhotoUndecodable("decoder-unlicensed")
    unnumbered = decoder("wlt-get-bmp", "wlt_get_bmp", licence_folder=licence_folder)
    assert unnumbered.decode(PHOTO) == PhotoUndecodable("decoder-refused")


@pytest.mark.parametrize(
    ("flip", "rows", "columns"),
    [("none", False, False), ("vertical", True, False), ("horizontal", False, True), ("both", True, True)],
)
def test_a_picture_is_turned_as_set(decoder: Decoder, flip: str, rows: bool, columns: bool) -> None:
    assert decoder("bmp", flip=flip).decode(PHOTO) == Picture(102, 126, painted(rows, columns))


@pytest.mark.parametrize(
    ("name", "entry", "reason"),
    [
        ("refuses", "unpack", "decoder-refused"),
        ("unlicensed", "get_bmp_usb", "decoder-unlicensed"),
        ("get-bmp", "get_bmp_usb", "decoder-refused"),
        ("no-file", "get_bmp_serial", "picture-missing"),
        ("empty", "unpack", "entry-missing"),
        ("empty", "wlt_get_bmp", "entry-missing"),
        ("crashes", "unpack", "decoder-crashed"),
        ("crashes-loaded", "unpack", "decoder-crashed"),
        ("stack", "unpack", "decoder-crashed"),
        ("hog", "unpack", "decoder-crashed"),
        ("exits", "unpack", "decoder-ended"),
        ("short", "unpack", "picture-broken"),
        ("negative", "unpack", "picture-broken"),
        ("giant", "unpack", "picture-broken"),
        ("silent-length", "unpack", "picture-broken"),
        ("blank", "unpack", "picture-broken"),
        ("other-size", "unpack", "picture-broken"),
    ],
)
def test_a_bad_library_costs_the_photo_alone(decoder: Decoder, name: str, entry: str, reason: str) -> None:
    assert decoder(name, entry).decode(PHOTO) == PhotoUndecodable(reason)
    assert scratch_folders() == []


@pytest.mark.parametrize("name", ["loops", "sleeps"])
def test_a_library_that_hangs_is_given_up_at_the_deadline(decoder: Decoder, name: str) -> None:
    began = time.monotonic()
    assert decoder(name, deadline_s=0.3).decode(PHOTO) == PhotoUndecodable("decoder-late")
    assert time.monotonic() - began >= 0.3
    assert scratch_folders() == []


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("name", "answer"),
    [("forks", Picture(102, 126, painted())), ("forks-and-crashes", PhotoUndecodable("decoder-crashed"))],
)
def test_what_a_library_starts_ends_with_it(
    decoder: Decoder, compiled: Callable[[str], Path], name: str, answer: Picture | PhotoUndecodable
) -> None:
    assert decoder(name).decode(PHOTO) == answer
    started = int(compiled(name).with_suffix(".pid").read_text())
    deadline = time.monotonic() + 10
    while running(started) and time.monotonic() < deadline:
        os.sched_yield()
    assert not running(started)


def test_the_memory_bound_is_that_of_the_settings(decoder: Decoder) -> None:
    assert isinstance(decoder("takes-80-mb").decode(PHOTO), Picture)
    assert decoder("takes-80-mb", memory_mb=64).decode(PHOTO) == PhotoUndecodable("decoder-refused")


def test_the_child_has_nothing_of_the_terminal_s_and_leaves_no_core(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "a word of the terminal")
    with open("/etc/hostname", "rb") as kept:  # noqa: PTH123
        os.set_inheritable(kept.fileno(), True)
        assert isinstance(decoder("looks-about").decode(PHOTO), Picture)


def test_no_photo_no_library_no_licence(decoder: Decoder, tmp_path: Path) -> None:
    good = decoder("bmp")
    assert good.decode(ChipPhoto(b"")) == PhotoUndecodable("no-chip-photo")
    assert good.decode(ChipPhoto(bytes(1025))) == PhotoUndecodable("no-chip-photo")
    assert decoder("bmp", library=tmp_path / "no.so").decode(PHOTO) == PhotoUndecodable("library-missing")
    assert decoder("bmp", licence_folder=tmp_path / "no").decode(PHOTO) == PhotoUndecodable("licence-missing")
    (tmp_path / "text.so").write_text("no library")
    assert decoder("bmp", library=tmp_path / "text.so").decode(PHOTO) == PhotoUndecodable("library-unloadable")


def test_a_terminal_without_room_for_a_child_loses_the_photo(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    good = decoder("bmp")
    monkeypatch.setattr(subprocess, "Popen", no_room)
    assert good.decode(PHOTO) == PhotoUndecodable("decoder-not-started")
    assert scratch_folders() == []


def test_what_a_killed_terminal_left_behind_is_cleared_away(decoder: Decoder) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = Path(f"/dev/shm/kiosk-photo-{gone.pid}-left")
    kept = Path(f"/dev/shm/kiosk-photo-{os.getpid()}-kept")
    for folder in (left, kept):
        folder.mkdir()
        (folder / "zp.wlt").write_bytes(PHOTO.data)
    try:
        decoder("bmp").decode(PHOTO)
        assert not left.exists()
        assert kept.exists()
    finally:
        (kept / "zp.wlt").unlink()
        kept.rmdir()


def other_processor(library: Path, folder: Path) -> Path:
    """The same file, said to be for a 32-bit x86."""
    data = bytearray(library.read_bytes())
    data[4], data[18:20] = 1, b"\x03\x00"
    copy = folder / "other.so"
    copy.write_bytes(data)
    return copy


@pytest.mark.parametrize(
    ("name", "entry", "detail"),
    [
        ("bmp", "unpack", "bmp.so decodes the probe"),
        ("refuses", "unpack", "refuses.so answers; only a real card shows a picture"),
        ("no-file", "get_bmp_serial", "no-file.so answers; only a real card shows a picture"),
    ],
)
def test_status_of_a_library_that_answers(decoder: Decoder, name: str, entry: str, detail: str) -> None:
    assert decoder(name, entry).status() == Ready(detail)


@pytest.mark.parametrize(
    ("name", "entry", "reason"),
    [
        ("crashes", "unpack", "decoder-crashed"),
        ("exits", "unpack", "decoder-ended"),
        ("unlicensed", "get_bmp_usb", "decoder-unlicensed"),
        ("empty", "dewlt", "entry-missing"),
    ],
)
def test_status_of_a_library_that_does_not(decoder: Decoder, name: str, entry: str, reason: str) -> None:
    status = decoder(name, entry).status()
    assert isinstance(status, Unavailable)
    assert status.reason == reason
    assert status.remedy


def test_status_of_a_file_that_is_no_library_for_this_processor(
    decoder: Decoder, compiled: Callable[[str], Path], tmp_path: Path
) -> None:
    def reason(path: Path) -> str:
        status = decoder("bmp", library=path).status()
        assert isinstance(status, Unavailable)
        return status.reason

    assert reason(tmp_path / "no.so") == "library-missing"
    assert reason(tmp_path) == "library-missing"
    (tmp_path / "short.so").write_bytes(b"\x7fELF")
    (tmp_path / "windows.so").write_bytes(b"MZ" + bytes(100))
    assert reason(tmp_path / "short.so") == reason(tmp_path / "windows.so") == "not-a-library"
    assert reason(other_processor(compiled("bmp"), tmp_path)) == "wrong-architecture"


def test_sizes_are_those_of_the_reference() -> None:
    assert (BMP_BYTES, RAW_BYTES) == (38862, 38556)
