"""The two A4 papers of the design: a certificate of insurance and a statement of 24 months."""

from decimal import Decimal

from kiosk.domain.paper import (
    Align,
    Body,
    Column,
    EndMark,
    FieldGroup,
    Paper,
    PaperField,
    PaperNotes,
    RowGroup,
    RowPart,
    Seal,
    SealedClosing,
    SumRow,
    Table,
)
from kiosk.domain.receipt_number import ReceiptKind, Verification, compose_receipt_number
from tests.kiosk.documents.specimens import WHEN

_AGENCY = "示例市社会保险事业服务中心"
_NUMBER = compose_receipt_number(ReceiptKind.CERTIFICATE, WHEN.date(), "0317", 17)
_SIGNATURE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFG"
_RATES = (("2024", (11, 12), 5626), ("2025", range(1, 13), 6014), ("2026", range(1, 11), 6380))


def certificate() -> Paper:
    kinds = (
        ("企业职工基本养老保险", "2009-07", "208"),
        ("职工基本医疗保险", "2009-07", "208"),
        ("失业保险", "2009-07", "208"),
        ("工伤保险", "2012-03", "176"),
        ("生育保险", "2012-03", "176"),
    )
    rows = tuple((str(at), kind, since, "参保缴费", months) for at, (kind, since, months) in enumerate(kinds, start=1))
    fields = (
        PaperField("姓名", "龙＊龑"),
        PaperField("证件号码", "110***********302X"),
        PaperField("单位名称", "示例市样张机械制造有限公司"),
        PaperField("参保状态", "正常参保"),
        PaperField("参保地", "示例市样张区"),
        PaperField("证明用途", "个人办理事务"),
    )
    columns = (
        Column("序号", 120, 0, Align.CENTRE),
        Column("险种", 440, 1),
        Column("首次参保", 240, 1, Align.CENTRE),
        Column("参保情况", 240, 1, Align.CENTRE),
        Column("累计缴费月数", 240, 1, Align.RIGHT),
    )
    blocks = (
        FieldGroup(fields),
        Body("经查询，上述人员截至2026年10月在示例市参加社会保险情况如下：", indent=True),
        Table(columns, (RowGroup("", "", (RowPart(rows),)),), ruled=True),
        EndMark("以下空白"),
        Body("本证明自打印之日起3个月内可核验。", indent=True),
        Body("特此证明。", indent=True),
        SealedClosing(
            "", "示例市社会保险事业服务中心", "2026年11月20日", Seal("示例市社会保险事业服务中心", "证明专用章", "样章")
        ),
    )
    return _paper("社会保险参保证明", blocks, "本单印章为电子印章，黑白打印件以核验结果为准。")


def statement(years: int = 1) -> Paper:
    """24 months, ``years`` times over."""
    columns = (
        Column("序号", 100, 0, Align.CENTRE),
        Column("月份", 180, 1, Align.CENTRE),
        Column("缴费基数", 200, 1, Align.RIGHT),
        Column("单位缴纳", 200, 1, Align.RIGHT),
        Column("个人缴纳", 200, 1, Align.RIGHT),
        Column("小计", 200, 1, Align.RIGHT),
        Column("到账日期", 200, 0, Align.CENTRE),
    )
    groups, at, employers, persons = [], 0, Decimal(), Decimal()
    for year, months, base in _RATES * years:
        parts, employer, personal = [], Decimal(base) * 16 / 100, Decimal(base) * 8 / 100
        before = at
        rows = []
        for month in months:
            at += 1
            employers, persons = employers + employer, persons + personal
            credited = f"{int(year) + month // 12}-{month % 12 + 1:02d}-12"
            sums = (f"{base:,}.00", f"{employer:,.2f}", f"{personal:,.2f}", f"{employer + personal:,.2f}")
            rows.append((str(at), f"{year}-{month:02d}", *sums, credited))
            if month % 3 == 0 or month == max(months):
                parts.append(RowPart(tuple(rows), _sums("", at, employers, persons)))
                rows = []
        count = at - before
        groups.append(
            RowGroup(
                f"{year}年", f"{year}-", tuple(parts), _sums(f"{year}年小计", count, employer * count, personal * count)
            )
        )
    fields = (
        PaperField("姓名", "张＊明"),
        PaperField("证件号码", "110***********002X"),
        PaperField("险种", "企业职工基本养老保险"),
        PaperField("查询期间", "2024-11 至 2026-10"),
        PaperField("单位名称", "示例市样张机械制造有限公司"),
        PaperField("参保地", "示例市样张区"),
    )
    table = Table(columns, tuple(groups), "金额单位：元", _sums("合计", at, employers, persons))
    notes = PaperNotes("", ("合计为24个月内单位与个人缴费之和；缴费信息如有出入，请到3号窗口核对。",))
    return _paper(
        "社会保险个人缴费明细", (FieldGroup(fields), table, notes), "本单为查询结果，不加盖印章，以核验结果为准。"
    )


def _sums(label: str, count: int, employer: Decimal, personal: Decimal) -> SumRow:
    cells = ("", "", "", f"{employer:,.2f}", f"{personal:,.2f}", f"{employer + personal:,.2f}", "")
    return SumRow(label, f"{count}个月", cells)


def _paper(
    title: str, blocks: tuple[FieldGroup | Body | Table | EndMark | PaperNotes | SealedClosing, ...], footer: str
) -> Paper:
    return Paper(
        hall="示例市政务服务中心自助服务终端",
        marking="样张·数据虚构",
        issuer="",
        subject="",
        title=title,
        number=_NUMBER,
        blocks=blocks,
        verification=Verification(f"HTTPS://HY.SHILI.EXAMPLE/{_NUMBER.value}/{_SIGNATURE}", "E5TN-8VJR"),
        verification_text="扫码或登录 hy.shili.example 输入核验码，核对本单真伪。二维码不含证件号码。",
        footer=(footer, "咨询 12333　监督投诉 12345"),
        printed_at="2026-11-20 15:20",
        terminal="SL-0317",
    )
