"""How a story ends: what stands on its paper, what was logged, and that nothing of the citizen is left."""

from collections.abc import Iterator

from kiosk.domain.audit_event import EventName
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.paper import Paper
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.flow.session_state import Attract
from tests.kiosk.documents import reading
from tests.kiosk.journeys.visit import DOCUMENT, NOW, SITE, Visit

NEVER = ("失败", "非本人", "活体检测不通过", "冒领")
NUMBER = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), SITE.terminal, 42)
"""The number that the terminal of a ``Visit`` issues."""


def decided(outcome: Outcome) -> HallDecision:
    """The hall's word where it knows no dates."""
    return HallDecision(NUMBER, outcome, None, None)


def words(paper: Paper) -> str:
    """Everything that stands on the paper, line by line."""
    return "\n".join(_lines(paper))


def _lines(paper: Paper) -> Iterator[str]:
    yield from filter(
        None,
        (
            paper.title,
            reading.band_text(paper),
            reading.band_note(paper),
            reading.key_label(paper),
            reading.key_fact(paper),
        ),
    )
    yield from filter(None, (reading.key_note(paper), reading.statement(paper), paper.verification_text))
    for group in reading.groups(paper):
        yield from (f"{field.label}: {field.value}" for field in group)
    for notes in reading.notes(paper):
        yield from (notes.heading, *notes.sentences)
    yield from paper.footer


def ended(visit: Visit) -> tuple[str, str]:
    """Outcome and reason, once the visit is over, wiped, and has told nobody who the citizen was."""
    assert visit.state.phase == Attract()
    names = [event.name for event in visit.logged]
    assert names.count(EventName.SESSION_WIPED) == names.count(EventName.SESSION_STARTED)
    for paper in visit.papers:
        assert not [word for word in NEVER if word in words(paper)]
        assert DOCUMENT.number.value not in words(paper)
        assert DOCUMENT.name.value not in words(paper)
    left = repr(visit.state) + repr(visit.logged)
    assert DOCUMENT.number.value not in left
    assert DOCUMENT.name.value not in left
    return visit.ending


def alerts(visit: Visit) -> list[str | None]:
    """Why staff were called, in order."""
    return visit.reasons(EventName.STAFF_ALERTED)
