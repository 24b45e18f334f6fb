"""A moment on the wire: with its zone, and of years that every zone's calendar has.

The last hours of the year 9999 have no name in China's, nor the first of the year 1 to the west. A clock that was never
set, at the beginning of 1970, still tells how wrong it is.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
BEYOND = datetime(2200, 1, 1, tzinfo=UTC)

Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=BEYOND)]
"""From ``EARLIEST`` until before ``BEYOND``."""
