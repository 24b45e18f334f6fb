"""The desk's record: every act an entry, each chained to the one before by SHA-256, so that none can be changed or
left out unseen. Functions run in their caller's transaction: no act without its entry.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway.desk.tables import DeskEntry, DeskHead

FIRST = "0" * 64
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True)
class ChainWhole:
    entries: int


@dataclass(frozen=True, slots=True)
class ChainBroken:
    """``entry`` is the number of the first entry that does not fit, or of the first that is missing at the end."""

    entry: int


def begin_chain(engine: Engine) -> None:
    """Makes the head's row where there is none yet; of two processes that start at once one is too late, which is
    well."""
    with suppress(IntegrityError), Session(engine) as session, session.begin():
        _head(session)


def note(session: Session, at: datetime, staff: str, act: str, receipt: str = "", detail: str = "") -> None:
    """Adds an entry; writers wait for each other on the head's row. ``detail`` is a word or two, never of a citizen."""
    head = _head(session)
    moment = at.isoformat(timespec="seconds")
    entry = DeskEntry(at=moment, staff=staff, act=act, receipt=receipt, detail=detail, previous=head.digest)
    entry.id = head.entries + 1
    entry.digest = _digest(entry)
    session.add(entry)
    head.entries, head.digest = entry.id, entry.digest


def check_chain(session: Session) -> ChainWhole | ChainBroken:
    """Reads every entry."""
    previous, expected = FIRST, 1
    for entry in session.scalars(select(DeskEntry).order_by(DeskEntry.id).execution_options(yield_per=500)):
        if entry.id != expected or entry.previous != previous or entry.digest != _digest(entry):
            return ChainBroken(expected)
        previous, expected = entry.digest, expected + 1
    head = session.get(DeskHead, 1)
    there = 0 if head is None else head.entries
    if there != expected - 1 or (head is not None and head.digest != previous):
        return ChainBroken(expected)
    return ChainWhole(there)


def of_case(session: Session, receipt: str) -> Sequence[DeskEntry]:
    """A case's entries, the first one first."""
    return session.scalars(select(DeskEntry).where(DeskEntry.receipt == receipt).order_by(DeskEntry.id)).all()


def _head(session: Session) -> DeskHead:
    head = session.get(DeskHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = DeskHead(id=1, entries=0, digest=FIRST)
        session.add(head)
        session.flush()
    return head


def _digest(entry: DeskEntry) -> str:
    told = [entry.id, entry.at, entry.staff, entry.act, entry.receipt, entry.detail, entry.previous]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
