"""Statements (查询单): what the agency's books say of a person, by month or year. They have no seal.

Sums are worked out here from exact amounts; carried sums stand ready after every part between which a page may break.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from kiosk.documents.composing import Heading, Proof, compose
from kiosk.documents.wording import CONTACT, FADES, address, money, person_fields, rules_line
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.paper import (
    Align,
    Block,
    Column,
    FieldGroup,
    Paper,
    PaperField,
    PaperNotes,
    Row,
    RowGroup,
    RowPart,
    SumRow,
    Table,
)
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptNumber, Verification
from kiosk.domain.site import Site

_UNIT = "金额单位：元"


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """What every statement says; ``queried_at`` is in the hall's own time zone."""

    site: Site
    number: ReceiptNumber
    verification: Verification
    name: PersonName
    citizen_number: CitizenNumber
    scheme: str
    employer: str
    queried_at: datetime


@dataclass(frozen=True, slots=True)
class Contribution:
    """One month's contributions in yuan; ``month`` is any day of it, ``credited_on`` None while the money is due."""

    month: date
    base: Decimal
    employer: Decimal
    personal: Decimal
    credited_on: date | None


@dataclass(frozen=True, slots=True)
class AccountYear:
    """One year of a personal account in yuan: what was credited, its interest, and the balance at the year's end."""

    year: int
    months: int
    credited: Decimal
    interest: Decimal
    balance: Decimal


def contribution_statement(facts: StatementFacts, contributions: tuple[Contribution, ...]) -> Paper:
    """社会保险个人缴费明细, oldest month first. At least one contribution."""
    months = sorted(contributions, key=lambda one: one.month)
    total = _sums("合计", months)
    owed = tuple(f"{one.month:%Y-%m}" for one in months if one.credited_on is None)
    columns = (
        Column("月份", 92, 34, narrow_title="月"),
        Column("缴费基数", 112, 98, Align.RIGHT),
        Column("单位缴纳", 132, 112, Align.RIGHT, "单位"),
        Column("个人缴纳", 136, 124, Align.RIGHT, "个人"),
        Column("到账", 72, 0, Align.RIGHT),
    )
    whole = sum((one.employer + one.personal for one in months), Decimal())
    table = Table(
        columns,
        tuple(_years(months)),
        unit=_UNIT,
        total=total,
        closing=(PaperField("单位与个人合计", f"{money(whole)} 元"),),
    )
    period = f"{months[0].month:%Y-%m} 至 {months[-1].month:%Y-%m}，{len(months)}个月"
    credited = f"尚未到账的月份：{'，'.join(owed)}。" if owed else "本单所列各月均已到账。"
    return _statement(facts, "社会保险个人缴费明细", PaperField("查询期间", period), table, credited)


def account_statement(facts: StatementFacts, years: tuple[AccountYear, ...]) -> Paper:
    """养老保险个人账户, oldest year first. At least one year."""
    ordered = sorted(years, key=lambda one: one.year)
    columns = (
        Column("年度", 76, 64),
        Column("月数", 64, 0, Align.RIGHT),
        Column("当年记账", 132, 146, Align.RIGHT),
        Column("利息", 126, 0, Align.RIGHT),
        Column("累计储存额", 146, 158, Align.RIGHT, "累计"),
    )
    parts = tuple(
        RowPart(
            tuple(
                (str(one.year), str(one.months), money(one.credited), money(one.interest), money(one.balance))
                for one in ordered[start : start + 3]
            ),
            _account_sums("", ordered[: start + 3]),
        )
        for start in range(0, len(ordered), 3)
    )
    table = Table(
        columns,
        (RowGroup("", "", parts),),
        unit=_UNIT,
        total=_account_sums("合计", ordered),
        closing=(PaperField("累计储存额", f"{money(ordered[-1].balance)} 元"),),
    )
    period = f"{ordered[0].year}年 至 {ordered[-1].year}年"
    return _statement(facts, "养老保险个人账户", PaperField("查询期间", period), table, "累计储存额含历年利息。")


def _statement(facts: StatementFacts, title: str, period: PaperField, table: Table, note: str) -> Paper:
    site = facts.site
    employer = (PaperField("单位名称", facts.employer),) if facts.employer else ()
    fields = (*person_fields(facts.name, facts.citizen_number), PaperField("险种", facts.scheme), *employer, period)
    blocks: tuple[Block, ...] = (
        FieldGroup(fields),
        table,
        PaperNotes("", (note, f"信息如有出入，请到{site.desk}核对。")),
    )
    text = f"扫码或登录 {address(site)} 输入核验码，核对本单真伪。二维码不含证件号码。"
    return compose(
        site,
        Heading(title),
        blocks,
        facts.queried_at,
        Proof(facts.number, facts.verification, text),
        (rules_line(site), CONTACT, FADES),
    )


def _years(months: list[Contribution]) -> Iterable[RowGroup]:
    before: list[Contribution] = []
    for year, of_year in groupby(months, key=lambda one: one.month.year):
        parts = []
        this_year: list[Contribution] = []
        for _, of_quarter in groupby(of_year, key=lambda one: (one.month.month - 1) // 3):
            quarter = list(of_quarter)
            this_year += quarter
            parts.append(RowPart(tuple(_row(one) for one in quarter), _sums("", before + this_year)))
        before += this_year
        yield RowGroup(f"{year}年", f"{year}-", tuple(parts), _sums(f"{year}年小计", this_year))


def _row(one: Contribution) -> Row:
    credited = "" if one.credited_on is None else f"{one.credited_on:%m-%d}"
    return f"{one.month:%Y-%m}", money(one.base), money(one.employer), money(one.personal), credited


def _sums(label: str, months: list[Contribution]) -> SumRow:
    employers = sum((one.employer for one in months), Decimal())
    persons = sum((one.personal for one in months), Decimal())
    return SumRow(label, f"{len(months)}个月", ("", "", money(employers), money(persons), ""))


def _account_sums(label: str, years: list[AccountYear]) -> SumRow:
    credited = sum((one.credited for one in years), Decimal())
    interest = sum((one.interest for one in years), Decimal())
    return SumRow(label, "", ("", "", money(credited), money(interest), money(years[-1].balance)))
