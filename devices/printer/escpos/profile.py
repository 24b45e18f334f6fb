"""What a printer answers and can do: our own table, python-escpos's capability file for widths and code pages, or the
file that ``kiosk probe-printer`` wrote."""

import importlib.util
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator

from devices.printer.escpos.gb18030 import Coverage
from kiosk.printing.verdict import PrintersWord

_TABLE = Path(__file__).with_name("profiles.toml")
DEFAULT = "epson"


def _from_hex(value: object) -> object:
    return bytes.fromhex(value) if isinstance(value, str) else value


Command = Annotated[bytes, BeforeValidator(_from_hex), PlainSerializer(bytes.hex)]
"""Bytes of a command; hexadecimal in files."""


class PresenterProfile(BaseModel):
    """How a printer that holds the paper in its mouth is asked and told. ``asked``: full-status is ``DLE EOT 20``
    (Custom), whose paper byte has the sensor at the mouth; None where nothing tells of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: Literal["full-status"] | None = None
    retract: Command


class PrinterProfile(BaseModel):
    """Lengths in millimetres.

    ``capabilities`` names a profile of python-escpos; ``dots`` across wins over its width. ``word`` is how the printer
    tells that a job is printed. ``confirms_clearing``: answers ``DLE DC4 8`` with 37 25 00. ``buffer_bytes``: so many
    its receive buffer surely takes before it is full; Epson's has 4 KB, full at 128 bytes less. ``obeys_recovery``:
    leaves a mended error at ``DLE ENQ 2``. ``auto_status``: knows ``GS a``. ``near_end_mm`` of paper are left at least
    when the near-end sensor trips; None where there is no sensor or nobody measured it. ``cutter_mm`` lie between head
    and cutter. ``mm_per_second`` is the head's rated speed, or less where that is unknown: a printer whose word is its
    status is not believed sooner. ``font`` is what the built-in Chinese font, of 24x24 dots (ASCII 12x24), has on
    paper that somebody looked at; None, and everything is sent as dots, until somebody did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vendor: str
    source: str
    capabilities: str | None = None
    dots: int | None = Field(None, gt=0)
    word: PrintersWord
    confirms_clearing: bool = False
    buffer_bytes: int = Field(3800, ge=256)
    obeys_recovery: bool = False
    auto_status: bool = True
    near_end_mm: int | None = Field(None, gt=0)
    cutter_mm: int = Field(15, ge=0)
    mm_per_second: float = Field(gt=0)
    font: Coverage | None = None
    presenter: PresenterProfile | None = None

    @field_validator("word")
    @classmethod
    def _is_spoken(cls, word: PrintersWord) -> PrintersWord:
        if word is PrintersWord.PRINT_END_COUNTER:
            raise ValueError("counters of ended prints belong to Star's line mode, which is not spoken here")
        return word

    @property
    def dots_across(self) -> int | None:
        """None where neither this profile nor the capability file says."""
        pixels = capabilities(self.capabilities).get("media", {}).get("width", {}).get("pixels")
        return self.dots or (pixels if isinstance(pixels, int) else None)


@cache
def known_profiles() -> dict[str, PrinterProfile]:
    """Our own table, by name."""
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: PrinterProfile.model_validate(row) for name, row in rows.items()}


def profile_of(name: str) -> PrinterProfile:
    """One of the table, or the file at the path ``name``. Raises ValueError, with words for a technician."""
    if name in known_profiles():
        return known_profiles()[name]
    try:
        return PrinterProfile.model_validate(tomllib.loads(Path(name).read_text(encoding="utf-8")))
    except OSError:
        raise ValueError(f"must be one of {', '.join(known_profiles())}, or a file of kiosk probe-printer") from None


def capabilities(name: str | None) -> dict[str, Any]:
    """The profile ``name`` of python-escpos, nothing for None.

    Its file is read, its module is not imported: that would unpickle a cache out of the shared temporary folder.
    """
    return _capability_file().get(name, {}) if name else {}


@cache
def _capability_file() -> dict[str, Any]:
    found = importlib.util.find_spec("escpos")
    assert found is not None
    assert found.submodule_search_locations
    path = Path(found.submodule_search_locations[0]) / "capabilities.json"
    profiles: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["profiles"]
    return profiles
