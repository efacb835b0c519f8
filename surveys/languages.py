"""The languages that a questionnaire can be asked in: their own names and the direction of their script."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its tag (BCP 47), its name in itself, as people who need it look for it, and its direction."""

    tag: str
    name: str
    direction: Direction = "ltr"


LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        one.tag: one
        for one in (
            Language("en", "English"),
            Language("de", "Deutsch"),
            Language("fr", "Français"),
            Language("es", "Español"),
            Language("ar", "العربية", "rtl"),
        )
    }
)
"""By tag, in the order in which a choice of languages is shown."""
