import QtQuick
import Terminal
import controls
import theme

Page {
    id: page

    Item {
        id: stage
        anchors.fill: parent
        Accessible.role: Accessible.Graphic
        Accessible.name: page.model.picture

        CameraView {
            objectName: "camera"
            anchors.fill: parent
            live: page.visible && page.model.live
            Component.onCompleted: page.shell.connectCamera(this)
        }
        OvalMask {
            anchors.fill: parent
            side: page.model.side
            ring: page.model.ring
            progress: page.model.progress
            radius: Theme.radiusPanel
            surround: Theme.bg
        }
        Rectangle {
            id: pill
            visible: words.text !== ""
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s3
            width: Math.min(parent.width - 2 * Theme.s3, row.width + 2 * Theme.s6 - 16)
            height: Theme.elder ? 144 : 128
            radius: height / 2
            color: "#FFFFFF"
            Accessible.role: Accessible.AlertMessage
            Accessible.name: words.text
            Row {
                id: row
                anchors.centerIn: parent
                anchors.verticalCenterOffset: -2
                spacing: Theme.s4
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: name !== ""
                    name: page.model.hintIcon
                    size: nearFar ? 148 : 76
                    readonly property bool nearFar: name === "nearer" || name === "further"
                    stroke: 2.6
                    tint: "#17212B"
                }
                Label {
                    id: words
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, stage.width - 160 - (page.model.hintIcon === "" ? 0 : 110))
                    text: page.model.hint
                    size: Theme.hintSize
                    bold: true
                    color: "#17212B"
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.statusSize
                }
            }
        }
    }
}
