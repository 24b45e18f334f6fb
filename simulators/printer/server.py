"""The printer behind its port: what arrives is obeyed or buffered, and faults strike when they are due."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulators.printer import status_bytes
from simulators.printer.agenda import Agenda, Moment, Progress
from simulators.printer.interpreter import Interpreter
from simulators.printer.mechanism import Mechanism, Roll
from simulators.printer.pace import Pace
from simulators.printer.personality import EPSON, Personality
from simulators.printer.ports import Port, TcpPort
from simulators.printer.presenter import Presenter
from simulators.printer.receiver import CLEAR, FULL_STATUS, POWER_OFF, RealTimeScanner, ReceiveBuffer
from simulators.printer.running_ahead import RunningAhead

_XON, _XOFF = b"\x11", b"\x13"


class PrinterServer:
    """Prints ``dots`` wide papers into ``out``; listens on 127.0.0.1:``port`` (0 picks one), or on ``line``.

    ``mm_per_second`` 0 prints as fast as it can; ``buffer`` is the receive buffer in bytes. ``handshake`` is what a
    full buffer does: ``busy`` stops reading, ``xon-xoff`` asks the host to stop and go on, ``none`` loses bytes.
    ``head_stops`` is called when the head has to start afresh.
    """

    def __init__(
        self,
        out: Path,
        pace: Pace,
        *,
        port: int = 0,
        line: Port | None = None,
        dots: int = 576,
        mm_per_second: float = 0,
        buffer: int = 65536,
        handshake: str = "busy",
        personality: Personality = EPSON,
        presenter: Presenter | None = None,
        roll: Roll | None = None,
        head_stops: Callable[[], None] = lambda: None,
    ) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._agenda = Agenda()
        self.mechanism = Mechanism(dots, out, pace, mm_per_second, self._agenda, head_stops, presenter, roll)
        self.mechanism.changed = self._report_change
        self.port = line if line is not None else TcpPort(port)
        self.bytes_received = 0
        self.bytes_lost = 0
        self.pulses = 0
        self._personality = personality
        self._handshake = handshake
        self._ahead = RunningAhead(self.mechanism, personality.rows_ahead) if personality.rows_ahead else None
        self._interpreter = Interpreter(self.mechanism, self._ahead or self.mechanism, personality, self.port.send)
        self._buffer = ReceiveBuffer(buffer, self.mechanism.head_stops, self._steer_host)
        self._scanner = RealTimeScanner()
        self._powered = True
        self._power_lock = threading.Lock()
        self._steering = threading.Lock()
        self._closing = threading.Event()
        self._idle = threading.Event()
        self._reported = status_bytes.automatic(self.mechanism)
        self._worker = threading.Thread(target=self._work, name="printer-mechanism", daemon=True)

    @property
    def address(self) -> str:
        return self.port.address

    def start(self) -> None:
        self._worker.start()
        if self._ahead is not None:
            self._ahead.thread.start()
        self.port.start(self)

    def close(self) -> None:
        self._closing.set()
        self._buffer.end()
        self._buffer.release()
        self._buffer.clear()
        self.mechanism.close()
        if self._ahead is not None:
            self._ahead.close()
        self.port.close()
        self._worker.join()

    # Faults

    def fault(self, name: str, after_rows: int = 0) -> None:
        """One of the mechanism's happenings, now or ``after_rows`` more rows."""
        self.at(Moment(Progress.ROWS, after_rows), lambda: self.mechanism.happen(name))

    def at(self, moment: Moment, action: Callable[[], None]) -> None:
        """``action`` is one of the methods below, or ``mechanism.happen``."""
        self._agenda.add(moment, action)

    def silence(self, after_bytes: int = 0) -> None:
        """Reads and answers nothing more once ``after_bytes`` more bytes have come, until ``speak``."""
        self.at(Moment(Progress.BYTES, after_bytes), self.port.pause)

    def speak(self) -> None:
        if self._powered:
            self.port.resume()

    def reset(self, after_bytes: int = 0) -> None:
        """Resets the connection once ``after_bytes`` more bytes have come; what came before is still worked off."""
        self.at(Moment(Progress.BYTES, after_bytes), self.drop_host)

    def drop_host(self) -> None:
        self._buffer.release()
        self.port.reset()

    def unplug(self) -> None:
        """Pulls the cable: the connection is reset and none is taken; what came before is still printed."""
        self._buffer.release()
        own = (self._worker, self._ahead.thread if self._ahead is not None else None)
        self.port.unplug(wait=threading.current_thread() not in own)

    def plug(self) -> None:
        """Takes connections again, at the same address."""
        self.port.plug()

    def power_off(self) -> None:
        """Buffer and settings are lost and the strip that was being printed may be torn off. The host hears nothing,
        neither an answer nor that the link has gone."""
        with self._power_lock:
            if not self._powered:
                return
            self._powered = False
            self.port.pause()
            self._drop_work()
            self._buffer.release()
            self.mechanism.tear()

    def power_on(self) -> None:
        """Empty and with its settings of the factory; a network host learns that its connection is gone."""
        if self._powered:
            return
        self._idle.wait()
        self._interpreter.initialise()
        with self._power_lock:
            self._powered = True
            self._take_up_work()
        if isinstance(self.port, TcpPort):
            self.port.reset()
        self.port.resume()

    def state(self) -> dict[str, Any]:
        mechanism = self.mechanism
        return {
            "personality": self._personality.name,
            "plugged": self.port.plugged,
            "powered": self._powered,
            "papers": [str(path) for path in mechanism.papers],
            "bytes": self.bytes_received,
            "bytes_lost": self.bytes_lost,
            "within_reach": [str(path) for path in mechanism.within_reach()],
            "rows": mechanism.rows_printed,
            "rows_hanging": mechanism.rows_hanging,
            "paper_left_mm": mechanism.paper_left_mm,
            "head_stops": mechanism.stops,
            "pulses": self.pulses,
            "text": self._interpreter.text,
            "unknown": self._interpreter.unknown_count,
            "unknown_hex": self._interpreter.unknown.hex(" "),
            "cover_open": mechanism.cover_open,
            "jammed": mechanism.jammed,
            "cutter_stuck": mechanism.cutter_stuck,
            "head_hot": mechanism.head_hot,
            "paper": mechanism.supply.value,
            "presenter": mechanism.presenter.state() if mechanism.presenter else None,
        }

    # What the port calls

    def host_arrived(self) -> None:
        self._scanner = RealTimeScanner()
        self._interpreter.settings.auto_status = False

    def receive(self, data: bytes) -> int:
        count = self._agenda.until_next(Progress.BYTES, len(data))
        self.bytes_received += count
        self._obey(data[:count])
        self._agenda.advance(Progress.BYTES, count)
        return count

    # Threads

    def _work(self) -> None:
        while not self._closing.is_set():
            self._idle.clear()
            self._interpreter.run(self._buffer)
            self._idle.set()
            self.mechanism.wait_until_resumed()

    def _obey(self, data: bytes) -> None:
        kept = 0
        for command, end in self._scanner.scan(data):
            if self._act_at_once(command):
                kept = end
        self._store(data[kept:])

    def _store(self, data: bytes) -> None:
        if not self._powered:
            return
        if self._handshake == "busy" or (self._handshake == "xon-xoff" and self.port.host_obeys_xoff):
            self._buffer.put(data)
        else:
            self.bytes_lost += self._buffer.squeeze(data)
        self._steer_host()

    def _steer_host(self) -> None:
        """Whoever put bytes in and whoever took some out: what is told last is what is so."""
        if self._handshake != "xon-xoff":
            return
        with self._steering:
            stop = self._buffer.flow()
            if stop is not None:
                self.port.send(_XOFF if stop else _XON)

    def _act_at_once(self, command: bytes) -> bool:
        """True when the buffers were cleared: what came before this command is gone."""
        settings = self._interpreter.settings
        match command[:2]:
            case b"\x10\x04":
                self.port.send(self._real_time_status(command))
            case b"\x10\x05" if self._personality.clears and self.mechanism.in_error:
                return self._recover(clearing=command[2] == 2)
            case b"\x10\x14" if command == CLEAR and self._personality.clears:
                self._clear()
                self.port.send(status_bytes.BUFFERS_CLEARED)
                return True
            case b"\x10\x14" if command == POWER_OFF:
                if self._personality.pulses and settings.power_off_allowed:
                    self.power_off()
            case b"\x10\x14" if command[2] == 1 and self._personality.pulses and settings.pulse_allowed:
                self.pulses += 1
        return False

    def _real_time_status(self, command: bytes) -> bytes:
        if command == FULL_STATUS:
            return status_bytes.full(self.mechanism) if self.mechanism.presenter else b""
        return status_bytes.real_time(command[2], self.mechanism)

    def _recover(self, clearing: bool) -> bool:
        if clearing:
            self._clear()
        self.mechanism.recover()
        return clearing

    def _clear(self) -> None:
        self._drop_work()
        self._idle.wait()
        with self._power_lock:
            if self._powered:
                self._take_up_work()

    def _drop_work(self) -> None:
        self.mechanism.cancel()
        if self._ahead is not None:
            self._ahead.cancel()
        self._buffer.clear()

    def _take_up_work(self) -> None:
        if self._ahead is not None:
            self._ahead.resume()
        self._buffer.accept()
        self.mechanism.resume()
        self._steer_host()

    def _report_change(self) -> None:
        status = status_bytes.automatic(self.mechanism)
        changed, self._reported = status != self._reported, status
        if changed and self._interpreter.settings.auto_status:
            self.port.send(status)
        if self._interpreter.settings.auto_full_status:
            self.port.send(status_bytes.full(self.mechanism))
