import QtQuick
import theme

// Reads the page aloud: 正在朗读 while it does (a press stops it), 再听一遍 otherwise.
PressArea {
    id: pill

    required property QtObject shell

    visible: shell.voicePresent
    spokenName: shell.voiceWord
    height: Theme.pillHeight
    width: row.width + 2 * Theme.s4

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: pill.shell.speaking ? Theme.primaryTint : Theme.surface
        border.width: Theme.controlBorder
        border.color: pill.shell.speaking ? Theme.primary : Theme.border
    }
    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.s2
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "volume"
            tint: Theme.primary
            size: Theme.iconButton + 4
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: pill.shell.voiceWord
            size: Theme.navSize
            bold: true
            color: Theme.primary
        }
    }
}
