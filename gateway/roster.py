"""The roster (待遇人员名册): one line a person. Each function runs in its caller's transaction."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row
from sqlalchemy.orm import Session

from gateway.decide import RosterLine, Verdict, entry_on
from gateway.numbers import aware
from gateway.sandbox import OFFICE, OFFICE_PHONE, SCHEME, SandboxPerson, sandbox_people
from gateway.settings import DecisionPolicy
from gateway.tables import Base, Beneficiary
from kiosk.domain.eligibility import ConfirmationSource
from kiosk.wire.messages import (
    DocumentBlockedMessage,
    DocumentMessage,
    IdentityPausedMessage,
    NameMismatchMessage,
    NotInRosterMessage,
    RosterEntryMessage,
    RosterQuery,
)

PERSON = Base.metadata.tables[Beneficiary.__tablename__]
LINE: list[Column[Any]] = [PERSON.c[name] for name in ("number", *(each.name for each in fields(RosterLine)))]
"""The columns of a person's line, which ``line_of`` reads, behind the number."""
CHANGING = ("confirmed_on", "due_on", "source", "resume_requested", "paused_until")
"""The columns that ``confirmed`` and ``paused`` change. Neither empties one."""

RosterMessage = (
    RosterEntryMessage | NotInRosterMessage | NameMismatchMessage | DocumentBlockedMessage | IdentityPausedMessage
)


def find_entry(session: Session, query: RosterQuery, now: datetime, policy: DecisionPolicy) -> RosterMessage:
    person = session.get(Beneficiary, query.number)
    if person is None or not _asked_of(person, query.area, policy):
        return NotInRosterMessage()
    if person.name != query.name:
        return NameMismatchMessage()
    if person.blocked:
        return DocumentBlockedMessage()
    line = line_of(person)
    if line.paused_until is not None and now < line.paused_until:
        return IdentityPausedMessage()
    return RosterEntryMessage.of(entry_on(line, now.date(), policy))


def line_of(person: Beneficiary | Row[Any]) -> RosterLine:
    """``person`` may be a row with its columns."""
    return RosterLine(
        name=person.name,
        scheme=person.scheme,
        area=person.area,
        status=person.status,
        confirmed_on=person.confirmed_on,
        due_on=person.due_on,
        source=person.source,
        office=person.office,
        office_phone=person.office_phone,
        other_place=person.other_place,
        blocked=person.blocked,
        paused_until=None if person.paused_until is None else aware(person.paused_until),
    )


def confirm(person: Beneficiary, verdict: Verdict) -> None:
    for column, value in confirmed(person.other_place, verdict).items():
        setattr(person, column, value)


def confirmed(other_place: bool, verdict: Verdict) -> dict[str, Any]:
    """The columns of a person's line that a pass changes. A suspended beneficiary stays so until the agency resumes
    payment next month, as the terminal asked (E-09)."""
    source = ConfirmationSource.OTHER_PLACE if other_place else ConfirmationSource.FACE_KIOSK
    changed = {"confirmed_on": verdict.confirmed_on, "due_on": verdict.next_due, "source": source}
    return changed if verdict.resumes_on is None else {**changed, "resume_requested": verdict.confirmed_on}


def paused(so_far: datetime | None, since: datetime, policy: DecisionPolicy) -> dict[str, Any]:
    """The columns that a suspicion changes. Served at a desk only for a while (E-14); a longer pause that runs already
    stays. Other channels go on."""
    until = since + timedelta(hours=policy.pause_hours)
    return {"paused_until": until} if so_far is None or aware(so_far) < until else {}


def settle_sandbox(session: Session, today: date) -> None:
    """Puts every made-up person where ``sandbox_people`` has them on ``today``; records stay."""
    for person in sandbox_people(today):
        if person.in_roster:
            session.merge(_beneficiary(person, today))


def _asked_of(person: Beneficiary, area: str | None, policy: DecisionPolicy) -> bool:
    """A roster knows its own people and those another province's roster has registered here (E-31)."""
    if area is None:
        return policy.home_area in (None, person.area) or person.other_place
    return person.area == area


def _beneficiary(person: SandboxPerson, today: date) -> Beneficiary:
    return Beneficiary(
        number=person.number.value,
        name=person.roster_name.value,
        scheme=SCHEME,
        area=person.area,
        status=person.status,
        confirmed_on=person.last_pass,
        due_on=person.due_on,
        source=person.source,
        office=OFFICE,
        office_phone=OFFICE_PHONE,
        resume_requested=None,
        blocked=person.blocked,
        other_place=person.other_place,
        paused_until=None,
        portrait=person.portrait,
        document=DocumentMessage.of(person.document(today)).model_dump(mode="json"),
    )
