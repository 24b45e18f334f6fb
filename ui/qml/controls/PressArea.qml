import QtQuick
import theme

// What a finger, a key or a switch can press. The whole area reacts, and only a release inside counts.
Item {
    id: area

    property string spokenName: ""
    property int role: Accessible.Button
    property bool checked: false
    property bool blocked: false
    readonly property alias down: tap.pressed
    signal pressedOnce

    activeFocusOnTab: true
    Accessible.role: role
    Accessible.name: spokenName
    Accessible.focusable: true
    Accessible.checkable: role === Accessible.RadioButton || role === Accessible.CheckBox
    Accessible.checked: checked
    Accessible.onPressAction: area.activate()
    Keys.onReturnPressed: area.activate()
    Keys.onEnterPressed: area.activate()
    Keys.onSpacePressed: area.activate()

    function activate() {
        if (enabled && !blocked)
            pressedOnce()
    }

    TapHandler {
        id: tap
        gesturePolicy: TapHandler.ReleaseWithinBounds
        longPressThreshold: 0
        onTapped: {
            area.forceActiveFocus(Qt.MouseFocusReason)
            area.activate()
        }
    }

    Rectangle {
        visible: area.activeFocus && area.focusReason !== Qt.MouseFocusReason
        anchors.fill: parent
        anchors.margins: -12
        color: "transparent"
        radius: Theme.radiusButton + 12
        border.width: 14
        border.color: Theme.focusEdge

        Rectangle {
            anchors.fill: parent
            anchors.margins: 3
            color: "transparent"
            radius: parent.radius - 3
            border.width: 8
            border.color: Theme.focus
        }
    }

    property int focusReason: Qt.MouseFocusReason
    Keys.onTabPressed: event => { area.leave(true); event.accepted = true }
    Keys.onBacktabPressed: event => { area.leave(false); event.accepted = true }

    function leave(forward) {
        const next = area.nextItemInFocusChain(forward)
        if (next.focusReason !== undefined)
            next.focusReason = Qt.TabFocusReason
        next.forceActiveFocus(Qt.TabFocusReason)
    }

    onActiveFocusChanged: if (!activeFocus) focusReason = Qt.MouseFocusReason
}
