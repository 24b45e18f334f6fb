"""One paper over one conversation: precheck, raster in bands, the printer's word, the cut."""

import time

from devices.printer.escpos.conversation import HEAD_HOT, Conversation
from devices.printer.escpos.entry import Entry
from devices.printer.escpos.leftover import Held, Leftover
from devices.printer.escpos.pieces import Piece, Pieces
from devices.printer.escpos.precheck import well_or_mended
from devices.printer.escpos.profile import PrinterProfile
from devices.printer.escpos.roll_count import RollCount
from devices.printer.escpos_commands import (
    AUTO_STATUS_OFF,
    AUTO_STATUS_ON,
    CUT,
    IN_ORDER_STATUS,
    INITIALISE,
    MOTION_UNIT_ONE_DOT,
    job_end_request,
)
from devices.printer.escpos_raster import BAND_ROWS
from kiosk.ports.print_journal import PrintStage
from kiosk.printing.verdict import (
    Acknowledged,
    BuffersDropped,
    CommandHandedOver,
    InOrderAnswered,
    Prechecked,
    PrecheckRefused,
    PrintersWord,
    PrintProgress,
    PrintStep,
    RasterHandedOver,
    StateRead,
    TroubleSeen,
    observe,
    shortest_seconds,
)

_ID_FIRST, _ID_DIGITS, _ID_COUNT = 0x20, 95, 95**4
_LOOK_S = 0.5
_LONGEST_BAND = BAND_ROWS * 576 // 8
_OFFLINE = 0x08


def job_id(number: int) -> bytes:
    """Four bytes of 20 to 7E for the ``number``-th job, repeating after 81 million."""
    number %= _ID_COUNT
    return bytes(_ID_FIRST + number // _ID_DIGITS**place % _ID_DIGITS for place in (3, 2, 1, 0))


class Job:
    """``number`` must be even; the odd one after it marks the cut. Every step is in ``entry`` before it is taken.

    ``cut`` says that the printer told of the cut too.
    """

    def __init__(
        self,
        conversation: Conversation,
        entry: Entry,
        profile: PrinterProfile,
        pieces: Pieces,
        number: int,
        print_seconds: float,
    ) -> None:
        self._conversation = conversation
        self._entry = entry
        self._profile = profile
        self._pieces = pieces
        self._id, self._cut_id = job_id(number), job_id(number + 1)
        self._print_seconds = print_seconds
        seconds = shortest_seconds(pieces.rows, profile.mm_per_second)
        self._progress = PrintProgress(self._id, profile.word, seconds)
        self._started = 0.0
        self._head_free_at = 0.0
        self.cut = False

    def run(self, leftover: Leftover, roll: RollCount) -> PrintProgress:
        """Blocks until the printer's word, trouble, or a deadline. First clears and cuts off what is ``leftover``."""
        if self._prechecked(leftover, roll) and self._raster_sent():
            self._entry.reach(PrintStage.SENT)
            self._finish()
        return self._progress

    def _finish(self) -> None:
        if self._profile.word is PrintersWord.JOB_END:
            self._await_job_end()
        else:
            self._await_status()
        if self._progress.acknowledged:
            self._entry.reach(PrintStage.ACKNOWLEDGED)
            self._send(AUTO_STATUS_OFF)
        else:
            paused = HEAD_HOT if self._conversation.paused else None
            self._give_up(self._conversation.trouble or paused or "no-acknowledgement")

    def _prechecked(self, leftover: Leftover, roll: RollCount) -> bool:
        if not self._cleared(leftover):
            return self._refuse("old-job-not-cleared")
        state = well_or_mended(self._conversation, self._profile)
        if state is None:
            return self._refuse(self._conversation.trouble or "no-answer")
        if state.trouble is not None:
            return self._refuse(state.trouble)
        room = roll.remaining(state.paper)
        if room is not None and self._pieces.length_mm > room:
            return self._refuse("paper-too-short")
        return self._begun(leftover.torn)

    def _begun(self, torn: bool) -> bool:
        """Sets the printer up and cuts off what is ``torn``."""
        begin = INITIALISE + MOTION_UNIT_ONE_DOT
        if self._profile.auto_status:
            begin += AUTO_STATUS_ON
        if torn:
            begin += CUT
        if not self._worked_off(begin):
            return self._refuse("no-answer")
        if self._conversation.trouble is not None:
            return self._refuse(self._conversation.trouble)
        self._observe(CommandHandedOver(len(begin)))
        if not self._entry.reach(PrintStage.PRECHECKED):
            return self._refuse("journal-failing")
        self._observe(Prechecked())
        return True

    def _cleared(self, leftover: Leftover) -> bool:
        """A printer that confirms no clearing has nothing left once it has worked off everything before a request. If
        it was left in the middle of a band, blank dots fill that up first; elsewhere they say nothing."""
        if leftover.held is Held.NOTHING:
            return True
        if self._profile.confirms_clearing:
            return self._conversation.clear_buffers() or leftover.held is Held.PERHAPS
        if leftover.torn:
            self._conversation.send(bytes(_LONGEST_BAND))
        in_order = self._conversation.in_order_status(seconds=self._print_seconds, until_trouble=True)
        return in_order or leftover.held is Held.PERHAPS

    def _worked_off(self, begin: bytes) -> bool:
        if self._profile.auto_status:
            return self._conversation.switch_on_auto_status(begin)
        return self._conversation.in_order_status(begin)

    def _raster_sent(self) -> bool:
        self._started = time.monotonic()
        for number, band in enumerate(self._pieces.bands, 1):
            if not self._entry.reach(PrintStage.SENDING, number) and number == 1:
                return self._refuse("journal-failing")
            count = self._conversation.hand_over(band.data)
            self._observe(RasterHandedOver(count, band.rows if count else 0))
            self._head_free_at = max(self._head_free_at, time.monotonic()) + self._head_seconds(band)
            self._look()
            if self._conversation.trouble is not None:
                self._give_up(self._conversation.trouble)
                return False
        return True

    def _look(self) -> None:
        """Asks a printer that does not tell by itself."""
        if self._profile.auto_status or self._conversation.trouble is not None:
            return
        online = self._conversation.real_time_status(1, self._print_seconds)
        if online is not None and online & _OFFLINE:
            self._read_state()

    def _read_state(self) -> None:
        state = self._conversation.state()
        if state is not None and state.trouble != HEAD_HOT:
            self._conversation.trouble = self._conversation.trouble or state.trouble

    def _await_job_end(self) -> None:
        self._send(job_end_request(self._id) + CUT + job_end_request(self._cut_id))
        if self._conversation.wait_for_job_end(self._id, self._print_seconds):
            self._observe(Acknowledged(self._id))
            self.cut = self._conversation.wait_for_job_end(self._cut_id)

    def _await_status(self) -> None:
        """The printer has read everything, the head has had the time it needs for each band since that left, and no
        sensor tells of trouble. The last band may have reached the printer only just before its answer."""
        self._conversation.send(IN_ORDER_STATUS)
        self._observe(CommandHandedOver(len(IN_ORDER_STATUS)))
        if not self._answered_in_order():
            return
        self._observe(InOrderAnswered())
        done_at = max(self._head_free_at, time.monotonic() + self._head_seconds(self._pieces.bands[-1]))
        while (left := done_at - time.monotonic()) > 0 and self._conversation.trouble is None:
            self._conversation.listen(min(left, _LOOK_S))
            self._look()
        state = self._conversation.state()
        if state is None or self._conversation.trouble is not None:
            return
        self._observe(StateRead(state.trouble, self._seconds()))
        if self._progress.acknowledged:
            self.cut = self._conversation.in_order_status(CUT)

    def _answered_in_order(self) -> bool:
        deadline = time.monotonic() + self._print_seconds
        while self._conversation.trouble is None and time.monotonic() < deadline:
            if self._conversation.in_order_answer(_LOOK_S):
                return True
            self._look()
        return False

    def _head_seconds(self, band: Piece) -> float:
        return shortest_seconds(band.advance, self._profile.mm_per_second)

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _send(self, data: bytes) -> None:
        self._observe(CommandHandedOver(self._conversation.hand_over(data)))

    def _refuse(self, reason: str) -> bool:
        self._observe(PrecheckRefused(reason))
        return False

    def _give_up(self, reason: str) -> None:
        """Has the printer drop what it still holds, so that nothing comes out after the verdict."""
        self._observe(TroubleSeen(reason))
        if self._profile.confirms_clearing and self._conversation.clear_buffers():
            self._observe(BuffersDropped())

    def _observe(self, step: PrintStep) -> None:
        self._progress = observe(self._progress, step)
