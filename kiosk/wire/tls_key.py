"""The key a terminal or a gateway proves itself with in TLS: EC P-256, which every TLS library takes."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.wire.keys import KeyUnusable
from kiosk.wire.private_files import readable_by_others, where_kept, write_once


def load_or_create_tls_key(path: Path) -> ec.EllipticCurvePrivateKey | KeyUnusable:
    """Made on first use, file mode 0600; ``kiosk.wire.private_files`` says where it is looked for."""
    path = where_kept(path)
    try:
        if not path.exists():
            write_once(path, _pem(ec.generate_private_key(ec.SECP256R1())))
        if readable_by_others(path):
            return KeyUnusable("readable-by-others")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError:
        return KeyUnusable("unreadable")
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return KeyUnusable("not-a-key")
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else KeyUnusable("other-kind-of-key")


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
