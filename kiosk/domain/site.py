"""Where the terminal stands and who answers for it: registered facts of the site, from its settings."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Site:
    """One site."""

    terminal: str
    """Registered terminal number, 2 to 8 digits or capitals; part of every receipt number."""

    training: bool
    """True in the virtual hall: every paper is marked 演示 and only a sandbox gateway takes its records."""

    hall: str
    """Name of the hall, on every page and paper."""

    place: str
    """Address and spot in the house, as a citizen would look for it."""

    agency: str
    """The body that handles the data and decides."""

    agency_phone: str
    """The agency's phone."""

    desk: str
    """The desk to which a citizen is sent."""

    desk_hours: str
    """Hours of that desk."""

    verification_url: str
    """Where a receipt can be checked; the QR on a receipt begins with it."""

    rules_version: str
    """Version of the agency's rules, printed on receipts."""

    answer_days: int | None = None
    """The site's own promise for cases a person looks at (最迟 N 个工作日); left out where it makes none."""

    nearest: str | None = None
    """Another terminal, its distance and hours, for when this one cannot serve; left out where none is known."""

    other_areas: tuple[str, ...] = ()
    """Areas whose rosters may be asked for a person who is not in this one's (E-06)."""

    reference_from_platform: bool = False
    """True where the platform's reference picture may stand in for a chip portrait that cannot be decoded here."""

    as_of: date | None = None
    """The day of the hall's own profile of the site, shown with its facts (数据日期); None where the settings speak."""
