"""The hall's own word on a site, as the bundle of a terminal's site profile carries it: JSON, all members optional."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from kiosk.domain.site import Site
from kiosk.wire.messages import LongText, Message, ShortText


class SiteProfile(Message):
    """Facts of a site that change without anybody coming to the terminal. What is left out stays as the terminal's
    settings have it. Who the terminal is, and what its signatures point to, is not the hall's to change."""

    place: LongText | None = None
    agency_phone: ShortText | None = None
    desk: ShortText | None = None
    desk_hours: ShortText | None = None
    nearest: LongText | None = None
    other_areas: Annotated[tuple[ShortText, ...], Field(max_length=16, strict=False)] | None = None
    answer_days: Annotated[int, Field(ge=1, le=60)] | None = None


def parse_site_profile(content: bytes) -> SiteProfile | None:
    """None when the bytes are not exactly one profile."""
    try:
        return SiteProfile.model_validate_json(content)
    except ValueError:
        return None


def with_profile(site: Site, profile: SiteProfile, as_of: date) -> Site:
    """``as_of`` is shown wherever facts of the profile are (数据日期)."""
    return replace(site, **profile.model_dump(exclude_none=True), as_of=as_of)
