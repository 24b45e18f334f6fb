import QtQuick
import theme

// The four keys, always there, always in this order: home, language, large type, help.
Rectangle {
    id: bar

    required property QtObject shell

    color: Theme.surface

    Rectangle {
        width: parent.width
        height: Theme.controlBorder
        color: Theme.contrast ? Theme.border : Theme.line
    }

    component Key: PressArea {
        id: key
        property var choice: null
        property string picture: ""
        property bool current: false
        readonly property string word: choice == null ? "" : choice.label
        readonly property color ink: !enabled ? Theme.disabledInk : current ? Theme.primary : Theme.ink

        width: (bar.width - 2 * Theme.margin - 3 * gap) / 4
        height: Theme.keyHeight
        y: 20
        readonly property int gap: Theme.elder ? 16 : Theme.gutter
        enabled: choice != null && choice.live
        spokenName: word

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusButton
            color: !key.enabled ? Theme.disabledFill : key.current || key.down ? Theme.primaryTint : Theme.surface
            border.width: key.enabled ? Theme.controlBorder : 0
            border.color: key.current ? Theme.primary : Theme.border
        }
        Column {
            anchors.centerIn: parent
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: key.picture
                size: Theme.iconNav
                tint: key.ink
            }
            Label {
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(implicitWidth, key.width - 2 * Theme.s1)
                text: key.word
                size: Theme.navSize
                bold: true
                color: key.ink
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.ceil(Theme.navSize * 0.8)
            }
        }
    }

    Key {
        objectName: "key-home"
        x: Theme.margin
        choice: bar.shell.barModel.home
        picture: current ? "home-filled" : "home"
        current: bar.shell.barModel.atHome
        onPressedOnce: bar.shell.barModel.press("home")
    }
    Key {
        objectName: "key-language"
        x: Theme.margin + width + gap
        choice: bar.shell.barModel.language
        picture: "world"
        current: bar.shell.page === "language"
        onPressedOnce: bar.shell.barModel.press("language")
    }
    Key {
        objectName: "key-elder"
        x: Theme.margin + 2 * (width + gap)
        choice: bar.shell.barModel.elder
        picture: "letters"
        onPressedOnce: bar.shell.barModel.press("elder")
    }
    Key {
        objectName: "key-help"
        x: Theme.margin + 3 * (width + gap)
        choice: bar.shell.barModel.help
        picture: "headphones"
        current: bar.shell.page === "help"
        onPressedOnce: bar.shell.barModel.press("help")
    }
}
