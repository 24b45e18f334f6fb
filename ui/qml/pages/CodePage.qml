import QtQuick
import Terminal
import controls
import theme

Page {
    id: page

    Stage {
        id: stage
        shown: page.visible
        Accessible.role: Accessible.Graphic
        Accessible.name: page.model.picture

        CameraView {
            objectName: "camera"
            anchors.fill: parent
            live: page.visible && page.model.live
            Component.onCompleted: page.shell.connectCamera(this)
        }
        CodeMask {
            anchors.fill: parent
            radius: Theme.radiusPanel
            surround: Theme.bg
        }
        HintPill {
            words: page.model.hint
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s3
            room: stage.width
        }
    }
}
