"""Receipts say what domain.md 5.4 and 6 demand, and never more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents.receipt import (
    ReferralReason,
    already_confirmed_receipt,
    passed_receipt,
    pending_receipt,
    referred_receipt,
)
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.paper import Band, Paper
from kiosk.domain.person_name import PersonName
from tests.kiosk.documents.specimens import ENTRY, FACTS, SITE, TRAINING, WHEN, specimens

FORBIDDEN = ("失败", "非本人", "活体检测不通过", "冒领")


def words(paper: Paper) -> Iterator[str]:
    for text in (paper.hall, paper.marking, paper.issuer, paper.subject, paper.title, str(paper.number)):
        yield text or ""
    for text in (paper.band_text, paper.band_note, paper.key_label, paper.key_fact, paper.key_note, paper.statement):
        yield text or ""
    for group in paper.fields:
        for field in group:
            yield from (field.label, field.value)
    for notes in paper.notes:
        yield from (notes.heading, *notes.sentences)
    yield from (paper.verification.qr_text, paper.verification.short_code, paper.verification_text)
    yield from (*paper.footer, paper.printed_at, paper.terminal)


def text(paper: Paper) -> str:
    return "\n".join(words(paper))


def fields(paper: Paper) -> dict[str, str]:
    return {field.label: field.value for group in paper.fields for field in group}


@pytest.mark.parametrize("paper", specimens().values(), ids=specimens().keys())
class TestEveryReceipt:
    def test_masks_name_and_number(self, paper: Paper) -> None:
        assert "11010519491231002X" not in text(paper)
        assert "张明" not in text(paper)
        assert fields(paper)["证件号码"] == "110***********002X"
        assert fields(paper)["姓名"][1] == "＊"

    def test_holds_no_forbidden_word(self, paper: Paper) -> None:
        assert not [word for word in FORBIDDEN if word in text(paper)]

    def test_tells_number_place_terminal_phones_and_rules(self, paper: Paper) -> None:
        for fact in ("YL-20261120-0317-00042", SITE.place, "0317", "12333", "12345", "2026.03", SITE.agency_phone):
            assert fact in text(paper)

    def test_code_holds_no_personal_number(self, paper: Paper) -> None:
        assert "002X" not in paper.verification.qr_text


def test_passed_names_the_next_due_date() -> None:
    paper = passed_receipt(FACTS, WHEN.date().replace(year=2027, day=30))
    assert (paper.band, paper.band_text, paper.key_fact) == (Band.PASSED, "认证通过", "2027年11月30日")
    assert fields(paper)["险种"] == ENTRY.scheme
    assert fields(paper)["参保地"] == ENTRY.area
    assert fields(paper)["认证时间"] == "2026年11月20日 14:32"


def test_passed_without_a_due_date_promises_none() -> None:
    paper = passed_receipt(FACTS, None)
    assert (paper.key_label, paper.key_fact, paper.key_note) == (None, None, None)


def test_suspended_pension_is_told_to_resume() -> None:
    paused = replace(FACTS, entry=replace(ENTRY, status=RosterStatus.SUSPENDED))
    assert "次月恢复并补发" in text(passed_receipt(paused, None))
    assert "次月恢复并补发" not in text(passed_receipt(FACTS, None))


def test_pending_is_not_a_pass() -> None:
    paper = pending_receipt(replace(FACTS, entry=None), by_hall=False)
    assert (paper.band, paper.band_text) == (Band.PENDING, "已受理，待联网审核")
    assert paper.band_note == "本回执不代表认证已通过"
    assert "认证通过" not in text(paper)
    assert "险种" not in fields(paper)


@pytest.mark.parametrize(("days", "promised"), [(3, "最迟3个工作日内"), (None, None)])
def test_days_are_promised_only_by_the_site(days: int | None, promised: str | None) -> None:
    paper = pending_receipt(replace(FACTS, site=replace(SITE, answer_days=days)), by_hall=False)
    assert paper.key_fact == promised
    assert ("工作日内" in text(paper)) == (days is not None)


def test_pending_with_a_roster_answer_names_the_running_window() -> None:
    assert fields(pending_receipt(FACTS, by_hall=False))["当前期限"] == "2027年6月30日前"


@pytest.mark.parametrize("reason", ReferralReason)
def test_referred_tells_where_when_and_that_nothing_is_lost(reason: ReferralReason) -> None:
    paper = referred_receipt(FACTS, reason)
    assert (paper.band, paper.band_text, paper.band_note) == (Band.REFERRED, "3号窗口", "转人工")
    for words_ in ("转人工审核", "不影响您已有的待遇", "可上门办理", SITE.desk_hours, reason.value):
        assert words_ in text(paper)


def test_already_confirmed_is_a_proof() -> None:
    paper = already_confirmed_receipt(FACTS, ENTRY)
    assert (paper.band, paper.band_text) == (Band.INFORMATION, "今天不用再办")
    assert fields(paper)["完成日期"] == "2026年6月11日"
    assert paper.key_fact == "2027年6月30日"


def test_training_terminal_says_so_on_top_in_the_title_and_below() -> None:
    paper = pending_receipt(TRAINING, by_hall=False)
    assert paper.marking == "演示"
    assert paper.title.startswith("演示")
    assert any("演示" in line for line in paper.footer)
    assert "演示" not in text(pending_receipt(FACTS, by_hall=False))


def test_repr_shows_no_field_value() -> None:
    assert "110***********002X" not in repr(pending_receipt(FACTS, by_hall=False))


@given(st.text(min_size=2, max_size=20))
def test_no_name_is_ever_whole(name: str) -> None:
    printed = fields(pending_receipt(replace(FACTS, name=PersonName(name)), by_hall=False))["姓名"]
    assert len(printed) <= 3
    assert printed[1] == "＊"


def test_a_case_the_hall_keeps_says_nothing_of_a_network_and_promises_no_days() -> None:
    paper = pending_receipt(FACTS, by_hall=True)
    assert paper.band_text == "已受理，待审核"
    assert not any("网络" in sentence for notes in paper.notes for sentence in notes.sentences)
    assert paper.key_fact is None
