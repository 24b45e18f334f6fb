"""The row that says how the way to the platform stood last."""

import apsw

from offline_cache.outage import OPEN, Link, LinkPhase


def link(connection: apsw.Connection) -> Link:
    rows: list[tuple[str, float, float, int, str]] = list(
        connection.execute("SELECT phase, since, until, probes, reason FROM link")
    )
    return Link(LinkPhase(rows[0][0]), *rows[0][1:]) if rows else OPEN


def keep(connection: apsw.Connection, new: Link, instead_of: Link | None) -> bool:
    """False, and nothing is written, where ``instead_of`` is told and the row says something else by now."""
    if instead_of not in (None, link(connection)):
        return False
    row = (new.phase.value, new.since, new.until, new.probes, new.reason)
    connection.execute("INSERT OR REPLACE INTO link VALUES (1, ?, ?, ?, ?, ?)", row)
    return True
