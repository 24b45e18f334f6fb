"""A receipt printer that speaks ESC/POS and tells when a job is printed."""

import secrets
import threading
from collections.abc import Sequence

from devices.printer.escpos.address import RawQueueAddress, parse_address
from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.entry import Entry
from devices.printer.escpos.job import Job, Patience
from devices.printer.escpos.leftover import CLEARED, IN_DOUBT, NOTHING, TORN_AT_START, Held, Leftover, left_at_start
from devices.printer.escpos.link import Link
from devices.printer.escpos.opening import open_channel
from devices.printer.escpos.pieces import Pieces, cut_into_pieces
from devices.printer.escpos.precheck import well_or_mended
from devices.printer.escpos.presenter import await_taking
from devices.printer.escpos.profile import PrinterProfile, profile_of
from devices.printer.escpos.raw_queue import print_blindly, queue_status
from devices.printer.escpos.roll_count import RollCount
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos.text_rows import HybridStrip, render_hybrid
from devices.printer.escpos_status import device_status
from devices.printer.fonts import FontProblem, check_fonts
from devices.printer.page import Bits, LayoutProblem
from devices.printer.render import render_strips
from kiosk.domain.paper import Paper
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import Unavailable
from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.print_journal import PrintJournal, PrintStage
from kiosk.ports.printer import Handover, NotPrinted, PaperLevel, Printed, PrinterStatus, PrintUnknown, PrintVerdict
from kiosk.printing.verdict import verdict


class EscposPrinter:
    """Connects anew for every job and status, so that a printer switched off and on needs no care.

    One job or status at a time; a status asked for while a paper prints is the last one known. An UNKNOWN job has the
    printer drop its buffers at once, over the same link or a new one. Until it confirms that, every status asks again
    and no job starts; the next one first cuts off what was left. Over TCP the request does not reach a printer whose
    receive buffer is full, so a job never has more on its way than ``buffer_bytes`` of the profile. What a printer
    with a smaller buffer, one that is dead, or one that cannot drop its buffers at all still holds comes out when it is
    mended, by itself and cut off: its number is void by then.

    A new driver cannot know how the last one ended, so its first status or job has the printer drop its buffers. A
    printer that does not confirm that still gets the job: the old connection died with the old driver, and a printer
    that never confirms would be shut out for good. It cuts first only if the journal's last paper is not known to be
    printed, since a cut on clean paper would hand the first citizen a blank strip.
    """

    def __init__(
        self,
        settings: EscposSettings,
        clock: Clock,
        journal: PrintJournal | None = None,
        roll: PaperRoll | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._journal = journal
        self._address = parse_address(settings.address)
        self._profile: PrinterProfile = profile_of(settings.profile)
        self._roll = RollCount(roll, self._profile.near_end_mm)
        self._busy = threading.Lock()
        self._number = 2 * secrets.randbelow(10**6)
        self._leftover = left_at_start(journal)
        self._asked_to_clear = False
        self._last_status = self._unavailable("no-answer")

    def status(self) -> PrinterStatus:
        fonts = check_fonts()
        if fonts is not None:
            return PrinterStatus(Unavailable(fonts.fault.value, fonts.remedy), PaperLevel.UNKNOWN)
        if self._busy.acquire(blocking=False):
            try:
                self._last_status = self._asked_status()
            finally:
                self._busy.release()
        return self._last_status

    def print(self, paper: Paper, job: str) -> PrintVerdict:
        """Renders before it connects. ``job`` is the paper's name in the journal; the printer gets a number."""
        strips = self._rendered(paper)
        match strips:
            case FontProblem() | LayoutProblem():
                return NotPrinted(strips.fault.value)
            case _:
                return self.print_dots(strips, job)

    def print_dots(self, strips: Sequence[Bits | HybridStrip], job: str) -> PrintVerdict:
        """As ``print``, of what is rendered already: strips of one job, each cut off by itself."""
        pieces = cut_into_pieces(strips, self._profile.cutter_mm, self._profile.buffer_bytes // 2)
        entry = Entry(self._journal, job)
        with self._busy:
            refused = entry.reserve(pieces, self._clock.now())
            if refused is not None:
                return refused
            result = self._printed(pieces, entry)
            entry.close(result)
            return result

    def hand_over(self, job: str) -> Handover:
        """A printer without a presenter drops the paper; nothing tells where it goes."""
        presenter = self._profile.presenter
        if presenter is None:
            return Handover.NO_PRESENTER
        entry = Entry(self._journal, job)
        with self._busy:
            entry.reach(PrintStage.PRESENTED)
            try:
                link = self._connect()
            except OSError:
                return Handover.UNKNOWN
            settings = self._settings
            way = await_taking(self._conversation(link), presenter, settings.take_seconds, settings.answer_seconds)
            link.close()
            if way in _SEEN:
                entry.reach(_SEEN[way])
            return way

    def close(self) -> None:
        """Waits for a running job; nothing stays open between jobs."""
        with self._busy:
            pass

    def _rendered(self, paper: Paper) -> Sequence[Bits | HybridStrip] | FontProblem | LayoutProblem:
        width, font = self._settings.paper_width, self._profile.font
        return render_strips(paper, width) if font is None else render_hybrid(paper, width, font)

    def _printed(self, pieces: Pieces, entry: Entry) -> PrintVerdict:
        if isinstance(self._address, RawQueueAddress):
            return print_blindly(self._address, pieces, entry, self._settings)
        try:
            link = self._connect()
        except OSError:
            return NotPrinted("unreachable")
        self._number += 2
        patience = Patience(self._settings.print_seconds, self._settings.send_seconds)
        work = Job(self._conversation(link), entry, self._profile, pieces, self._number, patience)
        progress = work.run(self._leftover, self._roll)
        result = verdict(progress)
        link.close(abort=isinstance(result, PrintUnknown))
        self._leftover = self._left_by(result, work)
        if self._leftover is IN_DOUBT:
            self._clear_anew()
        if progress.raster_bytes:
            self._roll.use(pieces.length_mm)
        return result

    def _left_by(self, result: PrintVerdict, work: Job) -> Leftover:
        match result:
            case Printed():
                return NOTHING if work.cut else TORN_AT_START
            case NotPrinted(reason):
                return self._with_cutter(reason)
            case PrintUnknown():
                return CLEARED if work.cleared else IN_DOUBT

    def _with_cutter(self, trouble: str | None) -> Leftover:
        """A cutter that sticks may have left the last paper uncut, although it was printed."""
        return Leftover(self._leftover.held, torn=True) if trouble == "cutter-jam" else self._leftover

    def _connect(self) -> Link:
        return Link(open_channel(self._address, self._settings.connect_seconds), self._settings.send_seconds)

    def _conversation(self, link: Link) -> Conversation:
        return Conversation(link, self._settings.answer_seconds, self._settings.cool_seconds)

    def _asked_status(self) -> PrinterStatus:
        detail = f"{self._settings.address}, {self._settings.paper_width} mm"
        if isinstance(self._address, RawQueueAddress):
            return PrinterStatus(device_status(queue_status(self._address), detail), PaperLevel.UNKNOWN)
        try:
            link = self._connect()
        except OSError:
            return self._unavailable("unreachable")
        conversation = self._conversation(link)
        state = well_or_mended(conversation, self._profile)
        if state is not None:
            self._leftover = self._with_cutter(state.trouble)
            self._clear(conversation)
        link.close()
        if state is None:
            return self._unavailable("no-answer")
        return PrinterStatus(device_status(state.trouble, detail), state.paper, self._roll.remaining(state.paper))

    def _clear_anew(self) -> None:
        """At once and over a link of its own: what a lost link left in the printer must not come out."""
        if not self._profile.confirms_clearing:
            return
        try:
            link = self._connect()
        except OSError:
            return
        self._clear(self._conversation(link))
        link.close(abort=self._leftover is IN_DOUBT)

    def _clear(self, conversation: Conversation) -> None:
        """A paper change may come before the next job: what a lost job left must not come out by it."""
        held = self._leftover.held
        if not self._profile.confirms_clearing or held is Held.NOTHING:
            return
        if held is Held.PERHAPS and self._asked_to_clear:
            return
        self._asked_to_clear = True
        if conversation.clear_buffers():
            self._leftover = Leftover(Held.NOTHING, self._leftover.torn)

    def _unavailable(self, reason: str) -> PrinterStatus:
        return PrinterStatus(device_status(reason, ""), PaperLevel.UNKNOWN)


_SEEN = {Handover.TAKEN: PrintStage.TAKEN, Handover.RETRACTED: PrintStage.RETRACTED}
