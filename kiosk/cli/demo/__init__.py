"""kiosk demo: the terminal's main job in the virtual hall, driven by touches, with a summary of what was measured."""
