"""What a printer says of itself over IPP (RFC 8011, 5.4.11 and 5.4.12; PWG 5100.9) as one judgement."""

from dataclasses import dataclass
from enum import IntEnum

from devices.printer.a4.ipp_message import Attributes, number, texts
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.printer import PaperLevel

CONDITION_ATTRIBUTES = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri")

REMEDIES = {
    "media-empty": "put A4 paper into the tray and push the tray in",
    "media-jam": "open the printer and take out all of the jammed sheet",
    "cover-open": "close every door and tray of the printer",
    "toner-empty": "put in a new toner or ink cartridge",
    "output-full": "empty the printer's output tray",
    "printer-error": "read the printer's display; switch it off and on; call service if it stays",
    "offline": "switch the printer on and wake it; then `cupsenable QUEUE` if the queue stays stopped",
    "not-accepting": "`cupsaccept QUEUE`: the queue refuses new jobs",
    "no-answer": "check that CUPS runs (`systemctl status cups`) and that the printer is awake",
    "unreachable": "check that CUPS runs, and the printer's power and network cable",
    "queue-retries": "`lpadmin -p QUEUE -o printer-error-policy=abort-job`: a queue that retries prints a paper twice",
    "no-such-queue": "make the queue with `lpadmin`, or correct its name in the settings",
}

_WORDS = {
    "media-jam": "media-jam",
    "cover-open": "cover-open",
    "door-open": "cover-open",
    "interlock-open": "cover-open",
    "input-tray-missing": "cover-open",
    "media-empty": "media-empty",
    "media-needed": "media-empty",
    "toner-empty": "toner-empty",
    "marker-supply-empty": "toner-empty",
    "developer-empty": "toner-empty",
    "output-area-full": "output-full",
    "output-tray-missing": "output-full",
    "marker-waste-full": "printer-error",
    "fuser-over-temp": "printer-error",
    "fuser-under-temp": "printer-error",
    "opc-life-over": "printer-error",
    "interpreter-resource-unavailable": "printer-error",
    "cups-missing-filter": "printer-error",
    "cups-insecure-filter": "printer-error",
    "connecting-to-device": "unreachable",
    "offline": "offline",
    "shutdown": "offline",
    "timed-out": "offline",
    "paused": "offline",
    "moving-to-paused": "offline",
}
"""In the order in which a technician sees to them."""


class PrinterState(IntEnum):
    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True)
class Condition:
    """``trouble`` is None when the printer would print; ``warning`` is then what may keep it from that: printers warn
    of an empty tray they do not need, but also of the one they do."""

    trouble: str | None
    paper: PaperLevel
    warning: str | None = None


def condition_of(attributes: Attributes) -> Condition:
    """A reason with the suffix -warning or -report does not stop the printer; without suffix it counts as an error."""
    reasons = [_reason(keyword) for keyword in texts(attributes, "printer-state-reasons")]
    errors = {word for word, stops in reasons if stops}
    words = {word for word, _ in reasons}
    trouble = next((_WORDS[word] for word in _WORDS if word in errors), None)
    if trouble is None and number(attributes, "printer-state") == PrinterState.STOPPED:
        trouble = "offline"
    if trouble is None and attributes.get("printer-is-accepting-jobs") == (False,):
        trouble = "not-accepting"
    return Condition(trouble, _level(trouble, words), next((_WORDS[word] for word in _WORDS if word in words), None))


def device_status(trouble: str | None, detail: str) -> DeviceStatus:
    """``Ready(detail)``, or what a technician does about ``trouble``."""
    return Ready(detail) if trouble is None else Unavailable(trouble, REMEDIES[trouble])


def _level(trouble: str | None, words: set[str]) -> PaperLevel:
    if trouble == "media-empty":
        return PaperLevel.EMPTY
    return PaperLevel.LOW if words & {"media-low", "media-empty", "media-needed"} else PaperLevel.ENOUGH


def _reason(keyword: str) -> tuple[str, bool]:
    """The word without its suffix, and whether it stops the printer."""
    for suffix in ("-warning", "-report"):
        if keyword.endswith(suffix):
            return keyword.removesuffix(suffix), False
    return keyword.removesuffix("-error"), True
