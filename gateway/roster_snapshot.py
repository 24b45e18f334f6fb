"""The roster of one area as terminals may hold it (domain.md 5.3.1): a file among what the hall publishes."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, or_, select

from gateway.bundles import parse_bundle_name
from gateway.decide import entry_on
from gateway.roster import LINE, PERSON, line_of
from gateway.settings import DecisionPolicy
from kiosk.wire.private_files import replace_whole
from kiosk.wire.roster_snapshot import Listed, seal_snapshot


def people_of(engine: Engine, area: str, now: datetime, policy: DecisionPolicy) -> list[Listed]:
    """Those of ``area``, and with them who is registered here for another province. Whose card is blocked and who is
    served at a desk only is left out: of them the hall alone decides. ``now`` in the hall's time zone."""
    with engine.connect() as connection:
        of_area = select(*LINE).where(or_(PERSON.c.area == area, PERSON.c.other_place))
        lines = [(row.number, line_of(row)) for row in connection.execute(of_area)]
    if not any(line.area == area for _, line in lines):
        return []
    return [
        Listed(number, line.name, entry_on(line, now.date(), policy))
        for number, line in lines
        if not line.blocked and (line.paused_until is None or line.paused_until <= now)
    ]


def publish_snapshot(folder: Path, name: str, people: list[Listed], now: datetime) -> Path:
    """The bundle ``name`` of ``folder``, its version the minute; those before it go. Raises OSError, and ValueError
    for what is no bundle's name and for more people than one holds."""
    path = folder / f"{name}.{now:%Y%m%d%H%M}.roster"
    meant = parse_bundle_name(path)
    if meant is None or meant.name != name:
        raise ValueError(f"{name} is no name of a bundle: small letters, digits and hyphens")
    replace_whole(path, seal_snapshot(people), 0o644)
    for other in folder.iterdir():
        parsed = parse_bundle_name(other)
        if parsed is not None and parsed.name == name and other != path:
            other.unlink()
    return path
