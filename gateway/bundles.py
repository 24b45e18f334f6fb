"""What the hall publishes for its terminals: files of one folder, each signed as it is asked for.

A file is called ``NAME.VERSION`` or ``NAME.VERSION.YYYY-MM-DD``, with any ending after it: ``site-0317.12.json``,
``guides.3.2026-12-01.json``. The date is the first day from which it holds; without one it holds at once. The highest
version is served, also before its day, so that terminals have it when the day comes.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Header, Response

from kiosk.domain.china_time import CHINA
from kiosk.wire.messages import RefusalMessage
from kiosk.wire.reference import MAX_BUNDLE_BYTES, Bundle, entity_tag, sign_bundle

_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.([1-9][0-9]{0,14})(?:\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?(?:\.[a-z]+)?")


@dataclass(frozen=True, slots=True)
class BundleFile:
    path: Path
    name: str
    version: int
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class NoBundle:
    """``reason``: bundle-unknown, bundle-too-long, bundle-unreadable."""

    reason: str


class BundleFolder:
    """Safe for several threads and processes: nothing is kept but the folder's name and the key."""

    def __init__(self, folder: Path, signing_key: Ed25519PrivateKey) -> None:
        self._folder = folder
        self._signing_key = signing_key

    def signed(self, name: str) -> bytes | NoBundle:
        """The newest version, ready to be sent."""
        try:
            newest = max(self._files(name), key=lambda file: file.version, default=None)
            if newest is None:
                return NoBundle("bundle-unknown")
            stat = newest.path.stat()
            if stat.st_size > MAX_BUNDLE_BYTES:
                return NoBundle("bundle-too-long")
            content = newest.path.read_bytes()
        except OSError:
            return NoBundle("bundle-unreadable")
        made_at = datetime.fromtimestamp(int(stat.st_mtime), CHINA)
        bundle = Bundle(name, newest.version, made_at, newest.valid_from or made_at.date(), content)
        return sign_bundle(bundle, self._signing_key)

    def _files(self, name: str) -> list[BundleFile]:
        files = (parse_bundle_name(path) for path in self._folder.iterdir())
        return [file for file in files if file is not None and file.name == name]


def parse_bundle_name(path: Path) -> BundleFile | None:
    """None for a file that is not meant for terminals."""
    form = _FILE.fullmatch(path.name)
    if form is None:
        return None
    name, version, day = form.groups()
    try:
        return BundleFile(path, name, int(version), None if day is None else date.fromisoformat(day))
    except ValueError:
        return None


def router(folder: Path, signing_key: Ed25519PrivateKey) -> APIRouter:
    """``GET /v1/bundles/{name}``; 304 to whoever names the newest by its entity tag."""
    bundles, routes = BundleFolder(folder, signing_key), APIRouter()

    @routes.get("/v1/bundles/{name}")
    def bundle(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        found = bundles.signed(name)
        if isinstance(found, NoBundle):
            status = 404 if found.reason == "bundle-unknown" else 503
            refusal = RefusalMessage(reason=found.reason, final=False)
            return Response(refusal.model_dump_json(), status, media_type="application/json")
        tag = entity_tag(found)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if if_none_match is not None and tag in (each.strip() for each in if_none_match.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(found, 200, headers, "application/octet-stream")

    return routes
