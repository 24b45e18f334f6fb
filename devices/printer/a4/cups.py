"""One CUPS queue and, where it speaks IPP, the printer behind it."""

import os
import subprocess
from dataclasses import dataclass, replace

from devices.printer.a4.condition import CONDITION_ATTRIBUTES, Condition, PrinterState, condition_of
from devices.printer.a4.fate import Sighting
from devices.printer.a4.ipp_client import IppClient, IppServer, NoIppAnswer, server_of
from devices.printer.a4.ipp_message import Attributes, number, texts
from devices.printer.a4.ipp_queue import IppQueue
from devices.printer.a4.settings import A4CupsSettings
from kiosk.ports.printer import PaperLevel

_LP_OPTIONS = ("media=iso_a4_210x297mm", "sides=one-sided", "print-scaling=none", "document-format=application/pdf")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """``lp`` did not hand the document to CUPS; ``surely`` is False when it was cut short and CUPS may have it."""

    reason: str
    surely: bool


class CupsQueue:
    """Knows nothing by heart: every question goes to CUPS, and past it to the printer, anew."""

    def __init__(self, settings: A4CupsSettings) -> None:
        self._settings = settings
        self._cups = IppQueue(self._client(_cups_server(settings.server)), f"ipp://localhost/printers/{settings.queue}")

    def condition(self) -> Condition | NoIppAnswer:
        """The printer's own word before CUPS's. What CUPS reports of a queue at rest is what its last job met, so only
        the reasons of a queue at work or stopped count."""
        queue = self._cups.attributes((*CONDITION_ATTRIBUTES, "printer-error-policy"))
        if isinstance(queue, NoIppAnswer):
            return queue
        if texts(queue, "printer-error-policy") in (("retry-job",), ("retry-current-job",)):
            return Condition("queue-retries", PaperLevel.UNKNOWN)
        printer = self._printer_behind(queue)
        if printer is None:
            return _of_queue_alone(queue)
        attributes = printer.attributes(CONDITION_ATTRIBUTES)
        if isinstance(attributes, NoIppAnswer):
            return attributes
        own = condition_of(attributes)
        return own if own.trouble is not None else replace(own, trouble=_of_queue_alone(queue, reasons=()).trouble)

    def submit(self, document: bytes, name: str) -> NotTaken | None:
        """``lp`` returns when CUPS has the whole document on its disk."""
        command = ["lp", "-s", "-d", self._settings.queue, "-t", name]
        command += [part for option in _LP_OPTIONS for part in ("-o", option)]
        environment = os.environ | {"CUPS_SERVER": self._settings.server, "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603  the queue's name is checked by the settings, the rest is ours
                command,
                input=document,
                env=environment,
                timeout=self._settings.send_seconds,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except FileNotFoundError:
            return NotTaken("cups-client-missing", surely=True)
        except subprocess.TimeoutExpired:
            return NotTaken("no-answer", surely=False)
        return NotTaken("not-accepting", surely=True) if done.returncode else None

    def sighting(self, name: str) -> Sighting | NoIppAnswer | None:
        """None when CUPS knows no job of this name."""
        job = self._cups.job(name)
        if job is None or isinstance(job, NoIppAnswer):
            return job
        printer = self._printer()
        if printer is None:
            return Sighting(job, None, asked=False, askable=False)
        own = NoIppAnswer("no-answer") if isinstance(printer, NoIppAnswer) else printer.job(name)
        if isinstance(own, NoIppAnswer):
            return Sighting(job, None, asked=False, askable=True)
        return Sighting(job, own, asked=True, askable=True)

    def clear(self, prefix: str) -> bool | NoIppAnswer:
        """Asks for the end of every unfinished job of this name, in CUPS and in the printer; True once none is left.
        A printer that cannot be reached is left to CUPS, which holds no job for it any more."""
        left = self._cups.unfinished(prefix)
        if isinstance(left, NoIppAnswer):
            return left
        for job in left:
            self._cups.cancel(job)
        printer = self._printer()
        if printer is None or isinstance(printer, NoIppAnswer):
            return not left
        held = printer.unfinished(prefix)
        if isinstance(held, NoIppAnswer):
            return not left
        for job in held:
            printer.cancel(job)
        return not left and not held

    def forget(self, name: str) -> None:
        """Deletes the finished job with its document: no personal data stays in the spool."""
        job = self._cups.job(name)
        if job is not None and not isinstance(job, NoIppAnswer) and job.ended:
            self._cups.forget(job)

    def _printer(self) -> IppQueue | NoIppAnswer | None:
        queue = self._cups.attributes(("device-uri",))
        return queue if isinstance(queue, NoIppAnswer) else self._printer_behind(queue)

    def _printer_behind(self, queue: Attributes) -> IppQueue | None:
        """None for a printer without IPP."""
        for uri in texts(queue, "device-uri"):
            server = server_of(uri)
            if server is not None:
                return IppQueue(self._client(server), uri.partition("?")[0])
        return None

    def _client(self, server: IppServer) -> IppClient:
        return IppClient(server, self._settings.answer_seconds)


def _cups_server(address: str) -> IppServer:
    if address.startswith("/"):
        return IppServer(address)
    host, _, port = address.rpartition(":")
    return IppServer(host, int(port))


def _of_queue_alone(queue: Attributes, reasons: tuple[str, ...] | None = None) -> Condition:
    """``reasons`` in place of the queue's own."""
    at_rest = number(queue, "printer-state") == PrinterState.IDLE
    shown = () if at_rest else texts(queue, "printer-state-reasons")
    condition = condition_of({**queue, "printer-state-reasons": shown if reasons is None else reasons})
    paper = condition.paper if condition.trouble == "media-empty" else PaperLevel.UNKNOWN
    return replace(condition, paper=paper)
