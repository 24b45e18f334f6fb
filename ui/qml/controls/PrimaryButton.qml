import QtQuick
import theme

// The one main action of a page. `choice` is {label, icon} or null.
PressArea {
    id: button

    property var choice: null

    visible: choice != null
    spokenName: choice == null ? "" : choice.label
    enabled: choice != null && choice.live
    height: Theme.primaryHeight

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusButton
        color: !button.enabled ? Theme.disabledFill : button.down ? Theme.primaryPressed : Theme.primary
        border.width: button.enabled ? 0 : Theme.controlBorder
        border.color: Theme.border
    }

    Row {
        id: words
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -Theme.buttonSize * 0.02
        spacing: Theme.s3
        readonly property color ink: button.enabled ? Theme.primaryInk : Theme.disabledInk

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: name !== ""
            name: button.choice == null ? "" : button.choice.icon
            tint: words.ink
            size: Theme.iconRow - 8
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, button.width - 2 * Theme.s4 - (button.choice != null && button.choice.icon !== "" ? Theme.iconRow + 16 : 0))
            text: button.choice == null ? "" : button.choice.label
            size: Theme.buttonSize
            bold: true
            color: words.ink
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
        }
    }
}
