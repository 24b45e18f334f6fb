import QtQuick
import controls
import theme

// The whole screen: status bar, the page that is on, the four keys. Pages live on once loaded.
// Laid out at the panel's own 1080x1920 and scaled to any other.
Rectangle {
    id: root

    required property QtObject shell

    color: Theme.bg

    Item {
        id: panel
        anchors.horizontalCenter: parent.horizontalCenter
        width: Theme.screenWidth
        height: Theme.screenHeight
        scale: Math.min(root.width / width, root.height / height)
        transformOrigin: Item.Top

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
                property bool wanted: false

                objectName: "page-" + modelData
                y: Theme.statusBottom
                width: panel.width
                height: Theme.keysTop - y
                visible: current
                active: wanted || index < root.shell.loaded
                onCurrentChanged: if (current) wanted = true
                onActiveChanged: load()
                Component.onCompleted: {
                    wanted = current
                    load()
                }

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
}
