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
        HintPill {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s3
            words: page.model.hint
            picture: page.model.hintIcon
            room: stage.width
        }
    }
}
