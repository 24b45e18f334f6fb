"""One paper over one conversation: precheck, raster in bands, job mark, cut, and the acknowledgement."""

from collections.abc import Sequence

from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.leftover import Leftover
from devices.printer.escpos_commands import (
    AUTO_STATUS_OFF,
    AUTO_STATUS_ON,
    CUT,
    INITIALISE,
    MOTION_UNIT_ONE_DOT,
    job_end_request,
)
from devices.printer.escpos_raster import RasterCommand
from kiosk.printing.verdict import (
    Acknowledged,
    BuffersDropped,
    CommandHandedOver,
    PrecheckRefused,
    PrintProgress,
    PrintStep,
    RasterHandedOver,
    TroubleSeen,
    observe,
)

_ID_FIRST, _ID_DIGITS, _ID_COUNT = 0x20, 95, 95**4


def job_id(number: int) -> bytes:
    """Four bytes of 20 to 7E for the ``number``-th job, repeating after 81 million."""
    number %= _ID_COUNT
    return bytes(_ID_FIRST + number // _ID_DIGITS**place % _ID_DIGITS for place in (3, 2, 1, 0))


class Job:
    """``number`` must be even; the odd one after it marks the cut."""

    def __init__(self, conversation: Conversation, number: int, print_seconds: float) -> None:
        self._conversation = conversation
        self._id, self._cut_id = job_id(number), job_id(number + 1)
        self._print_seconds = print_seconds
        self._progress = PrintProgress(self._id)

    def run(self, commands: Sequence[RasterCommand], leftover: Leftover) -> PrintProgress:
        """Blocks until the printer's word, trouble, or a deadline. First clears and cuts off what is ``leftover``."""
        if not self._prechecked(leftover) or not self._raster_sent(commands):
            return self._progress
        self._send(job_end_request(self._id) + CUT + job_end_request(self._cut_id))
        if self._conversation.wait_for_job_end(self._id, self._print_seconds):
            self._observe(Acknowledged(self._id))
            self._conversation.wait_for_job_end(self._cut_id)
            self._send(AUTO_STATUS_OFF)
        else:
            self._give_up(self._conversation.trouble or "no-acknowledgement")
        return self._progress

    def _prechecked(self, leftover: Leftover) -> bool:
        cleared = leftover is Leftover.NOTHING or self._conversation.clear_buffers()
        if leftover is Leftover.KNOWN and not cleared:
            return self._refuse("old-job-not-cleared")
        state = self._conversation.state()
        if state is None:
            return self._refuse(self._conversation.trouble or "no-answer")
        if state.trouble is not None:
            return self._refuse(state.trouble)
        begin = INITIALISE + MOTION_UNIT_ONE_DOT + AUTO_STATUS_ON + (CUT if leftover.on_paper else b"")
        if not self._conversation.switch_on_auto_status(begin):
            return self._refuse("no-answer")
        if self._conversation.trouble is not None:
            return self._refuse(self._conversation.trouble)
        self._observe(CommandHandedOver(len(begin)))
        return True

    def _raster_sent(self, commands: Sequence[RasterCommand]) -> bool:
        for command in commands:
            count = self._conversation.hand_over(command.data)
            self._observe(RasterHandedOver(count, command.rows if count else 0))
            if self._conversation.trouble is not None:
                self._give_up(self._conversation.trouble)
                return False
        return True

    def _send(self, data: bytes) -> None:
        self._observe(CommandHandedOver(self._conversation.hand_over(data)))

    def _refuse(self, reason: str) -> bool:
        self._observe(PrecheckRefused(reason))
        return False

    def _give_up(self, reason: str) -> None:
        """Has the printer drop what it still holds, so that nothing comes out after the verdict."""
        self._observe(TroubleSeen(reason))
        if self._conversation.clear_buffers():
            self._observe(BuffersDropped())

    def _observe(self, step: PrintStep) -> None:
        self._progress = observe(self._progress, step)
