"""Options of the staff desk."""

from pydantic import BaseModel, ConfigDict, Field


class DeskSettings(BaseModel):
    """How long a member of staff stays logged in, and how much a page shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    idle_minutes: int = Field(15, ge=1, description="minutes without a click after which staff log in anew")
    absolute_hours: int = Field(10, ge=1, description="hours after which staff log in anew, whatever they did")
    rows_a_page: int = Field(20, ge=1, le=200, description="cases or entries on one page")
