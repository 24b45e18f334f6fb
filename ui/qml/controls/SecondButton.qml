import QtQuick
import theme

// An action of the second row, outlined. `choice` is {label, icon} or null; elder mode shows no icon.
PressArea {
    id: button

    property var choice: null
    readonly property bool pictured: choice != null && choice.icon !== "" && !Theme.elder

    visible: choice != null
    spokenName: choice == null ? "" : choice.label
    height: Theme.secondHeight

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusButton
        color: button.down ? Theme.primaryTint : Theme.surface
        border.width: Theme.secondBorder
        border.color: Theme.contrast ? Theme.border : Theme.primary
    }

    Row {
        anchors.centerIn: parent
        spacing: Theme.s3

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: button.pictured
            name: button.pictured ? button.choice.icon : ""
            tint: Theme.contrast ? Theme.ink : Theme.primary
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, button.width - 2 * Theme.s3 - (button.pictured ? Theme.iconButton + Theme.s3 : 0))
            text: button.choice == null ? "" : button.choice.label
            size: Theme.button2Size
            bold: true
            color: Theme.contrast ? Theme.ink : Theme.primary
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
        }
    }
}
