"""A small object storage for tests: no S3, but a server of our own for the calls that the gateway's driver makes (put,
get, delete, list), on loopback. Every request must be signed with AWS Signature Version 4 by the one key it knows, over
the body it comes with; other requests are refused as S3 refuses them."""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ACCESS_KEY, SECRET_KEY, BUCKET = "AKIDSPECIMEN", "specimen-secret", "evidence"
_AUTHORISED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass
class ObjectStorage:
    """``objects`` by key, with the moment each was put; ``down``: every call is answered 503; ``calls``: methods."""

    address: str = ""
    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    down: bool = False
    secret: str = SECRET_KEY


@contextmanager
def object_storage() -> Iterator[ObjectStorage]:
    storage = ObjectStorage()

    class Handler(_Handler):
        def __init__(self, *arguments: object) -> None:
            self.storage = storage
            super().__init__(*arguments)  # type: ignore[arg-type]

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        storage.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield storage
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    storage: ObjectStorage
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self._admitted()
        if body is not None:
            self.storage.objects[self._key()] = body, datetime.now(UTC)
            self._answer(200, headers={"ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'})

    def do_GET(self) -> None:
        if self._admitted() is None:
            return
        if self._key() == "":
            self._list()
            return
        found = self.storage.objects.get(self._key())
        if found is None:
            self._refuse(404, "NoSuchKey")
            return
        headers = {"ETag": '"etag"', "Last-Modified": found[1].strftime("%a, %d %b %Y %H:%M:%S GMT")}
        self._answer(200, found[0], headers)

    def do_DELETE(self) -> None:
        if self._admitted() is not None:
            self.storage.objects.pop(self._key(), None)
            self._answer(204)

    def do_POST(self) -> None:
        """DeleteObjects."""
        body = self._admitted()
        if body is None:
            return
        keys = [each.text or "" for each in ElementTree.fromstring(body).iter() if each.tag.endswith("Key")]
        for key in keys:
            self.storage.objects.pop(key, None)
        deleted = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f'<DeleteResult xmlns="{_NAMESPACE}">{deleted}</DeleteResult>'.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _list(self) -> None:
        """ListObjectsV2, two keys a page."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        after, prefix = asked.get("continuation-token", ""), asked.get("prefix", "")
        keys = sorted(key for key in self.storage.objects if key > after and key.startswith(prefix))
        page, more = keys[:2], len(keys) > 2
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><ETag>e</ETag><Size>{len(self.storage.objects[key][0])}</Size>"
            f"<LastModified>{self.storage.objects[key][1].isoformat(timespec='milliseconds')}</LastModified></Contents>"
            for key in page
        )
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        self._answer(
            200,
            f'<ListBucketResult xmlns="{_NAMESPACE}"><Name>{BUCKET}</Name><KeyCount>{len(page)}</KeyCount>'
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{contents}</ListBucketResult>".encode(),
        )

    def _key(self) -> str:
        return urlsplit(self.path).path.removeprefix(f"/{BUCKET}").lstrip("/")

    def _admitted(self) -> bytes | None:
        """The body of a request that is well signed; every other is answered."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.storage.calls.append(self.command)
        if self.storage.down:
            self._refuse(503, "SlowDown")
        elif not _is_signed(self.command, self.path, self.headers, body, self.storage.secret):
            self._refuse(403, "SignatureDoesNotMatch")
        elif urlsplit(self.path).path.split("/")[1] != BUCKET:
            self._refuse(404, "NoSuchBucket")
        else:
            return body
        return None

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _is_signed(method: str, path: str, headers: Message, body: bytes, secret: str) -> bool:
    """AWS Signature Version 4, the signature in the header."""
    said = _AUTHORISED.fullmatch(headers.get("Authorization") or "")
    if said is None or said[1] != ACCESS_KEY:
        return False
    scope, signed, digest = said[2], said[3].split(";"), hashlib.sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256") != digest or "host" not in signed:
        return False
    parts = urlsplit(path)
    query = sorted((quote(name, "-_.~"), quote(value, "-_.~")) for name, value in parse_qsl(parts.query, True))
    canonical = "\n".join(
        [
            method,
            parts.path,
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{' '.join((headers.get(name) or '').split())}" for name in signed),
            "",
            ";".join(signed),
            digest,
        ]
    )
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", headers.get("x-amz-date") or "", scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(key, to_sign.encode(), "sha256").hexdigest(), said[4])
