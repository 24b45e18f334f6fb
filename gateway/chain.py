"""The chain of a terminal's records: each names the digest of the one before it (``kiosk.wire.envelope``), so that a
row taken out of the terminal's queue shows here, and so does a queue that was copied or put back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.account_tables import DaySummaryRecord
from gateway.numbers import aware
from gateway.tables import CaseRecord, DeskRecord, ProofRecord, RatingRecord, VoidRecord
from kiosk.wire.envelope import FIRST

WAITED_FOR = timedelta(days=7)
"""A record may wait so long at its terminal (domain.md 5.3.5) while later ones are here."""

_TABLES = (CaseRecord, ProofRecord, DeskRecord, RatingRecord, VoidRecord, DaySummaryRecord)


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


def gaps(links: Iterable[Link], now: datetime) -> ChainGaps:
    """In whatever order they came."""
    links = tuple(links)
    here = {link.digest for link in links}
    successors = Counter(link.previous for link in links)
    beginnings = successors.pop(FIRST, 0)
    late = {link.previous for link in links if now - link.received_at > WAITED_FOR}
    return ChainGaps(
        missing=len(late - here - {FIRST}),
        forked=sum(count - 1 for count in successors.values()),
        begun_anew=max(0, beginnings - 1),
    )


def chain_of(session: Session, terminal: str, now: datetime) -> ChainGaps:
    """Of all the records the hall has of ``terminal``."""
    return gaps(
        (
            Link(digest, previous, aware(received_at))
            for table in _TABLES
            for digest, previous, received_at in session.execute(
                select(table.digest, table.previous, table.received_at).where(table.terminal == terminal)
            )
        ),
        now,
    )
