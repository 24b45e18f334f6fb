"""The site as the hall's own profile has it, where one is at hand: read once, when the terminal starts."""

from kiosk.domain.china_time import CHINA
from kiosk.domain.site import Site
from kiosk.ports.reference_cache import HeldBundle, ReferenceCache
from kiosk.wire.site_profile import parse_site_profile, with_profile


def site_at_hand(site: Site, references: ReferenceCache, name: str | None) -> Site:
    """``site`` is the settings' own, which holds where no profile does: none is named, fetched, or to be understood."""
    held = None if name is None else references.held(name)
    if not isinstance(held, HeldBundle):
        return site
    profile = parse_site_profile(held.content)
    return site if profile is None else with_profile(site, profile, held.made_at.astimezone(CHINA).date())
