"""The last that was heard of every terminal, in the database.

What is written twice changes nothing, so that two workers may hear the same: a retained message that is known already
is passed over, and any live one is newer than what is there.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.fleet import Hearing, LastHeard
from gateway.fleet_tables import FleetListenerRecord, FleetRecord
from gateway.numbers import aware
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.wire.fleet import FleetMessage, PresenceMessage, StatusMessage

_AT_ONCE = 500
_LISTENER = 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """``retained``: the broker had it from before, so that it is no sign of life now."""

    terminal: str
    message: FleetMessage
    at: datetime
    retained: bool


class FleetBook:
    """Raises SQLAlchemyError when the database does not answer; nothing is half written then."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """In the order they came."""
        waiting = list(arrivals)
        while waiting:
            part, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            with Session(self._engine) as session, session.begin():
                numbers = {each.terminal for each in part}
                known = session.scalars(select(FleetRecord).where(FleetRecord.terminal.in_(numbers)))
                records = {record.terminal: record for record in known}
                for arrival in part:
                    record = records.get(arrival.terminal)
                    if record is None:
                        record = records[arrival.terminal] = FleetRecord(terminal=arrival.terminal)
                        session.add(record)
                    _note(record, arrival)

    def last_heard(self) -> dict[str, LastHeard]:
        with Session(self._engine) as session:
            return {record.terminal: _last_heard(record) for record in session.scalars(select(FleetRecord))}

    def hearing(self) -> Hearing:
        """Of the worker that listens; of none where none does."""
        with Session(self._engine) as session:
            record = session.get(FleetListenerRecord, _LISTENER)
            if record is None or aware(record.until) < self._now():
                return Hearing(None, "nobody-listens")
            return Hearing(None if record.hears_since is None else aware(record.hears_since), record.trouble)

    def hold(self, holder: str, seconds: float, hearing: Hearing) -> bool:
        """Whether ``holder`` listens for the next ``seconds``: nobody else does, or no longer."""
        now = self._now()
        values = {
            "holder": holder,
            "until": now + timedelta(seconds=seconds),
            "hears_since": None if hearing.since is None else hearing.since.astimezone(CHINA),
            "trouble": hearing.trouble,
        }
        free = (FleetListenerRecord.holder == holder) | (FleetListenerRecord.until < now)
        with Session(self._engine) as session, session.begin():
            if session.get(FleetListenerRecord, _LISTENER) is not None:
                mine = update(FleetListenerRecord).where(FleetListenerRecord.id == _LISTENER, free).values(values)
                return session.scalar(mine.returning(FleetListenerRecord.id)) is not None
        try:
            with Session(self._engine) as session, session.begin():
                session.add(FleetListenerRecord(id=_LISTENER, **values))
        except IntegrityError:
            return False
        return True

    def let_go(self, holder: str) -> None:
        """The next may listen at once."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(FleetListenerRecord)
                .where(FleetListenerRecord.id == _LISTENER, FleetListenerRecord.holder == holder)
                .values(until=self._now() - timedelta(seconds=1), hears_since=None)
            )

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def _note(record: FleetRecord, arrival: Arrival) -> None:
    match arrival.message:
        case StatusMessage() as status:
            _note_status(record, status, arrival)
        case PresenceMessage() as presence:
            _note_presence(record, presence, arrival)


def _note_status(record: FleetRecord, status: StatusMessage, arrival: Arrival) -> None:
    at = arrival.at.astimezone(CHINA)
    told_at = status.at.astimezone(CHINA)
    if arrival.retained:
        if record.told_at is not None and aware(record.told_at) == told_at:
            return
        record.heard_at = _later(record.heard_at, min(told_at, at))
    else:
        record.heard_at, record.presence = at, "here"
        record.clock_off_s = int((at - told_at).total_seconds())
    record.told_at = told_at
    record.status = status.model_dump(mode="json")


def _note_presence(record: FleetRecord, message: PresenceMessage, arrival: Arrival) -> None:
    at = arrival.at.astimezone(CHINA)
    alive = message.presence != "lost"
    said_at = min(message.at.astimezone(CHINA), at) if arrival.retained and alive else at
    if alive:
        record.heard_at = _later(record.heard_at, said_at)
    if record.presence != message.presence or not arrival.retained:
        record.presence, record.presence_at = message.presence, said_at


def _later(known: datetime | None, moment: datetime) -> datetime:
    return moment if known is None else max(aware(known), moment)


def _last_heard(record: FleetRecord) -> LastHeard:
    return LastHeard(
        None if record.heard_at is None else aware(record.heard_at),
        record.presence,
        None if record.presence_at is None else aware(record.presence_at),
        None if record.status is None else StatusMessage.model_validate_json(json.dumps(record.status)).status(),
        record.clock_off_s,
    )
