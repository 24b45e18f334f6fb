import QtQuick
import controls
import theme

Page {
    id: page

    property bool ringing: false
    property bool slow: false

    onVisibleChanged: {
        ringing = false
        slow = false
    }

    Timer { interval: Theme.spinnerAfterMs; running: page.visible; onTriggered: page.ringing = true }
    Timer { interval: Theme.slowWordsAfterMs; running: page.visible; onTriggered: page.slow = true }

    Panel {
        objectName: "ring"
        visible: page.ringing
        anchors.fill: parent
        Item {
            anchors.centerIn: parent
            anchors.verticalCenterOffset: -80
            width: 320
            height: 320
            Rectangle {
                anchors.centerIn: parent
                width: 256
                height: 256
                radius: 128
                color: "transparent"
                border.width: 28
                border.color: Theme.primaryTint
            }
            Icon {
                anchors.centerIn: parent
                name: "spinner"
                size: 304
                stroke: 2.2
                RotationAnimation on rotation {
                    running: page.ringing && page.shell.motion
                    loops: Animation.Infinite
                    from: 0
                    to: 360
                    duration: 1200
                }
            }
        }
        Label {
            visible: page.slow
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height / 2 + 160
            text: page.model.slowWords
            size: Theme.headingSize
            color: Theme.ink2
            Accessible.ignored: false
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
    }
}
