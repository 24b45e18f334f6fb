"""Options of TLS at the gateway itself; left out, a proxy before it sees to that."""

from pydantic import BaseModel, ConfigDict, Field


class TlsSettings(BaseModel):
    """The gateway's certificate is of its own authority, which terminals pin when they are set up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(
        min_length=1, description="host names and addresses terminals reach the gateway by, as its certificate has them"
    )
    client_certificates: bool = Field(
        True, description="let terminals in by their own certificates only, except to be set up or renewed"
    )
