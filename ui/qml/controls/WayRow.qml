import QtQuick
import theme

// One way to get it done: icon, what, how.
Rectangle {
    id: row

    property string picture: ""
    property string label: ""
    property string words: ""

    radius: Theme.radiusPanel
    color: Theme.surface
    border.width: Theme.controlBorder
    border.color: Theme.contrast ? Theme.border : Theme.line
    Accessible.role: Accessible.StaticText
    Accessible.name: label + "，" + words

    Rectangle {
        id: disc
        x: Theme.s5 - 6
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(132, row.height - 2 * Theme.s3)
        height: width
        radius: width / 2
        color: Theme.primaryTint
        Icon {
            anchors.centerIn: parent
            name: row.picture
            size: Math.round(disc.width * 0.52)
            stroke: 1.8
        }
    }
    Column {
        anchors.verticalCenter: parent.verticalCenter
        x: disc.x + disc.width + Theme.s5 - 6
        width: row.width - x - Theme.s4
        Label {
            width: parent.width
            text: row.label
            size: Math.min(Theme.headingSize, row.height * 0.32)
            bold: true
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
        }
        Label {
            width: parent.width
            readonly property bool oneLine: Theme.elder && !Theme.lying
            text: oneLine ? row.words.replace("\n", "") : row.words
            size: Theme.lying ? Math.min(Theme.subSize, row.height * 0.18) : Theme.elder ? Math.min(Theme.subSize, row.height * 0.24) : Theme.bodySize
            color: Theme.ink2
            wrapMode: oneLine ? Text.NoWrap : Text.Wrap
            fontSizeMode: oneLine ? Text.HorizontalFit : Text.FixedSize
            minimumPixelSize: Theme.floorSize
        }
    }
}
