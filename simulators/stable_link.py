"""A name for a pseudo-terminal that outlives it."""

import contextlib
import os
from pathlib import Path


class StableLink:
    """A symbolic link that always names the present pseudo-terminal, as udev does under /dev/serial/by-id."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def point_to(self, device: str) -> None:
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        fresh.symlink_to(device)
        fresh.replace(self.path)

    def remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
