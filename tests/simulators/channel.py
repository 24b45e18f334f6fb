"""The control channel of a simulator that runs as a program, as any other program would use it."""

import json
import socket


def tell(control: str, request: dict[str, object]) -> dict[str, object]:
    host, port = control.split(":")
    with socket.create_connection((host, int(port))) as channel, channel.makefile("rw") as lines:
        lines.write(json.dumps(request) + "\n")
        lines.flush()
        answer = json.loads(lines.readline())
        assert isinstance(answer, dict)
        return answer
