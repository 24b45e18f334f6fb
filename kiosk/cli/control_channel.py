"""The client's side of a control channel: one verb, one answer (see ``simulators.control``, ``gateway.control``)."""

import json
import socket
from dataclasses import dataclass
from typing import Any

ANSWER_S = 60.0
"""A simulator gives way to the terminal: on a busy machine its first portrait takes long. One that is gone refuses at
once."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the program told about it, without the ``ok``."""

    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NotDone:
    """The program refused the verb, or did not answer."""

    reason: str


def tell(address: str, verb: str, arguments: dict[str, Any]) -> Done | NotDone:
    """``address`` is HOST:PORT, as told in the ready line of a program."""
    host, _, port = address.rpartition(":")
    request = json.dumps({**arguments, "do": verb}, ensure_ascii=False)
    try:
        with socket.create_connection((host, int(port)), timeout=ANSWER_S) as link, link.makefile("rw") as lines:
            lines.write(request + "\n")
            lines.flush()
            answer = json.loads(lines.readline())
            ok = answer.pop("ok")
    except (OSError, ValueError, KeyError, AttributeError, TypeError, OverflowError):
        return NotDone("no answer")
    return Done(answer) if ok else NotDone(str(answer.get("error")))
