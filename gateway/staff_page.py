"""The staff page: eight digits from the terminal's screen in, eight digits for its keypad out.

Every asking names its staff number and PIN anew: nothing is remembered between two, so that no page left open on a
hall's computer lets anybody in.
"""

from dataclasses import dataclass
from html import escape

from fastapi import Response

from gateway.page import Language, field, listed, page
from gateway.staff import AnswerGiven, AnswerRefused
from kiosk.ports.staff_authorisation import StaffPurpose


@dataclass(frozen=True, slots=True)
class _Words:
    house: str
    title: str
    staff: str
    pin: str
    terminal: str
    terminal_hint: str
    purpose: str
    challenge: str
    challenge_hint: str
    ask: str
    answer: str
    answer_for: str
    another: str
    then: tuple[str, ...]
    footer: str
    desk: str
    purposes: dict[StaffPurpose, str]
    refusals: dict[str, tuple[str, str]]


_CHINESE = _Words(
    house="工作人员",
    title="终端授权码",
    staff="工号",
    pin="密码",
    terminal="终端编号",
    terminal_hint="显示在终端屏幕上",
    purpose="授权事项",
    challenge="终端显示的 8 位数字",
    challenge_hint="每次都不同",
    ask="取授权码",
    answer="授权码",
    answer_for="终端 {terminal}，质询码 {challenge}",
    another="再取一个",
    then=("请在终端上输入这 8 位数字。", "只对这一次有效；终端换了质询码，请重新取码。"),
    footer="每次取码都会记录工号、终端和时间。",
    desk="审核办件请到大厅工作台",
    purposes={StaffPurpose.NEW_NUMBER: "作废存疑凭证，换发新编号"},
    refusals={
        "wrong-pin": ("工号或密码不对", "请重新输入。连续 5 次不对，该工号将锁定。"),
        "locked": ("该工号已锁定", "请找系统管理员重新设置密码。"),
        "unknown-terminal": ("没有登记这个终端", "请核对终端编号；仍不行，请找系统管理员登记该终端。"),
        "not-a-challenge": ("请输入 8 位数字", "数字显示在终端屏幕上。"),
    },
)
_ENGLISH = _Words(
    house="Staff",
    title="Answer for a terminal",
    staff="Staff number",
    pin="PIN",
    terminal="Terminal number",
    terminal_hint="On the terminal's screen",
    purpose="What for",
    challenge="Eight digits on the terminal's screen",
    challenge_hint="New every time",
    ask="Get the answer",
    answer="Answer",
    answer_for="Terminal {terminal}, challenge {challenge}",
    another="Get another",
    then=(
        "Type these eight digits at the terminal.",
        "They work once. When the terminal shows a new challenge, ask anew.",
    ),
    footer="Staff number, terminal and time of every asking are kept.",
    desk="Cases are reviewed at the staff desk",
    purposes={StaffPurpose.NEW_NUMBER: "Void a doubtful paper and issue a new number"},
    refusals={
        "wrong-pin": ("Staff number or PIN is wrong", "Try again. Five wrong PINs in a row lock the number."),
        "locked": ("This staff number is locked", "Ask the administrator for a new PIN."),
        "unknown-terminal": ("No such terminal here", "Check its number, or ask the administrator to register it."),
        "not-a-challenge": ("Type eight digits", "They are on the terminal's screen."),
    },
)
_WORDS = {Language.CHINESE: _CHINESE, Language.ENGLISH: _ENGLISH}


def staff_form_page(
    language: Language, refused: AnswerRefused | None = None, terminal: str = "", challenge: str = ""
) -> Response:
    """The form; 403 where the asking before it was refused, whose terminal and challenge need not be typed again."""
    words = _WORDS[language]
    told = ""
    if refused is not None:
        headline, advice = words.refusals[refused.reason]
        told = f"""<section class="band unknown" role="alert"><div><h1>{escape(headline)}</h1>
<p>{escape(advice)}</p></div></section>"""
    purposes = "".join(f'<option value="{each.value}">{escape(name)}</option>' for each, name in words.purposes.items())
    body = f"""{told}<h1>{escape(words.title)}</h1>
<form method="post" action="staff?lang={language.tag}" autocomplete="off">
{field("terminal", words.terminal, words.terminal_hint, 'maxlength="8" autocapitalize="characters"', terminal)}
{field("challenge", words.challenge, words.challenge_hint, 'maxlength="9" inputmode="numeric"', challenge)}
<label for="purpose">{escape(words.purpose)}</label>
<select id="purpose" name="purpose">{purposes}</select>
{field("staff", words.staff, "", 'maxlength="16"')}
{field("pin", words.pin, "", 'type="password" maxlength="12" inputmode="numeric"')}
<button>{escape(words.ask)}</button>
</form>"""
    status = 200 if refused is None else 403
    return page(language, words.title, words.house, body, _footer(words), status=status, for_staff=True)


def staff_answer_page(language: Language, given: AnswerGiven, terminal: str, challenge: str) -> Response:
    words = _WORDS[language]
    asked = words.answer_for.format(terminal=terminal, challenge=_in_fours(challenge))
    body = f"""<section class="band on-its-way"><div><h1>{escape(words.answer)}</h1>
<p class="answer">{_in_fours(given.answer)}</p>
<p>{escape(asked)}</p></div></section>
{listed(words.then)}
<a class="way" href="staff?lang={language.tag}">{escape(words.another)}</a>"""
    return page(language, words.title, words.house, body, _footer(words), for_staff=True)


def _footer(words: _Words) -> str:
    return f'<p>{escape(words.footer)}</p><p><a class="way" href="desk/start">{escape(words.desk)}</a></p>'


def _in_fours(digits: str) -> str:
    return f"{digits[:4]} {digits[4:]}"
