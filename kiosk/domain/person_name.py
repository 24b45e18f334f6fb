"""A person's name, whole for the platform and masked for every eye and log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """Code points exactly as the document gave them; never normalised."""

    value: str

    def __repr__(self) -> str:
        return f"PersonName({self.masked})"

    @property
    def masked(self) -> str:
        """Family character, one star, last character: 张*明; two characters: 张*."""
        if len(self.value) <= 1:
            return "*"
        if len(self.value) == 2:
            return f"{self.value[0]}*"
        return f"{self.value[0]}*{self.value[-1]}"
