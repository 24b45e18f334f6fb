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
        property string word: ""
        property string picture: ""
        property bool current: false

        width: (bar.width - 2 * Theme.margin - 3 * gap) / 4
        height: Theme.keyHeight
        y: 20
        readonly property int gap: Theme.elder ? 16 : Theme.gutter
        spokenName: word

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusButton
            color: key.current || key.down ? Theme.primaryTint : Theme.surface
            border.width: Theme.controlBorder
            border.color: key.current ? Theme.primary : Theme.border
        }
        Column {
            anchors.centerIn: parent
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: key.picture
                size: Theme.iconNav
                tint: key.current ? Theme.primary : Theme.ink
            }
            Label {
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(implicitWidth, key.width - 2 * Theme.s1)
                text: key.word
                size: Theme.navSize
                bold: true
                color: key.current ? Theme.primary : Theme.ink
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.ceil(Theme.navSize * 0.8)
            }
        }
    }

    Key {
        objectName: "key-home"
        x: Theme.margin
        word: bar.shell.barModel.home == null ? "" : bar.shell.barModel.home.label
        picture: current ? "home-filled" : "home"
        current: bar.shell.barModel.atHome
        onPressedOnce: bar.shell.barModel.press("home")
    }
    Key {
        objectName: "key-language"
        x: Theme.margin + width + gap
        word: bar.shell.barModel.language == null ? "" : bar.shell.barModel.language.label
        picture: "world"
        current: bar.shell.page === "language"
        onPressedOnce: bar.shell.barModel.press("language")
    }
    Key {
        objectName: "key-elder"
        x: Theme.margin + 2 * (width + gap)
        word: bar.shell.barModel.elder == null ? "" : bar.shell.barModel.elder.label
        picture: "letters"
        onPressedOnce: bar.shell.barModel.press("elder")
    }
    Key {
        objectName: "key-help"
        x: Theme.margin + 3 * (width + gap)
        word: bar.shell.barModel.help == null ? "" : bar.shell.barModel.help.label
        picture: "headphones"
        current: bar.shell.page === "help"
        onPressedOnce: bar.shell.barModel.press("help")
    }
}
