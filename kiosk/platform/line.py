"""The line to the hall platform: where it leads, how long it may take, and by what both sides prove themselves."""

from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.platform.settings import PlatformSettings
from kiosk.wire.private_files import where_kept


@dataclass(frozen=True, slots=True)
class Line:
    """``authority`` None trusts the authorities of the machine; ``certificate`` and ``key`` are the terminal's own,
    None where the platform asks for none. The files are read anew for every connection."""

    address: str
    connect_s: float
    read_s: float
    total_s: float
    proxy: str | None = None
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @classmethod
    def of(cls, settings: PlatformSettings) -> "Line":
        key = settings.tls_key
        return cls(
            settings.address,
            settings.connect_s,
            settings.read_s,
            settings.total_s,
            settings.proxy,
            settings.authority,
            settings.certificate,
            None if key is None else where_kept(key),
        )

    def secured(self) -> bool:
        return self.address.startswith("https://")

    def unshown(self) -> "Line":
        """The same without the terminal's certificate."""
        return replace(self, certificate=None, key=None)

    def files_missing(self) -> bool:
        """A file that the settings name is not there."""
        return any(path is not None and not path.exists() for path in (self.authority, self.certificate, self.key))
