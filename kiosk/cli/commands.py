"""The technician's command line. Each command is a module of this folder, loaded when it is called."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "run": "kiosk.cli.run_command",
    "demo": "kiosk.cli.demo.command",
    "hall": "kiosk.cli.hall",
    "doctor": "kiosk.cli.doctor",
    "print": "kiosk.cli.print_document",
    "probe-printer": "kiosk.cli.probe_printer",
    "gateway": "kiosk.cli.gateway",
    "gateway-keys": "kiosk.cli.gateway_keys",
    "terminals": "kiosk.cli.terminals",
    "enrol": "kiosk.cli.enrol",
    "publish-roster": "kiosk.cli.publish_roster",
    "close-case": "kiosk.cli.close_case",
    "queue": "kiosk.cli.queue",
    "staff": "kiosk.cli.staff",
    "staff-account": "kiosk.cli.staff_account",
    "unlock-staff": "kiosk.cli.unlock_staff",
    "models": "kiosk.cli.models",
    "simulate": "kiosk.cli.simulate",
    "face": "kiosk.cli.face",
    "scan": "kiosk.cli.scan",
    "card": "kiosk.cli.card",
}


class CommandTable(TyperGroup):
    """Loads a command's module only when it is named, so that one command does not pay for all."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = typer.main.get_command(import_module(module).app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=CommandTable,
    help="Self-service terminal for government halls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def kiosk() -> None:
    """Self-service terminal for government halls."""
