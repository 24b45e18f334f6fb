"""A CUPS of the test's own on a socket in a folder of its own, with queues whose papers land in files, and an IPP
Everywhere printer of CUPS's own making behind one of them.

Starts as root or as anybody. Jobs are guarded as Debian's cupsd.conf has it: only their owner may read their names and
cancel them. Nothing listens beyond this machine but the printer's port, which is on loopback by name.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from benchmarks.ports import free_port
from tests.eventually import eventually

_BACKENDS = Path("/usr/lib/cups/backend")
_RUN_BY_ITS_OWNER = 0o700
"""cupsd runs such a backend as itself (backend(7)); others as lp, who may be locked out of a machine's root folder."""

_START_S = 60.0
_POLICY = "printer-error-policy=abort-job"

_FILES = """
ServerRoot {root}/etc
ServerBin {root}/bin
DataDir /usr/share/cups
CacheDir {root}/cache
StateDir {root}/state
RequestRoot {root}/spool
TempDir {root}/spool/tmp
AccessLog {root}/access.log
ErrorLog {root}/error.log
PageLog {root}/page.log
SystemGroup {group}
{user}
"""

_SERVER = """
Listen {root}/cups.sock
LogLevel warn
Browsing Off
WebInterface No
DefaultAuthType Basic
MultipleOperationTimeout 10
DirtyCleanInterval 0
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit Cancel-Job CUPS-Authenticate-Job Cancel-Jobs Hold-Job Release-Job Restart-Job Purge-Jobs>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

_TO_FILE = """#!/bin/sh
# Prints job $1 into the folder its address names, once nothing there forbids it.
[ $# -eq 0 ] && exit 0
folder="${DEVICE_URI#tofile:}"
while [ -e "$folder/hold" ]; do sleep 0.05; done
[ -e "$folder/spoil" ] && exit $(cat "$folder/spoil")
exec cat "${6:--}" > "$folder/$1.pdf"
"""

_PRINTER = """#!/bin/sh
# Prints the file $1; a file named "fault" holds the reason why it cannot, while it is there.
folder="{folder}"
reason=$(cat "$folder/fault" 2>/dev/null)
if [ -n "$reason" ]; then
  echo "STATE: +$reason" >&2
  while [ -e "$folder/fault" ]; do sleep 0.05; done
  echo "STATE: -$reason" >&2
fi
[ -e "$folder/spoil" ] && exit 1
cp "$1" "$folder/$IPP_JOB_ID.pdf"
"""


class PrivateCups:
    """``server`` is what the terminal's settings name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.server = str(root / "cups.sock")

    def queue(self, name: str, uri: str, policy: str = _POLICY) -> None:
        self.run("lpadmin", "-p", name, "-E", "-v", uri, "-o", policy)

    def file_queue(self, name: str, policy: str = _POLICY) -> Path:
        """A queue, and the folder where its papers land: ``hold`` in it has its backend wait, ``spoil`` has it
        fail with the code written there (backend(7): 1 fails the job, 4 stops the queue)."""
        folder = self.root / "out" / name
        folder.mkdir(parents=True)
        self.queue(name, f"tofile:{folder}", policy)
        return folder

    def run(self, *command: str) -> str:
        environment = os.environ | {"CUPS_SERVER": self.server, "LC_ALL": "C"}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def jobs(self) -> str:
        """Unfinished ones."""
        return self.run("lpstat", "-W", "not-completed", "-o")

    def documents_kept(self) -> list[str]:
        return sorted(path.name for path in (self.root / "spool").glob("d*"))


class EverywherePrinter:
    """``uri`` is its address, ``folder`` where its papers land; see ``_PRINTER`` for its faults."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri = uri
        self.folder = folder

    def papers(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.glob("*.pdf"), key=lambda path: int(path.stem))]


@contextmanager
def private_cups() -> Iterator[PrivateCups]:
    with set_up_cups() as cups, running(cups):
        yield cups


@contextmanager
def set_up_cups() -> Iterator[PrivateCups]:
    with _folder() as root:
        _write_server(root)
        yield PrivateCups(root)


@contextmanager
def running(cups: PrivateCups) -> Iterator[Callable[[], None]]:
    """What it yields cuts the power: nothing that CUPS started lives on."""
    root = cups.root
    command = ["cupsd", "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")]
    with _process(command, root / "cupsd.out") as process:
        _wait(process, root / "cupsd.out", lambda: _answers(cups.server))
        yield lambda: _kill_all(process.pid)


@contextmanager
def everywhere_printer() -> Iterator[EverywherePrinter]:
    """It wants a system bus to tell of itself; it gets one nobody listens on."""
    with _folder() as root, ExitStack() as stack:
        bus = f"unix:path={root}/bus"
        dbus = stack.enter_context(
            _process(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}"], root / "bus.out")
        )
        _wait(dbus, root / "bus.out", (root / "bus").exists)
        script = root / "print"
        script.write_text(_PRINTER.replace("{folder}", str(root / "out")))
        script.chmod(0o700)
        for name in ("out", "keys", "spool"):
            (root / name).mkdir()
        port = free_port()
        command = ["ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(port), "-K", f"{root}/keys"]
        command += ["-d", f"{root}/spool", "-f", "application/pdf", "-c", str(script), "A4"]
        process = stack.enter_context(
            _process(command, root / "printer.out", {"DBUS_SYSTEM_BUS_ADDRESS": bus, "HOME": str(root)})
        )
        _wait(process, root / "printer.out", lambda: _listens(port))
        yield EverywherePrinter(f"ipp://localhost:{port}/ipp/print", root / "out")


@contextmanager
def _folder() -> Iterator[Path]:
    """A short path: a socket's has 107 bytes at most."""
    root = Path(tempfile.mkdtemp(prefix="a4-"))
    root.chmod(0o755)
    try:
        yield root
    finally:
        shutil.rmtree(root)


def _write_server(root: Path) -> None:
    for name in ("etc", "cache", "state", "spool/tmp", "out", *(f"bin/{part}" for part in ("backend", "daemon"))):
        (root / name).mkdir(parents=True)
    for name in ("ipp", "http"):
        shutil.copy(_BACKENDS / name, root / "bin" / "backend" / name)
        (root / "bin" / "backend" / name).chmod(_RUN_BY_ITS_OWNER)
    shutil.copy2("/usr/lib/cups/daemon/cups-exec", root / "bin" / "daemon")
    backend = root / "bin" / "backend" / "tofile"
    backend.write_text(_TO_FILE)
    backend.chmod(_RUN_BY_ITS_OWNER)
    as_root = os.getuid() == 0
    user = "User lp\nGroup lp" if as_root else ""
    (root / "cups-files.conf").write_text(_FILES.format(root=root, group="root" if as_root else "lpadmin", user=user))
    (root / "cupsd.conf").write_text(_SERVER.format(root=root))


@contextmanager
def _process(
    command: list[str], output: Path, extra: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """In a session of its own, ended with everything it started."""
    environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin"} | (extra or {})
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _end_rest(process.pid)


def _kill_all(parent: int) -> None:
    everybody = [psutil.Process(parent), *psutil.Process(parent).children(recursive=True)]
    for process in everybody:
        process.suspend()
    for process in everybody:
        process.kill()


def _end_rest(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait(process: subprocess.Popen[bytes], output: Path, ready: Callable[[], bool]) -> None:
    assert eventually(lambda: process.poll() is not None or ready(), _START_S), output.read_text()
    assert process.poll() is None, output.read_text()


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0
