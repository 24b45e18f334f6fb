import QtQuick
import controls
import theme

Page {
    id: page

    // Read once: every reading of a model's list builds it anew.
    readonly property var rows: model.rows
    readonly property var nothing: ({label: "", note: "", icon: ""})
    readonly property int count: page.rows.length

    Column {
        id: list
        anchors.fill: parent
        spacing: Theme.gutter

        Repeater {
            model: page.count
            PressArea {
                id: row
                required property int index
                readonly property var choice: page.rows[index] ?? page.nothing
                objectName: "rows-" + index
                width: list.width
                height: Math.min(226, (list.height - (page.count - 1) * list.spacing) / Math.max(1, page.count))
                spokenName: choice.note === "" ? choice.label : choice.label + "，" + choice.note
                onPressedOnce: page.model.press("rows", index)

                Rectangle {
                    anchors.fill: parent
                    radius: Theme.radiusPanel
                    color: row.down ? Theme.primaryTint : Theme.surface
                    border.width: Theme.secondBorder
                    border.color: Theme.contrast ? Theme.border : Theme.primary
                }
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
                        name: row.choice.icon
                        size: Math.round(disc.width * 0.52)
                        stroke: 1.8
                    }
                }
                Column {
                    anchors.verticalCenter: parent.verticalCenter
                    x: disc.x + disc.width + Theme.s5 - 6
                    width: go.x - x - Theme.s2
                    Label {
                        width: parent.width
                        text: row.choice.label
                        size: Math.min(Theme.headingSize, row.height * 0.34)
                        bold: true
                        color: Theme.contrast ? Theme.ink : Theme.primary
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                    Label {
                        width: parent.width
                        visible: text !== ""
                        text: row.choice.note
                        size: Theme.stacked ? Theme.statusSize : Math.min(Theme.bodySize, row.height * 0.26)
                        color: Theme.ink2
                        wrapMode: Theme.stacked ? Text.Wrap : Text.NoWrap
                        fontSizeMode: Theme.stacked ? Text.FixedSize : Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                }
                Icon {
                    id: go
                    x: parent.width - width - Theme.s4
                    anchors.verticalCenter: parent.verticalCenter
                    name: "chevron-right"
                    size: Theme.iconRow
                    stroke: 2.2
                    tint: Theme.contrast ? Theme.ink : Theme.primary
                }
            }
        }
    }
}
