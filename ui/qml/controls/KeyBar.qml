import QtQuick
import theme

// The four keys, always there, always in this order: home, language, large type, help. A row below, or a column right.
Rectangle {
    id: bar

    required property QtObject shell

    color: Theme.lying ? "transparent" : Theme.surface

    Rectangle {
        visible: !Theme.lying
        width: parent.width
        height: Theme.controlBorder
        color: Theme.contrast ? Theme.border : Theme.line
    }

    component Key: PressArea {
        id: key
        property var choice: null
        property string picture: ""
        property bool current: false
        property int place: 0
        readonly property string word: choice == null ? "" : choice.label
        readonly property color ink: !enabled ? Theme.disabledInk : current ? Theme.primary : Theme.ink

        readonly property int gap: Theme.lying ? Theme.tokens.landscape.keys_gutter : Theme.elder ? 16 : Theme.gutter
        x: Theme.lying ? 0 : Theme.margin + place * (width + gap)
        y: Theme.lying ? place * (height + gap) : 20
        width: Theme.lying ? bar.width : (bar.width - 2 * Theme.margin - 3 * gap) / 4
        height: Theme.keyHeight
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
                minimumPixelSize: Theme.floorSize
            }
        }
    }

    Key {
        objectName: "key-home"
        choice: bar.shell.barModel.home
        picture: current ? "home-filled" : "home"
        current: bar.shell.barModel.atHome
        onPressedOnce: bar.shell.barModel.press("home")
    }
    Key {
        objectName: "key-language"
        place: 1
        choice: bar.shell.barModel.language
        picture: "world"
        current: bar.shell.page === "language"
        onPressedOnce: bar.shell.barModel.press("language")
    }
    Key {
        objectName: "key-elder"
        place: 2
        choice: bar.shell.barModel.elder
        picture: "letters"
        onPressedOnce: bar.shell.barModel.press("elder")
    }
    Key {
        objectName: "key-help"
        place: 3
        choice: bar.shell.barModel.help
        picture: "headphones"
        current: bar.shell.page === "help"
        onPressedOnce: bar.shell.barModel.press("help")
    }
}
