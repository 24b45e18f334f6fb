"""A paper through a raw queue of CUPS. Its "completed" means that somebody took the bytes, so no paper is ever said
to be printed."""

import subprocess

from devices.printer.escpos.address import RawQueueAddress
from devices.printer.escpos.entry import Entry
from devices.printer.escpos.link import HandedOver, Link, LinkLost
from devices.printer.escpos.pieces import Pieces
from devices.printer.escpos.raw_queue_channel import RawQueueChannel
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_commands import CUT, INITIALISE, MOTION_UNIT_ONE_DOT
from kiosk.ports.print_journal import PrintStage
from kiosk.ports.printer import NotPrinted, PrintUnknown, PrintVerdict

_ANSWER_S = 5.0


def queue_status(address: RawQueueAddress) -> str | None:
    """Trouble in a stable word; None when the queue takes jobs."""
    try:
        asked = subprocess.run(  # noqa: S603  the queue's name is checked by its address
            ["lpstat", "-a", address.queue],  # noqa: S607  where CUPS has put it
            capture_output=True,
            timeout=_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unreachable"
    return "unreachable" if asked.returncode else None


def print_blindly(address: RawQueueAddress, pieces: Pieces, entry: Entry, settings: EscposSettings) -> PrintVerdict:
    """NOT PRINTED when the queue takes no job, else UNKNOWN."""
    trouble = queue_status(address)
    if trouble is not None:
        return NotPrinted(trouble)
    if not entry.reach(PrintStage.PRECHECKED) or not entry.reach(PrintStage.SENDING, len(pieces.bands)):
        return NotPrinted("journal-failing")
    try:
        link = Link(RawQueueChannel(address), settings.send_seconds)
    except OSError:
        return NotPrinted("unreachable")
    link.send(INITIALISE + MOTION_UNIT_ONE_DOT + b"".join(band.data for band in pieces.bands) + CUT)
    event = link.events.get()
    while not isinstance(event, HandedOver | LinkLost):
        event = link.events.get()
    entry.reach(PrintStage.SENT)
    try:
        link.close()
    except OSError:
        return PrintUnknown("queue-failed")
    return PrintUnknown("not-acknowledged")
