"""python -m kiosk: the technician's commands."""

from kiosk.cli.main import main

main()
