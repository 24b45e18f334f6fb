"""Words on the screen: the same keys in both languages, full-width punctuation, nothing forbidden."""

import re
from string import Formatter

import pytest

from kiosk.face.stages import Hint
from kiosk.journeys.confirmation.stages import Halt
from kiosk.ports.speaker import Language
from kiosk.steps.identify import CardHint
from ui.texts import Texts, load
from ui.view_models.rating import TAGS

FORBIDDEN = ("失败", "非本人", "活体检测不通过", "冒领", "错误", "无效", "异常代码")
CHINESE = r"[\u4e00-\u9fff]"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_values_to_fill_in() -> None:
    chinese, english = load(Language.CHINESE), load(Language.ENGLISH)
    assert chinese.keys() == english.keys()
    for key in chinese.keys() - {"day"}:
        assert fields(chinese[key]) == fields(english[key]), key
    assert all(text.strip() for text in (*chinese.values(), *english.values()))


@pytest.mark.parametrize("language", Language)
def test_nothing_forbidden_is_ever_said(language: Language) -> None:
    for key, text in load(language).items():
        assert not any(word in text for word in FORBIDDEN), key
        assert "fail" not in text.lower(), key
        assert "fraud" not in text.lower(), key


def test_chinese_punctuation_is_full_width() -> None:
    for key, text in load(Language.CHINESE).items():
        assert not re.search(f"{CHINESE}[,.?!:;()]|[,?!:;()]{CHINESE}", text), key


def test_a_digit_in_running_text_keeps_a_space_on_each_side() -> None:
    for key, text in load(Language.CHINESE).items():
        assert not re.search(rf"{CHINESE}\d|\d{CHINESE}", text.replace("|", "")) or key.startswith("month."), key


def test_every_hint_halt_and_tag_has_words() -> None:
    chinese = load(Language.CHINESE)
    for hint in Hint:
        assert f"hint.{hint.value}" in chinese
    for card_hint in set(CardHint) - {CardHint.FIRST}:
        assert f"card.hint.{card_hint.value}" in chinese
    for halt in set(Halt) - {Halt.DEVICE_BROKEN}:
        assert f"halt.{halt.value}.title" in chinese
        assert f"halt.{halt.value}.helper" in chinese
    for grade, tags in TAGS.items():
        for tag in tags:
            assert tag.startswith(str(grade)), tag
            assert f"tag.{tag}" in chinese


@pytest.mark.parametrize("elder", [False, True])
def test_titles_have_two_lines_at_most_and_leave_no_word_alone(elder: bool) -> None:
    texts = Texts(Language.CHINESE, elder)
    widest = 11.2 if elder else 13.6
    for key in load(Language.CHINESE):
        if not key.endswith(".title") and not key.startswith("paper."):
            continue
        lines = texts.title(key).split("\n")
        assert len(lines) <= 2, key
        for line in lines if key.endswith(".title") else ():
            assert sum(0.55 if c.isascii() else 1 for c in line) <= widest, (key, line)
            assert len(lines) == 1 or len(line) > 2, (key, line)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("card.title", "请把身份证放在亮灯的位置"),
        ("capture.title", "请坐好，看镜头"),
        ("result.passed", "认证通过"),
        ("result.pending", "已受理，待联网审核"),
        ("result.unaffected", "不影响您已有的待遇"),
        ("way.home", "可上门办理"),
        ("review.suspended", "您的待遇已暂停，认证通过后次月恢复，并补发"),
        ("capture.again", "再来一次，请摘下帽子、口罩、深色眼镜"),
        ("hint.nearer", "请靠近一点"),
        ("hint.one-person", "请一个人站在镜头前"),
        ("result.referred_helper", "照片是很多年前的，系统认不准"),
        ("halt.wrong-document.title", "这张证件请到窗口办理"),
        ("halt.desk-must-check.title", "您的档案状态需要工作人员核对"),
    ],
)
def test_prescribed_wording_is_kept_to_the_letter(key: str, words: str) -> None:
    assert Texts(Language.CHINESE)(key).replace("\n", "") == words


def test_in_a_column_a_sentence_breaks_where_one_breathes() -> None:
    column = Texts(Language.CHINESE, column=True)
    assert column.by_clause("选好就生效，不用保存。") == "选好就生效，不用保存。"
    assert column.by_clause("您的信息已经藏起来，别人看不到。") == "您的信息已经藏起来，\n别人看不到。"
    assert column.by_clause("") == ""
    large = Texts(Language.CHINESE, elder=True, column=True)
    assert large.by_clause("您的信息已经藏起来，别人看不到。") == "您的信息已经藏起来，别人看不到。"
    assert Texts(Language.CHINESE).by_clause("您的信息已经藏起来，别人看不到。").count("\n") == 0


def test_titles_break_in_a_column_where_they_would_not_fit() -> None:
    assert Texts(Language.CHINESE, column=True).title("review.title") == "请核对，\n是您本人吗？"
    assert Texts(Language.CHINESE).title("review.title") == "请核对，是您本人吗？"
