import QtQuick
import Terminal
import theme

// One hint in a white pill over the camera's picture, nearest the camera.
Rectangle {
    id: pill

    property string words: ""
    property string picture: ""
    property real room: 0
    property bool moving: false
    readonly property bool eyes: picture === "blink"
    readonly property real pictureRoom: picture === "" ? 0 : eyes ? 260 : 110

    visible: words !== ""
    width: Math.min(room - 2 * Theme.s3, row.width + 2 * Theme.s6 - 16)
    height: Theme.elder ? 144 : 128
    radius: height / 2
    color: "#FFFFFF"
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Row {
        id: row
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -2
        spacing: Theme.s4
        ClosingEyes {
            anchors.verticalCenter: parent.verticalCenter
            visible: pill.eyes
            width: 228
            height: 88
            ink: "#17212B"
            lid: 1

            SequentialAnimation on lid {
                running: pill.eyes && pill.moving
                loops: Animation.Infinite
                NumberAnimation { from: 0; to: 1; duration: Theme.blinkLoopMs * 0.25; easing.type: Easing.InOutSine }
                PauseAnimation { duration: Theme.blinkLoopMs * 0.15 }
                NumberAnimation { from: 1; to: 0; duration: Theme.blinkLoopMs * 0.25; easing.type: Easing.InOutSine }
                PauseAnimation { duration: Theme.blinkLoopMs * 0.35 }
            }
        }
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: name !== ""
            name: pill.eyes ? "" : pill.picture
            size: nearFar ? 148 : 76
            readonly property bool nearFar: name === "nearer" || name === "further"
            stroke: 2.6
            tint: "#17212B"
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, pill.room - 160 - pill.pictureRoom)
            text: pill.words
            size: Theme.hintSize
            bold: true
            color: "#17212B"
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
        }
    }
}
