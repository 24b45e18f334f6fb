import QtQuick

// Where a camera's picture stands: fills its place, and keeps its size while it is not shown. What is painted by hand
// takes memory anew, megabytes of it, for every new size, and a page without its words has another size.
Item {
    id: stage

    required property bool shown

    Binding on width {
        value: stage.parent.width
        when: stage.shown
        restoreMode: Binding.RestoreNone
    }
    Binding on height {
        value: stage.parent.height
        when: stage.shown
        restoreMode: Binding.RestoreNone
    }
}
