import QtQuick
import theme

// Hall, link, paper and clock. A word turns bold and caution-coloured only when something is not normal.
Rectangle {
    id: bar

    required property QtObject shell

    height: Theme.statusBottom
    color: Theme.surface
    Accessible.role: Accessible.StatusBar
    Accessible.name: [shell.barModel.hall, shell.barModel.linkWord, shell.barModel.paperWord, shell.barModel.clockText].join("，")

    // Held for a while on the home page it opens the technician's page; a citizen need not know, so it has no name.
    Item {
        objectName: "hall-name"
        width: hall.x + hall.width
        height: parent.height
        TapHandler {
            enabled: bar.shell.barModel.atHome
            gesturePolicy: TapHandler.WithinBounds
            onPressedChanged: bar.shell.holdHall(pressed)
        }
    }
    Label {
        id: hall
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, states.x - x - Theme.s3)
        text: bar.shell.barModel.hall
        size: Theme.statusSize
        bold: true
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.floorSize
    }

    Row {
        id: states
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.s4

        component State: Row {
            property string picture: ""
            property string word: ""
            property bool normal: true
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s1
            visible: word !== ""
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: parent.picture
                size: Theme.iconStatus
                tint: parent.normal ? Theme.ink2 : Theme.caution
            }
            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: parent.word
                size: Theme.statusSize
                bold: !parent.normal
                color: parent.normal ? Theme.ink2 : Theme.caution
            }
        }

        State {
            picture: bar.shell.barModel.linkNormal ? "wifi" : "wifi-off"
            word: bar.shell.barModel.linkWord
            normal: bar.shell.barModel.linkNormal
        }
        State {
            picture: bar.shell.barModel.paperNormal ? "printer" : "printer-off"
            word: bar.shell.barModel.paperWord
            normal: bar.shell.barModel.paperNormal
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: bar.shell.barModel.clockText
            size: Theme.subSize
            bold: true
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.controlBorder
        color: Theme.contrast ? Theme.border : Theme.line
    }
}
