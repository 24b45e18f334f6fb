"""The people of the virtual hall: made up. One carries the specimen number of GB 11643, the others numbers of area
100101, which GB/T 2260 never assigned: they pass the check digit and belong to nobody.

Dates move with today, so that the same person always stands at the same point of the yearly window.
"""

from dataclasses import dataclass
from datetime import date

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus, WindowRule, due_date
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName

AREA = "示范市城东区"
SCHEME = "企业职工基本养老保险"
OFFICE = "示范市城东区社会保险服务中心"
OFFICE_PHONE = "0000-12333000"


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """``slug`` is the person's name in scenarios; ``last_pass`` None means never confirmed."""

    slug: str
    name: PersonName
    number: CitizenNumber
    address: str
    status: RosterStatus
    last_pass: date | None
    due_on: date | None
    source: ConfirmationSource | None

    def document(self, today: date) -> IdentityDocument:
        """The card this person carries, valid on ``today``."""
        return IdentityDocument(
            name=self.name,
            number=self.number,
            sex=Sex.MALE if self.number.is_male else Sex.FEMALE,
            ethnicity_code="01",
            address=self.address,
            authority="示范市公安局城东分局",
            valid_from=date(today.year - 6, 3, 1),
            valid_to=None,
        )


def sandbox_people(today: date) -> tuple[SandboxPerson, ...]:
    """Everyone the sandbox knows, each in another state of the roster."""
    year_ago = date(today.year - 1, today.month, 11)
    recent = _months_back(today, 3)
    long_ago = _months_back(today, 16)
    return (
        _person("due", "李淑珍", "11010519491231002X", RosterStatus.ACTIVE, year_ago),
        _person("confirmed", "王桂芳", "100101195203140029", RosterStatus.ACTIVE, recent),
        _person(
            "confirmed-silently",
            "刘玉梅",
            "100101195309220043",
            RosterStatus.ACTIVE,
            recent,
            ConfirmationSource.DATA_MATCH,
        ),
        _person("overdue", "陈德福", "100101194805070019", RosterStatus.ACTIVE, long_ago),
        _person("suspended", "赵永年", "100101195501180037", RosterStatus.SUSPENDED, long_ago),
        _person("moved", "孙秀兰", "100101195011030060", RosterStatus.MOVED, year_ago),
        _person("stopped", "周广田", "100101194708260056", RosterStatus.STOPPED, long_ago),
        _person("rare-name", "吴䶮", "100101195712300086", RosterStatus.ACTIVE, year_ago),
    )


def _person(
    slug: str,
    name: str,
    number: str,
    status: RosterStatus,
    last_pass: date,
    source: ConfirmationSource = ConfirmationSource.FACE_KIOSK,
) -> SandboxPerson:
    return SandboxPerson(
        slug=slug,
        name=PersonName(name),
        number=CitizenNumber(number),
        address="示范市城东区幸福里1号院2号楼301室",
        status=status,
        last_pass=last_pass,
        due_on=due_date(last_pass, WindowRule.MONTH_END_12),
        source=source,
    )


def _months_back(today: date, months: int) -> date:
    """The 11th of the month that lies ``months`` before this one."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 11)
