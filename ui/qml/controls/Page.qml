import QtQuick
import theme

// One page: head row, title, helper, content, action zone. Zones never move; a page fills the content only.
Item {
    id: page

    required property QtObject shell
    required property QtObject model
    property int titleSize: Theme.titleSize
    default property alias content: body.data

    width: Theme.screenWidth
    height: Theme.keysTop - Theme.statusBottom
    Accessible.role: Accessible.Pane
    Accessible.name: model.title.replace("\n", "")
    focus: true

    readonly property int side: Theme.margin
    readonly property int innerWidth: width - 2 * side
    readonly property bool oneButton: model.left == null || model.right == null
    readonly property int zoneTop: Theme.statusBottom
    readonly property int bodyBottom: (model.primary != null ? Theme.actionTop : second.visible ? secondTop : Theme.actionBottom + Theme.gap) - Theme.gap - zoneTop
    readonly property int secondTop: Theme.actionBottom - Theme.secondHeight

    Label {
        x: page.side
        y: Theme.headTop - page.zoneTop + (Theme.pillHeight - height) / 2
        visible: page.model.step === 0 && text !== ""
        text: page.model.head
        size: Theme.subSize
        color: Theme.ink2
    }
    StepBar {
        x: page.side
        y: Theme.headTop - page.zoneTop + (Theme.pillHeight - height) / 2
        visible: page.model.step > 0
        step: page.model.step
        count: page.model.steps
        words: page.model.stepWords
    }
    Countdown {
        anchors.right: voice.visible ? voice.left : parent.right
        anchors.rightMargin: voice.visible ? Theme.s3 : page.side
        y: Theme.headTop - page.zoneTop + (Theme.pillHeight - height) / 2
        words: page.model.countdownWords
        share: page.model.countdownShare
    }
    VoicePill {
        id: voice
        objectName: "voice"
        shell: page.shell
        anchors.right: parent.right
        anchors.rightMargin: page.side
        y: Theme.headTop - page.zoneTop
        onPressedOnce: page.shell.toggleVoice()
    }

    Label {
        id: title
        objectName: "title"
        x: page.side
        y: Theme.titleTop - page.zoneTop
        width: page.innerWidth
        visible: text !== "" && !page.model.titleInContent
        text: page.model.title
        size: page.titleSize
        bold: true
        wrapMode: Text.Wrap
        Accessible.ignored: false
        Accessible.role: Accessible.Heading
        Accessible.name: text.replace("\n", "")
    }
    Label {
        id: helper
        objectName: "helper"
        anchors.top: title.bottom
        anchors.topMargin: Theme.s2
        x: page.side
        width: page.innerWidth
        visible: text !== "" && !page.model.titleInContent
        text: page.model.helper
        color: Theme.ink2
        wrapMode: Text.Wrap
        Accessible.ignored: false
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Item {
        id: body
        x: page.side
        y: (helper.visible ? helper.y + helper.height : title.visible ? title.y + title.height : Theme.titleTop - page.zoneTop) + Theme.gap
        width: page.innerWidth
        height: page.bodyBottom - y
    }

    PrimaryButton {
        objectName: "primary"
        x: page.side
        y: Theme.actionTop - page.zoneTop
        width: page.innerWidth
        choice: page.model.primary
        onPressedOnce: page.model.press("primary")
    }
    Item {
        id: second
        visible: page.model.left != null || page.model.right != null
        x: page.side
        y: page.secondTop - page.zoneTop
        width: page.innerWidth
        height: Theme.secondHeight

        SecondButton {
            objectName: "left"
            width: page.oneButton ? parent.width : (parent.width - Theme.gutter) / 2
            choice: page.model.left
            onPressedOnce: page.model.press("left")
        }
        SecondButton {
            objectName: "right"
            anchors.right: parent.right
            width: page.oneButton ? parent.width : (parent.width - Theme.gutter) / 2
            choice: page.model.right
            onPressedOnce: page.model.press("right")
        }
    }
}
