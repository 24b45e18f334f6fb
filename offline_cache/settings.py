"""Options of the terminal's storage and delivery."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class DeliverySettings(BaseModel):
    """When a queued record is sent again."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    first_delay_s: float = Field(15.0, ge=0, description="seconds a new record is left to the session that made it")
    backoff_s: float = Field(
        5.0, gt=0, description="longest pause in seconds before the second try; doubled at every further one"
    )
    backoff_cap_s: float = Field(600.0, gt=0, description="longest pause between two tries")
    start_window_s: float = Field(
        600.0, ge=0, description="after an outage the first record leaves at a random moment within these seconds"
    )
    lease_s: float = Field(60.0, gt=0, description="seconds after which a try that never ended counts as lost")
    retry_after_cap_s: float = Field(
        3600.0, gt=0, description="longest the terminal keeps quiet because the platform asked for it (Retry-After)"
    )
    holding_faults: int = Field(
        10, ge=1, description="failures at a platform that answers after which a record holds up its lane no more"
    )
    small_bytes: int = Field(32 * 1024, gt=0, description="records up to this size go before those with a picture")


class StorageSettings(BaseModel):
    """The one database file of the terminal, and its limits (domain.md 5.3)."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    path: Path = Field(description="database file, on a local disk that honours fsync")
    max_bytes: int = Field(256 * 1024 * 1024, ge=1024 * 1024, description="largest size of the database file")
    max_records: int = Field(200, ge=1, description="undelivered records at which no more are taken")
    max_days: int = Field(7, ge=1, description="days an undelivered record may wait before no more are taken")
    receipt_days: int = Field(90, ge=1, description="days a receipt number can be looked up without a line")
    delivery: DeliverySettings = Field(default_factory=DeliverySettings, description="when records are sent again")
