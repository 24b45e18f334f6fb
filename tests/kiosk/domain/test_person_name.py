import pytest

from kiosk.domain.person_name import PersonName


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张明", "张*"),
        ("张小明", "张*明"),
        ("欧阳小小明", "欧*明"),
        ("李", "*"),
        ("", "*"),
        ("𠮷田", "𠮷*"),
        ("王\ue000明", "王*明"),
    ],
)
def test_masks(name: str, masked: str) -> None:
    assert PersonName(name).masked == masked
    assert repr(PersonName(name)) == f"PersonName({masked})"


def test_code_points_are_kept() -> None:
    assert PersonName("\U00020bb7\ue0ff").value == "\U00020bb7\ue0ff"
