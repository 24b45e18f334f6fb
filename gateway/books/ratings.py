"""The provincial upload of ratings (好差评), a day at a time (domain.md 2.1).

A rating belongs to the day it came and has one number of that day for ever, however often the file is made. It waits
while the record it rates has not come.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.account_tables import RatingUpload
from gateway.books.rating_tags import LOWEST_GOOD
from gateway.books.settings import UploadSettings
from gateway.database import reading
from gateway.desk.trail import note
from gateway.numbers import AnyRecord, aware, own_record
from gateway.tables import CaseRecord, RatingRecord
from kiosk.domain.china_time import CHINA
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.ports.clock import Clock

MOST_A_DAY = 9_999
"""Four digits of a case number (办件编号): 31 of the item, eight of the day, four of these."""


@dataclass(frozen=True, slots=True)
class RatingDay:
    """``rated`` came on the day, ``low`` of them are low; ``waiting`` still lack the record they rate. ``last`` is the
    highest number given, 0 for none."""

    day: date
    rated: int
    low: int
    uploaded: int
    waiting: int
    last: int


class RatingUploads:
    """Safe for several threads and processes."""

    def __init__(self, engine: Engine, clock: Clock, settings: UploadSettings | None) -> None:
        """Without settings the days are counted and no file is made."""
        self._engine = engine
        self._clock = clock
        self._settings = settings

    @property
    def set_up(self) -> bool:
        return self._settings is not None

    def days(self, latest: date, count: int) -> tuple[RatingDay, ...]:
        """Of the ``count`` days up to ``latest`` those with ratings, the latest first; numbered, where the hall's codes
        are set, so that file and mark may name the same ones."""
        if self.set_up:
            with suppress(IntegrityError), Session(self._engine) as session, session.begin():
                for back in range(count):
                    self._number(session, latest - timedelta(days=back))
        with Session(reading(self._engine)) as session, session.begin():
            found = (self._day(session, latest - timedelta(days=back)) for back in range(count))
            return tuple(day for day in found if day.rated)

    def file(self, day: date, staff: str, last: int = MOST_A_DAY) -> bytes | None:
        """One JSON object a line, up to number ``last``. None where the hall's codes are not set. The file names
        people: it goes to the pool and nowhere else, and who took it is kept."""
        settings = self._settings
        if settings is None:
            return None
        try:
            return self._file(settings, day, staff, last)
        except IntegrityError:
            return self._file(settings, day, staff, last)  # another process numbered them

    def mark_uploaded(self, day: date, staff: str, last: int) -> int:
        """The pool has the file of ``day`` up to number ``last``; how many are new to it."""
        now = self._now()
        with Session(self._engine) as session, session.begin():
            in_file = (RatingUpload.day == day) & (RatingUpload.serial <= last)
            fresh = in_file & RatingUpload.uploaded_at.is_(None)
            marked = session.execute(
                update(RatingUpload).where(fresh).values(uploaded_at=now).returning(RatingUpload.day)
            )
            count = len(marked.all())
            note(session, now, staff, "ratings-uploaded", "", f"{day:%Y-%m-%d} {count}")
            return count

    def _file(self, settings: UploadSettings, day: date, staff: str, last: int) -> bytes:
        with Session(self._engine) as session, session.begin():
            self._number(session, day)
            in_file = (RatingUpload.day == day) & (RatingUpload.serial <= last)
            numbered = select(RatingUpload.serial, RatingRecord).join(RatingRecord).where(in_file)
            lines = [
                json.dumps(_upload_record(settings, day, serial, rating, record), ensure_ascii=False)
                for serial, rating in session.execute(numbered.order_by(RatingUpload.serial))
                if (record := own_record(session, ReceiptNumber(rating.receipt))) is not None
            ]
            note(session, self._now(), staff, "ratings-taken", "", f"{day:%Y-%m-%d} {len(lines)}")
            return "".join(line + "\n" for line in lines).encode()

    def _number(self, session: Session, day: date) -> None:
        last = _last(session, day)
        for rating in _unnumbered(session, day):
            if last >= MOST_A_DAY or own_record(session, ReceiptNumber(rating.receipt)) is None:
                continue
            last += 1
            session.add(RatingUpload(rating_id=rating.id, day=day, serial=last))
        session.flush()

    def _day(self, session: Session, day: date) -> RatingDay:
        ratings = _ratings(session, day)
        recordless = [
            own_record(session, ReceiptNumber(rating.receipt)) is None for rating in _unnumbered(session, day)
        ]
        done = (RatingUpload.day == day) & RatingUpload.uploaded_at.is_not(None)
        return RatingDay(
            day=day,
            rated=len(ratings),
            low=sum(rating.grade < LOWEST_GOOD for rating in ratings),
            uploaded=session.scalar(select(func.count()).select_from(RatingUpload).where(done)) or 0,
            waiting=sum(recordless),
            last=_last(session, day),
        )

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def _ratings(session: Session, day: date) -> Sequence[RatingRecord]:
    return session.scalars(_of_day(day)).all()


def _unnumbered(session: Session, day: date) -> Sequence[RatingRecord]:
    lacking = _of_day(day).outerjoin(RatingUpload).where(RatingUpload.rating_id.is_(None))
    return session.scalars(lacking).all()


def _of_day(day: date) -> Select[RatingRecord]:
    begin = datetime.combine(day, time(), CHINA)
    of_day = (RatingRecord.received_at >= begin) & (RatingRecord.received_at < begin + timedelta(days=1))
    return select(RatingRecord).where(of_day).order_by(RatingRecord.id)


def _last(session: Session, day: date) -> int:
    return session.scalar(select(func.max(RatingUpload.serial)).where(RatingUpload.day == day)) or 0


def _upload_record(
    settings: UploadSettings, day: date, serial: int, rating: RatingRecord, record: AnyRecord
) -> dict[str, str | int]:
    """Members as a city's gateway takes them; the grade and its tags are ``satisfaction`` and ``evalDetail``."""
    received = aware(record.received_at).astimezone(CHINA)
    closed = datetime.fromisoformat(record.figures["closed_at"]) if isinstance(record, CaseRecord) else received
    return {
        "departmentCode": settings.department_code,
        "hallCode": settings.hall_code,
        "windowNo": rating.terminal,
        "affairCode": settings.affair_code,
        "affairHandleItem": settings.affair_handle_item,
        "affairSerialNo": f"{settings.affair_code}{day:%Y%m%d}{serial:04d}",
        "affairName": settings.affair_name,
        "applyTime": _moment(min(closed, received)),
        "doneTime": _moment(received),
        "userType": "0",
        "certificateType": "10",
        "certificateNo": record.number,
        "contactPhone": "",
        "projectType": str(settings.project_type),
        "serviceNumber": 1,
        "serviceTime": _moment(aware(rating.received_at)),
        "evalProcess": settings.eval_process,
        "satisfaction": str(rating.grade),
        "evalDetail": ",".join(rating.tags),
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
