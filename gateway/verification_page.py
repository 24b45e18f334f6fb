"""The public page that tells whether a paper counts. Each state has a shape, a colour and words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from fastapi import Response

from gateway.page import Language, field, listed, page
from gateway.verification import PaperFinding, PaperState
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber


@dataclass(frozen=True, slots=True)
class _StateWords:
    headline: str
    meaning: str
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    house: str
    title: str
    what_to_do: str
    another: str
    call: str
    check: str
    number: str
    number_hint: str
    code: str
    code_hint: str
    scanning: str
    receipt: str
    certificate: str
    paper: str
    issued: str
    terminal: str
    result: str
    confirmed_on: str
    next_due: str
    void_since: str
    replaced: str
    replaced_by: str
    footer: tuple[str, ...]
    training: str
    day: str
    outcomes: dict[Outcome, str]
    earlier: str
    certificates: dict[str, str]
    states: dict[PaperState, _StateWords]


_CHINESE = _Words(
    house="凭证核验",
    title="核验自助终端打印的凭证",
    what_to_do="请这样做",
    another="核验另一张",
    call="拨打 12333",
    check="核验",
    number="编号",
    number_hint="印在纸的上方，以 YL 或 ZM 开头",
    code="核验码",
    code_hint="印在二维码旁，8 位",
    scanning="也可以用手机扫描纸上的二维码。",
    receipt="养老保险待遇领取资格认证",
    certificate="证明",
    paper="纸张",
    issued="签发日期",
    terminal="自助终端",
    result="办理结果",
    confirmed_on="认证日期",
    next_due="下次认证截止",
    void_since="作废时间",
    replaced="替代编号",
    replaced_by="已换发，尾号 {tail}",
    footer=("本页不显示姓名、身份证号等个人信息。", "咨询电话 12333 · 政务服务热线 12345"),
    training="演示系统：纸张不作为办理凭证。",
    day="{0.year}年{0.month}月{0.day}日",
    outcomes={
        Outcome.PASSED: "认证通过",
        Outcome.PENDING: "已受理，待审核",
        Outcome.REFERRED: "转人工窗口办理",
        Outcome.CANCELLED: "本次未办理",
    },
    earlier="此前已认证",
    certificates={
        "insured": "社会保险参保证明",
        "contributions": "社会保险缴费证明",
        "eligibility": "资格确认凭证",
        "licence": "证照副本",
        "statement": "社会保险个人缴费明细",
        "card-loss": "挂失凭证",
        "notice": "一次性告知单",
    },
    states={
        PaperState.VALID: _StateWords(
            "编号有效",
            "这个编号由本系统签发，没有作废。",
            (
                "请核对：纸上的编号、日期和结果与本页一致。",
                "不一致时请勿采信，请到纸上写明的窗口核实，或拨打 12333。",
            ),
        ),
        PaperState.VOID: _StateWords(
            "此编号已作废",
            "这张纸不再有效，请勿采信。",
            (
                "您的办理结果不受影响。",
                "请出示换发的新纸；没有新纸，请到原终端所在大厅的窗口领取，或拨打 12333。",
            ),
        ),
        PaperState.FORGED: _StateWords(
            "不是本系统签发",
            "二维码里的签名与编号对不上，请勿采信这张纸。",
            (
                "请把纸铺平，再扫描一次。",
                "仍然如此，请保留这张纸，到大厅窗口核实，或拨打 12333。",
                "持有人可能并不知情，请以窗口核实为准。",
            ),
        ),
        PaperState.UNKNOWN: _StateWords(
            "查不到这个编号",
            "可能是编号或核验码输错了，也可能不是本大厅的编号。",
            (
                "请对照纸面，重新输入编号和核验码。",
                "仍查不到，请带上这张纸到纸上写明的窗口，或拨打 12333。",
            ),
        ),
        PaperState.ON_ITS_WAY: _StateWords(
            "签发属实，记录未到",
            "编号由登记的自助终端签发；终端断网时办理的业务，联网后才会送达。",
            (
                "请过些时候再核验一次。",
                "急用请带上这张纸到纸上写明的窗口，或拨打 12333。",
            ),
        ),
    },
)

_ENGLISH = _Words(
    house="Paper check",
    title="Check a paper printed by a service terminal",
    what_to_do="What to do",
    another="Check another paper",
    call="Call 12333",
    check="Check",
    number="Number",
    number_hint="At the top of the paper, it begins with YL or ZM",
    code="Code",
    code_hint="8 characters beside the QR code",
    scanning="You can also scan the QR code on the paper with your phone.",
    receipt="Yearly pension eligibility confirmation",
    certificate="Certificate",
    paper="Paper",
    issued="Issued on",
    terminal="Terminal",
    result="Result",
    confirmed_on="Confirmed on",
    next_due="Next confirmation due by",
    void_since="Void since",
    replaced="Replaced by",
    replaced_by="a new number ending in {tail}",
    footer=("This page shows no names, ID numbers or other personal data.", "Hotlines: 12333 · 12345"),
    training="Training system: its papers prove nothing.",
    day="{0:%Y-%m-%d}",
    outcomes={
        Outcome.PASSED: "Confirmed",
        Outcome.PENDING: "Received, under review",
        Outcome.REFERRED: "To be handled at a desk",
        Outcome.CANCELLED: "Not handled this time",
    },
    earlier="Confirmed earlier",
    certificates={
        "insured": "Certificate of social insurance enrolment",
        "contributions": "Certificate of social insurance contributions",
        "eligibility": "Proof of eligibility confirmation",
        "licence": "Copy of a licence",
        "statement": "Statement of contributions",
        "card-loss": "Proof of a reported loss",
        "notice": "List of what to bring",
    },
    states={
        PaperState.VALID: _StateWords(
            "This number is valid",
            "It was issued by this system and has not been made void.",
            (
                "Compare: number, date and result on the paper must be those on this page.",
                "If they differ, do not rely on the paper. Ask at the desk named on it, or call 12333.",
            ),
        ),
        PaperState.VOID: _StateWords(
            "This number is void",
            "The paper no longer counts. Do not rely on it.",
            (
                "If it is yours: the result of your case is not affected.",
                "Show the new paper. If you have none, get it at the desk of the same hall, or call 12333.",
            ),
        ),
        PaperState.FORGED: _StateWords(
            "Not issued by this system",
            "The signature in the QR code does not belong to the number. Do not rely on this paper.",
            (
                "Lay the paper flat and scan it once more.",
                "If nothing changes, keep the paper and ask at the hall's desk, or call 12333.",
                "Its holder may not know. The desk will find out.",
            ),
        ),
        PaperState.UNKNOWN: _StateWords(
            "No such number here",
            "Number or code may be mistyped, or the paper comes from another hall.",
            (
                "Type number and code again, as they stand on the paper.",
                "If it is still not found, take the paper to the desk named on it, or call 12333.",
            ),
        ),
        PaperState.ON_ITS_WAY: _StateWords(
            "Genuine, record not here yet",
            "A registered terminal issued this number. What it handles without a network arrives later.",
            (
                "Please check again in a while.",
                "If it is urgent, take the paper to the desk named on it, or call 12333.",
            ),
        ),
    },
)
_WORDS = {Language.CHINESE: _CHINESE, Language.ENGLISH: _ENGLISH}

_EMBLEMS = {
    PaperState.VALID: '<circle cx="50" cy="50" r="46" fill="#FFFFFF"/>'
    '<path d="M26 52 L44 70 L76 33" fill="none" stroke="#0B5A35" stroke-width="11"/>',
    PaperState.VOID: '<rect x="10" y="10" width="80" height="80" fill="#E9EBEE" stroke="#3B4654" stroke-width="7"/>'
    '<path d="M10 90 L90 10" stroke="#3B4654" stroke-width="9"/>',
    PaperState.FORGED: '<path d="M31 4 H69 L96 31 V69 L69 96 H31 L4 69 V31 Z" fill="#FFFFFF"/>'
    '<path d="M31 31 L69 69 M69 31 L31 69" stroke="#8E1620" stroke-width="12"/>',
    PaperState.UNKNOWN: '<circle cx="50" cy="50" r="44" fill="none" stroke="#743B00" stroke-width="6" '
    'stroke-dasharray="14 8"/><path d="M36 40 A14 14 0 1 1 54 52 Q50 54 50 62" fill="none" stroke="#743B00" '
    'stroke-width="8"/><circle cx="50" cy="74" r="5" fill="#743B00"/>',
    PaperState.ON_ITS_WAY: '<path d="M26 8 H74 M26 92 H74" stroke="#0B4A82" stroke-width="8"/>'
    '<path d="M32 12 V26 L50 50 L32 74 V88 M68 12 V26 L50 50 L68 74 V88" fill="none" stroke="#0B4A82" '
    'stroke-width="6"/><path d="M38 84 L50 70 L62 84 Z" fill="#0B4A82"/>',
}


def form_page(language: Language, training: bool) -> Response:
    """Where a number and its short code are typed. ``training``: this is the virtual hall's gateway, and says so."""
    words = _WORDS[language]
    body = f"""{_training(words, training)}<h1>{escape(words.title)}</h1>
<p>{escape(words.scanning)}</p>
<form method="get" action="./" autocomplete="off">
<input type="hidden" name="lang" value="{language.tag}">
{field("number", words.number, words.number_hint, 'maxlength="40" autocapitalize="characters"')}
{field("code", words.code, words.code_hint, 'maxlength="12" autocapitalize="characters"')}
<button>{escape(words.check)}</button>
</form>"""
    return page(language, words.title, words.house, body, _footer(words))


def finding_page(
    language: Language, finding: PaperFinding, form: str, query: Mapping[str, str], training: bool
) -> Response:
    """``form`` is the way to the form, relative to this page, whose own ``query`` stays when the language changes. 404
    when nothing is known of the paper."""
    words = _WORDS[language]
    state = words.states[finding.state]
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in _facts(words, finding))
    call = "" if finding.state is PaperState.VALID else f'<a class="way" href="tel:12333">{escape(words.call)}</a>'
    body = f"""{_training(words, training)}<section class="band {finding.state.value}"><div>
<svg viewBox="0 0 100 100" aria-hidden="true">{_EMBLEMS[finding.state]}</svg>
<h1>{escape(state.headline)}</h1>
<p>{escape(state.meaning)}</p>
</div></section>
{f"<dl>{facts}</dl>" if facts else ""}
<h2>{escape(words.what_to_do)}</h2>
{listed(state.advice)}
{call}
<a class="way another" href="{form}?lang={language.tag}">{escape(words.another)}</a>"""
    status = 404 if finding.state is PaperState.UNKNOWN else 200
    return page(language, state.headline, words.house, body, _footer(words), status=status, query=query)


def _training(words: _Words, training: bool) -> str:
    return f'<p class="training">{escape(words.training)}</p>\n' if training else ""


def _footer(words: _Words) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in words.footer)


def _facts(words: _Words, finding: PaperFinding) -> list[tuple[str, str]]:
    """Names as text, values as HTML. A void paper is told no result, which somebody might take for its own."""
    receipt, entry = finding.receipt, finding.entry
    if receipt is None:
        return []
    number = _broken_at_hyphens(receipt)
    if finding.state is PaperState.VOID:
        number = f"<del>{number}</del>"
    facts = [(words.number, number)]
    if entry is None:
        return facts
    if entry.void is not None:
        facts.append((words.void_since, f"{words.day.format(entry.void.since)} {entry.void.since:%H:%M}"))
        if entry.void.replaced_by is not None:
            tail = "-".join(entry.void.replaced_by.value.split("-")[-2:])
            facts.append((words.replaced, escape(words.replaced_by.format(tail=tail))))
    facts.append((words.paper, escape(_paper(words, receipt, entry.certificate))))
    facts.append((words.issued, escape(_issued_on(words, receipt))))
    facts.append((words.terminal, escape(receipt.terminal)))
    return facts if entry.word is None or entry.void is not None else facts + _result(words, entry.word)


def _result(words: _Words, word: HallDecision) -> list[tuple[str, str]]:
    earlier = word.outcome is Outcome.CANCELLED and word.confirmed_on is not None
    result = words.earlier if earlier else words.outcomes[word.outcome]
    dates = ((words.confirmed_on, word.confirmed_on), (words.next_due, word.next_due))
    return [(words.result, escape(result)), *((name, words.day.format(day)) for name, day in dates if day is not None)]


def _paper(words: _Words, receipt: ReceiptNumber, certificate: str | None) -> str:
    if receipt.kind is ReceiptKind.CERTIFICATE:
        return words.certificates.get(certificate or "", words.certificate)
    return words.receipt


def _issued_on(words: _Words, receipt: ReceiptNumber) -> str:
    """The day in the number; as it stands where it is no day."""
    text = receipt.value.split("-")[1]
    try:
        return words.day.format(date.fromisoformat(text))
    except ValueError:
        return text


def _broken_at_hyphens(receipt: ReceiptNumber) -> str:
    return escape(receipt.value).replace("-", "-<wbr>")
