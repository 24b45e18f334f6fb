"""A host with nothing but a socket, and the few commands it needs."""

import socket
import threading

import cv2
import numpy as np

from simulators.printer.server import PrinterServer

CUT = b"\x1dVB\x00"
ONE_DOT = b"\x1dP\xcb\xcb"
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")


def job_end(job_id: bytes) -> bytes:
    return b"\x1d(H\x06\x00\x30\x30" + job_id


def raster(*rows: bytes) -> bytes:
    return b"\x1dv0\x00" + bytes((len(rows[0]), 0, len(rows), 0)) + b"".join(rows)


class Ledger:
    """Counts the printer's time instead of letting it pass."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


class Gate:
    """The head waits before its first row until it is ``open``."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def wait(self, seconds: float) -> None:
        assert self.open.wait(10)


class Host:
    """A bare socket to the printer."""

    def __init__(self, printer: PrinterServer, pace: Ledger) -> None:
        host, port = printer.address.split(":")
        self.printer = printer
        self.pace = pace
        self.socket = socket.create_connection((host, int(port)), timeout=10)

    def ask(self, data: bytes, answer_length: int) -> bytes:
        self.socket.sendall(data)
        answer = b""
        while len(answer) < answer_length:
            piece = self.socket.recv(answer_length - len(answer))
            assert piece, "the printer hung up"
            answer += piece
        return answer

    def is_silent(self, data: bytes, next_answer: bytes) -> bool:
        """``data`` is answered by nothing: what comes is only ``next_answer``, to ``DLE EOT 1``."""
        return self.ask(data + b"\x10\x04\x01", len(next_answer)) == next_answer

    def paper(self, number: int = -1) -> np.ndarray:
        picture = cv2.imread(str(self.printer.mechanism.papers[number]), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        return picture
