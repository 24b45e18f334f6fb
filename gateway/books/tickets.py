"""Tickets (工单): of low ratings, of 12345, and of what people tell staff. Each has a number, a day, and one way to its
end; whoever knows the number may ask how far it is, and is told no name and no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.account_tables import Ticket, TicketEntry
from gateway.books.rating_tags import GRADES, LOW_TAGS, LOWEST_GOOD
from gateway.books.settings import BooksSettings
from gateway.books.working_days import working_days_after
from gateway.desk.trail import note
from gateway.numbers import aware
from gateway.tables import RatingRecord
from gateway.ticket_states import TicketOrigin, TicketState, may_become
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptNumber, mod_37_36
from kiosk.ports.clock import Clock

MAX_WORDS = 150
"""Characters of a subject or an answer."""

_STEM = "GD"


@dataclass(frozen=True, slots=True)
class TicketRefused:
    """Nothing was done. ``reason``: unknown, not-now, words-missing, staff-missing."""

    reason: str


class Tickets:
    """Safe for several threads and processes: of two who take a step at once, one is refused."""

    def __init__(self, engine: Engine, clock: Clock, settings: BooksSettings) -> None:
        self._engine = engine
        self._clock = clock
        self._settings = settings

    def open(
        self, origin: TicketOrigin, subject: str, staff: str, receipt: ReceiptNumber | None = None
    ) -> Ticket | TicketRefused:
        subject = subject.strip()[:MAX_WORDS]
        if not subject:
            return TicketRefused("words-missing")
        try:
            return self._open(origin, subject, staff, receipt)
        except IntegrityError:
            return self._open(origin, subject, staff, receipt)  # another process took the number

    def open_for_low_ratings(self) -> int:
        """A ticket for every low rating that has none, due from the day the rating came; how many."""
        try:
            with Session(self._engine) as session, session.begin():
                without = (
                    select(RatingRecord)
                    .outerjoin(Ticket, Ticket.rating_id == RatingRecord.id)
                    .where(RatingRecord.grade < LOWEST_GOOD, Ticket.id.is_(None))
                    .order_by(RatingRecord.id)
                )
                ratings = session.scalars(without).all()
                for rating in ratings:
                    self._open_for(session, rating)
                return len(ratings)
        except IntegrityError:
            return 0  # another process was quicker, with the same tickets

    def assign(self, number: str, to: str, staff: str) -> Ticket | TicketRefused:
        return self._step(number, TicketState.ASSIGNED, staff, assigned_to=to.strip()[:16])

    def answer(self, number: str, words: str, staff: str) -> Ticket | TicketRefused:
        return self._step(number, TicketState.ANSWERED, staff, answer=words.strip()[:MAX_WORDS])

    def close(self, number: str, staff: str) -> Ticket | TicketRefused:
        return self._step(number, TicketState.CLOSED, staff)

    def find(self, number: str) -> Ticket | None:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return session.scalar(select(Ticket).where(Ticket.number == number.strip().upper()))

    def history(self, ticket: Ticket) -> Sequence[TicketEntry]:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            mine = select(TicketEntry).where(TicketEntry.ticket_id == ticket.id).order_by(TicketEntry.id)
            return session.scalars(mine).all()

    def counts(self) -> dict[TicketState, int]:
        with Session(self._engine) as session, session.begin():
            found = session.execute(select(Ticket.state, func.count()).group_by(Ticket.state))
            there = dict(found.all())
            return {state: there.get(state, 0) for state in TicketState}

    def listed(self, state: TicketState, page: int, rows: int) -> Sequence[Ticket]:
        """The one due first on top; ``page`` counts from 1."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            order = Ticket.id.desc() if state is TicketState.CLOSED else Ticket.due_on
            found = select(Ticket).where(Ticket.state == state).order_by(order, Ticket.id)
            return session.scalars(found.offset((page - 1) * rows).limit(rows)).all()

    def _open(self, origin: TicketOrigin, subject: str, staff: str, receipt: ReceiptNumber | None) -> Ticket:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            ticket = self._add(session, origin, subject, receipt, self._now(), self._settings.ticket_days)
            session.add(self._entry(ticket, staff))
            note(session, self._now(), staff, "ticket-opened", ticket.receipt or "", ticket.number)
            return ticket

    def _step(
        self, number: str, wanted: TicketState, staff: str, assigned_to: str | None = None, answer: str | None = None
    ) -> Ticket | TicketRefused:
        if assigned_to == "":
            return TicketRefused("staff-missing")
        if answer == "":
            return TicketRefused("words-missing")
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
            if ticket is None:
                return TicketRefused("unknown")
            if not may_become(ticket.state, wanted):
                return TicketRefused("not-now")
            ticket.state = wanted
            self._fill(ticket, wanted, assigned_to, answer)
            session.add(self._entry(ticket, staff, assigned_to or ""))
            note(session, self._now(), staff, f"ticket-{wanted.value.lower()}", ticket.receipt or "", ticket.number)
            return ticket

    def _fill(self, ticket: Ticket, wanted: TicketState, assigned_to: str | None, answer: str | None) -> None:
        if assigned_to is not None:
            ticket.staff, ticket.answered_at = assigned_to, None
        if answer is not None:
            ticket.answer, ticket.answered_at = answer, self._now()
        if wanted is TicketState.CLOSED:
            ticket.closed_at = self._now()

    def _open_for(self, session: Session, rating: RatingRecord) -> None:
        words = "；".join(LOW_TAGS.get(tag, tag) for tag in rating.tags)
        subject = f"{GRADES[rating.grade]}：{words}" if words else GRADES[rating.grade]
        opened_at = aware(rating.received_at).astimezone(CHINA)
        receipt = ReceiptNumber(rating.receipt)
        days = self._settings.bad_review_days
        ticket = self._add(session, TicketOrigin.LOW_RATING, subject[:MAX_WORDS], receipt, opened_at, days)
        ticket.rating_id = rating.id
        session.add(self._entry(ticket, ""))

    def _add(
        self,
        session: Session,
        origin: TicketOrigin,
        subject: str,
        receipt: ReceiptNumber | None,
        opened_at: datetime,
        days: int,
    ) -> Ticket:
        calendar = (self._settings.holidays, self._settings.make_up_days)
        ticket = Ticket(
            number=_next_number(session, self._now().date()),
            origin=origin,
            state=TicketState.ACCEPTED,
            subject=subject,
            answer="",
            receipt=None if receipt is None else receipt.value,
            staff="",
            opened_at=opened_at,
            due_on=working_days_after(opened_at.date(), days, *calendar),
        )
        session.add(ticket)
        session.flush()
        return ticket

    def _entry(self, ticket: Ticket, staff: str, assigned_to: str = "") -> TicketEntry:
        return TicketEntry(
            ticket_id=ticket.id, at=self._now(), staff=staff, state=ticket.state, assigned_to=assigned_to
        )

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def _next_number(session: Session, day: date) -> str:
    """``GD-20261127-00042-<check>``, counted from 1 each day; the check character as in receipt numbers."""
    stem = f"{_STEM}-{day:%Y%m%d}-"
    latest = session.scalar(select(func.max(Ticket.number)).where(Ticket.number.startswith(stem, autoescape=True)))
    counter = 1 if latest is None else int(latest.removeprefix(stem)[:5]) + 1
    return f"{stem}{counter:05d}-{mod_37_36(f'{_STEM}{day:%Y%m%d}{counter:05d}')}"
