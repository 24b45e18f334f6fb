"""Free ports for programs that take a number: below those that the kernel gives to whoever asks for any, so that nobody
else of a busy machine has it before the program does."""

import random
import socket
from contextlib import suppress
from pathlib import Path

_LOWEST = 10_000
_CHANCE = random.SystemRandom()
"""hypothesis seeds the other one alike in every process."""


def free_port() -> int:
    """On loopback."""
    given_away = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    while True:
        with suppress(OSError), socket.create_server(("127.0.0.1", _CHANCE.randrange(_LOWEST, given_away))) as taken:
            return int(taken.getsockname()[1])
