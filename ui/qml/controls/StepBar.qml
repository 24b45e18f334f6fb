import QtQuick
import theme

// 第 2 步，共 5 步, and the same as bars.
Column {
    id: steps

    property int step: 0
    property int count: 5
    property string words: ""
    property real room: 600

    spacing: 4
    Accessible.role: Accessible.ProgressBar
    Accessible.name: words

    Label {
        width: Math.min(implicitWidth, steps.room)
        text: steps.words
        size: Theme.subSize
        color: Theme.ink2
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.floorSize
    }
    Row {
        spacing: Theme.s1
        Repeater {
            model: steps.count
            Rectangle {
                required property int index
                width: Math.min(60, (steps.room - (steps.count - 1) * Theme.s1) / steps.count)
                height: 12
                radius: 6
                color: index < steps.step ? Theme.primary : (Theme.contrast ? Theme.line : "#CFCAC0")
            }
        }
    }
}
