import QtQuick
import theme

// Label left, answer right, as on the result pages.
Item {
    id: row

    property string label: ""
    property string answer: ""
    property int labelWidth: 220
    readonly property real labelColumn: Math.min(labelWidth, width * 0.27)
    property int answerSize: Theme.headingSize

    height: Math.round(answerSize * 1.45)

    Label {
        id: name
        anchors.baseline: value.baseline
        width: row.labelColumn - Theme.s1
        text: row.label
        color: Theme.ink2
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.floorSize
    }
    Label {
        id: value
        x: row.labelColumn
        width: row.width - x
        height: row.height
        verticalAlignment: Text.AlignVCenter
        text: row.answer
        size: row.answerSize
        bold: true
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.floorSize
        Accessible.ignored: false
        Accessible.role: Accessible.StaticText
        Accessible.name: row.label + "，" + row.answer
    }
}
