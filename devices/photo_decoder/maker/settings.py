"""Settings of a decoder library that the reader's maker supplies."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Entry = Literal["unpack", "get_bmp_serial", "get_bmp_usb", "dewlt", "wlt_get_bmp"]
"""How the library is called; every function answers an int.

``unpack``: ``_Unpack(const unsigned char *photo, int bytes, unsigned char *picture, int *picture_bytes)``, 1 is good.
``get_bmp_serial``, ``get_bmp_usb``: ``GetBmp(const char *wlt_file, int interface)``, 1 is good, the BMP lies beside.
``dewlt``: ``dewlt(const char *wlt_file)``, the same.
``wlt_get_bmp``: ``wltInit(const char *folder)``, then ``wltGetBMP(const unsigned char *frame, const unsigned char *
licence)`` with the reader's answer of 1,295 bytes and the first 12 of its module's number; zp.bmp lies in the folder.
"""


class MakerDecoderSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["maker"] = "maker"
    library: Path = Field(description="The maker's decoder, a shared library (.so) for this processor")
    entry: Entry = Field(
        description="Function the library is called by: _Unpack, GetBmp (reader on a serial port or on USB), dewlt, or "
        "wltInit and wltGetBMP"
    )
    licence_folder: Path | None = Field(
        default=None, description="Folder of the files the library wants beside it (license.dat, base.dat); not changed"
    )
    module_number: str = Field(
        default="",
        pattern=r"^(\d{2}\.\d{2}-\d{8}-\d{10}-\d{10})?$",
        description="Number of the reader's security module as `kiosk doctor` shows it; for wlt_get_bmp only",
    )
    flip: Literal["none", "vertical", "horizontal", "both"] = Field(
        default="none", description="Turns the picture where the library delivers it upside down or mirrored"
    )
    deadline_s: float = Field(default=3.0, gt=0, le=30, description="Longest wait for one picture")
    memory_mb: int = Field(default=256, ge=64, le=4096, description="Most memory the library may take")
