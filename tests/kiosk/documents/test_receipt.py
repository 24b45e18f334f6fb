"""Receipts say what domain.md 5.4 and 6 demand, and never more."""

from dataclasses import replace
from datetime import date

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
from kiosk.domain.paper import Band, Paper
from kiosk.domain.person_name import PersonName
from tests.kiosk.documents import reading
from tests.kiosk.documents.reading import fields, sentences, text
from tests.kiosk.documents.specimens import (
    BY_DATA,
    ELSEWHERE,
    ENTRY,
    FACTS,
    HELPER,
    SITE,
    SUSPENDED,
    TRAINING,
    VERIFICATION,
    WHEN,
    branch_receipts,
    specimens,
)

RECEIPTS = {**specimens(), **branch_receipts()}


@pytest.mark.parametrize("paper", RECEIPTS.values(), ids=RECEIPTS.keys())
class TestEveryReceipt:
    """The fields of domain.md 5.4."""

    def test_masks_name_and_number(self, paper: Paper) -> None:
        assert fields(paper)["证件号码"] == "110***********002X"
        assert fields(paper)["姓名"][1] == "＊"

    def test_tells_number_place_terminal_phones_and_rules(self, paper: Paper) -> None:
        for fact in ("YL-20261120-0317-00042", SITE.place, "0317", "12333", "12345", "认证规则版本 2026.03"):
            assert fact in text(paper)

    def test_tells_who_handles_it_and_how_to_rate(self, paper: Paper) -> None:
        told = fields(paper)
        assert SITE.agency in told.values() or ELSEWHERE.office in told.values()
        assert SITE.agency_phone in told.values() or ELSEWHERE.office_phone in told.values()
        assert "可在终端上评价本次服务，也可拨打12345。" in sentences(paper)

    def test_tells_when(self, paper: Paper) -> None:
        assert "2026年11月20日 14:32" in fields(paper).values()
        assert paper.printed_at == "2026-11-20 14:32"

    def test_can_be_verified_and_printed_again_anywhere(self, paper: Paper) -> None:
        assert paper.verification == VERIFICATION
        assert "任何自助机可补打" in text(paper)


@pytest.mark.parametrize("name", [name for name in RECEIPTS if name != "pending"])
def test_tells_scheme_and_area_where_a_roster_knew_them(name: str) -> None:
    told = fields(RECEIPTS[name])
    assert told["险种"] == "企业职工基本养老保险"
    assert told["参保地"] in (ENTRY.area, ELSEWHERE.area)


def test_passed_names_the_next_due_date() -> None:
    paper = passed_receipt(FACTS, WHEN.date().replace(year=2027, day=30))
    assert reading.headline(paper) == (Band.PASSED, "认证通过", "2027年11月30日")
    assert fields(paper)["险种"] == ENTRY.scheme
    assert fields(paper)["参保地"] == ENTRY.area
    assert fields(paper)["认证时间"] == "2026年11月20日 14:32"


def test_passed_without_a_due_date_promises_none() -> None:
    paper = passed_receipt(FACTS, None)
    assert (reading.key_label(paper), reading.key_fact(paper), reading.key_note(paper)) == (None, None, None)


def test_suspended_payment_is_told_to_resume_from_the_month_the_hall_names() -> None:
    paused = replace(FACTS, entry=SUSPENDED)
    dated, undated = passed_receipt(paused, None, date(2026, 12, 1)), passed_receipt(paused, None)
    assert fields(dated)["预计恢复"] == "2026年12月"
    assert "预计恢复" not in fields(undated)
    for paper in (dated, undated):
        assert "您的待遇已暂停，认证通过后次月恢复并补发。" in sentences(paper)


def test_a_payment_that_never_stopped_does_not_resume() -> None:
    paper = passed_receipt(FACTS, None, date(2026, 12, 1))
    assert "恢复" not in text(paper)


@pytest.mark.parametrize(
    "paper",
    [
        pending_receipt(replace(FACTS, entry=SUSPENDED), by_hall=False),
        referred_receipt(replace(FACTS, entry=SUSPENDED), ReferralReason.STAFF),
    ],
    ids=["pending", "referred"],
)
def test_suspended_payment_waits_for_the_pass(paper: Paper) -> None:
    assert "您的待遇已暂停，认证通过后次月恢复并补发。" in sentences(paper)


def test_expired_card_is_told_beside_the_pass_and_beside_the_wait() -> None:
    last = date(2026, 9, 20)
    passed = passed_receipt(FACTS, None, expired_on=last)
    pending = pending_receipt(FACTS, by_hall=True, expired_on=last)
    assert "身份证已于2026年9月20日到期，可到派出所换领，不影响本次认证。" in sentences(passed)
    assert "身份证已于2026年9月20日到期，可先到派出所换领。养老金认证可以先受理。" in sentences(pending)
    assert "到期" not in text(passed_receipt(FACTS, None)) + text(pending_receipt(FACTS, by_hall=True))


def test_other_province_is_assisted_and_its_office_named() -> None:
    elsewhere = replace(FACTS, entry=ELSEWHERE)
    passed, referred = passed_receipt(elsewhere, None), referred_receipt(elsewhere, ReferralReason.STAFF)
    assert fields(passed)["认证方式"] == "异地协助认证"
    assert fields(passed_receipt(FACTS, None))["认证方式"] == "自助终端人脸比对"
    for paper in (passed, referred):
        assert (fields(paper)["经办机构"], fields(paper)["联系电话"]) == (ELSEWHERE.office, ELSEWHERE.office_phone)
    assert fields(referred)["部门"] == SITE.agency


def test_nobody_helped_is_not_told() -> None:
    assert "帮办人员" not in fields(passed_receipt(FACTS, None))


def test_helper_is_named_masked_beside_the_person() -> None:
    helped = replace(FACTS, helper=HELPER)
    for paper in (
        passed_receipt(helped, None),
        pending_receipt(helped, by_hall=False),
        referred_receipt(helped, ReferralReason.STAFF),
    ):
        assert fields(paper)["帮办人员"] == "邓＊艳"


def test_name_of_three_keeps_first_and_last() -> None:
    paper = passed_receipt(replace(FACTS, name=PersonName("张小明")), None)
    assert fields(paper)["姓名"] == "张＊明"


def test_pending_is_not_a_pass() -> None:
    paper = pending_receipt(replace(FACTS, entry=None), by_hall=False)
    assert (reading.band(paper), reading.band_text(paper)) == (Band.PENDING, "已受理，待联网审核")
    assert reading.band_note(paper) == "本回执不代表认证已通过"
    assert "认证通过" not in text(paper)
    assert "险种" not in fields(paper)


@pytest.mark.parametrize(("days", "promised"), [(3, "最迟3个工作日内"), (None, None)])
def test_days_are_promised_only_by_the_site(days: int | None, promised: str | None) -> None:
    paper = pending_receipt(replace(FACTS, site=replace(SITE, answer_days=days)), by_hall=False)
    assert reading.key_fact(paper) == promised
    assert ("工作日内" in text(paper)) == (days is not None)


def test_pending_with_a_roster_answer_names_the_running_window() -> None:
    assert fields(pending_receipt(FACTS, by_hall=False))["当前期限"] == "2027年6月30日前"
    assert fields(referred_receipt(FACTS, ReferralReason.STAFF))["当前期限"] == "2027年6月30日前"


@pytest.mark.parametrize("reason", ReferralReason)
def test_referred_tells_where_when_and_that_nothing_is_lost(reason: ReferralReason) -> None:
    paper = referred_receipt(FACTS, reason)
    assert (reading.band(paper), reading.band_text(paper), reading.band_note(paper)) == (
        Band.REFERRED,
        "3号窗口",
        "转人工",
    )
    for words in ("转人工审核", "不影响您已有的待遇", "可上门办理", SITE.desk_hours, reason.value):
        assert words in text(paper)


@pytest.mark.parametrize(("days", "told"), [(3, "最迟3个工作日内"), (None, None)])
def test_referred_promises_an_answer_only_where_the_site_does(days: int | None, told: str | None) -> None:
    paper = referred_receipt(replace(FACTS, site=replace(SITE, answer_days=days)), ReferralReason.PHOTO)
    assert fields(paper).get("答复时间") == told
    assert ("工作日内" in text(paper)) == (days is not None)


def test_already_confirmed_is_a_proof() -> None:
    paper = already_confirmed_receipt(FACTS, ENTRY)
    assert (reading.band(paper), reading.band_text(paper)) == (Band.INFORMATION, "今天不用再办")
    assert fields(paper)["完成日期"] == "2026年6月11日"
    assert reading.key_fact(paper) == "2027年6月30日"


def test_confirmed_by_data_says_that_nothing_was_to_be_done() -> None:
    assert fields(already_confirmed_receipt(FACTS, BY_DATA))["认证方式"] == "数据比对，本人无须操作"


def test_a_proof_without_days_names_none() -> None:
    bare = replace(ENTRY, confirmed_on=None, due_on=None, source=None)
    paper = already_confirmed_receipt(replace(FACTS, entry=bare), bare)
    assert (reading.key_fact(paper), fields(paper).get("完成日期"), fields(paper).get("认证方式")) == (None, None, None)


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
    assert reading.band_text(paper) == "已受理，待审核"
    assert not any("网络" in sentence for notes in reading.notes(paper) for sentence in notes.sentences)
    assert reading.key_fact(paper) is None
