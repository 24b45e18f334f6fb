"""The printer on its network port: one host at a time, answers on the same connection."""

import socket
import struct
import threading
from pathlib import Path
from typing import Any

from simulators.printer import status_bytes
from simulators.printer.interpreter import Interpreter
from simulators.printer.mechanism import Fault, Mechanism, Pace
from simulators.printer.receiver import CLEAR, RealTimeScanner, ReceiveBuffer

_LINGER_NOT = struct.pack("ii", 1, 0)
_READ = 4096


class PrinterServer:
    """Listens on 127.0.0.1:``port`` (0 picks one) once started; prints ``dots`` wide papers into ``out``.

    ``mm_per_second`` 0 prints as fast as it can; ``buffer`` is the receive buffer in bytes.
    """

    def __init__(
        self, out: Path, pace: Pace, *, port: int = 0, dots: int = 576, mm_per_second: float = 0, buffer: int = 65536
    ) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.mechanism = Mechanism(dots, out, pace, mm_per_second)
        self.mechanism.changed = self._send_auto_status
        self._interpreter = Interpreter(self.mechanism, self._answer)
        self._buffer = ReceiveBuffer(buffer)
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", port))
        self._port = self._listener.getsockname()[1]
        self._host: socket.socket | None = None
        self._host_lock = threading.Lock()
        self._closing = threading.Event()
        self._speaking = threading.Event()
        self._speaking.set()
        self._idle = threading.Semaphore(0)
        self.bytes_received = 0
        self._silent_at: int | None = None
        self._reset_at: int | None = None
        self._threads = [threading.Thread(target=self._work, name="printer-mechanism", daemon=True)]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self._take_hosts()

    def close(self) -> None:
        self._closing.set()
        self._speaking.set()
        self._buffer.end()
        self._buffer.clear()
        self.mechanism.close()
        self.unplug()
        for thread in self._threads:
            thread.join()

    # Verbs

    def fault(self, name: str, after_rows: int = 0) -> None:
        self.mechanism.set_fault(Fault(name, after_rows))

    def silence(self, after_bytes: int = 0) -> None:
        """Reads and answers nothing more once ``after_bytes`` more bytes have come, until ``speak``."""
        if after_bytes:
            self._silent_at = self.bytes_received + after_bytes
        else:
            self._speaking.clear()

    def speak(self) -> None:
        self._speaking.set()

    def reset(self, after_bytes: int = 0) -> None:
        """Resets the connection once ``after_bytes`` more bytes have come; what came before is still worked off."""
        self._reset_at = self.bytes_received + after_bytes
        if not after_bytes:
            with self._host_lock:
                if self._host is not None:
                    self._drop(self._host)
            self._reset_at = None

    def unplug(self) -> None:
        """Pulls the network cable: the connection is reset and none is taken; what came before is still printed."""
        with self._host_lock:
            listener, self._listener = self._listener, None
            if listener is None:
                return
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            if self._host is not None:
                self._drop(self._host)

    def plug(self) -> None:
        """Takes connections again, on the same port."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._port))
            self._take_hosts()

    def state(self) -> dict[str, Any]:
        return {
            "plugged": self._listener is not None,
            "papers": [str(path) for path in self.mechanism.papers],
            "bytes": self.bytes_received,
            "rows": self.mechanism.rows_printed,
            "unknown": self._interpreter.unknown_count,
            "unknown_hex": self._interpreter.unknown.hex(" "),
            "cover_open": self.mechanism.cover_open,
            "jammed": self.mechanism.jammed,
            "paper": self.mechanism.supply.value,
        }

    # Threads

    def _work(self) -> None:
        while not self._closing.is_set():
            self._interpreter.run(self._buffer)
            self._idle.release()
            self.mechanism.wait_until_resumed()

    def _take_hosts(self) -> None:
        assert self._listener is not None
        thread = threading.Thread(target=self._serve, args=(self._listener,), name="printer-port", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, listener: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                host, _ = listener.accept()
            except OSError:
                return
            with self._host_lock:
                if self._listener is not listener:
                    host.close()
                    return
                self._host = host
            self._interpreter.auto_status = False
            try:
                self._converse(host)
            except OSError:
                pass
            finally:
                with self._host_lock:
                    if self._host is host:
                        self._host = None
                host.close()

    def _converse(self, host: socket.socket) -> None:
        scanner = RealTimeScanner()
        while not self._closing.is_set():
            data = host.recv(_READ)
            if not data:
                return
            while data:
                self._speaking.wait()
                count = self._until_next_mark(len(data))
                self.bytes_received += count
                self._obey(data[:count], scanner)
                data = data[count:]
                if self._passed_reset_mark():
                    host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
                    return

    def _until_next_mark(self, available: int) -> int:
        marks = (self._silent_at, self._reset_at)
        return max(1, min([available, *(mark - self.bytes_received for mark in marks if mark is not None)]))

    def _passed_reset_mark(self) -> bool:
        """Also falls silent at that mark."""
        if self._silent_at is not None and self.bytes_received >= self._silent_at:
            self._silent_at = None
            self._speaking.clear()
        if self._reset_at is None or self.bytes_received < self._reset_at:
            return False
        self._reset_at = None
        return True

    def _obey(self, data: bytes, scanner: RealTimeScanner) -> None:
        kept = 0
        for command, end in scanner.scan(data):
            if command == CLEAR:
                kept = end
                self._clear()
                self._answer(status_bytes.BUFFERS_CLEARED)
            else:
                self._answer(status_bytes.real_time(command[2], self.mechanism))
        self._buffer.put(data[kept:])

    def _clear(self) -> None:
        self.mechanism.cancel()
        self._buffer.clear()
        self._idle.acquire()
        self._buffer.accept()
        self.mechanism.resume()

    def _answer(self, data: bytes) -> None:
        with self._host_lock:
            if self._host is not None and self._speaking.is_set():
                try:
                    self._host.sendall(data)
                except OSError:
                    return

    def _send_auto_status(self) -> None:
        if self._interpreter.auto_status:
            self._answer(status_bytes.automatic(self.mechanism))

    def _drop(self, host: socket.socket) -> None:
        host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._shut(host)

    @staticmethod
    def _shut(host: socket.socket) -> None:
        try:
            host.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
