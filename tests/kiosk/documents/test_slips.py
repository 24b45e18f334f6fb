"""The papers beside the receipt: for the desk, for another way, for a visit at home, and a paper once more."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.documents.slips import desk_slip, home_visit_slip, reprint, ways_slip
from kiosk.domain.case import DeskReason, HallDecision, Outcome
from kiosk.domain.paper import Band, Paper
from tests.kiosk.documents import reading
from tests.kiosk.documents.reading import fields, sentences, text
from tests.kiosk.documents.specimens import (
    ENTRY,
    NUMBER,
    PHONE,
    SITE,
    SLIP_FACTS,
    VERIFICATION,
    WHEN,
    reprint_of,
    slips,
)

NUMBERED = {name: paper for name, paper in slips().items() if name != "ways"}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_numbered_slip_can_be_had_again_at_any_terminal(name: str) -> None:
    assert NUMBERED[name].number == NUMBER
    assert "请记下编号，任何自助机可补打。" in text(NUMBERED[name])


@pytest.mark.parametrize("paper", slips().values(), ids=slips().keys())
class TestEverySlip:
    def test_tells_place_terminal_phones_rules_and_rating(self, paper: Paper) -> None:
        for fact in (SITE.place, "0317", "12333", "12345", SITE.agency, SITE.agency_phone, "认证规则版本 2026.03"):
            assert fact in text(paper)
        assert "可在终端上评价本次服务，也可拨打12345。" in sentences(paper)

    def test_promises_no_days(self, paper: Paper) -> None:
        assert "工作日" not in text(paper)


@pytest.mark.parametrize("reason", DeskReason)
class TestDeskSlip:
    def test_shows_the_way_to_the_desk(self, reason: DeskReason) -> None:
        paper = desk_slip(SLIP_FACTS, reason)
        assert (reading.band(paper), reading.band_note(paper), reading.band_text(paper)) == (
            Band.REFERRED,
            "请到",
            "3号窗口",
        )
        told = fields(paper)
        assert (told["部门"], told["地址"], told["时间"]) == (SITE.agency, SITE.place, SITE.desk_hours)
        assert f"拨打 {SITE.agency_phone}，可上门办理。" in sentences(paper)

    def test_is_filled_in_as_far_as_the_terminal_knows(self, reason: DeskReason) -> None:
        told = fields(desk_slip(replace(SLIP_FACTS, entry=ENTRY), reason))
        assert (told["姓名"], told["证件号码"]) == ("张＊明", "110***********002X")
        assert (told["险种"], told["参保地"]) == (ENTRY.scheme, ENTRY.area)
        assert told["登记时间"] == "2026年11月20日 14:32"

    def test_claims_no_name_that_nobody_read(self, reason: DeskReason) -> None:
        told = fields(desk_slip(replace(SLIP_FACTS, name=None), reason))
        assert "姓名" not in told
        assert told["证件号码"] == "110***********002X"
        assert "险种" not in told

    def test_speaks_of_no_face_and_no_result(self, reason: DeskReason) -> None:
        paper = text(desk_slip(SLIP_FACTS, reason))
        assert not [word for word in ("人脸", "认证通过", "照片", "停发", "死亡", "服刑") if word in paper]


@pytest.mark.parametrize(
    ("reason", "title", "statement"),
    [
        (DeskReason.CARD_NOT_READ, "办理单", "身份证未读出，号码由本人输入，请在窗口核对。"),
        (
            DeskReason.NAME_DIFFERS,
            "更正申请单",
            "姓名或号码与参保信息不一致，请在窗口更正，不影响您已有的待遇。",
        ),
        (
            DeskReason.NOT_LISTED,
            "查询单",
            "没有查到您在领取待遇。可能在外地、在其他险种，或刚办退休。",
        ),
        (DeskReason.DESK_MUST_CHECK, "办理单", "您的档案状态需要工作人员核对，不影响您已有的待遇。"),
    ],
)
def test_words_of_each_reason(reason: DeskReason, title: str, statement: str) -> None:
    paper = desk_slip(SLIP_FACTS, reason)
    assert (paper.title, reading.statement(paper)) == (title, statement)


@pytest.mark.parametrize("reason", DeskReason)
def test_only_the_correction_form_is_to_be_filled_in(reason: DeskReason) -> None:
    blank = [label for label, value in fields(desk_slip(SLIP_FACTS, reason)).items() if not value.strip("＿")]
    form = ["正确姓名", "正确号码", "情况说明", "本人签名"]
    assert blank == (form if reason is DeskReason.NAME_DIFFERS else [])


def test_who_is_not_listed_gets_the_offices_that_may_know() -> None:
    (offices,) = (n for n in reading.notes(desk_slip(SLIP_FACTS, DeskReason.NOT_LISTED)) if n.heading == "可以去问")
    assert offices.sentences == (
        "示例市社会保险事业服务中心，电话 0000-88880317。",
        "示例市城西区的经办机构，先打 12333 查地址。",
        "示例市城北县的经办机构，先打 12333 查地址。",
        "不知道在哪里，打 12333 可以帮您查。",
    )


def test_ways_name_every_way_that_needs_no_face_and_nobody() -> None:
    paper = ways_slip(SITE, WHEN)
    assert (paper.number, paper.verification, reading.band(paper)) == (None, None, Band.INFORMATION)
    told = fields(paper)
    assert (told["到窗口"], told["地址"], told["时间"]) == (SITE.desk, SITE.place, SITE.desk_hours)
    assert told["上门"] == "可上门办理，拨打 0000-88880317 预约"
    assert "电子社保卡" in told["用手机"]
    assert told["打电话"] == "0000-88880317，12333，12345"
    assert told["在境外"] == "境外可用“中国领事”"
    assert told["在外省"] == "外省居住可在当地办"
    assert not {"姓名", "证件号码"} & told.keys()


def test_a_paper_without_a_number_speaks_of_none() -> None:
    paper = text(ways_slip(SITE, WHEN))
    assert not [word for word in ("编号", "补打", "扫码", "核验码", "二维码") if word in paper]


def test_home_visit_names_day_phone_and_the_person_masked() -> None:
    paper = home_visit_slip(SLIP_FACTS, PHONE, date(2026, 11, 25))
    told = fields(paper)
    assert (reading.key_label(paper), reading.key_fact(paper)) == ("希望上门的日子", "2026年11月25日")
    assert (told["姓名"], told["证件号码"], told["联系电话"]) == ("张＊明", "110***********002X", "138****2071")
    assert (told["经办机构"], told["机构电话"]) == (SITE.agency, SITE.agency_phone)
    assert "本人不便可以预约上门，不能代替本人刷脸。" in sentences(paper)
    assert PHONE not in text(paper)


@pytest.mark.parametrize(
    ("outcome", "band", "words"),
    [
        (Outcome.PASSED, Band.PASSED, "认证通过"),
        (Outcome.PENDING, Band.PENDING, "已受理，待审核"),
        (Outcome.REFERRED, Band.REFERRED, "工作人员办理中"),
        (Outcome.CANCELLED, Band.INFORMATION, "认证已经完成"),
    ],
)
def test_reprint_says_what_the_hall_holds_and_whose_it_is_not(outcome: Outcome, band: Band, words: str) -> None:
    paper = reprint_of(outcome)
    assert (paper.title, reading.band(paper), reading.band_text(paper)) == ("补打件", band, words)
    assert fields(paper)["补打时间"] == "2026年11月21日 14:32"
    assert not {"姓名", "证件号码", "帮办人员"} & fields(paper).keys()
    assert ("认证通过" in text(paper)) == (outcome is Outcome.PASSED)


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.REFERRED])
def test_reprint_of_an_open_case_takes_nothing_away(outcome: Outcome) -> None:
    assert "不影响您已有的待遇" in text(reprint_of(outcome))


def test_reprint_names_only_the_days_the_hall_gave() -> None:
    told = reprint_of(Outcome.PASSED, resumes_on=date(2026, 12, 1))
    assert (reading.key_fact(told), fields(told)["完成日期"]) == ("2027年11月30日", "2026年11月20日")
    assert fields(told)["预计恢复"] == "2026年12月"
    assert "您的待遇已暂停，认证通过后次月恢复并补发。" in sentences(told)
    silent = reprint(SITE, NUMBER, None, HallDecision(NUMBER, Outcome.PASSED, None, None), WHEN)
    assert reading.key_fact(silent) is None
    assert not {"完成日期", "预计恢复"} & fields(silent).keys()
    assert "恢复" not in text(silent)


def test_reprint_by_a_typed_number_has_no_code() -> None:
    assert reprint_of(Outcome.PASSED, None).verification is None
    assert reprint_of(Outcome.PASSED, VERIFICATION).verification == VERIFICATION


def test_training_slips_say_so_on_top_in_the_title_and_below() -> None:
    training = replace(SITE, training=True)
    for paper in (ways_slip(training, WHEN), desk_slip(replace(SLIP_FACTS, site=training), DeskReason.NOT_LISTED)):
        assert paper.marking == "演示"
        assert paper.title.startswith("演示")
        assert paper.footer[-1] == "演示终端打印，不作为办理凭证。"
