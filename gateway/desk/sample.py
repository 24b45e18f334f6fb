"""The virtual hall's staff at the desk: one account of each role, with one password that is no secret."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.desk.tables import Role, StaffAccount

SAMPLE_STAFF = {"2001": Role.CLERK, "2002": Role.SUPERVISOR, "2003": Role.TECHNICIAN}
SAMPLE_PASSWORD = "demo-hall-2026"  # noqa: S105
_HASH = "$argon2id$v=19$m=65536,t=3,p=4$WWdDARcvnKnyVyR/OsddeQ$lbTsvtvDO+2vzq/5DqcsPs3byl5eeKP+A+WnSsICANw"


def settle_sample(engine: Engine) -> None:
    """Puts the accounts where there are none of these numbers."""
    with Session(engine) as session, session.begin():
        for staff, role in SAMPLE_STAFF.items():
            if session.get(StaffAccount, staff) is None:
                session.add(StaffAccount(staff=staff, role=role, password=_HASH, disabled=False, wrong=0))
