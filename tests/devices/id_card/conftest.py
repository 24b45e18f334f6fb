"""A reader of the virtual hall on a pseudo-terminal, unpaced, with made-up cards."""

from collections.abc import Iterator

import numpy as np
import pytest

from simulators.card_reader.simulator import CardReaderSimulator
from simulators.portraits import Image


def made_up_picture(name: str) -> Image:
    """A smooth grey-blue gradient: no face, no person."""
    rows, columns = np.mgrid[:126, :102]
    shades = np.stack([rows + len(name), columns, (rows + columns) // 2], axis=-1)
    return shades.astype(np.uint8)


@pytest.fixture
def simulator() -> Iterator[CardReaderSimulator]:
    reader = CardReaderSimulator(made_up_picture)
    reader.plug({})
    yield reader
    reader.close()
