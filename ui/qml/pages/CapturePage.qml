import QtQuick
import Terminal
import controls
import theme

Page {
    id: page

    readonly property bool shining: model.shine !== ""
    readonly property color ground: shining ? Theme.shines[model.shine] : Theme.bg

    Rectangle {
        parent: page
        z: -1
        anchors.fill: parent
        visible: page.shining
        color: page.ground
    }

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
        OvalMask {
            anchors.fill: parent
            anchors.margins: page.shining ? -2 : 0 // on a scaled panel the picture would shimmer through along its edge
            side: page.model.side
            ring: page.model.ring
            progress: page.model.progress
            radius: Theme.radiusPanel
            surround: page.ground
            veil: page.shining ? page.ground : "#B217212B"
            ink: page.shining ? Theme.success : "#7DF0AA"
            track: page.shining ? Theme.surface : "#6EFFFFFF"
        }
        Item {
            id: field
            anchors.fill: parent
            anchors.margins: Theme.s4
            anchors.topMargin: pill.y + pill.height + Theme.s3
        }
        Rectangle {
            id: dot
            readonly property var place: page.model.dot
            objectName: "dot"
            visible: place != null
            width: Theme.elder ? 168 : 144
            height: width
            radius: width / 2
            x: place == null ? 0 : field.x + (1 + place[0]) / 2 * (field.width - width)
            y: place == null ? 0 : field.y + (1 + place[1]) / 2 * (field.height - height)
            color: "#17212B"
            Rectangle {
                anchors.fill: parent
                anchors.margins: 6
                radius: width / 2
                color: "#FFFFFF"
            }
            Rectangle {
                anchors.fill: parent
                anchors.margins: 18
                radius: width / 2
                color: "#1FA75B"
            }
        }
        HintPill {
            id: pill
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s3
            words: page.model.hint
            picture: page.model.hintIcon
            room: stage.width
            moving: page.visible && page.shell.motion
        }
    }
}
