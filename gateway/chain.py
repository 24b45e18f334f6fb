"""The chain of a terminal's records: each names the digest of the one before it (``kiosk.wire.envelope``), so that a
row taken out of the terminal's queue shows here, and so does a queue that was copied or put back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gateway.account_tables import DaySummaryRecord
from gateway.numbers import aware
from gateway.tables import CaseRecord, DeskRecord, ProofRecord, RatingRecord, VoidRecord
from kiosk.domain.china_time import CHINA
from kiosk.wire.envelope import FIRST

WAITED_FOR = timedelta(days=7)
"""A record may wait so long at its terminal (domain.md 5.3.5) while later ones are here."""

LOOKED_BACK = timedelta(days=92)
_AT_ONCE = 400

Chained = CaseRecord | DeskRecord | ProofRecord | RatingRecord | VoidRecord | DaySummaryRecord
_TABLES: tuple[type[Chained], ...] = (CaseRecord, ProofRecord, DeskRecord, RatingRecord, VoidRecord, DaySummaryRecord)


@dataclass(frozen=True, slots=True)
class Link:
    digest: str
    previous: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ChainGaps:
    """``missing``: records that must have been before one that is here, and never came; one that was refused is among
    them. ``forked``: records that have a successor too many. ``begun_anew``: beginnings beyond the first, as a new disk
    makes them."""

    missing: int
    forked: int
    begun_anew: int

    @property
    def whole(self) -> bool:
        return self == ChainGaps(0, 0, 0)


def gaps(links: Iterable[Link], now: datetime, older: Iterable[Link] = ()) -> ChainGaps:
    """In whatever order they came. Of ``older`` ones it is known that they are there, and nothing is missed before
    them."""
    links, older = tuple(links), tuple(older)
    here = {link.digest for link in (*links, *older)}
    successors = Counter(link.previous for link in (*links, *older))
    beginnings = successors.pop(FIRST, 0)
    late = {link.previous for link in links if now - link.received_at > WAITED_FOR}
    return ChainGaps(
        missing=len(late - here - {FIRST}),
        forked=sum(count - 1 for count in successors.values()),
        begun_anew=max(0, beginnings - 1),
    )


def chain_of(session: Session, terminal: str, now: datetime) -> ChainGaps:
    """Of the records of ``terminal`` that came within ``LOOKED_BACK``, and of older ones those next to them and the
    chain's beginnings."""
    since = now.astimezone(CHINA) - LOOKED_BACK
    recent = list(_links(session, partial(_recent, terminal, since)))
    border = sorted({FIRST, *(link.previous for link in recent)} - {link.digest for link in recent})
    older: set[Link] = set()
    for first in range(0, len(border), _AT_ONCE):
        older.update(_links(session, partial(_beside, terminal, since, border[first : first + _AT_ONCE])))
    return gaps(recent, now, older)


def _recent(terminal: str, since: datetime, table: type[Chained]) -> ColumnElement[bool]:
    return (table.terminal == terminal) & (table.received_at >= since)


def _beside(terminal: str, since: datetime, digests: Sequence[str], table: type[Chained]) -> ColumnElement[bool]:
    there = table.digest.in_(digests) | table.previous.in_(digests)
    return (table.terminal == terminal) & (table.received_at < since) & there


def _links(session: Session, wanted: Callable[[type[Chained]], ColumnElement[bool]]) -> Iterator[Link]:
    for table in _TABLES:
        rows = session.execute(select(table.digest, table.previous, table.received_at).where(wanted(table)))
        yield from (Link(digest, previous, aware(received_at)) for digest, previous, received_at in rows)
