"""The fleet's words in a technician's Chinese. A word that is not here is shown as it is."""

STANDINGS = {
    "well": "正常",
    "closed": "停办",
    "trouble": "要处理",
    "unsure": "等消息",
    "just-lost": "刚断线",
    "unregistered": "未登记",
    "lost": "失联",
    "heartbeat-missed": "失联",
    "never-seen": "没上线",
    "goodbye": "已关机",
}
REASONS = {
    "lost": "连接断了：停电、断网，或程序停了",
    "heartbeat-missed": "连接还在，但没有心跳：程序可能卡住了",
    "never-seen": "登记后从来没有消息：查终端设置里的消息服务器",
    "goodbye": "正常退出：有人关机，或在重启",
    "just-lost": "连接刚断，五分钟内回来就不算失联",
    "unsure": "还没等到心跳",
    "unregistered": "登记里没有这个编号，或已停用",
}
CLOSED_BY = {
    "reader": "身份证阅读器",
    "camera": "摄像头",
    "face": "人脸比对",
    "clock": "时钟",
    "starting": "正在启动",
}
DEVICES = {
    "id-card": "身份证阅读器",
    "smart-card": "社保卡读卡器",
    "camera": "摄像头",
    "face": "人脸比对",
    "printer": "打印机",
    "speaker": "扬声器",
    "platform": "政务平台",
}
DEVICE_REASONS = {
    "port-gone": "没插好",
    "no-answer": "无应答",
    "noise": "应答不对",
    "camera-unreachable": "连不上",
    "camera-refused": "没有画面",
    "camera-stalled": "没有画面",
    "media-empty": "缺纸",
    "media-jam": "卡纸",
    "cover-open": "盖子开着",
    "unreachable": "连不上",
    "no-link": "网络不通",
    "timeout": "超时",
    "server-error": "平台出错",
    "clock-drift": "时钟差一分钟以上",
    "other-gateway": "要重新登记",
}
TROUBLES = {
    "storage": "存储读不出来",
    "dead-records": "有办件送不出去，要人处理",
    "old-records": "办件积压超过一天",
    "paper-low": "纸快用完",
    "little-disk": "磁盘快满",
    "clock": "时钟差一分钟以上",
}
HEARING = {
    "nobody-listens": "网关里没有进程在收消息。",
    "no-link": "消息服务器没有应答：查它是否在运行、网线和地址。",
    "timeout": "消息服务器没有应答：查防火墙和地址。",
    "name-unknown": "消息服务器的名称解析不了：查地址。",
    "certificate-expired": "网关的证书已过期，请重新签发。",
    "file-unusable": "网关的证书、私钥或密码文件读不了。",
    "broker-untrusted": "消息服务器的证书不是本机构签发的。",
    "broker-certificate-expired": "消息服务器的证书已过期，请更新。",
    "broker-other-name": "消息服务器的证书是别的名称：查地址。",
    "tls-refused": "消息服务器不接受网关的证书。",
    "not-let-in": "消息服务器不让网关进来：查它的登记。",
    "may-not-listen": "消息服务器的规则不让网关收消息。",
    "connection-lost": "与消息服务器的连接断了，正在重连。",
}
