import QtQuick
import theme

// A project-drawn icon in one colour; it never stands without a word beside it.
Image {
    property string name: ""
    property color tint: Theme.primary
    property real stroke: 2
    property int size: Theme.iconButton

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: name === "" ? "" : "image://icon/" + name + "/" + String(tint).slice(1) + "/" + stroke
    Accessible.ignored: true
}
