"""Messages between a driver and its child process over a socket pair: a head in JSON, a body in bytes.

A message is two big-endian unsigned 32-bit lengths, then the head, then the body. Pictures do not travel: they lie in
memory both share.
"""

import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct(">II")
_MOST = 1 << 20


class ChannelClosedError(Exception):
    """The other side is gone."""


def send(channel: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(head).encode()
    try:
        channel.sendall(_LENGTHS.pack(len(text), len(body)) + text + body)
    except TimeoutError:
        raise
    except OSError as problem:
        raise ChannelClosedError from problem


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes]:
    """The next message. ``ChannelClosedError`` at its end, ``TimeoutError`` when the socket's deadline passed."""
    head_size, body_size = _LENGTHS.unpack(_exactly(channel, _LENGTHS.size))
    if max(head_size, body_size) > _MOST:
        raise ChannelClosedError
    head: dict[str, Any] = json.loads(_exactly(channel, head_size))
    return head, _exactly(channel, body_size)


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        try:
            part = channel.recv(size - len(data))
        except TimeoutError:
            raise
        except OSError as problem:
            raise ChannelClosedError from problem
        if not part:
            raise ChannelClosedError
        data += part
    return bytes(data)
