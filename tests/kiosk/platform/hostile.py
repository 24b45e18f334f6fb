"""Other sides a terminal may meet: one that answers as told, and a bad line to the real platform."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

Reply = Callable[[socket.socket, bytes, threading.Event], None]
"""Gets the connection, the whole request, and an event that says the test is over."""


@contextmanager
def answering(reply: Reply) -> Iterator[str]:
    """Yields the address of a server that treats its connections, one after the other, with ``reply``."""
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not over.is_set():
            connection, _ = listener.accept()
            with closing(connection), suppress(OSError):
                reply(connection, _request(connection), over)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            socket.create_connection(listener.getsockname()).close()
            thread.join()


def bad_line(address: str, spoil: Callable[[bytes], tuple[bytes, bool]]) -> Reply:
    """``spoil`` says what of a request reaches the platform at ``address``, and whether its answer comes back.
    After less than the whole request the line is dead on both sides."""
    host, port = address.removeprefix("http://").split(":")

    def reply(connection: socket.socket, request: bytes, _over: threading.Event) -> None:
        arriving, answered = spoil(request)
        with socket.create_connection((host, int(port))) as platform:
            platform.sendall(arriving)
            if arriving != request:
                return
            answer = b"".join(iter(lambda: platform.recv(65536), b""))
        if answered:
            connection.sendall(answer)

    return reply


def _request(connection: socket.socket) -> bytes:
    """Header and body of one request, as they came."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    header, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in header.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0].split(b":")[1]):
        body += _more(connection)
    return header + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(65536)
    if not chunk:
        raise ConnectionError("the other side left")
    return chunk
