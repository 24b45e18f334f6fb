"""Spoken prompts."""

from enum import Enum
from typing import Protocol

from kiosk.ports.device_status import DeviceStatus


class Language(Enum):
    CHINESE = "zh"
    ENGLISH = "en"


class Speaker(Protocol):
    def status(self) -> DeviceStatus: ...

    def speak(self, text: str, language: Language) -> None:
        """Stops what is being said and says ``text``; returns at once."""

    def speaking(self) -> bool: ...

    def stop(self) -> None: ...
