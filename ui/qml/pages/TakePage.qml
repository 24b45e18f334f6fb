import QtQuick
import controls
import theme

Page {
    id: page

    readonly property string mode: Theme.contrast ? "contrast" : "normal"

    component Thing: Panel {
        id: thing
        property string drawing: ""
        property size extent
        property string label: ""
        property string where: ""
        Accessible.role: Accessible.StaticText
        Accessible.name: label + "，" + where

        Image {
            x: (words.x - width) / 2
            anchors.verticalCenter: parent.verticalCenter
            source: thing.drawing === "" ? "" : "image://drawing/" + thing.drawing + "/" + page.mode
            sourceSize: thing.extent
            scale: Math.min(1, words.x / 572)
        }
        Column {
            id: words
            x: parent.width * 0.6
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - x - Theme.s3
            Label {
                width: parent.width
                text: thing.label
                size: Theme.display2Size
                bold: true
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
            Label {
                width: parent.width
                text: thing.where
                size: Theme.bodySize + 4
                color: Theme.ink2
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
        }
    }

    Thing {
        id: paper
        visible: page.model.paper != null
        width: parent.width
        height: !visible ? 0 : page.model.card == null ? parent.height : (parent.height - Theme.gutter) / 2
        drawing: "slip"
        extent: Qt.size(432, 268)
        label: page.model.paper == null ? "" : page.model.paper.label
        where: page.model.paper == null ? "" : page.model.paper.text
    }
    Thing {
        visible: page.model.card != null
        y: paper.visible ? paper.height + Theme.gutter : 0
        width: parent.width
        height: parent.height - y
        drawing: page.model.picture
        extent: Qt.size(360, 255)
        label: page.model.card == null ? "" : page.model.card.label
        where: page.model.card == null ? "" : page.model.card.text
    }
}
