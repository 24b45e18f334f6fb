"""Certificates, statements, notices and tickets: what each must say, and what none may."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents.certificate import eligibility_certificate, insurance_certificate, licence_copy
from kiosk.documents.paper_document import NotAPaper, paper_from_json, paper_to_json
from kiosk.documents.reissue import printed_again, void_notice
from kiosk.documents.statement import Contribution, contribution_statement
from kiosk.documents.ticket import queue_ticket
from kiosk.domain.paper import (
    Checklist,
    Column,
    FieldGroup,
    OutcomeBand,
    Paper,
    QueueNumber,
    ReprintMark,
    RowGroup,
    RowPart,
    SealedClosing,
    SumRow,
    Table,
    VoidMark,
)
from kiosk.domain.void_reasons import VOID_REASONS
from tests.kiosk.documents.document_specimens import (
    AT,
    CERTIFICATE,
    INSURANCES,
    MATERIALS,
    PERSON,
    PERSON_NUMBER,
    QUEUE,
    STATEMENT,
    VOID,
    VOIDED_DOCUMENT,
    contributions,
    documents,
)
from tests.kiosk.documents.reading import fields, sentences, text
from tests.kiosk.documents.specimens import FACTS, NUMBER, SITE, VERIFICATION

DOCUMENTS = documents()
CERTIFICATES = ("certificate", "certificate_paid", "certificate_eligibility", "licence")
STATEMENTS = ("statement", "statement_long", "statement_account")
FORBIDDEN = ("失败", "非本人", "活体检测不通过", "冒领")
TRAINING = replace(SITE, training=True)
AS_OF = date(2026, 10, 1)


@pytest.mark.parametrize("paper", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_every_document_survives_its_json(paper: Paper) -> None:
    assert paper_from_json(paper_to_json(paper)) == paper


@pytest.mark.parametrize("paper", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_no_document_says_a_forbidden_word_or_a_whole_name_or_number(paper: Paper) -> None:
    said = text(paper) + paper_to_json(paper).decode()
    names = (PERSON.value, STATEMENT.name.value, QUEUE.name.value if QUEUE.name else "", PERSON_NUMBER.value)
    assert not [word for word in (*FORBIDDEN, *names) if word in said]


@pytest.mark.parametrize("name", CERTIFICATES)
def test_certificate_has_issuer_seal_date_number_copy_and_rules(name: str) -> None:
    paper = DOCUMENTS[name]
    (closing,) = paper.every(SealedClosing)
    assert (closing.issuer, closing.seal.body, closing.date) == (SITE.agency, SITE.agency, "2026年11月20日")
    assert closing.seal.lower == ""
    assert paper.number == CERTIFICATE.number
    assert paper.verification == CERTIFICATE.verification
    assert any("第1份" in line and SITE.rules_version in line for line in paper.footer)
    assert any("以核验结果为准" in sentence for sentence in sentences(paper))


def test_seal_of_a_training_terminal_is_a_specimen() -> None:
    facts = replace(CERTIFICATE, site=TRAINING, copy=2)
    paper = eligibility_certificate(facts, "示例险种", "示例市", date(2026, 11, 20), "窗口办理", None)
    (closing,) = paper.every(SealedClosing)
    assert closing.seal.lower == "样章"
    assert any("第2份" in line for line in paper.footer)
    assert any("不作为办理凭证" in line for line in paper.footer)
    assert "下次截止" not in fields(paper)


def test_name_is_whole_only_where_the_agency_needs_it() -> None:
    masked, whole = (
        insurance_certificate(replace(CERTIFICATE, whole_name=wish), "", "正常参保", AS_OF, INSURANCES)
        for wish in (False, True)
    )
    assert fields(masked)["姓名"] == "龙＊䶮"
    assert fields(whole)["姓名"] == PERSON.value
    assert fields(whole)["证件号码"] == PERSON_NUMBER.masked
    assert "单位名称" not in fields(whole)


def test_term_of_a_certificate_is_the_agency_s_or_none() -> None:
    paper = licence_copy(replace(CERTIFICATE, valid_months=None), "从业资格证", "SL-1", (), None)
    assert not [sentence for sentence in sentences(paper) if "个月" in sentence]
    assert fields(paper)["有效期"] == "长期"


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_has_no_seal(name: str) -> None:
    assert not DOCUMENTS[name].every(SealedClosing)


AMOUNTS = st.decimals(0, 99999, places=2)
MONTHS = st.lists(
    st.builds(
        Contribution,
        st.dates(date(2018, 1, 1), date(2026, 12, 1)).map(lambda day: day.replace(day=1)),
        AMOUNTS,
        AMOUNTS,
        AMOUNTS,
        st.none() | st.just(date(2026, 12, 12)),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one.month,
)


@given(months=MONTHS)
def test_sums_of_a_statement_add_up(months: list[Contribution]) -> None:
    paper = contribution_statement(STATEMENT, tuple(months))
    (table,) = paper.every(Table)
    rows = [row for group in table.groups for part in group.parts for row in part.rows]
    assert [row[0] for row in rows] == sorted(f"{one.month:%Y-%m}" for one in months)
    subtotals = [group.subtotal for group in table.groups if group.subtotal]
    last = [part.carried for group in table.groups for part in group.parts][-1]
    assert table.total is not None
    assert last is not None
    for column in (2, 3):
        whole = sum(amount(row[column]) for row in rows)
        assert amount(table.total.cells[column]) == whole
        assert amount(last.cells[column]) == whole
        assert sum(amount(subtotal.cells[column]) for subtotal in subtotals) == whole
    owed = [f"{one.month:%Y-%m}" for one in months if one.credited_on is None]
    assert all(any(month in sentence for sentence in sentences(paper)) for month in owed)


def amount(cell: str) -> Decimal:
    return Decimal(cell.replace(",", ""))


def test_quarters_stay_together_and_years_have_their_subtotal() -> None:
    (table,) = contribution_statement(STATEMENT, contributions(date(2024, 11, 1), 24)).every(Table)
    assert [group.title for group in table.groups] == ["2024年", "2025年", "2026年"]
    assert [[len(part.rows) for part in group.parts] for group in table.groups] == [[2], [3, 3, 3, 3], [3, 3, 3, 1]]
    assert [group.subtotal.count for group in table.groups if group.subtotal] == ["2个月", "12个月", "10个月"]


def test_notice_ticks_what_was_checked() -> None:
    (checklist,) = DOCUMENTS["notice"].every(Checklist)
    assert checklist.items == MATERIALS
    assert [item.ticked for item in checklist.items] == [True, True, False, False, False]


def test_queue_ticket_has_neither_number_nor_code() -> None:
    paper = queue_ticket(QUEUE)
    assert (paper.number, paper.verification, paper.title) == (None, None, "")
    assert [block.number for block in paper.every(QueueNumber)] == ["A037"]
    assert "前面等候" not in fields(queue_ticket(replace(QUEUE, ahead=None)))


def test_loss_says_the_second_and_the_bank_s_own_report() -> None:
    paper = DOCUMENTS["loss"]
    (band,) = paper.every(OutcomeBand)
    assert band.fact == "2026年11月20日 15:40:26"
    assert "银行账户要另行挂失" in text(paper)
    assert fields(paper)["卡号"].endswith("4471")


def test_printed_again_is_the_same_paper_under_a_mark() -> None:
    first = DOCUMENTS["certificate"]
    third = printed_again(printed_again(first, 2, AT), 3, AT)
    assert third.number == first.number
    assert third.blocks[1:] == first.blocks
    assert [mark.count for mark in third.every(ReprintMark)] == [3]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("cover-open", "打印中机盖打开，未能确认出纸完整"),
        ("paper-taken-back", "凭证未取走，已由设备收回"),
        ("a-word-of-tomorrow", "打印中断，未能确认出纸完整"),
    ],
)
def test_void_notice_says_why_and_names_no_new_number_before_there_is_one(reason: str, words: str) -> None:
    void = replace(VOID, reason=reason, replaced_by=None, staff="", way="")
    paper = void_notice(SITE, void, VOIDED_DOCUMENT, VERIFICATION, AT)
    assert paper.every(VoidMark)
    assert (fields(paper)["作废编号"], fields(paper)["作废原因"]) == (NUMBER.value, words)
    assert "替代编号" not in fields(paper)
    assert "授权人员" not in fields(paper)
    assert "办理结果不变" in text(paper)


@pytest.mark.parametrize("reason", sorted(VOID_REASONS))
def test_void_notice_has_neutral_words_for_every_reason(reason: str) -> None:
    paper = void_notice(SITE, replace(VOID, reason=reason), VOIDED_DOCUMENT, VERIFICATION, AT)
    words = fields(paper)["作废原因"]
    assert words.endswith(("未能确认出纸完整", "已由设备收回"))
    assert not any(letter.isascii() for letter in words)
    assert not any(word in text(paper) for word in ("失败", "非本人", "不通过", "冒领"))


def test_void_notice_names_new_number_and_who_allowed_it() -> None:
    said = fields(void_notice(SITE, VOID, VOIDED_DOCUMENT, VERIFICATION, AT))
    assert VOID.replaced_by is not None
    assert said["替代编号"] == VOID.replaced_by.value
    assert said["授权人员"] == "工号 0317-08"


def test_a_table_has_one_cell_a_column() -> None:
    columns = (Column("甲", 1, 1), Column("乙", 1, 1))
    with pytest.raises(ValueError, match="one cell a column"):
        Table(columns, (RowGroup("", "", (RowPart((("1",),)),)),))
    with pytest.raises(ValueError, match="one cell a column"):
        Table(columns, (), total=SumRow("合计", "", ("",)))


def test_a_broken_table_in_json_is_no_paper() -> None:
    document = paper_to_json(DOCUMENTS["certificate"]).replace(b'"2012-03",', b"")
    assert paper_from_json(document) == NotAPaper(("blocks.2",))


def test_facts_do_not_show_in_logs() -> None:
    assert PERSON_NUMBER.value not in repr(CERTIFICATE)
    assert FACTS.name.value not in repr(DOCUMENTS["printed_again"])
    assert "FieldGroup" in repr(DOCUMENTS["certificate"].every(FieldGroup))
