"""The four real-time status bytes of ESC/POS (``DLE EOT 1`` to ``4``) as one judgement."""

from dataclasses import dataclass

from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import PaperLevel

REMEDIES = {
    "media-empty": "put in a new roll of paper",
    "cover-open": "close the printer's cover",
    "media-jam": "open the cover, take out jammed paper and free the cutter",
    "cutter-jam": "open the cover, free the cutter's blade, close the cover",
    "head-hot": "wait until the head has cooled down; keep the printer's vents free",
    "printer-error": "switch the printer off and on; call service if it stays",
    "presenter-full": "empty the bin behind the printer's mouth",
    "paper-not-taken": "take the paper out of the printer's mouth",
    "offline": "press the feed button or switch the printer off and on",
    "no-answer": "check that the printer is switched on and speaks ESC/POS status",
    "unreachable": "check the printer's power, cable and address",
}


def device_status(trouble: str | None, detail: str) -> DeviceStatus:
    """``Ready(detail)``, or what a technician does about ``trouble``."""
    return Ready(detail) if trouble is None else Unavailable(trouble, REMEDIES[trouble])


@dataclass(frozen=True, slots=True)
class PrinterState:
    """``trouble`` is None when the printer would print."""

    trouble: str | None
    paper: PaperLevel


def printer_state(online: int, cause: int, error: int, paper: int) -> PrinterState:
    """From the answers to n = 1 (printer), 2 (offline cause), 3 (error) and 4 (paper sensors)."""
    return PrinterState(_trouble(online, cause, error, paper), _paper_level(paper))


def error_trouble(error: int) -> str | None:
    """Of the error bits, which ``DLE EOT 3`` and the second byte of an automatic status share: 2 mechanics, 3 cutter,
    5 unrecoverable, 6 recovers by itself, which is the head's heat."""
    if error & 0x08:
        return "cutter-jam"
    if error & 0x04:
        return "media-jam"
    if error & 0x20:
        return "printer-error"
    return "head-hot" if error & 0x40 else None


def _trouble(online: int, cause: int, error: int, paper: int) -> str | None:
    if paper & 0x60:
        return "media-empty"
    if cause & 0x04:
        return "cover-open"
    return error_trouble(error) or ("offline" if online & 0x08 else None)


def _paper_level(paper: int) -> PaperLevel:
    if paper & 0x60:
        return PaperLevel.EMPTY
    return PaperLevel.LOW if paper & 0x0C else PaperLevel.ENOUGH
