"""Whose code or picture this is, as a card platform would know. Each function runs in its caller's transaction."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gateway.numbers import aware
from gateway.portraits import jpeg_of
from gateway.tables import Beneficiary, CardCode
from kiosk.wire.messages import (
    CodeExpiredMessage,
    DocumentMessage,
    HolderMessage,
    HolderQuery,
    NoReferenceMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
)

_CODE_LIFE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CardPlatform:
    """``portraits`` is the sandbox's folder of pictures that stand in for a card platform's; ``issuers`` are those
    whose codes can be resolved here, with what their codes begin with."""

    portraits: Path | None = None
    issuers: Mapping[str, str] = field(default_factory=dict)

    def resolve(
        self, session: Session, query: HolderQuery, now: datetime
    ) -> HolderMessage | CodeExpiredMessage | RefusalMessage:
        """A code is worth one minute and one asking; it is known here by its digest alone, and to its issuer only."""
        if query.issuer not in self.issuers:
            return RefusalMessage(reason="issuer-unknown", final=True)
        code = session.get(CardCode, _digest(query.payload()), with_for_update=True)
        if code is None or code.issuer != query.issuer or code.used or aware(code.expires_at) < now:
            return CodeExpiredMessage()
        code.used = True
        person = session.get(Beneficiary, code.number)
        picture = None if person is None else self._portrait(person)
        if person is None or person.document is None or picture is None:
            return RefusalMessage(reason="no-picture", final=True)
        return HolderMessage(document=DocumentMessage.model_validate_json(json.dumps(person.document)), picture=picture)

    def reference(self, session: Session, query: ReferenceQuery) -> ReferenceMessage | NoReferenceMessage:
        person = session.get(Beneficiary, query.reference_of)
        if person is None or person.name != query.name or person.blocked:
            return NoReferenceMessage()
        picture = self._portrait(person)
        return NoReferenceMessage() if picture is None else ReferenceMessage(picture=picture)

    def issue_code(self, session: Session, number: str, issuer: str, now: datetime) -> str | None:
        """Sandbox only: what this person's phone shows now in the issuer's app, 384 random bits; None when nobody has
        the number, or nothing is known of the issuer. Codes that have had their minute are forgotten."""
        if issuer not in self.issuers or session.get(Beneficiary, number) is None:
            return None
        code = self.issuers[issuer] + secrets.token_urlsafe(48)
        session.execute(delete(CardCode).where(CardCode.expires_at < now))
        digest = _digest(code.encode())
        session.add(CardCode(digest=digest, issuer=issuer, number=number, expires_at=now + _CODE_LIFE))
        return code

    def _portrait(self, person: Beneficiary) -> str | None:
        if self.portraits is None or person.portrait is None:
            return None
        return jpeg_of(self.portraits, person.portrait)


def _digest(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()
