import QtQuick
import controls
import theme

Page {
    id: page

    Panel {
        anchors.fill: parent

        Column {
            anchors.horizontalCenter: parent.horizontalCenter
            y: (line.y - height) / 2
            width: parent.width - 2 * Theme.s5
            spacing: Theme.elder ? Theme.s3 : Theme.s5

            Rectangle {
                readonly property real room: line.y - 2 * Theme.s3 - (calmBox.visible ? calmBox.height + parent.spacing : 0)
                anchors.horizontalCenter: parent.horizontalCenter
                visible: room >= 120
                width: Math.min(240, room)
                height: width
                radius: width / 2
                color: Theme.primaryTint
                Icon {
                    anchors.centerIn: parent
                    name: page.model.sign
                    size: Math.round(parent.width * 0.6)
                    stroke: 1.8
                }
            }
            Rectangle {
                id: calmBox
                visible: calm.text !== ""
                anchors.horizontalCenter: parent.horizontalCenter
                width: calm.width + 2 * Theme.s5
                height: calm.implicitHeight + 2 * Theme.s2
                radius: Theme.radiusButton
                color: Theme.successTint
                Label {
                    id: calm
                    anchors.centerIn: parent
                    width: Math.min(implicitWidth, page.innerWidth - 4 * Theme.s5)
                    text: page.model.reassurance
                    size: Theme.headingSize
                    bold: true
                    color: Theme.success
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                    Accessible.ignored: false
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
        }
        Rectangle {
            id: line
            x: 56
            y: rows.y - Theme.s4
            width: parent.width - 112
            height: Theme.divider
            color: Theme.line
        }
        Column {
            id: rows
            x: 56
            width: parent.width - 112
            y: parent.height - height - Theme.s4 - 4
            spacing: Theme.s3
            Repeater {
                model: page.model.facts
                FactRow {
                    required property var modelData
                    width: rows.width
                    labelWidth: Theme.elder ? 200 : 176
                    label: modelData.label
                    answer: modelData.text
                }
            }
        }
    }
}
