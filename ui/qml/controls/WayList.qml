import QtQuick
import theme

// Ways stacked over the whole content, all of the same height.
Column {
    id: list

    property var ways: []

    spacing: Theme.gutter
    Repeater {
        model: list.ways
        WayRow {
            required property var modelData
            width: list.width
            height: Math.min(226, (list.height - 3 * list.spacing) / 4)
            picture: modelData.icon
            label: modelData.label
            words: modelData.text
        }
    }
}
