"""The social-security card (社会保障卡) as its files EF05 and EF06 tell it (LD/T 32-2015)."""

from dataclasses import dataclass, field
from datetime import date

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.identity_document import Sex
from kiosk.domain.person_name import PersonName


@dataclass(frozen=True, slots=True)
class SocialSecurityCard:
    """One plain read: an identifier, no proof, for a card can be copied. ``number`` is the social-security number,
    that is, the citizen number; ``version`` is 1 to 3; ``area_code`` the first six digits of the card's
    identification code."""

    name: PersonName
    number: CitizenNumber
    sex: Sex
    ethnicity_code: str
    card_number: str = field(repr=False)
    area_code: str
    version: int
    issued_on: date
    valid_to: date
