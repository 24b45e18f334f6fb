"""Where the terminal stands and who answers for it: registered facts of the site, from its settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """``terminal`` is the registered terminal number; ``training`` terminals mark every paper 演示.

    ``answer_days`` is the site's own promise for offline cases (最迟 N 个工作日), None where it makes none.
    """

    terminal: str
    training: bool
    hall: str
    place: str
    agency: str
    agency_phone: str
    desk: str
    desk_hours: str
    verification_url: str
    rules_version: str
    answer_days: int | None = None
