import QtQuick
import controls
import theme

Page {
    id: page

    // Read once: every reading of a model's list builds it anew.
    readonly property var grades: model.grades
    readonly property var tags: model.tags
    readonly property int gradeHeight: Math.max(104, Theme.minTouch)
    readonly property var nothing: ({label: "", icon: "", selected: false})

    Item {
        id: grades
        width: parent.width
        height: Theme.elder ? 5 * page.gradeHeight + 4 * 16 : 272
        Accessible.role: Accessible.Grouping
        Accessible.name: page.model.group

        Repeater {
            model: page.grades.length
            PressArea {
                id: grade
                required property int index
                readonly property var modelData: page.grades[index] ?? page.nothing
                objectName: "grade-" + (5 - index)
                role: Accessible.RadioButton
                spokenName: modelData.label.replace(/([a-z])\n/, "$1 ").replace("\n", "")
                checked: modelData.selected
                x: Theme.elder ? 0 : index * (width + 14)
                y: Theme.elder ? index * (page.gradeHeight + 16) : 0
                width: Theme.elder ? grades.width : (grades.width - 4 * 14) / 5
                height: Theme.elder ? page.gradeHeight : 272
                onPressedOnce: page.model.press("grades", index)

                Rectangle {
                    anchors.fill: parent
                    radius: Theme.radiusButton
                    color: grade.modelData.selected ? Theme.primary : grade.down ? Theme.primaryTint : Theme.surface
                    border.width: Theme.controlBorder
                    border.color: Theme.border
                }
                Icon {
                    x: Theme.elder ? Theme.s4 : (parent.width - width) / 2
                    y: Theme.elder ? (parent.height - height) / 2 : 28
                    name: grade.modelData.icon
                    size: Theme.elder ? 72 : 104
                    stroke: 1.6
                    tint: grade.modelData.selected ? Theme.primaryInk : Theme.ink
                }
                Label {
                    x: Theme.elder ? 136 : 4
                    width: parent.width - x - 4
                    y: Theme.elder ? (parent.height - height) / 2 : 200 - height / 2
                    horizontalAlignment: Theme.elder ? Text.AlignLeft : Text.AlignHCenter
                    text: Theme.elder ? grade.spokenName : grade.modelData.label
                    size: Theme.bodySize
                    bold: true
                    lineHeight: 0.85
                    color: grade.modelData.selected ? Theme.primaryInk : Theme.ink
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                }
            }
        }
    }

    Label {
        id: ask
        y: grades.height + Theme.s5 - 8
        text: page.model.ask
        color: Theme.ink2
        visible: !Theme.elder && text !== ""
    }

    Column {
        id: tags
        visible: !Theme.elder
        y: ask.y + ask.height + Theme.s2
        width: parent.width
        spacing: Theme.s2
        readonly property real rowHeight: Math.min(Math.max(98, Theme.minTouch), (parent.height - y - 4 * spacing) / 5)

        Repeater {
            model: page.tags.length
            PressArea {
                id: tag
                required property int index
                readonly property var modelData: page.tags[index] ?? page.nothing
                objectName: "tag-" + index
                role: Accessible.CheckBox
                spokenName: modelData.label
                checked: modelData.selected
                width: tags.width
                height: tags.rowHeight
                onPressedOnce: page.model.press("tags", index)

                Rectangle {
                    anchors.fill: parent
                    radius: Theme.radiusButton
                    color: tag.modelData.selected ? Theme.primaryTint : Theme.surface
                    border.width: tag.modelData.selected ? Theme.selectedBorder : Theme.controlBorder
                    border.color: tag.modelData.selected ? Theme.primary : Theme.border
                }
                Rectangle {
                    id: box
                    x: 36
                    anchors.verticalCenter: parent.verticalCenter
                    width: 50
                    height: 50
                    radius: 14
                    color: tag.modelData.selected ? Theme.primary : "transparent"
                    border.width: tag.modelData.selected ? 0 : 4
                    border.color: Theme.ink2
                    Icon {
                        visible: tag.modelData.selected
                        anchors.centerIn: parent
                        name: "tick"
                        size: 50
                        stroke: 2.6
                        tint: Theme.primaryInk
                    }
                }
                Label {
                    x: 120
                    width: parent.width - x - Theme.s3
                    anchors.verticalCenter: parent.verticalCenter
                    text: tag.modelData.label
                    bold: tag.modelData.selected
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                }
            }
        }
    }
}
