"""A pcscd of our own with Debian's virtual reader vpcd, beside the system's, by any user who has /run/pcscd.

pcscd takes its listening socket as from systemd (sd_listen_fds(3)), so that it may be anywhere. vpcd 3.3 would listen
on every address of the machine; told to dial 127.0.0.1 instead, it aborts pcscd when the card leaves (it waits for a
client on no descriptor). So libsocket-wrapper turns its sockets into files of a scratch folder: nothing listens on the
network.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROGRAM = Path("/usr/sbin/pcscd")
READER_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PACKAGES = "pcscd vsmartcard-vpcd libsocket-wrapper"
READER = "Virtual PCD 00 00"
"""The reader's name for its first slot, the only one that is used."""

_PORT = 0x8C7B
_READER_CONF = f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{_PORT:#x}\nLIBPATH {READER_DRIVER}\n'
_READY, _NO_FOLDER = "daemon ready", "cannot create /run/pcscd"
_START_S, _END_S, _LOOK_S = 60.0, 5.0, 0.01
_LISTEN_FDS_START = 3
_PR_SET_PDEATHSIG = 1


class PcscdUnavailableError(Exception):
    """pcscd cannot run here; the message says in one line what is missing."""


class Pcscd:
    """The service in ``folder``, which must be empty. ``start`` and ``stop`` may be called from any thread and again.

    It ends when this process dies, however that happens.
    """

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "pcscd.comm"
        self.slot = folder / f"T01{_PORT:04X}"
        """Where a card is inserted: the file that libsocket-wrapper makes of 127.0.0.1 and vpcd's port."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = ThreadPoolExecutor(1, "pcscd-starter")
        """pcscd ends with the thread that started it (prctl(2)): this one lives as long as we do."""

    def start(self, *, with_reader: bool = True) -> None:
        """Returns when it serves; PcscdUnavailableError when it cannot."""
        self.stop()
        readers = self._folder / "readers"
        shutil.rmtree(readers, ignore_errors=True)
        readers.mkdir()
        if with_reader:
            (readers / "vpcd").write_text(_READER_CONF, encoding="ascii")
        self._process = self._starter.submit(self._spawn, readers).result()
        try:
            self._await_ready(self._process)
        except PcscdUnavailableError:
            self.stop()
            raise

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for left_behind in (self.socket, *self._folder.glob("T01*")):
            left_behind.unlink(missing_ok=True)

    def close(self) -> None:
        self.stop()
        self._starter.shutdown()

    @property
    def _log(self) -> Path:
        return self._folder / "pcscd.log"

    def _spawn(self, readers: Path) -> subprocess.Popen[bytes]:
        wrapper = next(Path("/usr/lib").glob("*/libsocket_wrapper.so"), None)
        if wrapper is None or not (PROGRAM.exists() and READER_DRIVER.exists()):
            raise PcscdUnavailableError(f"pcscd and its virtual reader are not installed: apt install {PACKAGES}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, self._log.open("wb") as log:
            listener.bind(os.fspath(self.socket))
            listener.listen()
            arguments = map(str, (os.getpid(), listener.fileno(), PROGRAM, readers, wrapper))
            return subprocess.Popen(  # noqa: S603 - our own interpreter and this module
                [sys.executable, "-m", __name__, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(listener.fileno(),),
            )

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            try:
                process.wait(_LOOK_S)
            except subprocess.TimeoutExpired:
                if _READY in self._log.read_text("utf-8", errors="replace"):
                    return
            else:
                break
        raise PcscdUnavailableError(_why(self._log.read_text("utf-8", errors="replace")))


def _why(log: str) -> str:
    if _NO_FOLDER in log:
        return "pcscd may not make its folder; once, as root: mkdir /run/pcscd"
    lines = log.strip().splitlines()
    return f"pcscd did not start: {lines[-1] if lines else 'it said nothing'}"


def _become_pcscd(parent: int, listener: int, program: str, readers: str, wrapper: str) -> None:
    """This process, started for it, turns into pcscd."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("whoever wanted pcscd is gone")
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.dup2(listener, _LISTEN_FDS_START)
    os.set_inheritable(_LISTEN_FDS_START, True)
    os.execve(  # noqa: S606 - Debian's pcscd
        program,
        ["pcscd", "--foreground", "--info", "--config", readers],
        {
            "LISTEN_FDS": "1",
            "LISTEN_PID": str(os.getpid()),
            "LD_PRELOAD": wrapper,
            "SOCKET_WRAPPER_DIR": str(Path(readers).parent),
        },
    )


if __name__ == "__main__":
    _become_pcscd(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
