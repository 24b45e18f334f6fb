"""The identity document on the reader, as its chip tells it (GA/T 490)."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.foreign_number import ForeignNumber
from kiosk.domain.person_name import PersonName


class DocumentKind(Enum):
    """The four chip layouts; the value is the card-type character of the text block."""

    RESIDENT_ID = " "
    HK_MACAO_TAIWAN_PERMIT = "J"
    FOREIGN_PERMANENT_2017 = "I"
    FOREIGN_PERMANENT_2023 = "Y"


class IdentityWay(Enum):
    """How the terminal came to know who stands before it. PHONE_CODE is a code of another issuer than the electronic
    social-security card's."""

    ID_CARD = "ID_CARD"
    E_CARD = "E_CARD"
    PHONE_CODE = "PHONE_CODE"
    SOCIAL_SECURITY_CARD = "SOCIAL_SECURITY_CARD"


class Sex(Enum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_STATED = "9"


@dataclass(frozen=True, slots=True)
class ChipPhoto:
    """The 1,024 opaque bytes of the chip's portrait file."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """One read of a resident identity card. ``valid_to`` None means 长期."""

    name: PersonName
    number: CitizenNumber
    sex: Sex
    ethnicity_code: str
    address: str = field(repr=False)
    authority: str
    valid_from: date
    valid_to: date | None

    @property
    def birth_date(self) -> date:
        return self.number.birth_date

    def expired_on(self, today: date) -> bool:
        """True after the last day of validity; a card is valid on that day itself."""
        return self.valid_to is not None and today > self.valid_to


@dataclass(frozen=True, slots=True)
class ResidencePermit:
    """One read of a residence permit of Hong Kong, Macao and Taiwan residents (港澳台居民居住证)."""

    name: PersonName
    number: CitizenNumber
    sex: Sex
    address: str = field(repr=False)
    authority: str
    valid_from: date
    valid_to: date | None
    travel_permit: str = field(repr=False)
    times_issued: str


@dataclass(frozen=True, slots=True)
class ForeignPermit:
    """One read of a foreign permanent resident's identity card (外国人永久居留身份证) of 2017 or 2023.

    ``chinese_name`` is None where the holder has none; ``country`` is the three-letter code of GB/T 2659;
    ``earlier_number`` of a card of 2023 is the number the holder had on a card of 2017, where the chip tells of one.
    """

    kind: DocumentKind
    name: PersonName
    chinese_name: PersonName | None
    number: ForeignNumber
    sex: Sex
    birth_date: date = field(repr=False)
    country: str
    valid_from: date
    valid_to: date
    earlier_number: ForeignNumber | None = None
