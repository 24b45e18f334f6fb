"""Files that are their owner's alone, and files that are replaced whole.

Where systemd hands a service its secrets (``LoadCredentialEncrypted=``, sealed to the machine's TPM), a file of the
same name in ``$CREDENTIALS_DIRECTORY`` is read in place of the one on the disk.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def where_kept(path: Path) -> Path:
    """``path``, or the credential of its name where systemd has one for this process."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = None if not folder else Path(folder) / path.name
    return path if credential is None or not credential.exists() else credential


def readable_by_others(path: Path) -> bool:
    """Of a credential the access list counts, which is systemd's business. Raises OSError."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return not (folder and path.parent == Path(folder)) and bool(path.stat().st_mode & 0o077)


def write_once(path: Path, data: bytes) -> None:
    """Mode 0600, whole or not at all: written beside, synced, then linked to its name. A file that is there already
    stays as it is. Raises OSError."""
    unfinished = _written_beside(path, data, 0o600)
    try:
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
    _sync_folder(path.parent)


def replace_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """After a power cut there is the old file or the new one, and of several writers at once that of the last. Raises
    OSError."""
    unfinished = _written_beside(path, data, mode)
    try:
        unfinished.replace(path)
    except OSError:
        unfinished.unlink()
        raise
    _sync_folder(path.parent)


def _written_beside(path: Path, data: bytes, mode: int) -> Path:
    """Under a name that no other thread or process writes to; gone again where the disk has no room for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        unfinished.unlink()
        raise
    return unfinished


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
