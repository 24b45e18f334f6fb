"""The number of a foreign permanent resident's identity card: 15 characters on cards of 2017, 18 on those of 2023."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """A number whose form and check character are right; its repr shows the masked form only."""

    value: str

    def __repr__(self) -> str:
        return f"ForeignNumber({self.masked})"

    @property
    def masked(self) -> str:
        """First three and last four characters, as a citizen number is shown."""
        return f"{self.value[:3]}{'*' * (len(self.value) - 7)}{self.value[-4:]}"
