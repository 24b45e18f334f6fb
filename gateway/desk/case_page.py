"""The page of one case: both faces beside each other, the facts masked, the figures in plain words, what may be
decided, and the history."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from fastapi import Response

from gateway.desk.decisions import CLOSE_REASONS, COME_IN_REASONS, NotDecided, Standing
from gateway.desk.evidence import Faces, ReferenceKind
from gateway.desk.figures import figures_card
from gateway.desk.frame import facts, framed, notice, token_field
from gateway.desk.history import history_card
from gateway.desk.sessions import Visitor
from gateway.desk.tables import DeskEntry, Role, Step
from gateway.desk.words import BASES, CLOSE, COME_IN, OUTCOMES, REFUSALS, ROSTER, WAYS
from gateway.numbers import aware
from gateway.settings import DecisionPolicy
from kiosk.domain.case import EligibilityCase
from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.eligibility import RosterStatus

_LIVE_MISSING = "这件没有现场照片"
_CANNOT_OPEN = "照片已删除，或本网关打不开"
_REFERENCE_MISSING = "这里没有证件照片。请本人带身份证到窗口，当面核对"
_REFERENCE_NAMES = {ReferenceKind.CHIP: "身份证芯片照片", ReferenceKind.PLATFORM: "证件平台照片"}


def case_page(
    visitor: Visitor,
    standing: Standing,
    faces: Faces,
    hindrance: NotDecided | None,
    history: Sequence[DeskEntry],
    now: datetime,
    policy: DecisionPolicy,
    refused: str | None = None,
    done: bool = False,
) -> Response:
    """``hindrance`` is why the case cannot be confirmed now, None where it can; ``refused`` a stable word of
    ``NotDecided``: 409."""
    record = standing.record
    told = "" if refused is None else notice("doubt", *REFUSALS[refused])
    if done:
        told = notice("good", "已办理", "凭受理编号查询，会看到新的结果。")
    body = f"""{told}<p><a href="cases">返回待办</a></p>
<h1>{escape(BASES.get(record.basis, record.basis))} <small class="number">{escape(record.receipt)}</small></h1>
<div class="columns"><div>
{_faces_card(standing, faces, hindrance, now)}
{figures_card(record.figures, policy)}
</div><div>
{_choices(visitor, standing, hindrance)}
{_facts_card(standing, now)}
{history_card(aware(record.received_at), "终端送达，转人工", history)}
</div></div>"""
    return framed(visitor, "办件", body, here="cases", status=200 if refused is None else 409)


def _faces_card(standing: Standing, faces: Faces, hindrance: NotDecided | None, now: datetime) -> str:
    if not standing.waits:
        return '<section class="card"><h2>照片</h2><p>已经办理，照片不再保留。</p></section>'
    if standing.decisions and faces.live is None:
        return '<section class="card"><h2>照片</h2><p>现场照片已经删除。本人到窗口时，请当面核对身份证。</p></section>'
    missing = _LIVE_MISSING if standing.case is not None else _CANNOT_OPEN
    reference = _REFERENCE_NAMES.get(faces.reference_kind) if faces.reference_kind is not None else None
    asked = "两张照片是同一个人吗？" if hindrance is None and faces.live and faces.reference else "照片"
    return f"""<section class="card"><h2>{asked}</h2><div class="faces">
{_figure(faces.live, "现场拍摄", _captured(standing), missing)}
{_figure(faces.reference, reference or "证件照片", _portrait_age(standing, faces), _REFERENCE_MISSING)}
</div><p class="hint">{_keeping(standing, now)}每次查看都有记录。</p></section>"""


def _figure(address: str | None, name: str, hint: str, missing: str) -> str:
    shown = f'<div class="none">{escape(missing)}</div>'
    if address is not None:
        shown = f'<img alt="{escape(name)}" src="{address}">'
    return f"<figure>{shown}<figcaption>{escape(name)}<small>{escape(hint)}</small></figcaption></figure>"


def _captured(standing: Standing) -> str:
    at = datetime.fromisoformat(standing.record.figures["closed_at"])
    return f"{at.astimezone(aware(standing.record.received_at).tzinfo):%Y-%m-%d %H:%M}"


def _portrait_age(standing: Standing, faces: Faces) -> str:
    if standing.case is None or faces.reference is None:
        return ""
    years = (standing.case.closed_at.date() - standing.case.document.valid_from).days // 365
    return f"证件签发于 {years} 年前" if years > 0 else "证件签发不到 1 年"


def _keeping(standing: Standing, now: datetime) -> str:
    picture = standing.picture
    if picture is None:
        return ""
    if picture.keep_until is None:
        return "照片在办结时删除。"
    until = aware(picture.keep_until)
    return f"照片在办理后立即删除，最迟 {until:%m 月 %d 日}（还剩 {max((until - now).days, 0)} 天）。"


def _choices(visitor: Visitor, standing: Standing, hindrance: NotDecided | None) -> str:
    if not standing.waits:
        return _result(standing)
    parts = [_confirm(visitor, standing, hindrance)]
    if not standing.decisions:
        parts.append(_pick(visitor, standing, Step.COME_IN, COME_IN_REASONS))
    if visitor.role is Role.SUPERVISOR:
        parts.append(_pick(visitor, standing, Step.CLOSE, CLOSE_REASONS))
    return f'<section class="card">{"".join(parts)}</section>'


def _confirm(visitor: Visitor, standing: Standing, hindrance: NotDecided | None) -> str:
    if hindrance is not None:
        headline, advice = REFUSALS[hindrance.reason]
        return f'<div class="choice"><h2>{escape(headline)}</h2><p>{escape(advice.removeprefix(_NOTHING))}</p></div>'
    seen = "本人已带证件到窗口，当面核对无误" if standing.decisions else "看过照片和情况，确认是本人"
    return f"""<form method="post" action="decide" class="choice">{_hidden(visitor, standing, Step.CONFIRM)}
<h2>确认通过</h2><p>{seen}。{_then(standing)}</p><button>确认通过</button></form>"""


def _then(standing: Standing) -> str:
    suspended = standing.line is not None and standing.line.status is RosterStatus.SUSPENDED
    return "暂停的待遇从次月恢复。" if suspended and standing.record.figures.get("resume") else "待遇照常发放。"


_NOTHING = "没有办理任何事项。"
_PICKS = {
    Step.COME_IN: ("请本人到窗口", "不影响已有的待遇，等本人来了再确认。", COME_IN, "请到窗口"),
    Step.CLOSE: ("结束办件", "不再等候，照片随即删除。", CLOSE, "结束"),
}


def _pick(visitor: Visitor, standing: Standing, step: Step, reasons: tuple[str, ...]) -> str:
    headline, told, words, button = _PICKS[step]
    options = "".join(f'<option value="{reason}">{escape(words[reason])}</option>' for reason in reasons)
    return f"""<form method="post" action="decide" class="choice">{_hidden(visitor, standing, step)}
<h2>{headline}</h2><p>{told}</p>
<div class="row"><select name="reason" required aria-label="理由"><option value="">选择理由</option>{options}</select>
<button class="second">{button}</button></div></form>"""


def _hidden(visitor: Visitor, standing: Standing, step: Step) -> str:
    named = {"receipt": standing.record.receipt, "place": str(len(standing.decisions)), "step": step.value}
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in named.items())
    return token_field(visitor) + fields


def _result(standing: Standing) -> str:
    record = standing.record
    rows = [("结果", OUTCOMES[record.outcome])]
    if record.confirmed_on is not None:
        rows.append(("认证日期", _day(record.confirmed_on)))
    if record.next_due is not None:
        rows.append(("下次截止", _day(record.next_due)))
    if record.resumes_on is not None:
        rows.append(("恢复发放", f"{record.resumes_on:%Y 年 %m 月}起"))
    return f'<section class="card"><h2>办理结果</h2>{facts(tuple(rows))}</section>'


def _facts_card(standing: Standing, now: datetime) -> str:
    record, case, line = standing.record, standing.case, standing.line
    rows = [] if case is None else [("姓名", case.document.name.masked)]
    number = CitizenNumber(record.number)
    rows += [("号码", number.masked), ("年龄", f"{_age(number.birth_date, now.date())} 岁，{_sex(number)}")]
    if case is not None:
        rows.append(("身份证有效期", _validity(case, now.date())))
    rows.append(("怎样识别", WAYS.get(str(record.figures["identified_by"]), "")))
    if record.figures.get("helper"):
        rows.append(("帮办人员", str(record.figures["helper"])))
    rows.append(("终端", f"{record.terminal}{'，离线受理' if record.figures['offline'] else ''}"))
    rows.append(("送达时间", f"{aware(record.received_at):%Y-%m-%d %H:%M}"))
    if line is None:
        rows.append(("名册", "没有查到"))
    else:
        rows += [("名册", f"{ROSTER[line.status]}，{line.area}"), ("险种", line.scheme)]
        rows += [("上次认证", _day(line.confirmed_on)), ("截止日期", _day(line.due_on))]
    return f'<section class="card"><h2>办件情况</h2>{facts(tuple(rows))}</section>'


def _validity(case: EligibilityCase, today: date) -> str:
    until = case.document.valid_to
    if until is None:
        return "长期"
    return f"至 {until:%Y-%m-%d}{'，已过期' if case.document.expired_on(today) else ''}"


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _sex(number: CitizenNumber) -> str:
    return "男" if number.is_male else "女"


def _day(day: date | None) -> str:
    return "还没有" if day is None else f"{day.year} 年 {day.month} 月 {day.day} 日"
