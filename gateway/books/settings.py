"""Options of the hall's books: what it publishes, the upload of ratings, tickets and their days."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class UploadSettings(BaseModel):
    """Who this hall is to the provincial pool of ratings (好差评), and what its terminals handle (domain.md 2.1)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    department_code: str = Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$", description="credit code of the department")
    hall_code: str = Field(min_length=1, max_length=32, description="the hall's code in the provincial pool")
    affair_code: str = Field(
        pattern=r"^[0-9A-Z]{31}$", description="implementation code (实施编码) of the service item"
    )
    affair_name: str = Field(min_length=1, max_length=64, description="name of the service item")
    affair_handle_item: str = Field(
        "", pattern=r"^([0-9A-Z]{33})?$", description="handling item (业务办理项编码), empty where the item has none"
    )
    project_type: int = Field(1, ge=1, le=2, description="1 即办件, 2 承诺办件")
    eval_process: str = Field(
        "", max_length=16, description="stage of the service that is rated, as the pool counts them"
    )


class BooksSettings(BaseModel):
    """The hall's books."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bundles: Path | None = Field(
        None, description="folder of files NAME.VERSION[.YYYY-MM-DD].ENDING that terminals keep at hand"
    )
    upload: UploadSettings | None = Field(None, description="codes for the provincial upload of ratings")
    bad_review_days: int = Field(5, ge=1, le=15, description="working days in which a low rating is answered")
    ticket_days: int = Field(5, ge=1, le=60, description="working days in which any other ticket is answered")
    holidays: frozenset[date] = Field(frozenset(), description="days off beside Saturdays and Sundays")
    make_up_days: frozenset[date] = Field(frozenset(), description="Saturdays and Sundays that are worked (调休)")
