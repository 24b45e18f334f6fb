"""A raw queue of CUPS: bytes go in by ``lp``, and nothing ever comes back from the printer."""

import os
import subprocess

from devices.printer.escpos.address import RawQueueAddress
from devices.printer.escpos.channel import DescriptorChannel

_END_S = 10.0


class RawQueueChannel:
    """One job of the queue, from the opening to the closing. ``OSError`` when ``lp`` cannot be started.

    A whole job is kept by ``lp`` until its input ends; an aborted one is killed before that and never queued.
    """

    def __init__(self, address: RawQueueAddress) -> None:
        self._lp = subprocess.Popen(  # noqa: S603  the queue's name is checked by its address
            ["lp", "-s", "-d", address.queue, "-o", "raw", "-"],  # noqa: S607  where CUPS has put it
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._lp.stdin is not None
        self._input = self._lp.stdin
        self._pipe = DescriptorChannel(self._input.fileno())
        self._nothing, self._never = os.pipe()
        self._answers = DescriptorChannel(self._nothing)

    def write(self, data: bytes, wait_s: float) -> int:
        return self._pipe.write(data, wait_s)

    def read(self) -> bytes:
        return self._answers.read()

    def wake(self) -> None:
        self._answers.wake()

    def close(self, abort: bool) -> None:
        """``OSError`` when the queue did not take the job."""
        if abort:
            self._lp.kill()
        self._input.close()
        self._pipe.close_waker()
        self._answers.close_waker()
        os.close(self._nothing)
        os.close(self._never)
        code = self._lp.wait(_END_S)
        if code and not abort:
            raise OSError(f"lp ended with {code}")
