"""Every button of the dock, as data: which program is asked for what. Scripts ask for the same over the same channels.

Buttons change the world; none of them touches a score or a decision of the terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Argument = str | int | float | bool | None


class Adds(Enum):
    """What the chosen visitor adds to the arguments of a verb."""

    NOTHING = "nothing"
    CARD = "card"
    FACE = "face"
    OTHER_FACE = "other-face"
    CODE = "code"
    MOBILE_CODE = "mobile-code"
    SOCIAL_CARD = "social-card"
    RESIDENCE_PERMIT = "residence-permit"
    FOREIGN_PERMIT = "foreign-permit"


@dataclass(frozen=True, slots=True)
class Order:
    """One verb for one program. ``arguments`` stand before what ``adds`` names where both have a member."""

    program: str
    verb: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    adds: Adds = Adds.NOTHING


@dataclass(frozen=True, slots=True)
class Button:
    """``orders`` go out one after the other, to one program. ``fault`` names what stays wrong after them: the button
    is marked until another button of the same fault, or one that ``mends`` it, is obeyed."""

    key: str
    label: str
    orders: tuple[Order, ...]
    fault: str = ""
    mends: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons under one heading, ``across`` of them in a row; groups fill columns from the left, in order."""

    title: str
    column: int
    across: int
    buttons: tuple[Button, ...]


PROGRAMS = {
    "card-reader": "读卡器",
    "smart-card": "插卡口",
    "scanner": "扫码器",
    "camera": "摄像头",
    "printer": "打印机",
    "link": "网线",
    "gateway": "网关",
}
"""Every program of the hall, and how it is called in the dock."""


_VISIT = ("beside",)
"""What ends when another one comes, or nobody is there any more."""


def _button(key: str, label: str, *orders: Order, fault: str = "", mends: tuple[str, ...] = ()) -> Button:
    return Button(key, label, orders, fault, frozenset(mends))


def _order(program: str, verb: str, adds: Adds = Adds.NOTHING, **arguments: Argument) -> Order:
    return Order(program, verb, arguments, adds)


def _card(verb: str, **arguments: Argument) -> Order:
    return _order("card-reader", verb, Adds.CARD, **arguments)


def _turn(side: str) -> Order:
    return _order("camera", "turn", side=side, degrees=24, seconds=2.6)


def _look(yaw: int = 0, pitch: int = 0) -> Order:
    return _order("camera", "look", yaw=yaw, pitch=pitch, seconds=0.8)


def _reader_fault(kind: str) -> Order:
    return _order("card-reader", "fault", kind=kind, lasting=True)


def _slot_fault(kind: str, **arguments: Argument) -> Order:
    return Order("smart-card", "fault", {"kind": kind, "lasting": True, **arguments})


def _status(status: str, command: str) -> Order:
    """From now on the reader answers ``command`` with ``status``; both are hexadecimal, as in GA/T 467."""
    return _order("card-reader", "fault", kind="status", lasting=True, status=status, command=command)


GROUPS: tuple[Group, ...] = (
    Group(
        "身份证",
        column=0,
        across=4,
        buttons=(
            _button("card-insert", "放上身份证", _card("insert-card")),
            _button("card-pull", "拿走", _order("card-reader", "remove-card")),
            _button("card-swap", "换成所选的", _card("swap-card")),
            _button("card-expired", "放上过期证", _card("insert-card", valid_to="20200101")),
            _button("card-contradictory", "放上矛盾证", _card("insert-card", birth="19000101")),
            _button("card-permit", "放上居住证", _order("card-reader", "insert-card", Adds.RESIDENCE_PERMIT)),
            _button("card-foreign", "放上永居证", _order("card-reader", "insert-card", Adds.FOREIGN_PERMIT)),
        ),
    ),
    Group(
        "读卡器",
        column=0,
        across=3,
        buttons=(
            _button("card-mute", "证读不出来", _status("41", "3001"), fault="reader"),
            _button("card-other", "不是身份证", _status("40", "2001"), fault="reader"),
            _button("reader-garbage", "乱码", _reader_fault("stuck"), fault="reader"),
            _button("reader-silent", "不应答", _reader_fault("silence"), fault="reader"),
            _button("reader-well", "恢复正常", _order("card-reader", "fault", kind=None), mends=("reader",)),
        ),
    ),
    Group(
        "社保卡插卡口",
        column=0,
        across=3,
        buttons=(
            _button("social-insert", "插社保卡", _order("smart-card", "insert-card", Adds.SOCIAL_CARD)),
            _button("social-pull", "拔出", _order("smart-card", "remove-card")),
            _button("social-bank", "插银行卡", _order("smart-card", "insert-card", kind="bank")),
            _button("social-issuer", "要发卡方认证", _slot_fault("status", status="6982", command="B2"), fault="slot"),
            _button("social-mute", "卡不应答", _slot_fault("mute"), fault="slot"),
            _button("social-well", "恢复正常", _order("smart-card", "fault", kind=None), mends=("slot",)),
        ),
    ),
    Group(
        "扫码器",
        column=0,
        across=3,
        buttons=(
            _button("scan-code", "扫电子社保卡", _order("scanner", "scan", Adds.CODE)),
            _button("scan-mobile", "扫赣服通", _order("scanner", "scan", Adds.MOBILE_CODE)),
            _button("scan-wrong", "扫无效码", _order("scanner", "scan", text="000000")),
        ),
    ),
    Group(
        "手机对镜头",
        column=0,
        across=4,
        buttons=(
            _button("code-show", "出示电子卡", _order("camera", "phone", Adds.CODE)),
            _button("code-mobile", "出示赣服通", _order("camera", "phone", Adds.MOBILE_CODE)),
            _button("code-wrong", "出示无效码", _order("camera", "phone", text="000000")),
            _button("code-away", "收起手机", _order("camera", "phone", text=None)),
        ),
    ),
    Group(
        "平台的时钟",
        column=0,
        across=3,
        buttons=(
            _button("clock-ahead", "快 90 秒", _order("gateway", "clock", seconds=90), fault="clock"),
            _button("clock-behind", "慢 90 秒", _order("gateway", "clock", seconds=-90), fault="clock"),
            _button("clock-right", "对准", _order("gateway", "clock", seconds=0), mends=("clock",)),
        ),
    ),
    Group(
        "镜头前的人",
        column=1,
        across=4,
        buttons=(
            _button("face-own", "本人坐下", _order("camera", "person", Adds.FACE), mends=_VISIT),
            _button("face-other", "别人坐下", _order("camera", "person", Adds.OTHER_FACE), mends=_VISIT),
            _button("face-none", "离开", _order("camera", "nobody"), mends=_VISIT),
            _button("turn-left", "左转", _turn("left")),
            _button("turn-right", "右转", _turn("right")),
            _button("nod", "点头", _order("camera", "nod", degrees=15, seconds=2.0)),
            _button("blink", "眨眼", _order("camera", "blink", times=2, seconds=1.5)),
            _button("look-left", "看左边", _look(yaw=14)),
            _button("look-right", "看右边", _look(yaw=-14)),
            _button("look-up", "抬头", _look(pitch=-13)),
            _button("look-down", "低头", _look(pitch=13)),
            _button("look-ahead", "看正前方", _look()),
            _button("nearer", "靠近", _order("camera", "distance", metres=0.4, seconds=1.0)),
            _button("further", "后退", _order("camera", "distance", metres=0.9, seconds=1.0)),
            _button("photo", "举照片", _order("camera", "photo", Adds.FACE), mends=_VISIT),
            _button("photo-bent", "举弯照片", _order("camera", "bent", Adds.FACE, half_angle=35, axis=0), mends=_VISIT),
            _button("video", "放录像", _order("camera", "screen", Adds.FACE, device="phone"), mends=_VISIT),
            _button("beside", "多一人", _order("camera", "beside", Adds.OTHER_FACE), fault="beside"),
            _button("alone", "旁人走开", _order("camera", "beside", portrait=None), mends=("beside",)),
            _button("light-dim", "光线暗", _order("camera", "light", level=0.08), fault="light"),
            _button("light-glare", "强光", _order("camera", "light", level=8), fault="light"),
            _button("light-usual", "光线正常", _order("camera", "light", level=1), mends=("light",)),
        ),
    ),
    Group(
        "网络",
        column=1,
        across=3,
        buttons=(
            _button("net-cut", "断网", _order("link", "cut"), fault="net"),
            _button("net-slow", "慢 5 秒", _order("link", "slow", seconds=5), fault="net-slow"),
            _button("net-late", "慢 20 秒", _order("link", "slow", seconds=20), fault="net-slow"),
            _button("net-lost", "丢一次回应", _order("link", "lose-answers", count=1)),
            _button("net-well", "恢复正常", _order("link", "restore"), mends=("net", "net-slow")),
        ),
    ),
    Group(
        "接线",
        column=1,
        across=4,
        buttons=(
            _button("reader-out", "拔读卡器", _order("card-reader", "unplug"), fault="reader-out"),
            _button("reader-in", "插读卡器", _order("card-reader", "plug"), mends=("reader-out",)),
            _button("slot-out", "拔插卡口", _order("smart-card", "unplug"), fault="slot-out"),
            _button("slot-in", "插插卡口", _order("smart-card", "plug"), mends=("slot-out",)),
            _button("scanner-out", "拔扫码器", _order("scanner", "unplug"), fault="scanner-out"),
            _button("scanner-in", "插扫码器", _order("scanner", "plug"), mends=("scanner-out",)),
            _button("printer-out", "拔打印机", _order("printer", "unplug"), fault="printer-out"),
            _button("printer-in", "插打印机", _order("printer", "plug"), mends=("printer-out",)),
            _button("camera-out", "拔摄像头", _order("camera", "link", state="down"), fault="camera"),
            _button("camera-in", "插摄像头", _order("camera", "link", state="up"), mends=("camera",)),
            _button("camera-still", "无画面", _order("camera", "link", state="silent"), fault="camera"),
        ),
    ),
    Group(
        "打印机",
        column=1,
        across=4,
        buttons=(
            _button("paper-out", "缺纸", _order("printer", "paper-out"), fault="paper"),
            _button("paper-low", "纸将用完", _order("printer", "paper-low"), fault="paper"),
            _button("jam", "卡纸", _order("printer", "jam"), fault="jam"),
            _button("cover-open", "开盖", _order("printer", "cover-open"), fault="cover"),
            _button("paper-in", "装上新纸", _order("printer", "paper-in"), mends=("paper",)),
            _button("cover-close", "清纸合盖", _order("printer", "cover-close"), mends=("cover", "jam")),
            _button("printer-silent", "不应答", _order("printer", "silence"), fault="printer-silent"),
            _button("printer-speaks", "恢复应答", _order("printer", "speak"), mends=("printer-silent",)),
        ),
    ),
)

BUTTONS: Mapping[str, Button] = {button.key: button for group in GROUPS for button in group.buttons}

RESET = (
    "reader-in",
    "reader-well",
    "card-pull",
    "slot-in",
    "social-well",
    "social-pull",
    "scanner-in",
    "camera-in",
    "face-none",
    "light-usual",
    "printer-in",
    "printer-speaks",
    "cover-close",
    "paper-in",
    "net-well",
    "clock-right",
)
"""Pressed together they make an empty hall without faults."""

LIKELY_NEXT = {"read_card": "card-insert", "take": "card-pull", "paper_out": "paper-in"}
"""By page of the terminal, what a citizen or a technician would most likely do now."""
