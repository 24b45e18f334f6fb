import QtQuick
import theme

// One hint in a white pill over the camera's picture, nearest the camera.
Rectangle {
    id: pill

    property string words: ""
    property string picture: ""
    property real room: 0

    visible: words !== ""
    width: Math.min(room - 2 * Theme.s3, row.width + 2 * Theme.s6 - 16)
    height: Theme.elder ? 144 : 128
    radius: height / 2
    color: "#FFFFFF"
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Row {
        id: row
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -2
        spacing: Theme.s4
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: name !== ""
            name: pill.picture
            size: nearFar ? 148 : 76
            readonly property bool nearFar: name === "nearer" || name === "further"
            stroke: 2.6
            tint: "#17212B"
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, pill.room - 160 - (pill.picture === "" ? 0 : 110))
            text: pill.words
            size: Theme.hintSize
            bold: true
            color: "#17212B"
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
        }
    }
}
