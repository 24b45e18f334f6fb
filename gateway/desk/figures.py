"""What the terminal measured, in plain words: how alike the faces were, and whether the actions were done."""

from collections.abc import Mapping
from html import escape
from typing import Any

from gateway.desk.words import ACTIONS, SIGNALS
from gateway.settings import DecisionPolicy, LivenessFloor

_SCALE = 1.0
"""Distance at the right end of the bar; other people's faces lie at 0.7 to 1.0 (dlib ResNet)."""

_WIDTH = 480


def figures_card(figures: Mapping[str, Any], policy: DecisionPolicy) -> str:
    """``figures`` as the gateway keeps them with a case, also when its picture is gone."""
    doubts = figures["liveness"]["signals"].get("doubts", 0.0)
    doubt = f"<p>另有 {doubts:.0f} 项画面特征与平常不同。</p>" if doubts else ""
    return f"""<section class="card"><h2>照片相似程度</h2>
{_likeness(figures["comparison"], policy)}
</section><section class="card"><h2>动作完成情况</h2>
<dl>{"".join(_action(action, figures, policy) for action in figures["liveness"]["action"].split("+"))}</dl>{doubt}
</section>"""


def _likeness(comparison: Mapping[str, Any] | None, policy: DecisionPolicy) -> str:
    if comparison is None:
        return "<p>终端没有比对过，请看照片判断。</p>"
    distance = float(comparison["distance"])
    line, far = policy.max_distance, policy.wrong_person_distance
    if distance <= line:
        told = "相似，在通过线以内"
    elif distance < far:
        told = "比较接近，但没有达到通过线"
    else:
        told = "差异明显"
    return f"""{_bar(distance, line, far)}<p><b>{told}。</b>差异值 {distance:.2f}，\
通过线 {line:.2f}，取 {comparison["frames"]} 帧的中间值。数值只供参考，以看照片为准。</p>"""


def _bar(distance: float, line: float, far: float) -> str:
    here, passing, other = (round(min(each / _SCALE, 1.0) * _WIDTH) for each in (distance, line, far))
    return f"""<svg viewBox="-10 0 {_WIDTH + 20} 62" role="img" aria-label="差异值 {distance:.2f}">
<rect x="0" y="22" width="{passing}" height="14" rx="4" fill="#9CCBB0"/>
<rect x="{passing}" y="22" width="{other - passing}" height="14" fill="#F3D48A"/>
<rect x="{other}" y="22" width="{_WIDTH - other}" height="14" rx="4" fill="#C9C4B6"/>
<path d="M{here} 38l-8 -22h16z" fill="#17212B"/>
<g font-size="14" fill="#424C56"><text x="0" y="58">相似</text>
<text x="{passing}" y="58" text-anchor="middle">通过线</text>
<text x="{_WIDTH}" y="58" text-anchor="end">差异大</text></g></svg>"""


def _action(action: str, figures: Mapping[str, Any], policy: DecisionPolicy) -> str:
    signals = figures["liveness"]["signals"]
    floor = next((each for each in policy.liveness if action.startswith(each.action)), None)
    name = escape(ACTIONS.get(action, action))
    if floor is None:
        return f"<div><dt>{name}</dt><dd>不作依据</dd></div>"
    return f"<div><dt>{name}</dt><dd>{_measured(floor, signals)}</dd></div>"


def _measured(floor: LivenessFloor, signals: Mapping[str, float]) -> str:
    short = [name for name, least in floor.at_least.items() if signals.get(name, 0.0) < least]
    tag = '<span class="tag soon">没有做完整</span>' if short else '<span class="tag good">已完成</span>'
    told = "，".join(
        f"{SIGNALS.get(name, name)} {_short(signals.get(name, 0.0))}（要求 {_short(least)}）"
        for name, least in floor.at_least.items()
    )
    return f"{tag} <small>{escape(told)}</small>"


def _short(figure: float) -> str:
    return f"{figure:.3f}".rstrip("0").rstrip(".")
