"""``kiosk close-case``: staff are done with a case, and the picture that was kept for it goes."""

import sys
from typing import Annotated

import typer

from gateway.database import DatabaseUnusableError, open_database
from gateway.hall import Hall
from gateway.settings import DecisionPolicy
from kiosk.app.system import SystemClock
from kiosk.domain.receipt_number import parse_receipt_number

app = typer.Typer(add_completion=False)


@app.command()
def close_case(
    receipt: Annotated[str, typer.Argument(help="the case's receipt number")],
    database: Annotated[str, typer.Option(help="the gateway's SQLite file, or its SQLAlchemy URL")],
) -> None:
    """Drop the sealed picture of a case that is settled, of a suspicion above all; decision and figures stay."""
    number = parse_receipt_number(receipt)
    try:
        engine = open_database(database if "://" in database else f"sqlite:///{database}")
    except DatabaseUnusableError as problem:
        print(f"The case cannot be closed: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None
    closed = number is not None and Hall(engine, DecisionPolicy(), SystemClock()).close_case(number)
    engine.dispose()
    if not closed:
        print(f"There is no case {receipt} here.", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{receipt} is closed; no picture is kept for it.")
