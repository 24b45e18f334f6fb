import QtQuick
import theme

// One page: head row, title, helper, content, action zone. Zones never move; a page fills the content only. On a lying
// panel title and actions stand in a column left of the content.
Item {
    id: page

    required property QtObject shell
    required property QtObject model
    property int titleSize: Theme.titleSize
    default property alias content: body.data

    width: Theme.screenWidth
    height: Theme.pageBottom - Theme.statusBottom
    Accessible.role: Accessible.Pane
    Accessible.name: model.title.replace("\n", "")
    focus: true

    readonly property int side: Theme.margin
    readonly property int innerWidth: Theme.bodyWidth
    readonly property bool titled: model.title !== "" && !model.titleInContent
    readonly property bool helped: model.helper !== "" && !model.titleInContent
    readonly property bool choosing: model.left != null || model.right != null
    readonly property bool oneButton: Theme.lying || model.left == null || model.right == null
    readonly property int zoneTop: Theme.statusBottom
    readonly property int zoneBottom: Theme.actionBottom - zoneTop
    readonly property int actionGap: Theme.lying && Theme.elder ? Theme.s2 : Theme.gutter
    readonly property int secondCount: Theme.lying ? (model.left != null) + (model.right != null) : choosing ? 1 : 0
    readonly property int secondTop: zoneBottom - secondCount * Theme.secondHeight - Math.max(0, secondCount - 1) * actionGap
    readonly property int primaryTop: Theme.lying ? secondTop - (secondCount > 0 ? actionGap : 0) - Theme.primaryHeight : Theme.actionTop - zoneTop
    readonly property int actionTop: model.primary != null ? primaryTop : secondCount > 0 ? secondTop : zoneBottom + Theme.gap
    readonly property int bodyBottom: actionTop - Theme.gap
    readonly property int wordsBottom: Theme.lying ? (count.visible ? count.y : actionTop) - Theme.gap : zoneBottom
    readonly property int headMiddle: Theme.headTop - zoneTop + Theme.pillHeight / 2

    Label {
        x: page.side
        y: Theme.stacked ? Theme.headTop - page.zoneTop + Theme.pillHeight + Theme.s2 : page.headMiddle - height / 2
        width: Math.min(implicitWidth, (voice.visible && !Theme.stacked ? voice.x : page.side + Theme.columnWidth) - page.side - Theme.s2)
        visible: page.model.step === 0 && text !== ""
        text: page.model.head
        size: Theme.subSize
        color: Theme.ink2
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.floorSize
    }
    StepBar {
        id: steps
        x: page.side
        y: Theme.stacked ? Theme.headTop - page.zoneTop + Theme.pillHeight + Theme.s2 : page.headMiddle - height / 2
        visible: page.model.step > 0
        step: page.model.step
        count: page.model.steps
        words: page.model.stepWords
        room: (voice.visible && !Theme.stacked ? voice.x : page.side + Theme.columnWidth) - x - Theme.s2
    }
    Countdown {
        id: count
        x: Theme.lying ? page.side : (voice.visible ? voice.x - Theme.s3 : page.side + Theme.columnWidth) - width
        y: Theme.lying ? page.actionTop - Theme.s3 - height : page.headMiddle - height / 2
        words: page.model.countdownWords
        share: page.model.countdownShare
    }
    VoicePill {
        id: voice
        objectName: "voice"
        shell: page.shell
        x: page.side + Theme.columnWidth - width
        y: Theme.headTop - page.zoneTop
        onPressedOnce: page.shell.toggleVoice()
    }

    Label {
        id: title
        objectName: "title"
        x: page.side
        y: Theme.titleTop - page.zoneTop
        width: Theme.columnWidth
        visible: page.titled
        text: page.model.title
        size: page.titleSize
        bold: true
        wrapMode: broken ? Text.NoWrap : Text.Wrap
        fontSizeMode: broken ? Text.HorizontalFit : Text.FixedSize
        minimumPixelSize: Theme.floorSize
        readonly property bool broken: Theme.lying && text.indexOf("\n") >= 0
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
        width: Theme.columnWidth
        height: Theme.lying ? page.wordsBottom - y : implicitHeight
        verticalAlignment: Text.AlignTop
        visible: page.helped
        text: page.model.helper
        color: Theme.ink2
        wrapMode: Text.Wrap
        fontSizeMode: Theme.lying ? Text.Fit : Text.FixedSize
        minimumPixelSize: Theme.floorSize
        Accessible.ignored: false
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Item {
        id: body
        x: Theme.bodyX
        y: Theme.lying ? Theme.headTop - page.zoneTop : (page.helped ? helper.y + helper.height : page.titled ? title.y + title.height : Theme.titleTop - page.zoneTop) + Theme.gap
        width: page.innerWidth
        height: (Theme.lying ? page.zoneBottom : page.bodyBottom) - y
    }

    PrimaryButton {
        objectName: "primary"
        x: page.side
        y: page.primaryTop
        width: Theme.columnWidth
        choice: page.model.primary
        onPressedOnce: page.model.press("primary")
    }
    Item {
        id: second
        visible: page.choosing
        x: page.side
        y: page.secondTop
        width: Theme.columnWidth
        height: page.zoneBottom - y

        SecondButton {
            objectName: "left"
            width: page.oneButton ? parent.width : (parent.width - Theme.gutter) / 2
            choice: page.model.left
            onPressedOnce: page.model.press("left")
        }
        SecondButton {
            objectName: "right"
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            width: page.oneButton ? parent.width : (parent.width - Theme.gutter) / 2
            choice: page.model.right
            onPressedOnce: page.model.press("right")
        }
    }
}
