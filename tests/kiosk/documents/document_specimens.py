"""Specimens of certificates, statements, notices and tickets: a made-up city, made-up sums, nobody's name."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from kiosk.documents.card_loss import LossFacts, loss_proof
from kiosk.documents.certificate import (
    CertificateFacts,
    Insurance,
    PaidPeriod,
    eligibility_certificate,
    insurance_certificate,
    licence_copy,
    payment_certificate,
)
from kiosk.documents.notice import NoticeFacts, one_time_notice
from kiosk.documents.receipt import passed_receipt
from kiosk.documents.reissue import printed_again, void_notice
from kiosk.documents.statement import (
    AccountYear,
    Contribution,
    StatementFacts,
    account_statement,
    contribution_statement,
)
from kiosk.documents.ticket import HotlineFacts, QueueFacts, hotline_ticket, queue_ticket
from kiosk.domain.case import VoidedNumber
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.paper import ChecklistItem, Paper, PaperField
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from kiosk.domain.site import Site
from tests.kiosk.documents.specimens import FACTS, HALL_TIME, NUMBER, SITE, TRAINING, VERIFICATION, WHEN, all_papers

AT = datetime(2026, 11, 20, 15, 20, tzinfo=HALL_TIME)
CERTIFIED = compose_receipt_number(ReceiptKind.CERTIFICATE, AT.date(), "0317", 17)
CERTIFIED_CODE = Verification(
    f"HTTPS://HY.SHILI.EXAMPLE/{CERTIFIED.value}/{'234567ABCDEFGHIJKLMNOPQRSTUVWXYZ' * 3}GFEDCBA", "E5TN-8VJR"
)
PERSON = PersonName("龙小\u4dae")
PERSON_NUMBER = CitizenNumber("11010519491231002X")
EMPLOYER = "示例市样张机械制造有限公司"
SCHEME = "企业职工基本养老保险"
CERTIFICATE = CertificateFacts(
    site=SITE,
    number=CERTIFIED,
    verification=CERTIFIED_CODE,
    issuer=SITE.agency,
    area="示例市",
    name=PERSON,
    citizen_number=PERSON_NUMBER,
    issued_at=AT,
    valid_months=3,
)
INSURANCES = tuple(
    Insurance(kind, since, "参保缴费", months)
    for kind, since, months in (
        ("企业职工基本养老", date(2009, 7, 1), 208),
        ("职工基本医疗", date(2009, 7, 1), 208),
        ("失业保险", date(2009, 7, 1), 208),
        ("工伤保险", date(2012, 3, 1), 176),
        ("生育保险", date(2012, 3, 1), 176),
    )
)
PERIODS = (
    PaidPeriod("企业职工基本养老", date(2009, 7, 1), date(2026, 10, 1), 208, Decimal("182345.60")),
    PaidPeriod("职工基本医疗", date(2009, 7, 1), date(2026, 10, 1), 208, Decimal("98765.04")),
    PaidPeriod("失业保险", date(2009, 7, 1), date(2026, 10, 1), 208, Decimal("9120.32")),
    PaidPeriod("工伤保险", date(2012, 3, 1), date(2026, 10, 1), 176, Decimal("2816.00")),
)
STATEMENT = StatementFacts(
    site=SITE,
    number=CERTIFIED,
    verification=CERTIFIED_CODE,
    name=PersonName("张小明"),
    citizen_number=PERSON_NUMBER,
    scheme=SCHEME,
    employer=EMPLOYER,
    queried_at=AT,
)
MATERIALS = (
    ChecklistItem("居民身份证原件", "1份", "本人持有", ticked=True),
    ChecklistItem("社会保障卡申领登记表", "1份", "终端已代填，核对后签字", ticked=True),
    ChecklistItem("近期免冠证件照电子版", "1份", "白底，可在本终端免费拍摄"),
    ChecklistItem("监护人身份证与关系证明（未满16周岁的）", "各1份", "户口簿或出生医学证明，可用电子证照"),
    ChecklistItem("授权委托书（代办的）", "1份", "样表可在本终端打印"),
)
NOTICE = NoticeFacts(
    site=SITE,
    number=CERTIFIED,
    verification=CERTIFIED_CODE,
    item="社会保障卡申领",
    applicant=PersonName("陈样"),
    materials=MATERIALS,
    statutory_limit="20个工作日",
    promised_limit="7个工作日",
    fee="首次申领不收费",
    place="二楼B区 5—8号窗口",
    told_at=AT,
)
QUEUE = QueueFacts(
    site=SITE,
    queue_number="A037",
    item="社会保障卡申领",
    window="二楼B区 5—8号窗口",
    ahead=6,
    taken_at=AT,
    slot="2026年11月20日 9:30—10:00",
    booking="YY-20261118-0093",
    name=PersonName("\u36c3小宁"),
)
HOTLINE = HotlineFacts(
    site=SITE,
    number=CERTIFIED,
    verification=CERTIFIED_CODE,
    order="261120-00317",
    query_code="5082",
    person=PersonName("周样样"),
    phone="138****2071",
    category="建议",
    summary="反映社保缴费明细打印后字号偏小，建议增加大字版；并希望二楼自助区周末开放。",
    taken_at=AT,
)
LOSS = LossFacts(
    site=SITE,
    number=CERTIFIED,
    verification=CERTIFIED_CODE,
    name=PersonName("李小\u4dae"),
    citizen_number=PERSON_NUMBER,
    card_tail="4471",
    bank="示例银行",
    effective_at=datetime(2026, 11, 20, 15, 40, 26, tzinfo=HALL_TIME),
    ends_at=datetime(2026, 11, 25, 15, 40, tzinfo=HALL_TIME),
    printed_at=AT,
)
VOID = VoidedNumber(
    key=f"void-{NUMBER}",
    receipt=NUMBER,
    reason="printer-error",
    voided_at=AT,
    replaced_by=compose_receipt_number(ReceiptKind.ELIGIBILITY, WHEN.date(), "0317", 46),
    staff="0317-08",
    way="pin",
)
VOIDED_DOCUMENT = "养老保险待遇领取资格认证凭条"


def contributions(first: date, months: int) -> tuple[Contribution, ...]:
    """Month after month, each credited on the twelfth of the next; the base goes up by the year."""
    one_after_another = []
    for count in range(months):
        year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
        base = Decimal(max(1256, 6380 - 366 * (2026 - year)))
        credited = date(year + month // 11, (month + 1) % 12 + 1, 12)
        one_after_another.append(
            Contribution(date(year, month + 1, 1), base, base * Decimal("0.16"), base * Decimal("0.08"), credited)
        )
    return tuple(one_after_another)


def account_years(count: int) -> tuple[AccountYear, ...]:
    """From 2020 on; a year's balance is that of the year before with what was credited and its interest."""
    years: list[AccountYear] = []
    balance = Decimal(0)
    for number in range(1, count + 1):
        credited, interest = Decimal("4811.52") + 366 * number, Decimal("217.44") * number
        balance += credited + interest
        years.append(AccountYear(2019 + number, 12, credited, interest, balance))
    return tuple(years)


def documents(site: Site = SITE) -> dict[str, Paper]:
    """One of every kind that is not an eligibility receipt or its slip."""
    certificate, statement = replace(CERTIFICATE, site=site), replace(STATEMENT, site=site)
    two_years = contributions(date(2024, 11, 1), 24)
    holder = (
        PaperField("证照名称", "样张行业从业人员资格证"),
        PaperField("类别", "示例类"),
        PaperField("发证日期", "2021年3月15日"),
    )
    return {
        "certificate": insurance_certificate(certificate, EMPLOYER, "正常参保", date(2026, 10, 1), INSURANCES),
        "certificate_paid": payment_certificate(certificate, EMPLOYER, date(2026, 10, 1), PERIODS),
        "certificate_training": eligibility_certificate(
            replace(certificate, site=replace(site, training=True), copy=2, name=PersonName("王\U00020000\U0002cb5a")),
            SCHEME,
            "示例市样张区",
            date(2026, 11, 20),
            "自助终端人脸比对",
            date(2027, 11, 30),
        ),
        "certificate_eligibility": eligibility_certificate(
            certificate, SCHEME, "示例市样张区", date(2026, 11, 20), "自助终端人脸比对", date(2027, 11, 30)
        ),
        "licence": licence_copy(certificate, "从业资格证", "SL-2021-000317", holder, date(2027, 3, 14)),
        "statement": contribution_statement(statement, two_years),
        "statement_long": contribution_statement(statement, contributions(date(2022, 3, 1), 56)),
        "statement_account": account_statement(statement, account_years(7)),
        "notice": one_time_notice(replace(NOTICE, site=site)),
        "queue": queue_ticket(replace(QUEUE, site=site)),
        "queue_walk_in": queue_ticket(replace(QUEUE, site=site, slot="", booking="", name=None)),
        "hotline": hotline_ticket(replace(HOTLINE, site=site)),
        "loss": loss_proof(replace(LOSS, site=site)),
        "printed_again": printed_again(
            passed_receipt(replace(FACTS, site=site), date(2027, 11, 30)), 2, WHEN + timedelta(hours=18)
        ),
        "void": void_notice(site, VOID, VOIDED_DOCUMENT, VERIFICATION, AT),
    }


def every_paper() -> dict[str, Paper]:
    """Receipts, slips and documents."""
    return {**all_papers(), **documents()}


SAMPLES = (
    "certificate",
    "certificate_paid",
    "certificate_eligibility",
    "licence",
    "statement",
    "statement_long",
    "statement_account",
    "notice",
    "queue",
    "hotline",
    "loss",
    "printed_again",
    "void",
)


def samples() -> dict[str, Paper]:
    """What a technician prints to see every kind of document: marked 演示, worth nothing."""
    training = documents(replace(SITE, training=True))
    return {"receipt": passed_receipt(TRAINING, date(2027, 11, 30)), **{name: training[name] for name in SAMPLES}}
