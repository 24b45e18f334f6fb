from datetime import date

import pytest

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.identity_document import ChipPhoto, IdentityDocument, Sex
from kiosk.domain.person_name import PersonName


def document(valid_to: date | None) -> IdentityDocument:
    return IdentityDocument(
        name=PersonName("测试二"),
        number=CitizenNumber("11010519491231002X"),
        sex=Sex.FEMALE,
        ethnicity_code="01",
        address="江西省赣州市测试区测试路1号",
        authority="赣州市公安局",
        valid_from=date(2006, 5, 1),
        valid_to=valid_to,
    )


@pytest.mark.parametrize(
    ("today", "expired"),
    [(date(2026, 4, 30), False), (date(2026, 5, 1), False), (date(2026, 5, 2), True)],
)
def test_a_card_is_valid_on_its_last_day(today: date, expired: bool) -> None:
    assert document(date(2026, 5, 1)).expired_on(today) is expired


def test_a_long_term_card_never_expires() -> None:
    assert not document(None).expired_on(date(9999, 12, 31))


def test_birth_date_is_the_number_s() -> None:
    assert document(None).birth_date == date(1949, 12, 31)


def test_repr_shows_no_person() -> None:
    shown = repr(document(None)) + repr(ChipPhoto(b"secret-bytes"))
    for secret in ("测试二", "11010519491231002X", "测试路", "secret"):
        assert secret not in shown
