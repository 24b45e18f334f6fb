"""Every event the terminal may log, declared once. Fields are the allow-list: a field not named here cannot be logged.

No field ever holds a name, a number, an address, a picture or a free text of the citizen's.
"""

from dataclasses import dataclass
from enum import Enum


class EventName(Enum):
    TERMINAL_STARTED = "terminal-started"
    SESSION_STARTED = "session-started"
    STEP_ENTERED = "step-entered"
    SESSION_ENDED = "session-ended"
    SESSION_WIPED = "session-wiped"
    CARD_NOT_READ = "card-not-read"
    ROSTER_NOT_ANSWERED = "roster-not-answered"
    ROSTER_FROM_SNAPSHOT = "roster-from-snapshot"
    LIVENESS_FINISHED = "liveness-finished"
    PRESENTATION_SUSPECTED = "presentation-suspected"
    FACE_COMPARED = "face-compared"
    RECORD_QUEUED = "record-queued"
    RECORD_NOT_QUEUED = "record-not-queued"
    RECORD_PUT_BACK = "record-put-back"
    DELIVERY_FINISHED = "delivery-finished"
    PRINT_FINISHED = "print-finished"
    PAPER_HANDED_OVER = "paper-handed-over"
    PAPER_CHANGED = "paper-changed"
    NUMBER_VOIDED = "number-voided"
    NUMBER_RENEWED = "number-renewed"
    STAFF_AUTHORISED = "staff-authorised"
    STAFF_NOT_AUTHORISED = "staff-not-authorised"
    STAFF_LOCKED_OUT = "staff-locked-out"
    STAFF_UNLOCKED = "staff-unlocked"
    CODE_NOT_TAKEN = "code-not-taken"
    COMPANION_SEEN = "companion-seen"
    STAFF_ALERTED = "staff-alerted"
    HELPER_PRESENT = "helper-present"
    DEVICE_UNAVAILABLE = "device-unavailable"
    DEVICE_READY = "device-ready"
    FACE_MODEL_REFUSED = "face-model-refused"
    KNOWLEDGE_RENEWED = "knowledge-renewed"
    KNOWLEDGE_NOT_RENEWED = "knowledge-not-renewed"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """``session`` is the terminal's running session count; the other fields are set where the event has them. ``staff``
    is a staff number, of whoever allowed something."""

    name: EventName
    session: int | None = None
    journey: str | None = None
    step: str | None = None
    outcome: str | None = None
    reason: str | None = None
    device: str | None = None
    receipt: str | None = None
    staff: str | None = None
    figures: tuple[tuple[str, float], ...] = ()
