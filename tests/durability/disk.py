"""A file system in a file, whose power can be cut: what was not synced is lost, as on a real disk."""

import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.durability.not_run import NOT_RUN

_EXT4_IOC_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = 2


@dataclass(frozen=True)
class Disk:
    """An ext4 in ``image``, mounted on ``folder``."""

    image: Path
    folder: Path

    def mount(self) -> None:
        subprocess.run(("mount", "-o", "loop", self.image, self.folder), check=True, capture_output=True)

    def unmount(self) -> None:
        """Nobody may have a file of it open any more."""
        subprocess.run(("umount", self.folder), check=True, capture_output=True)

    def cut(self) -> None:
        """From now on nothing is written, not even what the file system's own journal has ready."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _EXT4_IOC_SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def comes_back(self) -> None:
        self.unmount()
        self.mount()


@contextmanager
def disk(folder: Path, name: str = "terminal") -> Iterator[Disk]:
    """Skips, saying why, where this machine lets nobody mount an image."""
    made = Disk(folder / f"{name}.image", folder / name)
    made.folder.mkdir()
    with made.image.open("wb") as image:
        image.truncate(64 << 20)
    try:
        subprocess.run(("mkfs.ext4", "-q", made.image), check=True, capture_output=True)
        made.mount()
    except (OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"{NOT_RUN}: power cuts of a disk need root, mkfs.ext4 and loop mounts ({problem})")
    try:
        yield made
    finally:
        made.unmount()
