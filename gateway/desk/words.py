"""The desk's words: stable words of the gateway in the Chinese of the hall. Staff read these, and may read them out: no
word accuses anybody (domain.md 5.4)."""

from gateway.desk.errands import ErrandKind
from gateway.desk.waiting import Queue
from kiosk.domain.case import DeskReason, Outcome
from kiosk.domain.eligibility import RosterStatus
from kiosk.domain.face import FaceAction
from kiosk.domain.identity_document import IdentityWay

QUEUES = {
    Queue.COMPARE: "人工比对",
    Queue.LIVENESS: "到场确认",
    Queue.ROSTER: "证件与名册",
    Queue.FRAUD: "专项核查",
    Queue.COME_IN: "等候到窗口",
}
BASES = {
    "not-matched": "照片较旧，系统认不准",
    "not-compared": "本机没有可比对的照片",
    "distance": "照片相似度不够",
    "blink-alone": "只做了眨眼动作",
    "one-action": "离线办理，只做了一个动作",
    "clock": "终端时钟有偏差",
    "too-old": "离线记录送达较晚",
    "expired-document": "身份证已过有效期",
    "liveness-not-proven": "动作没有做完整",
    "liveness-figures": "动作数据不足",
    "helper-face": "拍到的是帮办人员",
    "identity-paused": "暂在窗口办理",
    "name-mismatch": "姓名与名册不一致",
    "document-blocked": "证件状态需核对",
    "roster-state": "名册状态需核对",
    "not-in-roster": "名册中没有查到",
    "wrong-person": "与证件照片差异明显",
    "spoof-suspected": "拍摄画面需核查",
    "already-confirmed": "已通过其他渠道认证",
    "confirmed-by-picture": "人工比对后确认",
    "confirmed-in-person": "本人到窗口确认",
    "verified": "系统自动确认",
}
OUTCOMES = {
    Outcome.PASSED: "确认通过",
    Outcome.PENDING: "已受理待审核",
    Outcome.REFERRED: "转人工办理",
    Outcome.CANCELLED: "已结束",
}
COME_IN = {
    "photo-old": "照片是很多年前的，请到窗口核对",
    "photo-unclear": "照片看不清，请到窗口再拍一次",
    "other-way": "换一种方式也可以，请到窗口办理",
    "card-check": "证件需要在窗口核对",
    "roster-check": "档案状态需要工作人员核对",
}
CLOSE = {
    "done-elsewhere": "已通过其他渠道认证",
    "withdrawn": "本人撤回",
    "handed-over": "已移交经办机构",
}
REFUSALS = {
    "unknown": ("没有这个编号的办件", "请核对受理编号。"),
    "not-yours": ("这类办件由主管办理", "没有办理任何事项。"),
    "already-decided": ("这件已经有人办理", "没有重复办理。下面是现在的结果。"),
    "no-reason": ("请选择一个理由", "没有办理任何事项。"),
    "person-needed": ("这件要本人到窗口才能确认", "没有办理任何事项。可以请本人到窗口。"),
    "already-confirmed": ("本人已在本期完成认证", "不用再确认。请主管以“已通过其他渠道认证”结束办件。"),
    "not-confirmed-elsewhere": ("名册上还没有本期的认证", "没有办理任何事项。请核对名册或另选理由。"),
    "not-in-roster": ("名册中没有查到本人", "请先核对名册，再确认。"),
    "name-mismatch": ("姓名与名册不一致", "请先更正名册，再确认。"),
    "document-blocked": ("证件状态需要先核对", "请先核对证件，再确认。"),
    "roster-state": ("名册状态需要先核对", "请先核对名册，再确认。"),
}
ROSTER = {
    RosterStatus.ACTIVE: "正常领取",
    RosterStatus.DUE_SOON: "即将到期",
    RosterStatus.OVERDUE: "已过期",
    RosterStatus.SUSPENDED: "暂停发放",
    RosterStatus.STOPPED: "停止发放",
    RosterStatus.NOT_FOUND: "没有查到",
    RosterStatus.MOVED: "已转出",
}
WAYS = {
    IdentityWay.ID_CARD.value: "身份证",
    IdentityWay.E_CARD.value: "电子社保卡",
    IdentityWay.PHONE_CODE.value: "手机码",
    IdentityWay.SOCIAL_SECURITY_CARD.value: "社保卡",
}
ACTIONS = {
    FaceAction.TURN_LEFT.value: "向左转头",
    FaceAction.TURN_RIGHT.value: "向右转头",
    FaceAction.NOD.value: "点头",
    FaceAction.FOLLOW_DOT.value: "眼睛跟随圆点",
    FaceAction.BLINK.value: "眨眼",
}
SIGNALS = {
    "nose_shift": "转头幅度",
    "nod_shift": "点头幅度",
    "parallax_residual": "立体程度",
    "dot_followed": "跟随比例",
    "blinks": "眨眼次数",
}
ACTS = {
    "login": "登录",
    "logout": "退出",
    "login-wrong": "工号或密码不对",
    "login-locked": "工号已锁定，仍在尝试",
    "account-added": "新建账号",
    "account-role": "更改岗位",
    "account-password": "重设密码",
    "account-disabled": "停用账号",
    "account-enabled": "恢复账号",
    "evidence-viewed": "查看照片",
    "case-viewed": "查看办件",
    "record-viewed": "查看操作记录",
    "confirm": "确认通过",
    "come-in": "请本人到窗口",
    "close": "结束办件",
    "errand-viewed": "查看申请",
    "errand-ended": "结束申请",
    "ticket-opened": "登记工单",
    "ticket-assigned": "交办工单",
    "ticket-answered": "答复工单",
    "ticket-closed": "办结工单",
    "ratings-taken": "下载评价上报文件",
    "ratings-uploaded": "标记评价已上报",
}
ERRANDS = {ErrandKind.VISIT: "上门申请", ErrandKind.SLIP: "窗口单"}
SLIPS = {
    "home-visit": "本人不便出门，请上门办理",
    DeskReason.CARD_NOT_READ.value: "身份证没有读到",
    DeskReason.NAME_DIFFERS.value: "姓名与名册不一致",
    DeskReason.NOT_LISTED.value: "名册中没有查到",
    DeskReason.DESK_MUST_CHECK.value: "档案状态需要核对",
}
ENDS = {
    "visited": "已上门办理",
    "served": "已在窗口办理",
    "arranged-otherwise": "已用其他方式办妥",
    "not-wanted": "申请人不再需要",
    "not-come": "本人没有来",
}
REASONS = COME_IN | CLOSE | ENDS
