import QtQuick
import controls
import theme

// The whole screen: status bar, the page that is on, the four keys. Pages live on once loaded.
Rectangle {
    id: root

    required property QtObject shell

    width: Theme.screenWidth
    height: Theme.screenHeight
    color: Theme.bg

    StatusBar {
        width: parent.width
        shell: root.shell
    }

    Repeater {
        model: root.shell.pages
        Loader {
            id: slot
            required property string modelData
            required property int index
            readonly property bool current: root.shell.page === modelData

            objectName: "page-" + modelData
            y: Theme.statusBottom
            width: root.width
            height: Theme.keysTop - y
            visible: current
            active: current || index < root.shell.loaded
            onActiveChanged: load()
            Component.onCompleted: load()

            function load() {
                if (active && status === Loader.Null)
                    setSource("pages/" + root.shell.file(modelData), {shell: root.shell, model: root.shell.model(modelData)})
            }
        }
    }

    KeyBar {
        y: Theme.keysTop
        width: parent.width
        height: parent.height - y
        shell: root.shell
    }

    Item {
        anchors.fill: parent
        PointHandler {
            onActiveChanged: if (active) root.shell.touched()
        }
    }
}
