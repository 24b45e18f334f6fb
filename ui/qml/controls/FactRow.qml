import QtQuick
import theme

// Label left, answer right, as on the result pages.
Item {
    id: row

    property string label: ""
    property string answer: ""
    property int labelWidth: 220
    property int answerSize: Theme.headingSize

    height: Math.round(answerSize * 1.45)

    Label {
        id: name
        anchors.baseline: value.baseline
        width: row.labelWidth
        text: row.label
        color: Theme.ink2
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Math.ceil(Theme.bodySize * 0.7)
    }
    Label {
        id: value
        x: row.labelWidth
        width: row.width - x
        height: row.height
        verticalAlignment: Text.AlignVCenter
        text: row.answer
        size: row.answerSize
        bold: true
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.statusSize
        Accessible.ignored: false
        Accessible.role: Accessible.StaticText
        Accessible.name: row.label + "，" + row.answer
    }
}
