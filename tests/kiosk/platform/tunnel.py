"""A proxy that knows CONNECT alone, on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress


class Tunnel:
    """``asked`` are the places it was asked for, in order; while it ``refuses`` it leads nowhere."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.refuses = False

    def carry(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = client.recv(4096)
            if not chunk:
                return
            head += chunk
        method, place, _ = head.decode().split(maxsplit=2)
        self.asked.append(place)
        if method != "CONNECT" or self.refuses:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        host, port = place.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(server, client))
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def tunnel() -> Iterator[Tunnel]:
    """One connection after the other."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Tunnel(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            while True:
                client, _ = listener.accept()
                with closing(client), suppress(OSError):
                    if over.is_set():
                        return
                    proxy.carry(client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield proxy
        finally:
            over.set()
            socket.create_connection(listener.getsockname()).close()
            thread.join()
