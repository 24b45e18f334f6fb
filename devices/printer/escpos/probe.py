"""What a printer answers, found out without feeding paper, and what its font has: the profile of a make nobody wrote a
table row for."""

import json
from dataclasses import dataclass

from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.font_proof import proof_strip
from devices.printer.escpos.gb18030 import Coverage
from devices.printer.escpos.job import job_id
from devices.printer.escpos.profile import PresenterProfile, PrinterProfile
from devices.printer.escpos_commands import (
    AUTO_STATUS_OFF,
    AUTO_STATUS_ON,
    CUT,
    INITIALISE,
    MOTION_UNIT_ONE_DOT,
    job_end_request,
)
from kiosk.printing.verdict import PrintersWord

CAREFUL_MM_PER_SECOND = 100.0
"""Slower than any head of the last twenty years: a printer that has no word for the end of a job is believed late."""

_RETRACT = bytes((0x1D, 0x65, 0x02))
_MAKER, _MODEL = 66, 67


@dataclass(frozen=True, slots=True)
class Findings:
    """``real_time``: ``DLE EOT 1`` to ``4``; ``full_status``: ``DLE EOT 20``; ``clearing``: ``DLE DC4 8``;
    ``in_order``: ``GS r``; ``auto_status``: ``GS a``. ``job_end`` (``GS ( H``), ``maker`` and ``model`` (``GS I``) are
    None where they were not asked for or not told."""

    real_time: bool
    full_status: bool = False
    clearing: bool = False
    in_order: bool = False
    auto_status: bool = False
    job_end: bool | None = None
    maker: str | None = None
    model: str | None = None

    @property
    def usable(self) -> bool:
        """A printer that tells neither its state nor that it has read a job prints into the blue."""
        return self.real_time and self.in_order


def silent_findings(conversation: Conversation) -> Findings:
    """Asks only what no printer takes for text."""
    if conversation.state() is None:
        return Findings(real_time=False)
    return Findings(
        real_time=True,
        full_status=conversation.full_status() is not None,
        clearing=conversation.clear_buffers(),
        in_order=conversation.in_order_status(INITIALISE),
        auto_status=_tells_by_itself(conversation),
    )


def with_names(conversation: Conversation, found: Findings) -> Findings:
    """Also asks what an ignorant printer may take for a few letters; ``ESC @`` drops them before they are printed."""
    job_end = _ends_jobs(conversation)
    maker, model = conversation.name(_MAKER), conversation.name(_MODEL)
    conversation.send(INITIALISE)
    return Findings(
        found.real_time,
        found.full_status,
        found.clearing,
        found.in_order,
        found.auto_status,
        job_end,
        maker,
        model,
    )


def print_font_proof(conversation: Conversation, dots: int, seconds: float) -> bool:
    """A strip that shows what the font has; true when the printer has worked it off within ``seconds``."""
    strip = b"".join(command.data for command in proof_strip(dots).commands())
    return conversation.in_order_status(INITIALISE + MOTION_UNIT_ONE_DOT + strip + CUT, seconds, until_trouble=True)


def profile_from(
    found: Findings, dots: int, presenter: bool, source: str, font: Coverage | None = None
) -> PrinterProfile:
    """``presenter``: somebody saw that the printer has one; how it takes papers back is Custom's way. ``font`` is what
    somebody saw on the strip that shows it."""
    mouth = PresenterProfile(asked="full-status", retract=_RETRACT) if presenter and found.full_status else None
    return PrinterProfile(
        vendor=found.maker or "unknown",
        source=f"{source}{f', {found.model}' if found.model else ''}",
        dots=dots,
        word=PrintersWord.JOB_END if found.job_end else PrintersWord.STATUS,
        confirms_clearing=found.clearing,
        obeys_recovery=found.clearing,
        auto_status=found.auto_status,
        mm_per_second=CAREFUL_MM_PER_SECOND,
        font=font,
        presenter=mouth,
    )


def as_toml(profile: PrinterProfile) -> str:
    """A file that ``printer.profile`` of the settings may name."""
    values = profile.model_dump(mode="json", exclude_none=True)
    presenter = values.pop("presenter", None)
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    if presenter is not None:
        lines += ["", "[presenter]", *(f"{name} = {_toml(value)}" for name, value in presenter.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Text, truth and numbers are written as in JSON."""
    return json.dumps(value, ensure_ascii=False)


def _tells_by_itself(conversation: Conversation) -> bool:
    tells = conversation.switch_on_auto_status(AUTO_STATUS_ON)
    conversation.send(AUTO_STATUS_OFF)
    return tells


def _ends_jobs(conversation: Conversation) -> bool:
    mark = job_id(0)
    conversation.send(job_end_request(mark))
    return conversation.wait_for_job_end(mark)
