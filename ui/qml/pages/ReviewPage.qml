import QtQuick
import controls
import theme

Page {
    id: page

    Panel {
        id: panel
        anchors.fill: parent

        Rectangle {
            id: disc
            x: 56
            y: Theme.s5 + (Theme.elder ? -8 : 8)
            width: 140
            height: 140
            radius: 70
            color: Theme.primaryTint
            Icon {
                anchors.centerIn: parent
                name: "user"
                size: 84
                stroke: 1.8
            }
        }
        Column {
            id: who
            x: disc.x + disc.width + 36
            anchors.verticalCenter: disc.verticalCenter
            Label {
                text: page.model.name
                size: Theme.numberSize
                bold: true
                lineHeight: Theme.elder ? 0.8 : 0.9
            }
            Label {
                text: page.model.number
                size: Theme.bodySize + 2
                color: Theme.ink2
            }
        }
        Rectangle {
            id: upper
            x: 56
            y: Math.max(disc.y + disc.height + 28, who.y + who.height + (Theme.elder ? 4 : 14))
            width: parent.width - 112
            height: Theme.divider
            color: Theme.line
        }
        Column {
            id: dates
            readonly property real room: (lower.y - upper.y - 3 * spacing) / 2
            readonly property int daySize: Math.max(Theme.headingSize - 12, Math.min(Theme.display2Size + 10, (room - 1.45 * (Theme.bodySize + 4)) / 1.4))
            x: 56
            width: parent.width - 112
            y: upper.y + (lower.y - upper.y - height) / 2
            spacing: Theme.elder ? Theme.s1 : Theme.s3
            Repeater {
                model: page.model.dates
                Column {
                    id: entry
                    required property var modelData
                    width: dates.width
                    Accessible.role: Accessible.StaticText
                    Accessible.name: modelData.label + "，" + modelData.text
                    Label {
                        text: entry.modelData.label
                        size: Theme.bodySize + 4
                        color: Theme.ink2
                    }
                    Label {
                        width: parent.width
                        text: entry.modelData.text
                        size: dates.daySize
                        bold: true
                        lineHeight: 0.95
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                }
            }
        }
        Rectangle {
            id: lower
            x: 56
            y: parent.height - (page.model.helped === "" ? 120 : 190)
            width: parent.width - 112
            height: Theme.divider
            color: Theme.line
        }
        Column {
            x: 56
            y: lower.y + (parent.height - lower.y - height) / 2 - 2
            width: parent.width - 112
            Label {
                width: parent.width
                text: page.model.scheme
                color: Theme.ink2
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
            Label {
                width: parent.width
                visible: text !== ""
                text: page.model.helped
                bold: true
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
                Accessible.ignored: false
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
    }
}
