import QtQuick
import controls
import theme

Page {
    id: page

    Label {
        id: nearLabel
        text: page.model.nearLabel
        color: Theme.ink2
    }
    Rectangle {
        id: near
        y: nearLabel.height + Theme.s1
        width: parent.width
        height: Theme.elder ? 200 : 220
        radius: Theme.radiusPanel
        color: Theme.primaryTint
        Accessible.role: Accessible.StaticText
        Accessible.name: page.model.nearLabel + "，" + page.model.near
        Icon {
            id: pin
            x: Theme.s5
            anchors.verticalCenter: parent.verticalCenter
            name: "pin"
            size: 112
        }
        Label {
            x: pin.x + pin.width + Theme.s5
            width: parent.width - x - Theme.s4
            anchors.verticalCenter: parent.verticalCenter
            text: page.model.near
            size: Theme.headingSize + (Theme.elder ? 0 : 8)
            bold: true
            color: Theme.primary
            wrapMode: Text.Wrap
            maximumLineCount: 2
            fontSizeMode: Text.Fit
            height: Math.min(implicitHeight, near.height - Theme.s3)
            minimumPixelSize: Theme.floorSize
        }
    }
    Label {
        id: walk
        y: near.y + near.height + Theme.s4
        text: page.model.walkLabel
        color: Theme.ink2
    }
    Column {
        id: ways
        y: walk.y + walk.height + Theme.s1
        width: parent.width
        spacing: Theme.s3
        readonly property real rowHeight: Math.min(226, (parent.height - y - spacing) / 2)
        Repeater {
            model: page.model.ways
            WayRow {
                required property var modelData
                width: ways.width
                height: ways.rowHeight
                picture: modelData.icon
                label: modelData.label
                words: modelData.text
            }
        }
    }
}
