import QtQuick
import Terminal
import theme

// A ring that empties and the seconds left, only on steps with a limit of their own.
Row {
    id: countdown

    property string words: ""
    property real share: 0

    visible: words !== ""
    spacing: Theme.s2
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Ring {
        anchors.verticalCenter: parent.verticalCenter
        width: 56
        height: 56
        thickness: 8
        share: countdown.share
        ink: Theme.primary
        track: Theme.contrast ? Theme.line : "#CFCAC0"
    }
    Label {
        anchors.verticalCenter: parent.verticalCenter
        text: countdown.words
        size: Theme.subSize
        color: Theme.ink2
    }
}
