import QtQuick
import controls
import theme

Page {
    id: page

    readonly property var nothing: ({label: "", selected: false})

    component Options: Column {
        id: options
        property string label: ""
        property var choices: []
        property string field: ""
        width: parent.width
        spacing: Theme.s3
        Accessible.role: Accessible.Grouping
        Accessible.name: label

        Label {
            text: options.label
            color: Theme.ink2
        }
        Row {
            id: row
            width: parent.width
            spacing: Theme.gutter
            Repeater {
                model: options.choices.length
                PressArea {
                    id: option
                    required property int index
                    readonly property var modelData: options.choices[index] ?? page.nothing
                    objectName: options.field + "-" + index
                    role: Accessible.RadioButton
                    spokenName: modelData.label
                    checked: modelData.selected
                    width: (row.width - Theme.gutter) / 2
                    height: 200
                    onPressedOnce: page.model.press(options.field, index)

                    Rectangle {
                        anchors.fill: parent
                        radius: Theme.radiusButton
                        color: option.modelData.selected || option.down ? Theme.primaryTint : Theme.surface
                        border.width: option.modelData.selected ? Theme.selectedBorder : Theme.controlBorder
                        border.color: option.modelData.selected ? Theme.primary : Theme.border
                    }
                    Icon {
                        id: check
                        visible: option.modelData.selected
                        x: Theme.s4
                        anchors.verticalCenter: parent.verticalCenter
                        name: "check"
                        size: Theme.stacked ? 44 : 64
                        stroke: 2.4
                    }
                    Label {
                        anchors.centerIn: parent
                        width: Math.min(implicitWidth, parent.width - 2 * (check.visible ? Theme.s4 + check.width : Theme.s3))
                        text: option.modelData.label
                        size: Theme.headingSize
                        bold: true
                        color: option.modelData.selected ? Theme.primary : Theme.ink
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                }
            }
        }
    }

    Column {
        width: parent.width
        y: Theme.s4
        spacing: Theme.s7
        Options {
            label: page.model.languageLabel
            choices: page.model.languages
            field: "languages"
        }
        Options {
            label: page.model.displayLabel
            choices: page.model.displays
            field: "displays"
        }
    }
}
