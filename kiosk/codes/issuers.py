"""Who issues the codes that citizens hold out, as data: the list beside this file, and what a site makes of it.

No public source describes what mobile platforms and CTID show, so their forms are a site's to write down. A form is a
beginning and a length, not a pattern language: whatever is held out is compared in one pass over it.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pydantic import TypeAdapter

from kiosk.ports.code_scanner import MAX_CODE_BYTES
from kiosk.wire.paper_check import NO_KEYS, PaperKeys

SOCIAL_SECURITY_CARD = "social-security-card"

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_ID = 48
_MAX_NAME = {"zh": 8, "en": 24}
_LIST = Path(__file__).with_name("issuers.toml")


class Use(Enum):
    """What a page waits for a code for."""

    IDENTITY = "identity"
    LOOK_UP = "look-up"
    ARRIVAL = "arrival"


class CodeKind(Enum):
    """A token means nothing to anybody but its issuer; the others are numbers of this system, those of receipts
    signed by the terminal that issued them, those of certificates by the gateway."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    RECEIPT = "receipt"
    CERTIFICATE = "certificate"
    APPOINTMENT = "appointment"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class CodeIssuer:
    """One issuer. Raises ValueError for what cannot be one."""

    id: str
    """Stable word by which terminal and hall platform name it."""

    zh: str
    """What citizens call its code, in Chinese, at most 8 characters."""

    en: str
    """The same in English, at most 24 characters."""

    kind: CodeKind
    """token, receipt, certificate, appointment or ticket."""

    uses: tuple[Use, ...] = ()
    """Where it is taken: identity, look-up, arrival; nowhere when left out."""

    prefixes: tuple[str, ...] = ()
    """What a token begins with, any one of these."""

    shortest: int = 1
    """Fewest bytes of a token."""

    longest: int = MAX_CODE_BYTES
    """Most bytes of a token."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id) or len(self.id) > _MAX_ID:
            raise ValueError(f"id is no word of small letters, digits and hyphens: {self.id!r}")
        for language, most in _MAX_NAME.items():
            name = getattr(self, language)
            if not (name.strip() and name.isprintable() and len(name) <= most):
                raise ValueError(f"{language} of {self.id} must be 1 to {most} characters")
        if "" in self.prefixes or not 1 <= self.shortest <= self.longest <= MAX_CODE_BYTES:
            raise ValueError(f"no code has the form of {self.id}")
        if self.has_form and self.kind is not CodeKind.TOKEN:
            raise ValueError(f"{self.id} has the form of its kind; prefixes and lengths are for tokens")

    @property
    def has_form(self) -> bool:
        return bool(self.prefixes) or (self.shortest, self.longest) != (1, MAX_CODE_BYTES)

    def fits(self, payload: bytes) -> bool:
        begins = not self.prefixes or payload.startswith(tuple(prefix.encode() for prefix in self.prefixes))
        return begins and self.shortest <= len(payload) <= self.longest


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Every issuer this terminal knows. ``keys`` tell genuine receipts and certificates without a network."""

    issuers: tuple[CodeIssuer, ...]
    keys: PaperKeys = NO_KEYS

    def tokens_for(self, use: Use) -> tuple[CodeIssuer, ...]:
        return tuple(issuer for issuer in self.issuers if issuer.kind is CodeKind.TOKEN and use in issuer.uses)

    def of_kind(self, kind: CodeKind) -> CodeIssuer:
        """The one issuer of an own kind."""
        return next(issuer for issuer in self.issuers if issuer.kind is kind)


def book_of(site: Iterable[CodeIssuer] = (), keys: PaperKeys = NO_KEYS) -> CodeBook:
    """The product's list with a site's entries in it. Raises ValueError when codes could not be told apart."""
    site = tuple(site)
    wanted = {issuer.id: issuer for issuer in site}
    if len(wanted) != len(site):
        raise ValueError("two issuers have the same id")
    issuers = {issuer.id: issuer for issuer in _product_list()} | wanted
    book = CodeBook(tuple(issuers.values()), keys)
    _check(book)
    return book


def _product_list() -> tuple[CodeIssuer, ...]:
    return TypeAdapter(tuple[CodeIssuer, ...]).validate_python(
        tomllib.loads(_LIST.read_text(encoding="utf-8"))["issuers"]
    )


def _check(book: CodeBook) -> None:
    for kind in set(CodeKind) - {CodeKind.TOKEN}:
        if sum(issuer.kind is kind for issuer in book.issuers) != 1:
            raise ValueError(f"there must be one issuer of the kind {kind.value}")
    for use in Use:
        formless = [issuer.id for issuer in book.tokens_for(use) if not issuer.has_form]
        if len(formless) > 1:
            raise ValueError(f"give all but one a form, nobody could tell them apart: {', '.join(formless)}")
    if not book.tokens_for(Use.IDENTITY):
        raise ValueError("no code is taken for identity")
