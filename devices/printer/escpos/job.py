"""One paper over one conversation: precheck, raster in bands, the printer's word, the cut."""

import time
from collections import deque
from dataclasses import dataclass

from devices.printer.escpos.conversation import HEAD_HOT, Conversation
from devices.printer.escpos.entry import Entry
from devices.printer.escpos.leftover import Held, Leftover
from devices.printer.escpos.pieces import Pieces
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
from kiosk.ports.print_journal import PrintStage
from kiosk.printing.verdict import (
    Acknowledged,
    BuffersDropped,
    CommandHandedOver,
    HeadRested,
    InOrderAnswered,
    Prechecked,
    PrecheckRefused,
    PrintersWord,
    PrintProgress,
    PrintStep,
    RasterHandedOver,
    RowsRead,
    StateRead,
    TroubleSeen,
    needed_seconds,
    observe,
    shortest_seconds,
)

_ID_FIRST, _ID_DIGITS, _ID_COUNT = 0x20, 95, 95**4
_LOOK_S, _GLANCE_S = 0.5, 0.1
_BANDS_A_STEP = 8
"""The journal is a disk: it hears of so many bands at once, before the first of them is sent."""
_OFFLINE = 0x08


def job_id(number: int) -> bytes:
    """Four bytes of 20 to 7E for the ``number``-th job, repeating after 81 million."""
    number %= _ID_COUNT
    return bytes(_ID_FIRST + number // _ID_DIGITS**place % _ID_DIGITS for place in (3, 2, 1, 0))


@dataclass(frozen=True, slots=True)
class _Unread:
    """A band on its way: the number of the ``GS r`` behind it, its bytes, and the paper's rows up to its end."""

    number: int
    count: int
    rows: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the printer may take to print its last rows, and to read one more band."""

    print_seconds: float
    send_seconds: float


class Job:
    """``number`` must be even; the odd one after it marks the cut. Every step is in ``entry`` before it is taken.

    ``cut`` says that the printer told of the cut too, ``cleared`` that it dropped what a job in doubt had left in it.
    """

    def __init__(
        self,
        conversation: Conversation,
        entry: Entry,
        profile: PrinterProfile,
        pieces: Pieces,
        number: int,
        patience: Patience,
    ) -> None:
        self._conversation = conversation
        self._entry = entry
        self._profile = profile
        self._pieces = pieces
        self._id, self._cut_id = job_id(number), job_id(number + 1)
        self._print_seconds = patience.print_seconds
        self._send_seconds = patience.send_seconds
        seconds = shortest_seconds(pieces.rows, profile.mm_per_second)
        self._progress = PrintProgress(self._id, profile.word, seconds)
        self._started = 0.0
        self._sent_rows = 0
        self._unread: deque[_Unread] = deque()
        self._hot = False
        self.cut = False
        self.cleared = False

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
            paused = HEAD_HOT if self._conversation.paused or self._hot else None
            self._give_up(self._conversation.trouble or paused or "no-acknowledgement")

    def _prechecked(self, leftover: Leftover, roll: RollCount) -> bool:
        """A printer that confirms clearing does so in any state; another one must be well to work off the old job."""
        if self._profile.confirms_clearing and not self._cleared(leftover):
            return self._refuse("old-job-not-cleared")
        state = well_or_mended(self._conversation, self._profile)
        if state is None:
            return self._refuse(self._conversation.trouble or "no-answer")
        if state.trouble is not None:
            return self._refuse(state.trouble)
        room = roll.remaining(state.paper)
        if room is not None and self._pieces.length_mm > room:
            return self._refuse("paper-too-short")
        if not self._profile.confirms_clearing and not self._worked_off_old(leftover):
            return self._refuse("old-job-not-cleared")
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
        return leftover.held is Held.NOTHING or self._conversation.clear_buffers() or leftover.held is Held.PERHAPS

    def _worked_off_old(self, leftover: Leftover) -> bool:
        """A printer that confirms no clearing has nothing left once it has worked off everything before a request. If
        it was left in the middle of a band, blank dots fill that up first; elsewhere they say nothing."""
        if leftover.held is Held.NOTHING:
            return True
        if leftover.torn:
            self._conversation.send(bytes(self._profile.buffer_bytes))
        in_order = self._conversation.in_order_status(seconds=self._print_seconds, until_trouble=True)
        return in_order or leftover.held is Held.PERHAPS

    def _worked_off(self, begin: bytes) -> bool:
        if self._profile.auto_status:
            return self._conversation.switch_on_auto_status(begin)
        return self._conversation.in_order_status(begin)

    def _raster_sent(self) -> bool:
        """Band by band, and never more on the way than the printer's buffer takes: what is asked or told in real time
        reaches a full one no more, and what is in it comes out when the printer is mended."""
        self._started = time.monotonic()
        written = 0
        for number, band in enumerate(self._pieces.bands, 1):
            if number > written:
                written = min(number + _BANDS_A_STEP - 1, len(self._pieces.bands))
                if not self._entry.reach(PrintStage.SENDING, written) and number == 1:
                    return self._refuse("journal-failing")
            if self._awaited_room(len(band.data)):
                count = self._conversation.hand_over_asking(band.data)
                self._sent_rows += band.advance
                self._unread.append(_Unread(self._conversation.asked_in_order, len(band.data), self._sent_rows))
                self._observe(RasterHandedOver(count, band.rows if count else 0))
            if self._conversation.trouble is not None:
                self._give_up(self._conversation.trouble)
                return False
        return True

    def _awaited_room(self, count: int) -> bool:
        self._note_read()
        while self._unread and sum(each.count for each in self._unread) + count > self._profile.buffer_bytes:
            if not self._read_up_to(self._unread[0].number, self._send_seconds):
                self._conversation.trouble = self._conversation.trouble or "send-stalled"
                return False
            self._note_read()
        return True

    def _read_up_to(self, number: int, seconds: float) -> bool:
        if self._profile.auto_status:
            return self._conversation.read_up_to(number, seconds)
        return self._read_up_to_asking(number, seconds)

    def _read_up_to_asking(self, number: int, seconds: float) -> bool:
        """Of a printer that does not tell by itself why it does not go on."""
        waited = hot = 0.0
        while self._conversation.trouble is None and waited < seconds and hot < self._conversation.cool_seconds:
            if self._conversation.read_up_to(number, _LOOK_S):
                return True
            self._look()
            waited, hot = (waited, hot + _LOOK_S) if self._hot else (waited + _LOOK_S, 0.0)
        return False

    def _note_read(self) -> None:
        while self._unread and len(self._conversation.read_at) >= self._unread[0].number:
            read = self._unread.popleft()
            moment = self._conversation.read_at[read.number - 1]
            self._observe(RowsRead(read.rows, moment - self._started))

    def _look(self) -> None:
        """Asks a printer that does not tell by itself."""
        if self._profile.auto_status or self._conversation.trouble is not None:
            return
        online = self._conversation.real_time_status(1, self._print_seconds)
        state = self._conversation.state() if online is not None and online & _OFFLINE else None
        self._hot = state is not None and state.trouble == HEAD_HOT
        if state is not None and not self._hot:
            self._conversation.trouble = self._conversation.trouble or state.trouble

    def _await_job_end(self) -> None:
        self._send(job_end_request(self._id) + CUT + job_end_request(self._cut_id))
        if self._conversation.wait_for_job_end(self._id, self._print_seconds):
            self._observe(Acknowledged(self._id))
            self.cut = self._conversation.wait_for_job_end(self._cut_id)

    def _await_status(self) -> None:
        """The printer has read everything, its head has had the time it needs, and no sensor tells of trouble."""
        number = self._conversation.ask_in_order()
        self._observe(CommandHandedOver(len(IN_ORDER_STATUS)))
        if not self._read_up_to(number, self._print_seconds):
            return
        self._note_read()
        self._observe(InOrderAnswered())
        if not self._head_done():
            return
        state = self._conversation.state()
        if state is None or self._conversation.trouble is not None:
            return
        self._observe(StateRead(state.trouble, self._seconds()))
        if self._progress.acknowledged:
            self.cut = self._conversation.in_order_status(CUT)

    def _head_done(self) -> bool:
        """False when it stays hot."""
        hot = 0.0
        while (left := needed_seconds(self._progress) - self._seconds()) > 0 and self._conversation.trouble is None:
            began, was_hot = self._seconds(), self._hot
            rested = self._conversation.resting_seconds()
            self._conversation.listen(min(left, _GLANCE_S))
            self._look()
            rest = self._conversation.resting_seconds() - rested
            if self._hot or was_hot:
                rest = self._seconds() - began
            self._observe(HeadRested(rest))
            hot += rest
            if hot > self._conversation.cool_seconds:
                return False
        return True

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
        self.cleared = self._profile.confirms_clearing and self._conversation.clear_buffers()
        if self.cleared:
            self._observe(BuffersDropped())

    def _observe(self, step: PrintStep) -> None:
        self._progress = observe(self._progress, step)
