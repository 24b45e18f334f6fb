"""Head and foot that every paper of a site has in common."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.documents.wording import TRAINING_MARK, closing, footer, marked_title
from kiosk.domain.paper import Block, Paper
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site


@dataclass(frozen=True, slots=True)
class Heading:
    """``issuer`` and ``subject`` may be empty, so has a queue ticket no ``title``."""

    title: str
    subject: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a paper can be known by. ``text`` stands beside the code: what to do with it."""

    number: ReceiptNumber
    verification: Verification | None
    text: str


def compose(
    site: Site,
    heading: Heading,
    blocks: tuple[Block, ...],
    printed_at: datetime,
    proof: Proof | None = None,
    last_lines: tuple[str, ...] = (),
) -> Paper:
    """``printed_at`` is in the hall's own time zone; ``last_lines`` are the footer's where they are not the site's
    common ones."""
    return Paper(
        hall=site.hall,
        marking=TRAINING_MARK if site.training else None,
        issuer=heading.issuer,
        subject=heading.subject,
        title=marked_title(site, heading.title),
        number=None if proof is None else proof.number,
        blocks=blocks,
        verification=None if proof is None else proof.verification,
        verification_text="" if proof is None else proof.text,
        footer=closing(site, *last_lines) if last_lines else footer(site, numbered=proof is not None),
        printed_at=f"{printed_at:%Y-%m-%d %H:%M}",
        terminal=site.terminal,
    )
