"""What a run proves, read back from what it left: the log, the papers, the gateway's records, the terminal's files."""

import base64
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import requests

from devices.code_scanner.image.driver import CodesFound, ImageScanner
from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.app.settings import TerminalSettings
from kiosk.audit.log import first_break
from kiosk.wire.keys import RegisteredTerminal
from kiosk.wire.paper_check import PaperKeys, Standing, check_paper
from kiosk.wire.record import CASE_KIND

PICTURE_MARKS = (b"WL\x66\x00\x7e\x00\x32\x00", b"WEBPVP8", b"JFIF")
"""How a chip portrait, its WebP and a JPEG crop begin."""

MATCHING = "Comparing"

_CASE_HEADER = f'"kind":"{CASE_KIND}"'.encode()
"""Stands in the header of a sealed case, which is all of it that can be read."""


@dataclass
class SessionRecord:
    """One session as the log tells it. ``receipt`` is the number of its record, None where it left none;
    ``steps`` are seconds, in order; ``matching`` the times it began and ended."""

    outcome: str = ""
    reason: str = ""
    receipt: str | None = None
    bytes_printed: int = 0
    steps: list[tuple[str, float]] = field(default_factory=list)
    matching: list[tuple[datetime, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Findings:
    """What lies readable in the terminal's files: whether a sealed case is among it, and ``traces`` of people as
    ``file: what``. Without the case a search that finds no trace proves nothing."""

    sealed_case: bool
    traces: tuple[str, ...]


def events(log: Path) -> list[dict[str, Any]]:
    """The lines of the terminal's log, none before there is one."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def sessions(events: list[dict[str, Any]]) -> list[SessionRecord]:
    """Every finished session in order."""
    found: list[SessionRecord] = []
    present = SessionRecord()
    step: tuple[str, datetime] | None = None
    for event in events:
        at = datetime.fromisoformat(event["at"])
        if event["event"] in ("step-entered", "session-ended") and step is not None:
            name, since = step
            present.steps.append((name, round((at - since).total_seconds(), 3)))
            if name == MATCHING:
                present.matching.append((since, at))
            step = None
        match event["event"]:
            case "session-started":
                present = SessionRecord()
            case "step-entered":
                step = (event["step"], at)
            case "record-queued":
                present.receipt = event["receipt"]
            case "print-finished":
                present.bytes_printed += int(event.get("figures", {}).get("bytes", 0))
            case "session-ended":
                present.outcome, present.reason = event["outcome"], event["reason"]
                found.append(present)
    return found


def alerts(events: list[dict[str, Any]]) -> tuple[str, ...]:
    """Reasons for which staff were called, in a session or outside, in order."""
    return tuple(event["reason"] for event in events if event["event"] == "staff-alerted")


def log_is_whole(log: Path) -> bool:
    return first_break(log) is None


def gateway_records(address: str) -> dict[str, dict[str, Any]]:
    """What the sandbox gateway says it holds, by receipt number."""
    answer = requests.get(f"{address}/v1/sandbox/records", timeout=10)
    answer.raise_for_status()
    return {record["receipt"]: record for record in answer.json()}


def codes_on(paper: Path) -> tuple[str, ...]:
    """The texts of the codes on a printed paper."""
    scanned = ImageScanner().scan_file(paper)
    return tuple(code.text for code in scanned.codes) if isinstance(scanned, CodesFound) else ()


def receipts_on(paper: Path, terminal: RegisteredTerminal) -> tuple[str, ...]:
    """Receipt numbers in its codes, as far as this terminal signed them."""
    keys = PaperKeys({terminal.terminal: (terminal.public_key,)}, None)
    found = (check_paper(text, keys) for text in codes_on(paper))
    return tuple(each[0].value for each in found if each is not None and each[1] is Standing.GENUINE)


def search_terminal(settings: TerminalSettings) -> Findings:
    """Searches the terminal's log and storage for everybody of the sandbox."""
    storage = settings.storage.path
    return search([settings.log, *sorted(storage.parent.glob(f"{storage.name}*"))], sandbox_people(date.today()))


def search(files: list[Path], people: tuple[SandboxPerson, ...]) -> Findings:
    """``files`` in any folders; a finding names the file and what stands in it."""
    contents = {file: file.read_bytes() for file in files}
    return Findings(
        any(_CASE_HEADER in content for content in contents.values()),
        tuple(
            f"{file.name}: {what}"
            for file, content in contents.items()
            for what, needle in _needles(people)
            if needle in content
        ),
    )


def _needles(people: tuple[SandboxPerson, ...]) -> Iterator[tuple[str, bytes]]:
    for person in people:
        for what, text in (("number", person.number.value), ("name", person.name.value), ("address", person.address)):
            for encoding in ("utf-8", "utf-16-le", "gb18030"):
                yield what, text.encode(encoding)
            yield what, base64.b64encode(text.encode()).rstrip(b"=")[:-1]
            yield what, json.dumps(text).strip('"').encode()
    for mark in PICTURE_MARKS:
        yield "picture", mark


def longest_gap_ms(frames: list[tuple[datetime, float]], spans: list[tuple[datetime, datetime]]) -> float | None:
    """The longest time between two frames, one of which may lie just outside, while any of ``spans`` ran."""
    longest: float | None = None
    for (before, _), (after, gap) in itertools.pairwise(frames):
        if any(before < end and after > begin for begin, end in spans):
            longest = max(longest or 0.0, gap * 1000)
    return longest
