"""Staff passwords as Argon2id hashes (RFC 9106, its second recommended choice: 64 MiB, three passes, four lanes)."""

import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MIN_CHARACTERS = 10
MAX_CHARACTERS = 128

_PASSES, _LANES = 3, 4
_MEMORY_KIB = 64 * 1024
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$EpYa8iP+O71bJ3pV6ikZhQ$d1zIXoNMll6h4aQ0aHeByoF/Jl49mCP1mLbO5P8AeZI"


def hash_password(password: str) -> str:
    """In PHC form. Raises ValueError for less than 10 or more than 128 characters."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise ValueError(f"a password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters")
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return kdf.derive_phc_encoded(password.encode())


def password_fits(typed: str, kept: str | None) -> bool:
    """Takes as long when nobody has the number (``kept`` None), so that numbers cannot be told apart by trying."""
    try:
        Argon2id.verify_phc_encoded(typed[: MAX_CHARACTERS + 1].encode(), kept or _NOBODYS)
    except InvalidKey:
        return False
    return kept is not None
