"""The people of the virtual hall: made up. One carries the specimen number of GB 11643, the others numbers of area
100101, which GB/T 2260 never assigned: they pass the check digit and belong to nobody.

Dates move with today, so that the same person always stands at the same point of the yearly window.
"""

from dataclasses import dataclass, replace
from datetime import date

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus, WindowRule, due_date
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.wire.staff_pin import StaffPin

AREA = "示范市城东区"
OTHER_AREA = "示范市城西区"
SCHEME = "企业职工基本养老保险"
OFFICE = "示范市城东区社会保险服务中心"
OFFICE_PHONE = "0000-12333000"
HOPPER, ASTRONAUT = "hopper", "astronaut"
"""Training portraits that stand in for the pictures of these people."""

CODE_ISSUERS = {"social-security-card": "", "mobile-platform": "SANDBOX:MOBILE:", "ctid": "SANDBOX:CTID:"}
"""Whose codes the sandbox shows and resolves, with what they begin with; what real ones look like is not public."""


STAFF_NUMBER, STAFF_PIN = "1001", "302817"
STAFF = StaffPin(
    staff=STAFF_NUMBER,
    salt="VxFQHIFfS6SB5MhcIAMH4g==",
    hash="gljyLN7rPiG97c1c64Jxr3E1A7zuAPqoYiPVQCSdEe0=",
)
"""Who may authorise in the virtual hall, at the gateway's staff page and at the terminals; it is no secret."""


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """``slug`` is the person's name in scenarios; ``last_pass`` None means never confirmed. ``name`` is the card's,
    ``roster_name`` the roster's. ``valid_to`` None is a card without end."""

    slug: str
    name: PersonName
    roster_name: PersonName
    number: CitizenNumber
    address: str
    area: str
    status: RosterStatus
    last_pass: date | None
    due_on: date | None
    source: ConfirmationSource | None
    valid_to: date | None = None
    in_roster: bool = True
    blocked: bool = False
    other_place: bool = False
    portrait: str = HOPPER

    def document(self, today: date) -> IdentityDocument:
        """The card this person carries."""
        return IdentityDocument(
            name=self.name,
            number=self.number,
            sex=Sex.MALE if self.number.is_male else Sex.FEMALE,
            ethnicity_code="01",
            address=self.address,
            authority="示范市公安局城东分局",
            valid_from=date(today.year - 20, 3, 1),
            valid_to=self.valid_to,
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
        _person("due-2", "何秀英", "100101194902170054", RosterStatus.ACTIVE, year_ago),
        _person("due-3", "郑国强", "100101195309030039", RosterStatus.ACTIVE, year_ago),
        _person("due-4", "马凤兰", "100101195111120063", RosterStatus.ACTIVE, year_ago),
        _person("due-5", "朱建华", "100101195406060037", RosterStatus.ACTIVE, year_ago),
        _person("due-6", "胡月娥", "100101195001300047", RosterStatus.ACTIVE, year_ago),
        _person("due-7", "高长河", "100101194712190054", RosterStatus.ACTIVE, year_ago),
        _person("due-8", "林素贞", "100101194609080068", RosterStatus.ACTIVE, year_ago),
        _person("due-9", "罗大海", "100101195806050073", RosterStatus.ACTIVE, year_ago),
        _person("due-10", "宋玉琴", "100101195209250077", RosterStatus.ACTIVE, year_ago),
        _person("due-11", "蒋秀珍", "10010119550317006X", RosterStatus.ACTIVE, year_ago),
        _person("due-12", "丁福生", "100101194906230034", RosterStatus.ACTIVE, year_ago),
        _person("due-13", "彭玉兰", "100101195304120086", RosterStatus.ACTIVE, year_ago),
        _person("due-14", "袁振华", "100101195008080075", RosterStatus.ACTIVE, year_ago),
        _person("due-15", "邹秀芬", "100101195602230048", RosterStatus.ACTIVE, year_ago),
        _person("due-16", "熊德才", "100101194807190057", RosterStatus.ACTIVE, year_ago),
        _person("due-17", "冯玉兰", "100101195206170047", RosterStatus.ACTIVE, year_ago),
        replace(
            _person("expired-card", "谢春梅", "100101196605180044", RosterStatus.ACTIVE, year_ago),
            valid_to=_months_back(today, 2),
        ),
        replace(
            _person("renamed", "韩雪", "100101195608220027", RosterStatus.ACTIVE, year_ago),
            roster_name=PersonName("韩雪梅"),
        ),
        replace(_person("reported-lost", "唐志远", "100101195504110018", RosterStatus.ACTIVE, year_ago), blocked=True),
        replace(_person("other-area", "冯玉兰", "100101195104170089", RosterStatus.ACTIVE, year_ago), area=OTHER_AREA),
        replace(
            _person("other-province", "许德明", "10010119480321009X", RosterStatus.ACTIVE, year_ago),
            area="邻省示例市",
            other_place=True,
        ),
        _person("bedridden", "曹桂英", "100101193207140086", RosterStatus.DUE_SOON, year_ago),
        replace(
            _person("helper", "邓小艳", "100101198803210020", RosterStatus.NOT_FOUND, year_ago),
            in_roster=False,
            portrait=ASTRONAUT,
        ),
        replace(
            _person("stranger", "萧逸", "100101195207250030", RosterStatus.NOT_FOUND, year_ago),
            in_roster=False,
            portrait=ASTRONAUT,
        ),
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
        roster_name=PersonName(name),
        area=AREA,
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
